import type { RateLimits } from '../imgix/pace.ts'
import { forecastSeconds } from '../plan/forecast.ts'
import type { Plan, UploadStep } from '../plan/plan.ts'
import { count, duration, size } from '../runner/text.ts'
import type { AssetOutcome, PurgeOutcome, UpdateOutcome, UploadOutcome } from '../sync/outcomes.ts'

export type Progress = {
  /** @param bytes of the file that have left in this try */
  sent(step: UploadStep, bytes: number): void
  uploaded(outcome: UploadOutcome): void
  purged(outcome: PurgeOutcome): void
  updated(outcome: UpdateOutcome): void
  asked(outcome: AssetOutcome): void
  line(): string
  /** Tells a line now and then. @returns what ends that */
  start(tell: (line: string) => void): () => void
}

/** Rates are those of the last so many seconds. */
const RATE_SECONDS = 30
/** A line comes after so long; later on after a twelfth of the time so far, and at least once a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 }

/** What is done of a plan, how fast it goes and how long it will take, for a line now and then. */
export function createProgress(plan: Plan, rateLimits: RateLimits): Progress {
  const left = new Set(plan.uploads)
  const underWay = new Map<UploadStep, number>()
  const total = { bytes: sumOf(plan.uploads), purges: plan.purges.length, updates: plan.updates.length }
  const done = { short: 0, bytes: 0, purges: 0 }
  const updates = new Set<unknown>(plan.updates)
  const assets = new Set(plan.assets)
  const unrecorded = new Set<string>() // paths of what is stored
  const past = [{ at: performance.now(), uploads: 0, short: 0, purges: 0, bytes: 0 }]

  function line(): string {
    const bytes = done.bytes + [...underWay.values()].reduce((sum, sent) => sum + sent, 0)
    const now = {
      at: performance.now(),
      uploads: plan.uploads.length - left.size,
      short: done.short,
      purges: done.purges,
      bytes,
    }
    while (past.length > 1 && now.at - Number(past[1]?.at) >= RATE_SECONDS * 1000) past.shift()
    const seconds = (now.at - Number(past[0]?.at)) / 1000
    const rate = (what: 'uploads' | 'short' | 'purges' | 'bytes'): number =>
      (now[what] - Number(past[0]?.[what])) / seconds
    past.push(now)
    const { size: updatesLeft } = updates
    const secondsLeft = Math.max(
      forecastSeconds(
        { uploads: [...left], updates: updatesLeft, purges: total.purges - done.purges, assets: [...assets] },
        rateLimits,
      ),
      secondsFor([...left].filter(isShort).length, rate('short')),
      secondsFor(total.bytes - bytes, rate('bytes')),
      secondsFor(Math.min(total.purges - done.purges, left.size === 0 ? Number.POSITIVE_INFINITY : 0), rate('purges')),
    )
    const uploads = `${now.uploads} of ${count(plan.uploads.length, 'upload')} (${size(bytes)} of ${size(total.bytes)})`
    const work = [
      ...(plan.uploads.length > 0 ? [uploads] : []),
      ...(total.updates > 0
        ? [`${total.updates - updatesLeft} of ${count(total.updates, 'update')} of attributes`]
        : []),
      `${done.purges} of ${count(total.purges, 'purge')}`,
      ...(left.size === 0 && unrecorded.size > 0 ? [`${count(unrecorded.size, 'file')} left to record`] : []),
      ...(assets.size > 0 ? [`${count(assets.size, 'file')} left for the Asset Manager`] : []),
    ]
    const sending = `${rate('uploads').toFixed(1)} uploads/s, ${size(rate('bytes'))}/s`
    const rates = left.size > 0 ? sending : `${rate('purges').toFixed(1)} purges/s`
    return `progress: ${work.join(', ')}; ${rates}${secondsLeft > 0 ? `; about ${duration(secondsLeft)} left` : ''}`
  }

  return {
    line,
    sent: (step, bytes) => void underWay.set(step, bytes),
    uploaded({ step, result }) {
      if (result === 'uploaded' && step.record === 'always') unrecorded.add(step.path)
      left.delete(step)
      underWay.delete(step)
      done.bytes += step.bytes
      if (isShort(step)) done.short += 1
    },
    purged() {
      done.purges += 1
    },
    updated({ step }) {
      updates.delete(step)
      unrecorded.delete(step.path)
    },
    asked: ({ step }) => void assets.delete(step),
    start: (tell) => nowAndThen(() => tell(line())),
  }
}

function nowAndThen(work: () => void): () => void {
  const startedAt = performance.now()
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const ms = (performance.now() - startedAt) * LINE_MS.share
    // a line now and then must not keep a process alive that waits for nothing else: runner/settle.ts ends that run
    timer = setTimeout(next, Math.min(LINE_MS.most, Math.max(LINE_MS.least, ms))).unref()
  }
  const next = (): void => {
    work()
    wait()
  }
  wait()
  return () => clearTimeout(timer)
}

/** Small files go at a pace of files, the others at one of bytes. */
function isShort({ lanes }: UploadStep): boolean {
  return lanes[0] === 'direct'
}

function sumOf(steps: readonly UploadStep[]): number {
  return steps.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** 0 where the rate tells nothing yet */
function secondsFor(amount: number, perSecond: number): number {
  return perSecond > 0 ? amount / perSecond : 0
}

/** @returns a function that passes on to `tell` what comes now and then, and nothing of what comes soon */
export function seldom<T>(tell: (value: T) => void, leastMs = 2 * LINE_MS.least): (value: T) => void {
  let told = performance.now()
  return (value) => {
    if (performance.now() - told < leastMs) return
    told = performance.now()
    tell(value)
  }
}
