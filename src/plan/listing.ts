import type { UploadStep } from '../events.ts'
import { type Digest, openBody, twoBuffers } from '../imgix/http/body.ts'
import { RECORD_FIELD } from '../inputs/metadata.ts'
import { type Asset, type ListedAsset, listStored, unusable } from './asset.ts'
import { hasMerged } from './asset-change.ts'
import type { SourceApi } from './source.ts'

/** The comparison of a file with the asset at its origin path. */
export type Comparison = {
  readonly change: 'added' | 'modified' | 'present'
  /** why the file is uploaded, or why it is not */
  readonly reason: string
  readonly isUnchanged: boolean
  /** the asset has a record, which an upload has to invalidate */
  readonly hasRecord: boolean
  /** the asset has custom fields, categories or tags, which an upload's answer can omit */
  readonly hasFields: boolean
  /** the listed asset with its attributes; undefined if attributes are not compared */
  readonly asset: Asset | undefined
}

export type Listing = {
  /** by origin path */
  readonly comparisons: ReadonlyMap<string, Comparison>
  /** some asset of the Source has a record, so an asset that a shifted or outdated list omits can have one, too */
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

/** The record of uploaded bytes that an asset keeps. */
export function recordOf(sha256: string): string {
  return `sha256:${sha256}`
}

/** The invalid record: written before bytes are replaced, and kept if the upload or a purge fails. */
export const UPLOADING = 'uploading'

/**
 * Compares files with the Source's list of assets. A file is unchanged only if the asset has its size and a record with its
 * SHA-256. Files are hashed while the list arrives, page by page.
 * @throws ImgixError if the assets can't be listed
 */
export async function compareWithList(
  { client, sourceId }: SourceApi,
  files: readonly LocalFile[],
  { isOurs, withAttributes, signal, onListed, keptMax = KEPT_MAX_LENGTH }: ListingSettings,
): Promise<Listing> {
  const local = new Map(files.map((file) => [file.originPath, file]))
  const comparisons = new Map<string, Comparison>()
  const onlyAtSource = new Set<string>() // a set, because pages can repeat an asset
  const over = new AbortController() // stops the hashing if the listing fails
  const hashes = createHasher(AbortSignal.any([signal, over.signal]))
  let hasRecords = false
  const keep = createBudget(keptMax, sourceId)
  const look = ({ originPath, ...asset }: ListedAsset): void => {
    const file = local.get(originPath)
    const recorded = readRecord(asset)
    hasRecords ||= recorded !== undefined
    if (file === undefined) {
      if (!isOurs(originPath) || onlyAtSource.has(originPath)) return
      keep(originPath)
      onlyAtSource.add(originPath)
      return
    }
    if (withAttributes) keep(asset)
    const { fileSize } = asset
    const seen = { fileSize, recorded, hasFields: hasMerged(asset), asset: withAttributes ? asset : undefined }
    comparisons.set(originPath, compare(file, seen, undefined))
    if (recorded === undefined || seen.fileSize !== file.bytes) return
    // the upload reports a file that can't be read
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

/** What is kept of a list, in characters of JSON: the paths of some million assets. A list may be hostile, and is no reason to
 *  fill the memory. */
const KEPT_MAX_LENGTH = 1 << 28

/** @returns a function that throws an ImgixError when all that it was given is too long */
function createBudget(max: number, sourceId: string): (value: unknown) => void {
  let kept = 0
  return (value) => {
    kept += JSON.stringify(value).length
    if (kept <= max) return
    throw unusable(sourceId, 'with more assets than a run can keep; set prefix and files to a part of them')
  }
}

export type ListingSettings = {
  /** whether this run can publish an origin path */
  readonly isOurs: (originPath: string) => boolean
  readonly withAttributes: boolean
  /** @param assets number of assets that were listed so far */
  readonly onListed: (assets: number) => void
  /** default KEPT_MAX_LENGTH */
  readonly keptMax?: number
  readonly signal: AbortSignal
}

/** @returns whether any asset of the Source has a record
 *  @throws ImgixError */
export async function hasRecords({ client, sourceId }: SourceApi, signal: AbortSignal): Promise<boolean> {
  const filter = { [`custom:${RECORD_FIELD}`]: '' } as const // any value
  for await (const _ of listStored(client, { sourceId, fields: [], filter, page: { limit: 1 }, signal })) return true
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

/** One shared value for the many unchanged files. */
const UNCHANGED: Comparison = {
  change: 'present',
  reason: 'unchanged: the Source holds these bytes',
  isUnchanged: true,
  hasRecord: true, // with `force` the file is uploaded, and its record must be invalid until the purge is done
  hasFields: true, // the record is a custom field
  asset: undefined,
}

/** No record of this action is longer. */
const RECORD_MAX_LENGTH = 100

/** @returns the record of an asset; '' for a value that is not a record of this action, undefined if there is no value */
export function readRecord({ customFields }: Pick<Asset, 'customFields'>): string | undefined {
  if (typeof customFields !== 'object' || customFields === null || !Object.hasOwn(customFields, RECORD_FIELD))
    return undefined
  const value: unknown = (customFields as Record<string, unknown>)[RECORD_FIELD]
  return typeof value === 'string' && value.length <= RECORD_MAX_LENGTH ? value : ''
}

type Hashed = Pick<LocalFile, 'absolutePath'> & Partial<Pick<LocalFile, 'identity'>>

/** Hashes files, a few at a time, with the same buffers, until the signal. */
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
    /** @param onHash receives the SHA-256 in hexadecimal digits; undefined if the file can't be read to its end */
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
