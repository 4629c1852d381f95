import { explain } from '../report/explain.ts'
import { count, duration, size } from '../runner/text.ts'
import type { Choice } from './choose.ts'
import type { Inputs } from './inputs.ts'
import { DAY_S, type Day, endOf, LATE_S, spansOf, startOf } from './period.ts'
import { type PartOutcome, type Row, type RunState, rowsOf } from './run-state.ts'

/** @see https://docs.imgix.com/apis/management/reports, read 2026-11 */
const KEPT_DAYS = 90
/** An older newest report means that something is wrong. */
const NEWEST_MAX_DAYS = 3

/** The reports of the period at imgix. */
export function choiceSentence({ complete, incomplete, missing }: Choice): string {
  const parts = [
    `${count(complete.length, 'complete report')}${complete.length === 1 ? ` (${complete[0]?.key})` : ''}`,
    incomplete.length > 0 && `${incomplete.length} not complete yet`,
    missing.length > 0 && withoutReport(missing),
  ]
  return parts.filter(Boolean).join(', ')
}

function withoutReport(missing: readonly Day[]): string {
  return `${count(missing.length, 'day')} without a report`
}

export function waitSentence(awaited: readonly string[], leftMs: number): string {
  return `waits for ${firstOf(awaited)}, ${duration(leftMs / 1000)} at most`
}

export function removedSentence(key: string, names: readonly string[]): string {
  return `removed ${firstOf(names)}, of an earlier fetch of ${key}`
}

function firstOf(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
}

export function partSentence(outcome: PartOutcome, folder: string): string {
  const { name } = outcome
  if (!outcome.ok) return `failed ${name}: the end of the log says why`
  const tries = outcome.attempts > 1 ? `, ${outcome.attempts} tries` : ''
  return `fetched ${folder}/${name} (${size(outcome.bytes)}, ${duration(outcome.seconds)}${tries})`
}

/** The result of the run, in one line. */
export function resultSentence(state: RunState): string {
  const rows = rowsOf(state)
  const number = (wanted: Row['state']): number => rows.filter((row) => row.state === wanted).length
  const files = rows.flatMap(({ names }) => names).length
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
  const missing = state.choice?.missing ?? []
  const parts = [
    files === 0
      ? 'nothing fetched'
      : `${count(number('fetched'), 'report')} fetched (${count(files, 'file')}, ${size(bytes)})`,
    ...(['failed', 'no files', 'not complete', 'not done'] as const).map(
      (name) => number(name) > 0 && `${number(name)} ${name === 'no files' ? 'without files' : name}`,
    ),
    missing.length > 0 && withoutReport(missing),
  ]
  return `${state.cancelled ? 'cancelled: ' : ''}${parts.filter(Boolean).join(', ')}`
}

/** One line for each failure. */
export function failureLines(state: RunState): string[] {
  return rowsOf(state).flatMap(({ report, error, of, parts }) => [
    ...(error === undefined ? [] : [`${report.key}: ${explain(error)}`]),
    ...parts.flatMap((outcome) =>
      outcome.ok ? [] : [`${report.key}, part ${outcome.number} of ${of}: ${explain(outcome.error)}`],
    ),
  ])
}

export function incompleteLines({ inputs, choice }: RunState): string[] {
  if (inputs === undefined || choice === undefined) return []
  const after = duration(inputs.waitTimeoutMs / 1000)
  return choice.incomplete.map(({ key }) =>
    inputs.onIncomplete === 'skip'
      ? `${key} is skipped: it is not complete yet`
      : `${key} was not complete after ${after}; run the job again later, or raise wait-timeout`,
  )
}

/** One line for each reason why reports are missing. */
export function missingLines(state: RunState, nowS: number): string[] {
  const { inputs, choice, fetched, unreadable = 0 } = state
  if (inputs === undefined || choice === undefined) return []
  if (choice.listed === 0) return [whyNone(inputs, unreadable)]
  const isNone = choice.complete.length + fetched.size === 0
  if (isNone && inputs.period === 'latest' && inputs.onIncomplete === 'skip')
    return [`no ${inputs.type} report is complete: run the job again later, or set on-incomplete to wait`]
  const byReason = Map.groupBy(choice.missing, (day) => whyMissing(day, inputs, nowS))
  const lines = [...byReason].map(([why, days]) => `no ${inputs.type} report of ${spansOf(days)}: ${why}`)
  const empty = rowsOf(state).filter((row) => row.state === 'no files')
  return [
    ...lines,
    ...empty.map(({ report }) => `${report.key} is complete and has no files: let on-missing be warn if that is right`),
  ]
}

function whyNone({ type }: Inputs, unreadable: number): string {
  if (unreadable > 0)
    return `imgix lists ${count(unreadable, `${type} report`)}, none with a key and a valid period: tell imgix's support`
  return `imgix lists no ${type} report: ask imgix's support, which enables reports, a premium feature, for an account`
}

function whyMissing(day: Day, { onIncomplete, waitTimeoutMs }: Inputs, nowS: number): string {
  if (nowS < endOf(day)) return 'the day is not over in UTC: run the job again after it'
  if (nowS < endOf(day) + LATE_S) {
    const waits = onIncomplete === 'wait' ? `, and waiting ${duration(waitTimeoutMs / 1000)} was not enough` : ''
    return `imgix makes the report of a day by 04:00 UTC of the next day${waits}: run the job again later`
  }
  if (nowS > endOf(day) + KEPT_DAYS * DAY_S) return `imgix keeps reports for ${KEPT_DAYS} days: choose a later period`
  return 'imgix lists none: choose another period, or let on-missing be warn'
}

/** @returns a line if the newest report is too old */
export function oldLines({ inputs, choice }: RunState, nowS: number): string[] {
  const report = choice?.complete[0]
  if (inputs?.period !== 'latest' || report === undefined) return []
  const days = Math.floor((nowS - startOf(report.day)) / DAY_S)
  if (days <= NEWEST_MAX_DAYS) return []
  return [
    `the newest complete ${inputs.type} report is of ${report.day}, ${days} days ago: check whether imgix still makes reports`,
  ]
}
