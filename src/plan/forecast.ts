import type { Plan, Step, UploadStep } from '../events.ts'
import type { RateLimit } from '../imgix/http/limiter.ts'
import type { RateLimits } from '../imgix/pace.ts'
import { wantsNothing } from '../inputs/metadata.ts'

/** Each step of a plan, once. */
export function stepsOf({ files, purges, updates, calls }: Plan): Step[] {
  const ofFiles = files.flatMap((file) => [file.upload, ...file.purges, ...file.calls])
  return [...ofFiles, ...purges, ...updates, ...calls]
}

/** The seconds that steps take by the rate limits alone: the time of the slowest class of requests. */
export function forecastSeconds(
  steps: readonly Step[],
  { upload, purge, refresh, default: other }: RateLimits,
): number {
  const ofKind = (wanted: Step['kind']): number => steps.filter(({ kind }) => kind === wanted).length
  const uploads = steps.filter((step) => step.kind === 'upload')
  const either = uploads.filter(({ route }) => route === 'any').length
  const sessions = uploads.filter(({ route }) => route === 'session').length
  const direct = uploads.length - either - sessions
  const refreshes = countRefreshes(steps)
  const dropped = uploads.filter(({ change, hasRecord }) => hasRecord && change !== 'added').length
  const updated = ofKind('update') + uploads.filter(isUpdated).length + dropped
  const others = ofKind('call') - refreshes + updated + sessions * SESSION_REQUESTS
  // files with `any` route spread so that both routes end at the same time
  const [directPerMs, otherPerMs] = [upload.count / upload.perMs, other.count / other.perMs]
  const share = (otherPerMs * (direct + either) - directPerMs * others) / (otherPerMs + SESSION_REQUESTS * directPerMs)
  const bySession = Math.min(either, Math.max(0, Math.round(share)))
  return Math.max(
    classSeconds(direct + either - bySession, upload),
    classSeconds(others + bySession * SESSION_REQUESTS, other),
    classSeconds(ofKind('purge'), purge),
    classSeconds(refreshes, refresh),
  )
}

export function countRefreshes(steps: readonly Step[]): number {
  return steps.filter((step) => step.kind === 'call' && step.call === 'refresh').length
}

/** A session needs two API requests: to open and to close it. */
const SESSION_REQUESTS = 2

/** Whether the asset gets one more request after the upload. */
function isUpdated({ record, attributes }: Pick<UploadStep, 'record' | 'attributes'>): boolean {
  return record === 'always' || !wantsNothing(attributes)
}

/** The seconds that a number of requests takes by its rate limit. */
export function classSeconds(requests: number, { count, perMs }: RateLimit): number {
  return (Math.floor(Math.max(0, requests - 1) / count) * perMs) / 1000
}
