import mime from 'mime'
import type { Changes } from './changes/changes.ts'
import type { WorkTreeFile } from './changes/work-tree.ts'
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

// Sources that take uploads but have no upload sessions; read 2026-11 in the uploading guide of imgix's Asset Manager
const WITHOUT_SESSIONS = ['azure']

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
  return { uploads, purges: [...purges.values()], skipped }
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
  const lanes = chooseLanes(bytes, inputs.sessionThresholdBytes, source)
  return { path, absolutePath, originPath, change, bytes, contentType: typeOf(relative, inputs), lanes }
}

function chooseLanes(bytes: number, thresholdBytes: number, source: Source | undefined): Lane[] {
  // a Source that could not be read may have sessions: the first answer tells
  const hasSessions = source === undefined || !WITHOUT_SESSIONS.includes(source.type)
  if (!hasSessions) return ['direct']
  return bytes > thresholdBytes ? ['session'] : ['direct', 'session']
}

function typeOf(path: string, { contentTypes }: Inputs): string {
  const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase()
  return contentTypes(path) ?? FURTHER_TYPES.get(extension) ?? mime.getType(extension) ?? 'application/octet-stream'
}

/** How long a plan takes by the rate limits alone, in seconds: what the slowest endpoint class needs. */
export function forecastSeconds(plan: Plan, limits: RateLimits): number {
  const direct = plan.uploads.filter((step) => step.lanes[0] === 'direct').length
  const sessions = plan.uploads.length - direct
  const seconds = (requests: number, { count, perMs }: { count: number; perMs: number }): number =>
    (Math.floor(Math.max(0, requests - 1) / count) * perMs) / 1000
  return Math.max(
    seconds(direct, limits.upload),
    seconds(sessions * 2, limits.default),
    seconds(plan.purges.length, limits.purge),
  )
}
