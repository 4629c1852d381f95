import type { Judgement } from '../events.ts'
import { isTransient } from '../imgix/http/retry.ts'
import type { Look, Served } from './rendering.ts'

/** The facts about a URL before the requests that follow its purge. */
export type Expected = {
  /** what this run did to the file; `elsewhere`: another program stored it; `unknown`: it is unknown whether there is a
   *  file */
  readonly change: 'uploaded' | 'deleted' | 'elsewhere' | 'unknown'
  /** the answer before the change; undefined if there was no request */
  readonly before?: Look | undefined
  /** start of the upload by our clock, in ms since 1970 */
  readonly uploadedAt?: number | undefined
  /** an earlier run may have uploaded the same bytes, so that imgix is right to serve an older copy */
  readonly mayRepeat?: boolean
}

/**
 * A Last-Modified that is at most this much before the upload still belongs to the upload. It is the bucket's time; the
 * time of the upload is ours, corrected by the rendering host's Date. Both headers are cut to whole seconds, which
 * makes two seconds. Three more are enough for clocks that NTP keeps.
 */
const TOLERANCE_MS = 5000
const FRESH: Judgement = { verdict: 'fresh', settled: true }

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'it answers 401: the host wants a password',
  402: 'it answers 402: imgix serves nothing until the account is paid',
  403: 'it answers 403: access is denied; where the Source wants signed URLs, the key needs the permission Sources',
  410: 'it answers 410: the Source is not deployed, or the domain is not its own',
  422: 'it answers 422: imgix does not render this kind of file',
}
const REPEATED = 'as it also would be if an earlier run had uploaded the same bytes'
const MISSING_BEFORE = 'it was a 404 before the purge, too: no such file, or not the URL that pages request'
const REDIRECTS = [301, 302, 303, 307, 308]
const STILL_THERE = 'delete it in the bucket, then run again or purge it'

/** Judges a URL by an answer after its purge. */
export function judge(expected: Expected, after: Look): Judgement {
  if ('problem' in after) return unverifiable(after.problem, after.final)
  const { status } = after
  if (status === 404) return judgeMissing(expected)
  if (!isAnswer(after)) return unverifiable(`it answers ${status}`, false)
  if (REDIRECTS.includes(status)) return unverifiable(`it answers ${status}: a redirect, which is not followed`)
  if (status >= 300) return unverifiable(REFUSALS[status] ?? `it answers ${status}`)
  if (expected.change === 'deleted') return { verdict: 'still-served', reason: STILL_THERE, settled: false }
  return expected.change === 'uploaded' ? judgeUploaded(expected, after) : judgeElsewhere(expected, after)
}

/** Whether an answer is about the file, and not only about a host that can't answer now. */
export function isAnswer(look: Look): boolean {
  return 'status' in look && look.status < 500 && !isTransient(look.status)
}

/** For a URL of unknown content, a 404 that was also there before can be a cached one, until the purge has its effect. */
function judgeMissing({ change, before }: Expected): Judgement {
  if (change === 'uploaded' || change === 'elsewhere') return stale('it answers 404')
  if (change === 'deleted' || servedBefore(before) !== undefined) return { verdict: 'gone', settled: true }
  return { verdict: 'gone', ...(wasMissing(before) && { reason: MISSING_BEFORE }), settled: false }
}

function judgeUploaded({ before, uploadedAt = 0, mayRepeat = false }: Expected, after: Served): Judgement {
  const unchanged = (reason: string): Judgement =>
    mayRepeat ? unverifiable(`${reason}, ${REPEATED}`, false) : stale(reason)
  const seen = servedBefore(before)
  if (wasMissing(before) || etagChanged(seen, after)) return FRESH
  const { lastModified, etag, clockAheadMs } = after
  if (lastModified === undefined && etag === undefined)
    return unverifiable('its answers have no ETag and no Last-Modified')
  if (lastModified === undefined) {
    return seen?.etag === undefined
      ? unverifiable('its answers have no Last-Modified, and no ETag is known from before')
      : unchanged('its ETag is the one from before the upload')
  }
  if (seen?.lastModified !== undefined && lastModified <= seen.lastModified) {
    return unchanged('its Last-Modified is the one from before the upload')
  }
  const isNew = lastModified >= uploadedAt + clockAheadMs - TOLERANCE_MS
  return isNew ? FRESH : unchanged('its Last-Modified is before the upload')
}

/** It is unknown when the bytes changed, so only a difference to the answer before the purge proves something. */
function judgeElsewhere({ before }: Expected, after: Served): Judgement {
  const seen = servedBefore(before)
  const isNewer = seen?.lastModified !== undefined && (after.lastModified ?? 0) > seen.lastModified
  if (wasMissing(before) || isNewer || etagChanged(seen, after)) return FRESH
  if (seen === undefined)
    return unverifiable('it was not uploaded by this run, and nothing is known from before the purge')
  return unverifiable('it was not uploaded by this run, and is what it was before the purge', false)
}

function servedBefore(before: Look | undefined): Served | undefined {
  return before !== undefined && 'status' in before && before.status >= 200 && before.status < 300 ? before : undefined
}

function wasMissing(before: Look | undefined): boolean {
  return before !== undefined && 'status' in before && before.status === 404
}

/** A weak and a strong ETag with the same text mean the same bytes. */
function etagChanged(before: Served | undefined, { etag }: Served): boolean {
  const opaque = (text: string): string => text.replace(/^W\//, '')
  return before?.etag !== undefined && etag !== undefined && opaque(before.etag) !== opaque(etag)
}

export function unverifiable(reason: string, settled = true): Judgement {
  return { verdict: 'unverifiable', reason, settled }
}

function stale(reason: string): Judgement {
  return { verdict: 'stale', reason, settled: false }
}
