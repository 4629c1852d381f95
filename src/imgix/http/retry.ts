import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './transport.ts'

export type Attempt<T> =
  | { done: T }
  | {
      error: Error
      /** undefined: trying again can't help */
      waitMs: number | undefined
      /** nothing was sent, because the process has too many open files and sockets */
      starved?: boolean
      /** a kept connection was closed under it: the next try needs one of its own */
      stale?: boolean
    }

// `Sat, 21 Nov 2026 22:05:41 GMT`; Date.parse alone reads a date into nearly anything
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
// 425: sent too early in a connection's life; 520 to 530: the edge has no answer of its origin (developers.cloudflare.com,
// "Cloudflare 5xx errors", read 2026-11)
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504]
const TRANSIENT_RANGE = [520, 530] as const
const BACK_OFF_MS = 1000
const BACK_OFF_MAX_MS = 30_000
const RETRY_AFTER_MAX_MS = 120_000
// Other requests end meanwhile, and leave their files and sockets: about a minute in all.
const STARVED_MS = 200
const STARVED_MAX = 300

type Limits = {
  maxAttempts: number
  /** what is sent can be read once, so there is one try */
  isStream?: boolean
  signal: AbortSignal | undefined
  onWait?: (waitMs: number, reason: Error) => void
}

/** Repeats `attempt` until it succeeds, until another try can't help, or `maxAttempts` times.
 *  @param attempt `reuse`: whether it can take a kept connection
 *  @throws the last attempt's error */
export async function retry<T>(
  attempt: (attempts: number, reuse: boolean) => Promise<Attempt<T>>,
  { maxAttempts, isStream = false, signal, onWait }: Limits,
): Promise<T> {
  let starved = 0
  const triesMax = isStream ? 1 : maxAttempts
  let reuse = triesMax > 1 // a kept connection can be closed by now, which costs a try: the last one takes none
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt(attempts, reuse)
    if ('starved' in result && result.starved && starved < STARVED_MAX) {
      starved += 1
      attempts -= 1
      await pause(STARVED_MS * (0.5 + Math.random()), signal)
      continue
    }
    if ('done' in result) return result.done
    if (result.waitMs === undefined || attempts >= triesMax) throw result.error
    reuse = result.stale !== true && attempts + 1 < triesMax
    onWait?.(result.waitMs, result.error)
    await pause(result.waitMs, signal)
  }
}

/** @throws the signal's reason, as a request under way does */
async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(waitMs, undefined, { signal }).catch((error) => {
    signal?.throwIfAborted()
    throw error
  })
}

/** Whether the same request can have another answer soon: the one table of statuses, for imgix and for storages. */
export function isTransient(status: number): boolean {
  const [first, last] = TRANSIENT_RANGE
  return TRANSIENT.includes(status) || (status >= first && status <= last)
}

/** @param refusedMs the shortest wait after a 429 that does not say how long to wait; 0, which edges send, says nothing
 *  @returns our own back-off, or longer, in ms; undefined where the same request would get the same answer */
export function retryDelay(answer: Answer, attempts: number, refusedMs = 0): number | undefined {
  if (!isTransient(answer.status)) return undefined
  const saidMs = retryAfter(answer) || (answer.status === 429 ? refusedMs : 0)
  return Math.min(Math.max(saidMs, backOff(attempts)), RETRY_AFTER_MAX_MS)
}

/** A date is by the server's clock, which can differ from ours, so the wait is its distance from the answer's own date. */
function retryAfter({ headers }: Answer): number | undefined {
  const header = headers['retry-after'] ?? ''
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const waitMs = (parseDate(header) ?? 0) - (parseDate(headers.date) ?? Date.now())
  return waitMs > 0 ? waitMs : undefined
}

/** @returns ms since 1970; undefined for a text that is not an HTTP date */
export function parseDate(text = ''): number | undefined {
  const ms = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** Exponential, with jitter: half to all of 1, 2, 4 … s */
export function backOff(attempts: number): number {
  return Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)
}
