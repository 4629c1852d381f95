import { setTimeout as sleep } from 'node:timers/promises'
import type { Emit, Judgement } from '../events.ts'
import { createPatience, type Look, type Rendering } from './rendering.ts'
import { type Expected, isAnswer, judge } from './verdicts.ts'

export type RoundSettings = {
  readonly rendering: Rendering
  /** for the verification as a whole */
  readonly timeoutMs: number
  /** ends the verification at once */
  readonly signal: AbortSignal
  /** It never fails. */
  readonly purgeAgain: (url: string, signal: AbortSignal) => Promise<void>
  readonly emit: Emit
}

/** A URL whose file changes. Times are those of performance.now(), unless noted otherwise. */
export type Watched = {
  readonly url: string
  readonly path: string | undefined
  readonly change: Expected['change']
  readonly mayRepeat: boolean
  /** the request before the change, under way or done */
  looking?: Promise<void>
  before?: Look
  /** in ms since 1970 */
  uploadedAt?: number
  purgedAt?: number
  /** aborts the second purge */
  repair?: AbortController
  repairedAt?: number
  judgement?: Judgement
}

/** Of the URLs that a round waits for. */
const NAMED_MAX = 3
const WAIT_MS = { first: 1000, most: 15_000 }
/** imgix treats a purge of the same URL within 10 seconds as a duplicate. */
const PURGE_AGAIN_MS = 10_500
/** How long to keep probing a URL that a purge may never change, after each of its two purges: a file that is still in the
 *  bucket, or one that was already fresh. */
const PATIENCE_MS = { purge: 12_000, repair: 1500 }
/** Purges that are due within this time are sent together. */
const SOON_MS = 500
/** The last requests need this time for their answers. */
const LAST_LOOK_MS = 1000

/** Requests URLs until all are as they should be, or the time is up.
 *  @param settle receives each URL when its judgement is final, or when the time is up */
export async function lookInRounds(
  items: readonly Watched[],
  settings: RoundSettings,
  settle: (item: Watched) => void,
): Promise<void> {
  const deadline = performance.now() + settings.timeoutMs
  const ends = AbortSignal.any([settings.signal, AbortSignal.timeout(settings.timeoutMs)])
  const open = new Set(items)
  const repairs: Promise<void>[] = []
  const settleDone = (): void => {
    for (const item of [...open].filter(isDone)) {
      item.repair?.abort()
      settle(item)
      open.delete(item)
    }
  }
  settleDone()
  for (let waitMs = WAIT_MS.first; open.size > 0; ) {
    const startedAt = performance.now()
    const look = createPatience(settings.rendering) // in the next round the host may answer
    await Promise.all([...open].map((item) => lookAt(item, look, ends)))
    settleDone()
    const leftMs = deadline - performance.now() - LAST_LOOK_MS
    if (open.size === 0 || ends.aborted || leftMs <= 0) break
    const due = [...open].filter((item) => dueAt(item) <= performance.now())
    repairs.push(...due.map((item) => repair(item, settings, ends))) // the rounds continue while the purges wait for their rate limit
    if (due.length > 0) waitMs = WAIT_MS.first
    const lastRoundMs = performance.now() - startedAt // the next round takes about as long, and can be the last one
    const untilPurgeMs = Math.min(...[...open].map(dueAt)) - performance.now()
    const nextMs = Math.min(waitMs, Math.max(0, leftMs - lastRoundMs), Math.max(SOON_MS, untilPurgeMs))
    const urls = [...open].slice(0, NAMED_MAX).map(({ url }) => url)
    settings.emit({ kind: 'looked', left: open.size, all: items.length, urls, waitMs: nextMs })
    await sleep(nextMs, undefined, { signal: ends }).catch(() => {})
    waitMs = Math.min(waitMs * 2, WAIT_MS.most)
  }
  for (const item of open) item.repair?.abort()
  await Promise.all(repairs)
  // after a cancellation, a judgement that is not settled is unknown
  if (!settings.signal.aborted) for (const item of open) settle(lastly(item))
}

/** The judgement when the time is up. */
function lastly(item: Watched): Watched {
  const { judgement } = item
  if (judgement?.verdict !== 'stale' || !awaitsRepair(item)) return item
  const reason = `${judgement.reason}, and there was no time to purge it again`
  return { ...item, judgement: { ...judgement, reason } }
}

async function lookAt(item: Watched, request: Rendering['look'], ends: AbortSignal): Promise<void> {
  const look = await request(item.url, ends)
  // a judgement from an answer stays, even if a later request gets no answer
  const counts = item.judgement === undefined ? !ends.aborted || 'status' in look : isAnswer(look)
  if (counts) item.judgement = judge(item, look)
}

function isDone(item: Watched): boolean {
  const { judgement, change, purgedAt = 0, repairedAt = 0 } = item
  if (judgement === undefined || judgement.settled) return judgement !== undefined
  const endsAt = Math.max(purgedAt + PATIENCE_MS.purge, repairedAt + PATIENCE_MS.repair)
  return change !== 'uploaded' && !awaitsRepair(item) && performance.now() > endsAt
}

function awaitsRepair({ repair: own, repairedAt }: Watched): boolean {
  return own !== undefined && repairedAt === undefined
}

/** When a URL is purged again, because its purge may have been lost or too early. */
function dueAt({ purgedAt = 0, repair: other }: Watched): number {
  return other === undefined ? purgedAt + PURGE_AGAIN_MS : Number.POSITIVE_INFINITY
}

async function repair(item: Watched, { purgeAgain }: RoundSettings, ends: AbortSignal): Promise<void> {
  item.repair = new AbortController()
  const signal = AbortSignal.any([ends, item.repair.signal])
  await purgeAgain(item.url, signal)
  if (!signal.aborted) item.repairedAt = performance.now()
}
