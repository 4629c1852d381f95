import mime from 'mime'
import type { Inputs } from '../inputs/inputs.ts'
import {
  type Attributes,
  attributesFor,
  describeChange,
  type Metadata,
  NO_ATTRIBUTES,
  wantsNothing,
} from '../inputs/metadata.ts'
import { encodePath, purgeUrl } from '../inputs/urls.ts'
import type { Changes } from '../select/by-git.ts'
import type { WorkTreeFile } from '../select/work-tree.ts'
import { type AssetStep, planAssets } from './asset-steps.ts'
import { laneSeconds } from './forecast.ts'
import type { Inventory, Standing } from './inventory.ts'
import type { Source } from './source.ts'

export type Lane = 'direct' | 'session'

export type UploadStep = {
  /** relative to the repository */
  readonly path: string
  readonly absolutePath: string
  readonly originPath: string
  readonly change: 'added' | 'modified' | 'present'
  readonly bytes: number
  readonly contentType: string
  /** the lane that it takes, then the one for what that can't do */
  readonly lanes: readonly Lane[]
  /** it takes whichever of its lanes is free */
  readonly eitherLane: boolean
  /** whether its bytes are recorded with its asset: always, or only where an older record would be wrong */
  readonly record: 'always' | 'renew'
  /** its asset has a record of other bytes, or may have, which must not outlive them; undefined where nothing was listed */
  readonly hasRecord: boolean | undefined
  /** its asset has custom fields, categories or tags; undefined where that is not known */
  readonly hasFields: boolean | undefined
  /** what the asset shall have */
  readonly attributes: Attributes
}

/** An asset whose bytes stay and whose attributes may not be what is wanted. */
export type UpdateStep = Pick<UploadStep, 'path' | 'originPath' | 'attributes'>

export type PurgeStep = {
  readonly url: string
  /** the file that it is for, relative to the repository; undefined for an input's URL */
  readonly path: string | undefined
  readonly afterUpload: boolean
  /** it purges the images that use this one as `mark` or `blend`, too */
  readonly subImage?: boolean
}

/** A file that the plan leaves alone: deleted, not asked for, or one that can't be taken. */
type Skipped = {
  readonly path: string
  readonly originPath: string
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
  readonly result: 'skipped' | 'deleted' | 'failed'
  readonly reason: string
}

export type Plan = {
  readonly uploads: readonly UploadStep[]
  readonly updates: readonly UpdateStep[]
  readonly purges: readonly PurgeStep[]
  /** undefined where nothing is asked */
  readonly assets?: readonly AssetStep[]
  readonly skipped: readonly Skipped[]
}

/** What a plan is made of beside the files. */
type Known = {
  readonly inputs: Inputs
  /** undefined where it could not be read: then its type is not known, nor are its domains */
  readonly source: Source | undefined
  /** undefined where the Source's assets were not listed */
  readonly inventory?: Inventory | undefined
  readonly metadata?: Metadata | undefined
  /** files whose attributes only the metadata file changed */
  readonly touched?: readonly string[]
}

// Of the types that take uploads; read 2026-11 in the uploading guide of imgix's Asset Manager
const HAS_SESSIONS: Readonly<Record<string, boolean>> = { s3: true, gcs: true, s3_compatible: true, azure: false }

/** What the upload endpoint alone may take at most before small files take sessions, too. */
const DIRECT_LANE_MAX_SECONDS = 10

/** Types of extensions that imgix serves and the table of `mime` lacks. */
const FURTHER_TYPES = new Map([
  ['jfif', 'image/jpeg'],
  ['pjpeg', 'image/jpeg'],
  ['icns', 'image/icns'],
])

/**
 * What a run will do, before it does anything.
 * @param files the changed files that are not deleted, as they are in the work tree
 */
export function planRun(
  changes: Pick<Changes, 'files' | 'rootPath'>,
  files: ReadonlyMap<string, WorkTreeFile>,
  known: Known,
): Plan {
  const { inputs, source, inventory } = known
  const uploads: UploadStep[] = []
  const skipped: Skipped[] = []
  const purges = new Map<string, PurgeStep>()
  const domains = inputs.domains.length > 0 ? inputs.domains : (source?.domains ?? [])
  for (const { path, change } of changes.files) {
    const relative = path.slice(changes.rootPath.length)
    const originPath = inputs.prefix + relative
    const file = files.get(path)
    const standing = inventory?.standings.get(originPath)
    const isNew = inventory !== undefined && standing === undefined && file !== undefined && 'bytes' in file
    const named = { path, relative, originPath, change: isNew ? 'added' : (standing?.change ?? change) }
    const wanted = planFile(named, file, standing, known)
    if ('lanes' in wanted) uploads.push(wanted)
    else skipped.push({ path, originPath, change: named.change, ...wanted })
    if (!inputs.purge || !isPurged(wanted, inputs) || !originPath.isWellFormed()) continue
    // the parents are found by the Source's id, on whatever domain; first, as the second of two purges may be taken for the same
    if (domains[0] !== undefined && inputs.subImages(relative)) {
      const url = purgeUrl(domains[0], originPath)
      purges.set(`sub-image ${url}`, { url, path, afterUpload: 'lanes' in wanted, subImage: true })
    }
    for (const domain of domains) {
      const url = purgeUrl(domain, originPath)
      purges.set(url, { url, path, afterUpload: 'lanes' in wanted })
    }
  }
  const uploaded = new Map(uploads.map(({ path, originPath }) => [encodePath(originPath), path]))
  for (const url of inputs.urls) {
    // the same path on a domain that was not asked for waits for the same upload
    const path = uploaded.get(url.slice(url.indexOf('/', 'https://'.length) + 1))
    if (!purges.has(url)) purges.set(url, { url, path, afterUpload: path !== undefined })
  }
  const updates = planUpdates(changes.rootPath, { uploads, skipped }, known)
  const assets = planAssets([...uploads, ...skipped], known)
  return {
    ...{ uploads: shareLanes(uploads, inputs, source), updates, purges: [...purges.values()], skipped },
    ...(assets.length > 0 && { assets }),
  }
}

/** A file is purged that is uploaded, or deleted, or changed by somebody else's upload. */
export function isPurged(wanted: UploadStep | Pick<Skipped, 'result'>, { deleted, upload }: Inputs): boolean {
  if ('lanes' in wanted) return true
  return wanted.result === 'deleted' ? deleted === 'purge' : wanted.result === 'skipped' && !upload
}

/** The assets of files that are not uploaded: those that the metadata file touches, in mode all those that may differ. */
function planUpdates(
  rootPath: string,
  { uploads, skipped }: { uploads: readonly UploadStep[]; skipped: readonly Skipped[] },
  { inputs, inventory, metadata, touched = [] }: Known,
): UpdateStep[] {
  if (metadata === undefined || !inputs.upload) return []
  const uploaded = new Set(uploads.map(({ path }) => path))
  const unchanged = inventory === undefined ? [] : skipped.filter(({ result }) => result === 'skipped')
  const paths = [...touched, ...unchanged.map(({ path }) => path)].filter((path) => !uploaded.has(path))
  return [...new Set(paths)].flatMap((path) => {
    const relative = path.slice(rootPath.length)
    const originPath = inputs.prefix + relative
    const attributes = attributesFor(metadata, relative)
    const listed = inventory?.standings.get(originPath)?.asset
    const differs = listed === undefined || describeChange(listed, attributes) !== undefined
    return differs && !wantsNothing(attributes) ? [{ path, originPath, attributes }] : []
  })
}

/** Where the upload endpoint alone would take long, small files take whichever lane is free. */
function shareLanes(uploads: UploadStep[], inputs: Inputs, source: Source | undefined): UploadStep[] {
  if (inputs.uploadVia !== 'auto' || hasSessions(source?.type) !== true) return uploads
  const direct = uploads.filter(({ lanes }) => lanes[0] === 'direct')
  if (laneSeconds(direct.length, inputs.rateLimits.upload) <= DIRECT_LANE_MAX_SECONDS) return uploads
  return uploads.map((step) => (step.lanes[0] === 'direct' ? { ...step, eitherLane: true } : step))
}

/** @returns undefined where it is not known */
export function hasSessions(type: string | undefined): boolean | undefined {
  return type !== undefined && Object.hasOwn(HAS_SESSIONS, type) ? HAS_SESSIONS[type] : undefined
}

type Wanted = UploadStep | Pick<Skipped, 'result' | 'reason'>

function planFile(
  { path, relative, originPath, change }: Pick<Skipped, 'path' | 'originPath' | 'change'> & { relative: string },
  file: WorkTreeFile | undefined,
  standing: Standing | undefined,
  { inputs, source, inventory, metadata }: Known,
): Wanted {
  if (!originPath.isWellFormed())
    return {
      result: change === 'deleted' ? 'deleted' : 'failed',
      reason: 'its name is not UTF-8, so no URL can name it: rename it',
    }
  if (change === 'deleted')
    return { result: 'deleted', reason: "git has it no more; imgix's API can't delete it from the bucket" }
  if (!inputs.upload) return { result: 'skipped', reason: 'upload is false' }
  if (file === undefined) return { result: 'failed', reason: 'it was not looked at' }
  if ('problem' in file) return { result: 'failed', reason: file.problem }
  if (standing?.isUnchanged && !inputs.force) return { result: 'skipped', reason: standing.reason }
  const { bytes, absolutePath } = file
  return {
    ...{ path, absolutePath, originPath, change, bytes, contentType: typeOf(relative, inputs) },
    ...{ lanes: chooseLanes(bytes, inputs, source), eitherLane: false },
    record: inputs.mode === 'all' ? 'always' : 'renew',
    hasRecord: standing?.hasRecord ?? inventory?.hasRecords,
    hasFields: inventory === undefined ? undefined : (standing?.hasFields ?? false),
    attributes: metadata === undefined ? NO_ATTRIBUTES : attributesFor(metadata, relative),
  }
}

function chooseLanes(bytes: number, { uploadVia, sessionThresholdBytes }: Inputs, source: Source | undefined): Lane[] {
  if (uploadVia === 'session') return ['session']
  // a Source of a type that is not known may have sessions: the first answer tells
  if (hasSessions(source?.type) === false) return ['direct']
  return bytes > sessionThresholdBytes ? ['session'] : ['direct', 'session']
}

function typeOf(path: string, { contentTypes }: Inputs): string {
  const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase()
  return contentTypes(path) ?? FURTHER_TYPES.get(extension) ?? mime.getType(extension) ?? 'application/octet-stream'
}
