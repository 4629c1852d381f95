import mime from 'mime'
import type { CallStep, Plan, PurgeStep, RecordStep, Skipped, UpdateStep, UploadStep } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { attributesFor, type Metadata, wantsNothing } from '../inputs/metadata.ts'
import { purgeUrl } from '../inputs/urls.ts'
import type { WorkTreeFile } from '../select/work-tree.ts'
import type { Comparison, Listing } from './listing.ts'
import { chooseRoutes } from './route.ts'
import type { Source } from './source.ts'

/** The facts that a plan is made from, beside the files. */
export type Known = {
  readonly inputs: Inputs
  /** undefined if it could not be read; then its type and domains are unknown */
  readonly source: Source | undefined
  /** undefined if the Source's assets were not listed */
  readonly listing: Listing | undefined
  readonly metadata: Metadata
  /** files that only the metadata file changed */
  readonly touched: readonly string[]
}

/** The names of a file; `relative` is relative to `root`. */
export type Named = Pick<Skipped, 'path' | 'originPath' | 'change'> & { readonly relative: string }

/** Content types of extensions that imgix serves and `mime` does not know. */
const FURTHER_TYPES = new Map([
  ['jfif', 'image/jpeg'],
  ['pjpeg', 'image/jpeg'],
  ['icns', 'image/icns'],
])

/** The upload of a file, or the reason why there is none. */
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
  if (change === 'deleted') return skip('deleted', "deleted in git; imgix's API can't delete it from the bucket")
  if (!inputs.upload) return skip('skipped', 'upload is false')
  if (file === undefined) return skip('failed', 'it was not looked at')
  if ('problem' in file) return skip('failed', file.problem)
  if (comparison?.isUnchanged && !inputs.force) return skip('skipped', comparison.reason)
  const routes = chooseRoutes(file.bytes, inputs, source)
  return {
    kind: 'upload',
    path,
    originPath,
    change,
    ...file,
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

/** The purges of a file that is uploaded, deleted, or stored by another program: one on each domain. */
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
  // imgix finds the images that use a sub-image by the Source's id, on any domain. This purge is first, because imgix can
  // treat the second purge of a URL as a duplicate
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
  // without a base or a list it is unknown which files are new
  const isNew = change === 'added' || (change === 'present' && listing === undefined)
  return call === 'add' && !isNew ? [] : [{ kind: 'call', path, originPath, call }]
}

/** The update of an asset after its bytes were stored; undefined if none is needed.
 *  @param record whether the asset gets a record
 *  @param hasRecord the asset has a record of older bytes */
export function updateAfter(
  { path, originPath, attributes }: UploadStep,
  record: UploadStep['record'],
  hasRecord: boolean,
): UpdateStep | RecordStep | undefined {
  if (!wantsNothing(attributes)) return { kind: 'update', path, originPath, attributes }
  return record === 'always' || hasRecord ? { kind: 'record', path, originPath, record } : undefined
}

/** @returns the path or URL of each video that the plan purges */
export function findVideos({ files, purges }: Plan): string[] {
  const videos = [...files.flatMap((file) => file.purges), ...purges].filter(({ url }) => isVideo(url))
  return [...new Set(videos.map(({ path, url }) => path ?? url))]
}

/** Judges by the extension. imgix can serve a video by its Video API, which purges do not reach. */
export function isVideo(url: string): boolean {
  return /\.(m4v|mov|mp4|webm)$/i.test(url)
}
