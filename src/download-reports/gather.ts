import { setTimeout as sleep } from 'node:timers/promises'
import { type Choice, chooseReports, type Report } from './choose.ts'
import { type Day, endOf, LATE_S, type Period } from './period.ts'

export type Gathering = {
  readonly period: Period
  readonly onIncomplete: 'wait' | 'skip'
  /** sum of all waits, without the time of requests and downloads */
  readonly waitTimeoutMs: number
  readonly signal: AbortSignal
  /** every report of the type */
  readonly list: () => Promise<readonly Report[]>
  /** called after each list */
  readonly onChoice: (choice: Choice) => void
  readonly onWait: (awaited: readonly string[], leftMs: number) => void
}

const FIRST_PAUSE_MS = 1000
const PAUSE_MAX_MS = 60_000

/** Yields each report of a period when it is complete. With `wait`, waits for reports that can still come. */
export async function* gatherReports(gathering: Gathering): AsyncGenerator<Report> {
  const { onIncomplete, signal, list, onChoice, onWait } = gathering
  const yielded = new Set<string>()
  let leftMs = onIncomplete === 'wait' ? gathering.waitTimeoutMs : 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    const choice = chooseReports(await list(), gathering)
    onChoice(choice)
    for (const report of choice.complete) {
      if (yielded.has(report.id)) continue
      yielded.add(report.id)
      yield report
    }
    const expected = choice.missing.filter((day) => choice.listed > 0 && mayCome(day, leftMs))
    const awaited = [...choice.incomplete.map(({ key }) => key), ...expected.map((day) => `the report of ${day}`)]
    if (awaited.length === 0 || leftMs <= 0) return
    onWait(awaited, leftMs)
    const waitMs = Math.min(pauseMs, leftMs)
    leftMs -= waitMs
    await sleep(waitMs, undefined, { signal })
  }
}

function mayCome(day: Day, leftMs: number): boolean {
  const end = endOf(day) * 1000
  return Date.now() + leftMs > end && Date.now() < end + LATE_S * 1000
}
