import type { Emit, Outcome, Plan, Step, UploadStep, Work } from '../events.ts'
import { count, duration, size } from '../runner/text.ts'

/** The length of the period that the rates are measured over. */
const RATE_SECONDS = 30
/** The pause between two lines: a twelfth of the time so far, but at least 5 s and at most a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 }

/** Tells a line now and then while a plan is carried out. */
export function createProgress(tell: (line: string) => void): { hear: Emit } {
  let track: Track | undefined
  let stop = (): void => {}
  return {
    hear(event) {
      if (event.kind === 'planned') track = trackPlan(event.plan, event.forecast)
      else if (event.kind === 'sync-began') stop = nowAndThen(() => tell(track?.line() ?? ''))
      else if (event.kind === 'sync-ended') stop()
      else if (event.kind === 'sent') track?.send(event.step, event.bytes)
      else if (event.kind === 'ended') track?.end(event.outcome)
    },
  }
}

type Track = ReturnType<typeof trackPlan>

/** What is done of a plan, how fast it goes and how long it will take, in a line. */
export function trackPlan(plan: Plan, forecast: (work: Work) => number) {
  const uploads = plan.files.map(({ upload }) => upload)
  const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length)
  const left = new Set(uploads)
  const underWay = new Map<UploadStep, number>()
  const done = { short: 0, bytes: 0, purges: 0, records: 0 }
  const updates = new Set<Step>(plan.updates)
  const calls = new Set([...plan.files.flatMap((file) => file.calls), ...plan.calls])
  const bytes = sumOf(uploads)
  const records = uploads.filter(({ record }) => record === 'always').length
  const total = { uploads: uploads.length, bytes, purges, updates: updates.size, calls: calls.size, records }
  const unrecorded = new Set<string>() // paths of what is stored
  const past = [{ at: performance.now(), uploads: 0, short: 0, purges: 0, bytes: 0 }]

  /** @returns what is done, how fast it goes, and how long it will take, '' where that is not known */
  function look(): Record<'work' | 'rates' | 'left', string> {
    const bytes = done.bytes + [...underWay.values()].reduce((sum, sent) => sum + sent, 0)
    const now = {
      at: performance.now(),
      uploads: total.uploads - left.size,
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
      forecast({ uploads: [...left], updates: updatesLeft, purges: total.purges - done.purges, calls: [...calls] }),
      secondsFor([...left].filter(isShort).length, rate('short')),
      secondsFor(total.bytes - bytes, rate('bytes')),
      secondsFor(Math.min(total.purges - done.purges, left.size === 0 ? Number.POSITIVE_INFINITY : 0), rate('purges')),
    )
    const uploads = `${now.uploads} of ${count(total.uploads, 'upload')} (${size(bytes)} of ${size(total.bytes)})`
    const work = [
      ...(total.uploads > 0 ? [uploads] : []),
      ...(total.updates > 0
        ? [`${total.updates - updatesLeft} of ${count(total.updates, 'update')} of attributes`]
        : []),
      `${done.purges} of ${count(total.purges, 'purge')}`,
      ...(left.size === 0 && unrecorded.size > 0 ? [`${count(unrecorded.size, 'file')} left to record`] : []),
      ...(calls.size > 0 ? [`${count(calls.size, 'file')} left for the Asset Manager`] : []),
    ]
    const sending = `${rate('uploads').toFixed(1)} uploads/s, ${size(rate('bytes'))}/s`
    return {
      work: work.join(', '),
      rates: left.size > 0 ? sending : `${rate('purges').toFixed(1)} purges/s`,
      left: secondsLeft > 0 ? `about ${duration(secondsLeft)} left` : '',
    }
  }

  function line(): string {
    const { work, rates, left } = look()
    return `progress: ${work}; ${rates}${left === '' ? '' : `; ${left}`}`
  }

  /** @returns how much of the steps is done, from 0 to 1 */
  function share(): number {
    const sent = [...underWay].reduce((sum, [{ bytes }, sentBytes]) => sum + Math.min(1, sentBytes / (bytes || 1)), 0)
    const ended = total.uploads - left.size + total.updates - updates.size + total.calls - calls.size
    const all = total.uploads + total.purges + total.updates + total.calls + total.records
    return all === 0 ? 1 : (ended + done.purges + done.records + sent) / all
  }

  function end({ step, result }: Outcome): void {
    switch (step.kind) {
      case 'upload':
        endUpload(step, result)
        return
      case 'purge':
        done.purges += 1
        return
      case 'call':
        calls.delete(step)
        return
      case 'update':
      case 'record':
        updates.delete(step)
        if (unrecorded.delete(step.path)) done.records += 1
    }
  }

  function endUpload(step: UploadStep, result: Outcome['result']): void {
    if (result === 'done' && step.record === 'always') unrecorded.add(step.path)
    left.delete(step)
    underWay.delete(step)
    done.bytes += step.bytes
    if (isShort(step)) done.short += 1
  }

  return { line, look, share, end, send: (step: UploadStep, bytes: number) => void underWay.set(step, bytes) }
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
function isShort({ routes }: UploadStep): boolean {
  return routes[0] === 'direct'
}

function sumOf(steps: readonly UploadStep[]): number {
  return steps.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** 0 where the rate tells nothing yet */
function secondsFor(amount: number, perSecond: number): number {
  return perSecond > 0 ? amount / perSecond : 0
}
