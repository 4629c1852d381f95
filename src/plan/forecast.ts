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

/** How long what is left of a plan takes by the rate limits alone, in seconds: what the slowest endpoint class needs. */
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

/** Requests of a session at the API: to open it, and to close it. */
const SESSION_REQUESTS = 2

/** Whether its asset gets one more request after the upload. */
function isUpdated({ record, attributes }: Pick<UploadStep, 'record' | 'attributes'>): boolean {
  return record === 'always' || !wantsNothing(attributes)
}

/** How long so many requests take by their rate limit, in seconds. */
export function classSeconds(requests: number, { count, perMs }: RateLimit): number {
  return (Math.floor(Math.max(0, requests - 1) / count) * perMs) / 1000
}
