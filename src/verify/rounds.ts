import { setTimeout as sleep } from 'node:timers/promises'
import type { Emit, Judgement } from '../events.ts'
import type { Look, Rendering } from './rendering.ts'
import { type Expected, isAnswer, judge } from './verdicts.ts'

export type RoundSettings = {
  readonly rendering: Rendering
  /** for the verification as a whole */
  readonly timeoutMs: number
  /** ends it at once */
  readonly signal: AbortSignal
  /** It resolves whatever comes of it. */
  readonly purgeAgain: (url: string, signal: AbortSignal) => Promise<void>
  readonly emit: Emit
}

/** A URL whose file changes. Times are in the clock of performance.now(), unless they say otherwise. */
export type Watched = {
  readonly url: string
  readonly path: string | undefined
  readonly change: Expected['change']
  readonly mayRepeat: boolean
  /** the look before the change, while it is under way and after it */
  looking?: Promise<void>
  before?: Look
  /** in ms since 1970 */
  uploadedAt?: number
  purgedAt?: number
  /** gives up its second purge */
  repair?: AbortController
  repairedAt?: number
  judgement?: Judgement
}

const WAIT_MS = { first: 1000, most: 15_000 }
/** imgix takes a purge of the same URL within 10 seconds for a duplicate. */
const PURGE_AGAIN_MS = 10_500
/** So long after its purge, and after its second one, that is waited for which no purge may ever change: a file that is in the
 *  bucket still, or was fresh already. */
const PATIENCE_MS = { purge: 12_000, repair: 1500 }
/** Purges that are due within so long go together. */
const SOON_MS = 500
/** The last look wants its answer before the time is up. */
const LAST_LOOK_MS = 1000

/** Looks at URLs until all are as they should be, or the time is up.
 *  @param settle gets each when its judgement is final, or the last that there is */
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
    await Promise.all([...open].map((item) => lookAt(item, settings, ends)))
    settleDone()
    const leftMs = deadline - performance.now() - LAST_LOOK_MS
    if (open.size === 0 || ends.aborted || leftMs <= 0) break
    const due = [...open].filter(isDue)
    repairs.push(...due.map((item) => repair(item, settings, ends))) // the looks go on while they wait for their pace
    if (due.length > 0) waitMs = WAIT_MS.first
    const lastRoundMs = performance.now() - startedAt // the next one may be the last, and takes as long
    const nextMs = Math.min(waitMs, Math.max(0, leftMs - lastRoundMs), untilDue(open))
    settings.emit({ kind: 'looked', left: open.size, all: items.length, waitMs: nextMs })
    await sleep(nextMs, undefined, { signal: ends }).catch(() => {})
    waitMs = Math.min(waitMs * 2, WAIT_MS.most)
  }
  for (const item of open) item.repair?.abort()
  await Promise.all(repairs)
  // of a run that was cancelled nothing is known that was not settled
  if (!settings.signal.aborted) for (const item of open) settle(lastly(item))
}

/** What is known when the time is up. */
function lastly(item: Watched): Watched {
  const { judgement } = item
  if (judgement?.verdict !== 'stale' || !awaitsRepair(item)) return item
  const reason = `${judgement.reason}, and there was no time to purge it again`
  return { ...item, judgement: { ...judgement, reason } }
}

async function lookAt(item: Watched, { rendering }: RoundSettings, ends: AbortSignal): Promise<void> {
  const look = await rendering.look(item.url, ends)
  // what an answer told stays, though a later look gets none
  const counts = item.judgement === undefined ? !ends.aborted || 'status' in look : isAnswer(look)
  if (counts) item.judgement = judge(item, look)
}

function isDone(item: Watched): boolean {
  const { judgement, change, purgedAt = 0, repairedAt = 0 } = item
  if (judgement === undefined || judgement.settled) return judgement !== undefined
  if (change === 'uploaded' || awaitsRepair(item)) return false
  return performance.now() > Math.max(purgedAt + PATIENCE_MS.purge, repairedAt + PATIENCE_MS.repair)
}

function awaitsRepair({ repair: own, repairedAt }: Watched): boolean {
  return own !== undefined && repairedAt === undefined
}

/** Of what is not as it should be though its purge was a while ago: that may have been lost, or too early. */
function isDue({ purgedAt = 0, repair: other }: Watched): boolean {
  return other === undefined && performance.now() - purgedAt >= PURGE_AGAIN_MS
}

async function repair(item: Watched, { purgeAgain }: RoundSettings, ends: AbortSignal): Promise<void> {
  item.repair = new AbortController()
  const signal = AbortSignal.any([ends, item.repair.signal])
  await purgeAgain(item.url, signal)
  if (!signal.aborted) item.repairedAt = performance.now()
}

function untilDue(open: ReadonlySet<Watched>): number {
  const now = performance.now()
  const waits = [...open].flatMap(({ purgedAt = 0, repair: other }) =>
    other === undefined ? [purgedAt + PURGE_AGAIN_MS - now] : [],
  )
  return Math.max(SOON_MS, Math.min(...waits, Number.POSITIVE_INFINITY))
}
