import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './transport.ts'

export type Attempt<T> =
  | { done: T }
  | { error: Error /** undefined: trying again can't help */; waitMs: number | undefined }

// `Sat, 21 Nov 2026 22:05:41 GMT`; Date.parse alone reads a date into nearly anything
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const RETRIED = [408, 429, 500, 502, 503, 504]
const BACK_OFF_MS = 1000
const BACK_OFF_MAX_MS = 30_000
const RETRY_AFTER_MAX_MS = 120_000

/** Tries until it is done, can't be helped, or was tried `maxAttempts` times.
 *  @throws the last attempt's error */
export async function retry<T>(
  attempt: (attempts: number) => Promise<Attempt<T>>,
  {
    maxAttempts,
    signal,
    onWait,
  }: { maxAttempts: number; signal: AbortSignal | undefined; onWait?: (waitMs: number, reason: Error) => void },
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt(attempts)
    if ('done' in result) return result.done
    if (result.waitMs === undefined || attempts >= maxAttempts) throw result.error
    onWait?.(result.waitMs, result.error)
    await sleep(result.waitMs, undefined, { signal })
  }
}

/** @returns how long to wait after an answer, in ms; undefined where the same request would get the same answer */
export function retryDelay(answer: Answer, attempts: number): number | undefined {
  if (!RETRIED.includes(answer.status)) return undefined
  const header = answer.headers['retry-after'] ?? ''
  const waitMs = /^\d+$/.test(header)
    ? Number(header) * 1000
    : HTTP_DATE.test(header)
      ? Date.parse(header) - Date.now()
      : Number.NaN
  return Number.isNaN(waitMs) ? backOff(attempts) : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS)
}

/** Exponential, with jitter: half to all of 1, 2, 4 … s */
export function backOff(attempts: number): number {
  return Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)
}
