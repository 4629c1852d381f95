import { setTimeout as sleep } from 'node:timers/promises'
import type { Look, Rendering } from './imgix/rendering.ts'
import type { Plan, PurgeStep } from './plan.ts'
import type { AssetOutcome, PurgeOutcome } from './sync.ts'
import { isVideo } from './urls.ts'
import { type Expected, isAnswer, type Judgement, judge, unverifiable } from './verdicts.ts'

export type VerifySettings = {
  readonly rendering: Rendering
  /** for the verification as a whole */
  readonly timeoutMs: number
  /** ends it at once */
  readonly signal: AbortSignal
  /** why a URL can't be looked at, undefined where it can */
  readonly whyNot: (url: URL) => string | undefined
  /** whether an earlier run may have uploaded the same bytes of a file */
  readonly mayRepeat: (path: string) => boolean
  readonly purgeAgain: (url: string, signal: AbortSignal) => Promise<void>
  /** after each round of looks
   *  @param left URLs that are not what they should be yet */
  readonly onRound: (left: number, all: number, waitMs: number) => void
}

export type Verification = {
  /** Looks at URLs whose files are about to change, at each once. It never fails. */
  before(steps: readonly PurgeStep[]): Promise<void>
  /** Notes when a URL was purged: only those are looked at afterwards. */
  purged(outcome: PurgeOutcome): void
  /** Notes when a file's URLs were purged by the Asset Manager, too. */
  refreshed(outcome: AssetOutcome): void
  /** Looks until all is as it should be, or the time is up. */
  carryOut(): Promise<void>
  /** by URL, those that are final */
  readonly verdicts: ReadonlyMap<string, Judgement>
}

type Watched = {
  readonly url: string
  readonly path: string | undefined
  readonly change: Expected['change']
  readonly mayRepeat: boolean
  looking?: Promise<void>
  before?: Look
  uploadedAt?: number
  /** in the clock of performance.now() */
  purgedAt?: number
  purgedAgain: boolean
  judgement?: Judgement
}

const WAIT_MS = { first: 1000, most: 15_000 }
/** imgix takes a purge of the same URL within 10 seconds for a duplicate. */
const PURGE_AGAIN_MS = 10_500
/** What no purge may ever change is waited for no longer than the second one takes: a file that is in the bucket still, or was
 *  fresh already. */
const PATIENCE_MS = 12_000
/** Purges that are due within so long go together. */
const SOON_MS = 500
/** The last look wants its answer before the time is up. */
const LAST_LOOK_MS = 1000
/** After so many looks in a row without an answer, a host is not looked at any more before uploads. */
const SILENT_LOOKS = 3

/** What proves that purges did what they are for. */
export function createVerification(plan: Plan, settings: VerifySettings): Verification {
  const deleted = new Set(plan.skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path))
  const steps = plan.purges.filter(({ subImage }) => subImage !== true)
  const watched = new Map(steps.map((step) => [step.url, watch(step, deleted, settings)]))
  const verdicts = new Map<string, Judgement>()
  const lookBefore = createLooksBefore(settings)

  return {
    verdicts,
    async before(changing) {
      const items = changing.flatMap(({ url }) => watched.get(url) ?? [])
      for (const item of items) item.looking ??= lookBefore(item)
      await Promise.all(items.map(({ looking }) => looking))
      for (const item of items) item.uploadedAt = Date.now()
    },
    purged({ step, result }) {
      const item = step.subImage === true ? undefined : watched.get(step.url)
      if (item !== undefined && result === 'purged') item.purgedAt = performance.now()
    },
    refreshed({ step, result }) {
      if (step.call !== 'refresh' || result !== 'done') return
      for (const item of watched.values())
        if (item.path === step.path && item.purgedAt !== undefined) item.purgedAt = performance.now()
    },
    async carryOut() {
      const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined)
      for (const item of items) settleUnseen(item, settings)
      await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP))
    },
  }
}

const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer')

/** @returns what looks at a URL before its file changes, unless its host has stayed silent */
function createLooksBefore({ rendering, signal, whyNot }: VerifySettings): (item: Watched) => Promise<void> {
  const hosts = new Map<string, { silentLooks: number; silence: AbortController }>()
  return async (item) => {
    const url = new URL(item.url)
    if (item.change === 'deleted' || isVideo(item.url) || whyNot(url) !== undefined) return
    const host = hosts.get(url.host) ?? { silentLooks: 0, silence: new AbortController() }
    hosts.set(url.host, host)
    const ends = AbortSignal.any([signal, host.silence.signal])
    if (ends.aborted) return
    item.before = await rendering.look(item.url, ends)
    host.silentLooks = 'problem' in item.before ? host.silentLooks + 1 : 0
    // those that wait for their turn would cost its timeout each
    if (host.silentLooks >= SILENT_LOOKS) host.silence.abort()
  }
}

function watch(
  { url, path, afterUpload }: PurgeStep,
  deleted: ReadonlySet<string>,
  { mayRepeat }: VerifySettings,
): Watched {
  const untouched = path === undefined ? 'unknown' : deleted.has(path) ? 'deleted' : 'elsewhere'
  const change = afterUpload ? 'uploaded' : untouched
  return { url, path, change, purgedAgain: false, mayRepeat: path === undefined || mayRepeat(path) }
}

function settleUnseen(item: Watched, { whyNot }: VerifySettings): void {
  const reason = isVideo(item.url) ? "a video: purges do not reach imgix's Video API" : whyNot(new URL(item.url))
  if (reason !== undefined) item.judgement = unverifiable(reason)
}

async function lookInRounds(
  items: readonly Watched[],
  settings: VerifySettings,
  settle: (item: Watched) => void,
): Promise<void> {
  const deadline = performance.now() + settings.timeoutMs
  const ends = AbortSignal.any([settings.signal, AbortSignal.timeout(settings.timeoutMs)])
  const open = new Set(items)
  const settleDone = (): void => {
    for (const item of [...open].filter(isDone)) {
      open.delete(item)
      settle(item)
    }
  }
  settleDone()
  for (let waitMs = WAIT_MS.first; open.size > 0; ) {
    await Promise.all([...open].map((item) => lookAt(item, settings, ends)))
    settleDone()
    const leftMs = deadline - performance.now() - LAST_LOOK_MS
    if (open.size === 0 || ends.aborted || leftMs <= 0) break
    if (await purgeDue(open, settings, ends)) waitMs = WAIT_MS.first
    const nextMs = Math.min(waitMs, leftMs, untilDue(open))
    settings.onRound(open.size, items.length, nextMs)
    await sleep(nextMs, undefined, { signal: ends }).catch(() => {})
    waitMs = Math.min(waitMs * 2, WAIT_MS.most)
  }
  // of a run that was cancelled nothing is known that was not settled
  if (!settings.signal.aborted) for (const item of open) settle(item)
}

async function lookAt(item: Watched, { rendering }: VerifySettings, ends: AbortSignal): Promise<void> {
  const look = await rendering.look(item.url, ends)
  // what an answer told stays, though a later look gets none
  const counts = item.judgement === undefined ? !ends.aborted || 'status' in look : isAnswer(look)
  if (counts) item.judgement = judge(item, look)
}

function isDone({ judgement, change, purgedAt = 0 }: Watched): boolean {
  if (judgement === undefined || judgement.settled) return judgement !== undefined
  return change !== 'uploaded' && performance.now() - purgedAt > PATIENCE_MS
}

/** Purges once more what is not as it should be though its purge was a while ago: that may have been lost, or too early. */
async function purgeDue(
  open: ReadonlySet<Watched>,
  { purgeAgain }: VerifySettings,
  ends: AbortSignal,
): Promise<boolean> {
  const now = performance.now()
  const due = [...open].filter(({ purgedAt = 0, purgedAgain }) => !purgedAgain && now - purgedAt >= PURGE_AGAIN_MS)
  await Promise.all(
    due.map(async (item) => {
      item.purgedAgain = true
      await purgeAgain(item.url, ends)
    }),
  )
  return due.length > 0
}

function untilDue(open: ReadonlySet<Watched>): number {
  const now = performance.now()
  const waits = [...open].flatMap(({ purgedAt = 0, purgedAgain }) =>
    purgedAgain ? [] : [purgedAt + PURGE_AGAIN_MS - now],
  )
  return Math.max(SOON_MS, Math.min(...waits, Number.POSITIVE_INFINITY))
}
