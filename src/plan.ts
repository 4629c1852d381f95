import mime from 'mime'
import type { Changes } from './changes/changes.ts'
import type { WorkTreeFile } from './changes/work-tree.ts'
import type { RateLimit } from './imgix/limiter.ts'
import type { RateLimits } from './imgix/pace.ts'
import type { Source } from './imgix/sources.ts'
import type { Inputs } from './inputs.ts'
import { encodePath, purgeUrl } from './urls.ts'

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
}

export type PurgeStep = {
  readonly url: string
  /** the file that it is for, relative to the repository; undefined for an input's URL */
  readonly path: string | undefined
  readonly afterUpload: boolean
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
  readonly purges: readonly PurgeStep[]
  readonly skipped: readonly Skipped[]
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
 * @param source undefined where it could not be read: then its type is not known, nor are its domains
 */
export function planRun(
  changes: Pick<Changes, 'files' | 'rootPath'>,
  files: ReadonlyMap<string, WorkTreeFile>,
  { inputs, source }: { inputs: Inputs; source: Source | undefined },
): Plan {
  const uploads: UploadStep[] = []
  const skipped: Skipped[] = []
  const purges = new Map<string, PurgeStep>()
  const domains = inputs.domains.length > 0 ? inputs.domains : (source?.domains ?? [])
  for (const { path, change } of changes.files) {
    const relative = path.slice(changes.rootPath.length)
    const originPath = inputs.prefix + relative
    const wanted = planFile({ path, relative, originPath, change }, files.get(path), { inputs, source })
    if ('lanes' in wanted) uploads.push(wanted)
    else skipped.push({ path, originPath, change, ...wanted })
    const purged =
      'lanes' in wanted || wanted.result === 'skipped' || (wanted.result === 'deleted' && inputs.deleted === 'purge')
    if (!inputs.purge || !purged || !originPath.isWellFormed()) continue
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
  return { uploads: shareLanes(uploads, inputs, source), purges: [...purges.values()], skipped }
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
  {
    path,
    relative,
    originPath,
    change,
  }: { path: string; relative: string; originPath: string; change: Skipped['change'] },
  file: WorkTreeFile | undefined,
  { inputs, source }: { inputs: Inputs; source: Source | undefined },
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
  const { bytes, absolutePath } = file
  const lanes = chooseLanes(bytes, inputs, source)
  const contentType = typeOf(relative, inputs)
  return { path, absolutePath, originPath, change, bytes, contentType, lanes, eitherLane: false }
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

/** How long what is left of a plan takes by the rate limits alone, in seconds: what the slowest endpoint class needs. */
export function forecastSeconds(
  { uploads, purges }: { uploads: readonly Pick<UploadStep, 'lanes' | 'eitherLane'>[]; purges: number },
  { upload, purge, default: other }: RateLimits,
): number {
  const either = uploads.filter(({ eitherLane }) => eitherLane).length
  const sessions = uploads.filter(({ lanes }) => lanes[0] === 'session').length
  const direct = uploads.length - either - sessions
  // both lanes end at the same time where files can take either of them
  const [directPerMs, sessionPerMs] = [upload.count / upload.perMs, other.count / other.perMs / SESSION_REQUESTS]
  const share = (sessionPerMs * (direct + either) - directPerMs * sessions) / (directPerMs + sessionPerMs)
  const bySession = Math.min(either, Math.max(0, Math.round(share)))
  return Math.max(
    laneSeconds(direct + either - bySession, upload),
    laneSeconds((sessions + bySession) * SESSION_REQUESTS, other),
    laneSeconds(purges, purge),
  )
}

/** Requests of a session at the API: to open it, and to close it. */
const SESSION_REQUESTS = 2

function laneSeconds(requests: number, { count, perMs }: RateLimit): number {
  return (Math.floor(Math.max(0, requests - 1) / count) * perMs) / 1000
}
