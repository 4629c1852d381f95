import type { Plan, UploadStep, Work } from '../events.ts'
import type { RateLimit } from '../imgix/http/limiter.ts'
import type { RateLimits } from '../imgix/pace.ts'
import { wantsNothing } from '../inputs/metadata.ts'

export function workOf({ files, updates, purges, calls }: Plan): Work {
  return {
    uploads: files.map(({ upload }) => upload),
    updates: updates.length,
    purges: files.reduce((sum, file) => sum + file.purges.length, purges.length),
    calls: [...files.flatMap((file) => file.calls), ...calls],
  }
}

/** The seconds that the remaining work takes by the rate limits alone: the time of the slowest class of requests. */
export function forecastSeconds(
  { uploads, updates, purges, calls }: Work,
  { upload, purge, refresh, default: other }: RateLimits,
): number {
  const either = uploads.filter(({ route }) => route === 'any').length
  const sessions = uploads.filter(({ route }) => route === 'session').length
  const direct = uploads.length - either - sessions
  const refreshes = calls.filter(({ call }) => call === 'refresh').length
  const dropped = uploads.filter(({ change, hasRecord }) => hasRecord && change !== 'added').length
  const updated = updates + uploads.filter(isUpdated).length + dropped
  const others = calls.length - refreshes + updated + sessions * SESSION_REQUESTS
  // files with `any` route spread so that both routes end at the same time
  const [directPerMs, otherPerMs] = [upload.count / upload.perMs, other.count / other.perMs]
  const share = (otherPerMs * (direct + either) - directPerMs * others) / (otherPerMs + SESSION_REQUESTS * directPerMs)
  const bySession = Math.min(either, Math.max(0, Math.round(share)))
  return Math.max(
    classSeconds(direct + either - bySession, upload),
    classSeconds(others + bySession * SESSION_REQUESTS, other),
    classSeconds(purges, purge),
    classSeconds(refreshes, refresh),
  )
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
