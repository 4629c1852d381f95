import type { Choice, Report } from './choose.ts'
import type { Inputs } from './inputs.ts'

/** What came of one file of a report. Numbers start at 1. */
export type PartOutcome = { readonly number: number; readonly name: string } & (
  | { readonly ok: true; readonly bytes: number; readonly attempts: number; readonly seconds: number }
  | { readonly ok: false; readonly error: unknown }
)

/** A report whose download was started. */
export type FetchedReport = {
  readonly report: Report
  /** how many files it has; undefined if unknown */
  of?: number
  /** in the order in which they finished */
  readonly parts: PartOutcome[]
  /** why the list of its files could not be read */
  error?: unknown
}

/** The state of the run, for the ending. */
export type RunState = {
  /** undefined if they are not valid */
  inputs?: Inputs
  /** from the last list */
  choice?: Choice
  /** how many reports of the type have no key or no valid period */
  unreadable?: number
  cancelled: boolean
  /** by id */
  readonly fetched: Map<string, FetchedReport>
}

/** One report of the period, and its result. */
export type Row = FetchedReport & {
  readonly state: 'fetched' | 'failed' | 'no files' | 'not complete' | 'not done'
  /** names of its files that are in the folder */
  readonly names: readonly string[]
  readonly bytes: number
}

/** The reports of the period, oldest first, with their parts in order. */
export function rowsOf({ choice, fetched }: RunState): Row[] {
  const chosen = [...(choice?.complete ?? []), ...(choice?.incomplete ?? [])]
  const waiting = chosen.filter(({ id }) => !fetched.has(id)).map((report) => ({ report, parts: [] }))
  return [...fetched.values(), ...waiting].sort((a, b) => a.report.day.localeCompare(b.report.day)).map(rowOf)
}

function rowOf(fetched: FetchedReport): Row {
  const parts = fetched.parts.toSorted((a, b) => a.number - b.number)
  const done = parts.filter((outcome) => outcome.ok)
  const names = done.map(({ name }) => name)
  const bytes = done.reduce((sum, outcome) => sum + outcome.bytes, 0)
  return { ...fetched, parts, names, bytes, state: stateOf(fetched, done.length) }
}

function stateOf({ report, of, parts, error }: FetchedReport, done: number): Row['state'] {
  if (!report.completed) return 'not complete'
  if (error !== undefined || parts.some(({ ok }) => !ok)) return 'failed'
  if (of === 0) return 'no files'
  return done === of ? 'fetched' : 'not done'
}
