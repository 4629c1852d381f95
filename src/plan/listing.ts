import type { UploadStep } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import { type Digest, openBody, twoBuffers } from '../imgix/http/body.ts'
import { RECORD_FIELD } from '../inputs/metadata.ts'
import { type Asset, type ListedAsset, listStored } from './asset.ts'
import { hasMerged } from './asset-change.ts'

/** How a file stands to what the Source holds at its origin path. */
export type Comparison = {
  readonly change: 'added' | 'modified' | 'present'
  /** why it is uploaded, or that it need not be */
  readonly reason: string
  readonly isUnchanged: boolean
  /** the asset has a record, which an upload must not leave */
  readonly hasRecord: boolean
  /** the asset has custom fields, categories or tags, which an upload's answer may leave out */
  readonly hasFields: boolean
  /** as it was listed, with attributes to compare; undefined without */
  readonly asset: Asset | undefined
}

export type Listing = {
  /** by origin path */
  readonly comparisons: ReadonlyMap<string, Comparison>
  /** any asset of the Source has a record: so may one that a list whose pages shift or lag leaves out */
  readonly hasRecords: boolean
  /** origin paths below the prefix that the folder does not have */
  readonly onlyAtSource: readonly string[]
  /** how many files were compared */
  readonly files: number
}

export type LocalFile = { readonly originPath: string } & Pick<UploadStep, 'absolutePath' | 'bytes' | 'identity'>

const HASHES_AT_A_TIME = 4
const FIELDS = ['fileSize', 'customFields'] as const
const USER_FIELDS = ['categories', 'description', 'name', 'tags'] as const

/** What is recorded with an asset of the bytes that were uploaded. */
export function recordOf(sha256: string): string {
  return `sha256:${sha256}`
}

/** Recorded before bytes are replaced, and left where they were not, or not purged. */
export const UPLOADING = 'uploading'

/**
 * Compares files with what the Source lists. Only a file whose size and recorded SHA-256 are the asset's is unchanged:
 * without a record it is not. Files are hashed while the list comes in, page by page.
 * @throws ImgixError where the assets can't be listed
 */
export async function compareWithList(
  { client, sourceId }: { client: Client; sourceId: string },
  files: readonly LocalFile[],
  { isOurs, withAttributes, signal, onListed }: ListingSettings,
): Promise<Listing> {
  const local = new Map(files.map((file) => [file.originPath, file]))
  const comparisons = new Map<string, Comparison>()
  const onlyAtSource = new Set<string>() // a page may repeat what another has
  const over = new AbortController() // a listing that fails leaves no file to be hashed
  const hashes = createHasher(AbortSignal.any([signal, over.signal]))
  let hasRecords = false
  const look = ({ originPath, ...asset }: ListedAsset): void => {
    const file = local.get(originPath)
    const recorded = readRecord(asset)
    hasRecords ||= recorded !== undefined
    if (file === undefined) {
      if (isOurs(originPath)) onlyAtSource.add(originPath)
      return
    }
    const { fileSize } = asset
    const seen = { fileSize, recorded, hasFields: hasMerged(asset), asset: withAttributes ? asset : undefined }
    comparisons.set(originPath, compare(file, seen, undefined))
    if (recorded === undefined || seen.fileSize !== file.bytes) return
    // what is wrong with a file that can't be read is said by its upload
    hashes.add(file, (sha256) => comparisons.set(originPath, compare(file, seen, sha256)))
  }
  try {
    let listed = 0
    const fields = withAttributes ? [...FIELDS, ...USER_FIELDS] : FIELDS
    for await (const page of listStored(client, { sourceId, fields, signal })) {
      page.forEach(look)
      listed += page.length
      onListed(listed)
    }
    await hashes.idle()
  } finally {
    over.abort()
  }
  signal.throwIfAborted()
  return { comparisons, hasRecords, onlyAtSource: [...onlyAtSource].sort(), files: files.length }
}

export type ListingSettings = {
  /** whether an origin path is one that this run would have */
  readonly isOurs: (originPath: string) => boolean
  readonly withAttributes: boolean
  /** @param assets that have been listed so far */
  readonly onListed: (assets: number) => void
  readonly signal: AbortSignal
}

/** @returns whether any asset of the Source has a record
 *  @throws ImgixError */
export async function hasRecords(
  { client, sourceId }: { client: Client; sourceId: string },
  signal: AbortSignal,
): Promise<boolean> {
  const query = { sourceId, fields: [], withField: RECORD_FIELD, limit: 1, signal }
  for await (const _ of listStored(client, query)) return true
  return false
}

type Seen = Pick<Comparison, 'asset' | 'hasFields'> & { fileSize: number | undefined; recorded: string | undefined }

function compare({ bytes }: LocalFile, seen: Seen, sha256: string | undefined): Comparison {
  const { fileSize, recorded, hasFields, asset } = seen
  const known = { isUnchanged: false, hasRecord: recorded !== undefined, hasFields, asset }
  if (fileSize === undefined) return { ...known, change: 'modified', reason: 'the Source does not say its size' }
  if (fileSize !== bytes) return { ...known, change: 'modified', reason: 'the Source holds another size' }
  if (recorded === undefined) return { ...known, change: 'present', reason: 'the Source has no record of its bytes' }
  if (recorded === UPLOADING) return { ...known, change: 'modified', reason: 'its last upload or purge did not end' }
  if (sha256 === undefined || recordOf(sha256) !== recorded)
    return { ...known, change: 'modified', reason: 'the Source holds other bytes' }
  return asset === undefined ? UNCHANGED : { ...UNCHANGED, asset }
}

/** One for the many that are, where nothing else is known of them. */
const UNCHANGED: Comparison = {
  change: 'present',
  reason: 'unchanged: the Source holds these bytes',
  isUnchanged: true,
  hasRecord: true, // under force it is uploaded: the record must not outlive a purge that did not end
  hasFields: true, // the record is one
  asset: undefined,
}

/** @returns what an asset has in the field of the record, '' for what is none of ours, undefined where there is nothing */
export function readRecord({ customFields }: Pick<Asset, 'customFields'>): string | undefined {
  if (typeof customFields !== 'object' || customFields === null || !Object.hasOwn(customFields, RECORD_FIELD))
    return undefined
  const value: unknown = (customFields as Record<string, unknown>)[RECORD_FIELD]
  return typeof value === 'string' ? value : ''
}

type Hashed = Pick<LocalFile, 'absolutePath'> & Partial<Pick<LocalFile, 'identity'>>

/** Hashes files, a few at a time, through the same memory again and again; after the signal none any more. */
export function createHasher(signal: AbortSignal) {
  const queue: { file: Hashed; onHash: (sha256: string | undefined) => void }[] = []
  const workers = new Set<Promise<void>>()
  const spare: (readonly Buffer[])[] = []
  const work = async (): Promise<void> => {
    const buffers = spare.pop() ?? twoBuffers()
    for (let next = queue.pop(); next !== undefined && !signal.aborted; next = queue.pop())
      next.onHash(await hashFile(next.file, buffers, signal).catch(() => undefined))
    spare.push(buffers)
  }
  return {
    /** @param onHash gets the SHA-256 in hexadecimal digits, undefined for a file that can't be read to its end */
    add(file: Hashed, onHash: (sha256: string | undefined) => void): void {
      queue.push({ file, onHash })
      if (workers.size === HASHES_AT_A_TIME) return
      const worker = work().finally(() => workers.delete(worker))
      workers.add(worker)
    },
    async idle(): Promise<void> {
      while (workers.size > 0) await Promise.all(workers)
    },
  }
}

async function hashFile(
  { absolutePath: file, identity }: Hashed,
  buffers: readonly Buffer[],
  signal: AbortSignal,
): Promise<string> {
  let sha256 = ''
  const onDigest = (digest: Digest): void => {
    sha256 = digest.sha256
  }
  const body = await openBody({ file, identity, onDigest }, buffers)
  try {
    for await (const _ of body.chunks()) signal.throwIfAborted()
  } finally {
    await body.close()
  }
  return sha256
}
