import type { Emit, Outcome, Plan, Step, UploadStep } from '../events.ts'
import { count, duration, size } from '../runner/text.ts'

/** The length of the period that the rates are measured over. */
const RATE_SECONDS = 30
/** The pause between two lines: a twelfth of the time so far, but at least 5 s and at most a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 }

/** Tells a line now and then while a plan is carried out. */
export function createProgress(tell: (line: string) => void): { hear: Emit } {
  return showProgress((track) => nowAndThen(() => tell(`progress: ${track.describe().join('; ')}`)))
}

export type Track = ReturnType<typeof trackPlan>

/** @param begin shows the progress, until the function that it returns is called */
export function showProgress(begin: (track: Track) => () => void): { hear: Emit } {
  let track: Track | undefined
  let stop = (): void => {}
  return {
    hear(event) {
      if (event.kind === 'planned') track = trackPlan(event.plan, event.forecast)
      else if (event.kind === 'sync-began' && track !== undefined) stop = begin(track)
      else if (event.kind === 'sync-ended') stop()
      else if (event.kind === 'sent') track?.send(event.step, event.bytes)
      else if (event.kind === 'ended') track?.end(event.outcome)
    },
  }
}

/** What is done of a plan, how fast it goes and how long it will take. */
export function trackPlan({ files, ...alone }: Plan, forecast: (steps: readonly Step[]) => number) {
  const ofFiles = files.flatMap(({ upload, purges, calls }) => [upload, ...purges, ...calls])
  const left = new Set<Step>([...ofFiles, ...alone.purges, ...alone.updates, ...alone.calls])
  const recorded = files.filter(({ upload }) => upload.record === 'always')
  const unrecorded = new Set(recorded.map(({ upload }) => upload.path))
  const sent = new Map<UploadStep, number>() // bytes of what is under way
  const total = look()
  const past = [total]

  /** Counts what is left; `short` and `bytes` are those of uploads. */
  function look() {
    const steps = { upload: 0, purge: 0, update: 0, call: 0, record: unrecorded.size }
    const now = { ...steps, at: performance.now(), short: 0, bytes: 0 }
    for (const step of left) {
      now[step.kind] += 1
      if (step.kind !== 'upload') continue
      if (isShort(step)) now.short += 1
      now.bytes += step.bytes - (sent.get(step) ?? 0)
    }
    return now
  }

  /** @returns what is done, how fast it goes, and how long it will take, where that is known */
  function describe(): string[] {
    const now = look()
    past.push(now)
    while (now.at - (past[1]?.at ?? now.at) >= RATE_SECONDS * 1000) past.shift()
    const [first = now] = past
    type Rated = 'upload' | 'short' | 'bytes' | 'purge'
    const rate = (what: Rated): number => (first[what] - now[what]) / ((now.at - first.at) / 1000)
    /** 0 where the rate tells nothing yet */
    const secondsFor = (what: Rated): number => (rate(what) > 0 ? now[what] / rate(what) : 0)
    const pace = now.upload === 0 ? secondsFor('purge') : Math.max(secondsFor('short'), secondsFor('bytes'))
    const seconds = Math.max(forecast([...left]), pace)
    const done = (what: 'upload' | 'update' | 'purge'): string =>
      `${total[what] - now[what]} of ${count(total[what], what)}`
    const bytes = `${size(total.bytes - now.bytes)} of ${size(total.bytes)}`
    const work = [
      ...(total.upload > 0 ? [`${done('upload')} (${bytes})`] : []),
      ...(total.update > 0 ? [`${done('update')} of attributes`] : []),
      done('purge'),
      ...(now.upload === 0 && now.record > 0 ? [`${count(now.record, 'file')} left to record`] : []),
      ...(now.call > 0 ? [`${count(now.call, 'file')} left for the Asset Manager`] : []),
    ]
    const sending = `${rate('upload').toFixed(1)} uploads/s, ${size(rate('bytes'))}/s`
    return [
      work.join(', '),
      now.upload > 0 ? sending : `${rate('purge').toFixed(1)} purges/s`,
      ...(seconds > 0 ? [`about ${duration(seconds)} left`] : []),
    ]
  }

  /** @returns how much of the steps is done, from 0 to 1 */
  function share(): number {
    const sum = (of: typeof total): number => of.upload + of.purge + of.update + of.call + of.record
    const parts = [...sent].reduce((all, [{ bytes }, part]) => all + Math.min(1, part / (bytes || 1)), 0)
    return sum(total) === 0 ? 1 : 1 - (sum(look()) - parts) / sum(total)
  }

  function end({ step, result }: Outcome): void {
    left.delete(step)
    if (step.kind === 'upload') sent.delete(step)
    const isRecorded = step.kind === 'update' || step.kind === 'record' || (step.kind === 'upload' && result !== 'done')
    if (isRecorded) unrecorded.delete(step.path)
  }

  return { describe, share, end, send: (step: UploadStep, bytes: number) => void sent.set(step, bytes) }
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
