import mime from 'mime'
import type { CallStep, Plan, PurgeStep, RecordStep, Skipped, UpdateStep, UploadStep } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { attributesFor, type Metadata, wantsNothing } from '../inputs/metadata.ts'
import { purgeUrl } from '../inputs/urls.ts'
import type { WorkTreeFile } from '../select/work-tree.ts'
import type { Comparison, Listing } from './listing.ts'
import { chooseRoutes } from './route.ts'
import type { Source } from './source.ts'

/** What a plan is made of beside the files. */
export type Known = {
  readonly inputs: Inputs
  /** undefined where it could not be read: then its type is not known, nor are its domains */
  readonly source: Source | undefined
  /** undefined where the Source's assets were not listed */
  readonly listing: Listing | undefined
  readonly metadata: Metadata
  /** files whose attributes only the metadata file changed */
  readonly touched: readonly string[]
}

/** A file that a plan is made for; `relative` to `root`. */
export type Named = Pick<Skipped, 'path' | 'originPath' | 'change'> & { readonly relative: string }

/** Types of extensions that imgix serves and the table of `mime` lacks. */
const FURTHER_TYPES = new Map([
  ['jfif', 'image/jpeg'],
  ['pjpeg', 'image/jpeg'],
  ['icns', 'image/icns'],
])

/** The upload of a file, or why there is none. */
export function uploadOrSkip(
  { path, relative, originPath, change }: Named,
  file: WorkTreeFile | undefined,
  comparison: Comparison | undefined,
  { inputs, source, listing, metadata }: Known,
): UploadStep | Skipped {
  const skip = (result: Skipped['result'], reason: string): Skipped => {
    return { kind: 'skip', path, originPath, change, result, reason }
  }
  if (!originPath.isWellFormed()) {
    const reason = 'its name is not UTF-8, so no URL can contain it: rename it'
    return skip(change === 'deleted' ? 'deleted' : 'failed', reason)
  }
  if (change === 'deleted') return skip('deleted', "git has it no more; imgix's API can't delete it from the bucket")
  if (!inputs.upload) return skip('skipped', 'upload is false')
  if (file === undefined) return skip('failed', 'it was not looked at')
  if ('problem' in file) return skip('failed', file.problem)
  if (comparison?.isUnchanged && !inputs.force) return skip('skipped', comparison.reason)
  const routes = chooseRoutes(file.bytes, inputs, source)
  return {
    kind: 'upload',
    path,
    absolutePath: file.absolutePath,
    originPath,
    change,
    bytes: file.bytes,
    identity: file.identity,
    isGuarded: inputs.guards === 'fail',
    contentType: typeOf(relative, inputs),
    route: routes[0],
    routes,
    record: inputs.mode === 'all' ? 'always' : 'renew',
    hasRecord: comparison?.hasRecord ?? listing?.hasRecords,
    hasFields: listing === undefined ? undefined : (comparison?.hasFields ?? false),
    attributes: attributesFor(metadata, relative),
  }
}

function typeOf(path: string, { contentTypes }: Inputs): string {
  const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase()
  return contentTypes(path) ?? FURTHER_TYPES.get(extension) ?? mime.getType(extension) ?? 'application/octet-stream'
}

/** The purges of a file that is uploaded, or deleted, or changed by somebody else's upload: one on each domain. */
export function purgeSteps(
  { path, relative, originPath }: Named,
  wanted: UploadStep | Skipped,
  { inputs, source }: Pick<Known, 'inputs' | 'source'>,
): PurgeStep[] {
  const isAsked = inputs.purge && (wanted.kind === 'upload' || isPurged(wanted, inputs))
  if (!isAsked || !originPath.isWellFormed()) return []
  const step = (domain: string, subImage: boolean): PurgeStep => {
    return { kind: 'purge', url: purgeUrl(domain, originPath), path, subImage }
  }
  const domains = inputs.domains.length > 0 ? inputs.domains : (source?.domains ?? [])
  // imgix finds a sub-image's parents by the Source's id, on any domain; this purge goes first, since imgix can take the
  // second of two for a duplicate
  const asSubImage = inputs.subImages(relative) ? domains.slice(0, 1).map((domain) => step(domain, true)) : []
  return [...asSubImage, ...domains.map((domain) => step(domain, false))]
}

/** Whether the URLs of a file that is not uploaded are purged. */
export function isPurged(wanted: Skipped, { deleted, upload }: Inputs): boolean {
  return wanted.result === 'deleted' ? deleted === 'purge' : wanted.result === 'skipped' && !upload
}

/** The Asset Manager's calls for a file: new files are added; changed files that the Source has are refreshed. */
export function callSteps(
  wanted: UploadStep | Skipped,
  { inputs, listing }: Pick<Known, 'inputs' | 'listing'>,
): CallStep[] {
  const { assetManager: call, upload } = inputs
  if (call === 'off') return []
  if (wanted.kind === 'skip' && (upload || wanted.result !== 'skipped')) return []
  const { path, originPath, change } = wanted
  // without a base or a list, nobody knows which files are new
  const isNew = change === 'added' || (change === 'present' && listing === undefined)
  return call === 'add' && !isNew ? [] : [{ kind: 'call', path, originPath, call }]
}

/** What an asset wants beside the bytes that were stored; undefined where that is nothing.
 *  @param record as it is known now
 *  @param hasRecord the asset has a record of older bytes */
export function stepAfter(
  { path, originPath, attributes }: UploadStep,
  record: UploadStep['record'],
  hasRecord: boolean,
): UpdateStep | RecordStep | undefined {
  if (!wantsNothing(attributes)) return { kind: 'update', path, originPath, attributes }
  return record === 'always' || hasRecord ? { kind: 'record', path, originPath, record } : undefined
}

/** Videos among the files and URLs whose purges a plan has, a path or a URL each. */
export function findVideos({ files, purges }: Plan): string[] {
  const videos = [...files.flatMap((file) => file.purges), ...purges].filter(({ url }) => isVideo(url))
  return [...new Set(videos.map(({ path, url }) => path ?? url))]
}

/** By its extension: imgix may serve it by its Video API, which purges do not reach. */
export function isVideo(url: string): boolean {
  return /\.(m4v|mov|mp4|webm)$/i.test(url)
}
