import type { Emit, Outcome, Plan, Step, UploadStep, Work } from '../events.ts'
import { count, duration, size } from '../runner/text.ts'

/** The length of the period that the rates are measured over. */
const RATE_SECONDS = 30
/** The pause between two lines: a twelfth of the time so far, but at least 5 s and at most a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 }

/** Tells a line now and then while a plan is carried out. */
export function createProgress(tell: (line: string) => void): { hear: Emit } {
  return showProgress((track) => nowAndThen(() => tell(track.line())))
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
export function trackPlan({ files, purges, updates, calls }: Plan, forecast: (work: Work) => number) {
  const uploads = files.map(({ upload }) => upload)
  const left = {
    uploads: new Set(uploads),
    purges: files.reduce((sum, file) => sum + file.purges.length, purges.length),
    updates: new Set<Step>(updates),
    calls: new Set([...files.flatMap((file) => file.calls), ...calls]),
    /** paths */
    records: new Set(uploads.filter(({ record }) => record === 'always').map(({ path }) => path)),
  }
  const sent = new Map<UploadStep, number>() // bytes of what is under way
  const total = look()
  const past = [total]

  function look() {
    const { uploads, updates, purges, calls, records } = left
    const steps = [...uploads]
    return {
      at: performance.now(),
      uploads: uploads.size,
      short: steps.filter(isShort).length,
      bytes: steps.reduce((sum, step) => sum + step.bytes - (sent.get(step) ?? 0), 0),
      purges,
      updates: updates.size,
      calls: calls.size,
      records: records.size,
    }
  }

  /** @returns what is done, how fast it goes, and how long it will take, '' where that is not known */
  function describe(): Record<'work' | 'rates' | 'left', string> {
    const now = look()
    past.push(now)
    while (now.at - (past[1]?.at ?? now.at) >= RATE_SECONDS * 1000) past.shift()
    const [first = now] = past
    const rate = (what: 'uploads' | 'short' | 'purges' | 'bytes'): number =>
      (first[what] - now[what]) / ((now.at - first.at) / 1000)
    /** 0 where the rate tells nothing yet */
    const secondsFor = (what: 'short' | 'purges' | 'bytes'): number => (rate(what) > 0 ? now[what] / rate(what) : 0)
    const seconds = Math.max(
      forecast({ ...now, uploads: [...left.uploads], calls: [...left.calls] }),
      secondsFor('short'),
      secondsFor('bytes'),
      now.uploads === 0 ? secondsFor('purges') : 0,
    )
    const done = (what: 'uploads' | 'updates' | 'purges', noun: string): string =>
      `${total[what] - now[what]} of ${count(total[what], noun)}`
    const bytes = `${size(total.bytes - now.bytes)} of ${size(total.bytes)}`
    const work = [
      ...(total.uploads > 0 ? [`${done('uploads', 'upload')} (${bytes})`] : []),
      ...(total.updates > 0 ? [`${done('updates', 'update')} of attributes`] : []),
      done('purges', 'purge'),
      ...(now.uploads === 0 && now.records > 0 ? [`${count(now.records, 'file')} left to record`] : []),
      ...(now.calls > 0 ? [`${count(now.calls, 'file')} left for the Asset Manager`] : []),
    ]
    const sending = `${rate('uploads').toFixed(1)} uploads/s, ${size(rate('bytes'))}/s`
    return {
      work: work.join(', '),
      rates: now.uploads > 0 ? sending : `${rate('purges').toFixed(1)} purges/s`,
      left: seconds > 0 ? `about ${duration(seconds)} left` : '',
    }
  }

  function line(): string {
    const { work, rates, left } = describe()
    return `progress: ${work}; ${rates}${left === '' ? '' : `; ${left}`}`
  }

  /** @returns how much of the steps is done, from 0 to 1 */
  function share(): number {
    const sum = (of: typeof total): number => of.uploads + of.purges + of.updates + of.calls + of.records
    const parts = [...sent].reduce((all, [{ bytes }, part]) => all + Math.min(1, part / (bytes || 1)), 0)
    return sum(total) === 0 ? 1 : 1 - (sum(look()) - parts) / sum(total)
  }

  /** @returns whether the step was left */
  function end({ step, result }: Outcome): boolean {
    switch (step.kind) {
      case 'upload':
        if (result !== 'done') left.records.delete(step.path)
        sent.delete(step)
        return left.uploads.delete(step)
      case 'purge':
        left.purges -= 1
        return true
      case 'call':
        return left.calls.delete(step)
      case 'update':
        left.records.delete(step.path)
        return left.updates.delete(step)
      case 'record':
        return left.records.delete(step.path)
    }
  }

  return { line, describe, share, end, send: (step: UploadStep, bytes: number) => void sent.set(step, bytes) }
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
