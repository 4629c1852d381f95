import { setTimeout as sleep } from 'node:timers/promises'
import * as core from '../runner/core.ts'
import { seldom } from '../runner/seldom.ts'
import { count } from '../runner/text.ts'
import { chooseReports, type Report } from './choose.ts'
import type { Inputs } from './inputs.ts'
import { type Day, endOf, LATE_S } from './period.ts'
import type { RunState } from './run-state.ts'
import { choiceSentence, waitSentence } from './sentences.ts'

export type Gathering = {
  readonly inputs: Pick<Inputs, 'type' | 'period' | 'onIncomplete' | 'waitTimeoutMs'>
  /** gets what the last list has */
  readonly state: RunState
  readonly signal: AbortSignal
  /** every report of the type, and how many have no key or no valid period */
  readonly list: () => Promise<{ reports: readonly Report[]; unreadable: number }>
}

const FIRST_PAUSE_MS = 1000
const PAUSE_MAX_MS = 60_000
const WAIT_LINE_MS = 300_000

/** Yields each report of a period when it is complete. With `wait`, waits for reports that can still come. */
export async function* gatherReports({ inputs, state, signal, list }: Gathering): AsyncGenerator<Report> {
  const yielded = new Set<string>()
  const logged = new Set<string>() // each poll finds the same again
  const logOnce = (text: string, log = core.info): void => {
    if (!logged.has(text)) log(text)
    logged.add(text)
  }
  let logWait = core.info
  // the sum of all waits, without the time of requests and downloads
  let leftMs = inputs.onIncomplete === 'wait' ? inputs.waitTimeoutMs : 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    const { reports, unreadable } = await list()
    const choice = chooseReports(reports, inputs)
    Object.assign(state, { choice, unreadable })
    const leftOut = `${count(unreadable, 'report')} left out, without a key or a valid period`
    if (unreadable > 0) logOnce(leftOut, core.warning)
    logOnce(`${inputs.type}: ${choiceSentence(choice)}`)
    for (const report of choice.complete.filter(({ id }) => !yielded.has(id))) {
      yielded.add(report.id)
      yield report
    }
    const expected = choice.missing.filter((day) => choice.listed > 0 && mayCome(day, leftMs))
    const awaited = [...choice.incomplete.map(({ key }) => key), ...expected.map((day) => `the report of ${day}`)]
    if (awaited.length === 0 || leftMs <= 0) return
    logWait(waitSentence(awaited, leftMs))
    if (logWait === core.info) logWait = seldom(core.info, WAIT_LINE_MS)
    const waitMs = Math.min(pauseMs, leftMs)
    leftMs -= waitMs
    await sleep(waitMs, undefined, { signal })
  }
}

function mayCome(day: Day, leftMs: number): boolean {
  const end = endOf(day) * 1000
  return Date.now() + leftMs > end && Date.now() < end + LATE_S * 1000
}
