import type { Choice, Report } from './choose.ts'
import type { PartOutcome } from './fetch.ts'
import type { Inputs } from './inputs.ts'

/** The state of the run, for the ending. */
export type RunState = {
  /** undefined if they are not valid */
  inputs?: Inputs
  /** from the last list */
  choice?: Choice
  /** how many reports of the type have no key or no valid period */
  unreadable?: number
  cancelled: boolean
  /** the reports that were started, by id */
  readonly fetched: Map<string, FetchedReport>
}

export type FetchedReport = {
  readonly report: Report
  /** how many files it has; undefined if unknown */
  readonly of?: number
  readonly parts: PartOutcome[]
  /** why the list of its files could not be read */
  readonly error?: unknown
}

/** One report of the period, and its result. */
export type Row = {
  readonly report: Report
  readonly state: 'fetched' | 'failed' | 'no files' | 'not complete' | 'not done'
  /** how many files it has; undefined if unknown */
  readonly of: number | undefined
  /** names of its files that are in the folder */
  readonly names: readonly string[]
  readonly bytes: number
}

/** The reports of the period, oldest first. */
export function rowsOf({ choice, fetched }: RunState): Row[] {
  const chosen = [...(choice?.complete ?? []), ...(choice?.incomplete ?? [])]
  const known = new Map([...fetched.values()].map(({ report }) => [report.id, report]))
  for (const report of chosen) if (!known.has(report.id)) known.set(report.id, report)
  return [...known.values()]
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
    .map((report) => rowOf(report, fetched.get(report.id)))
}

function rowOf(report: Report, fetched: FetchedReport | undefined): Row {
  const done = (fetched?.parts ?? []).filter((outcome) => outcome.ok)
  return {
    report,
    state: stateOf(report, fetched, done.length),
    of: fetched?.of,
    names: inOrder(done).map(({ part }) => part.name),
    bytes: done.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** Sorts outcomes by part number: parts finish in any order. */
export function inOrder<O extends PartOutcome>(outcomes: readonly O[]): O[] {
  return outcomes.toSorted((a, b) => a.part.number - b.part.number)
}

function stateOf({ completed }: Report, fetched: FetchedReport | undefined, done: number): Row['state'] {
  if (fetched === undefined) return completed ? 'not done' : 'not complete'
  if (fetched.error !== undefined || fetched.parts.some(({ ok }) => !ok)) return 'failed'
  if (fetched.of === 0) return 'no files'
  return done === fetched.of ? 'fetched' : 'not done'
}
