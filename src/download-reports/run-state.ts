import type { Choice, Report } from './choose.ts'
import type { PartOutcome } from './fetch.ts'
import type { Inputs } from './inputs.ts'

/** What is known of a run so far, to be told in whatever ending it has. */
export type RunState = {
  /** undefined where they are wrong */
  inputs?: Inputs
  /** as imgix last had it */
  choice?: Choice
  /** reports of the type that imgix lists and nobody can place: without a key, or a period that is one */
  unreadable?: number
  cancelled: boolean
  /** those whose turn came, by id */
  readonly fetched: Map<string, FetchedReport>
}

export type FetchedReport = {
  readonly report: Report
  /** how many files it has; undefined where that could not be asked */
  readonly of?: number
  readonly parts: PartOutcome[]
  /** why its files could not be asked for */
  readonly error?: unknown
}

/** One report of the period, and what came of it. */
export type Row = {
  readonly report: Report
  readonly state: 'fetched' | 'failed' | 'no files' | 'not complete' | 'not done'
  /** undefined where it is not known */
  readonly of: number | undefined
  /** names of its files in the folder, as far as they are there */
  readonly names: readonly string[]
  readonly bytes: number
}

/** The reports of the period by their days, oldest first. */
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

/** By their numbers: they come as they are done. */
export function inOrder<O extends PartOutcome>(outcomes: readonly O[]): O[] {
  return outcomes.toSorted((a, b) => a.part.number - b.part.number)
}

function stateOf({ completed }: Report, fetched: FetchedReport | undefined, done: number): Row['state'] {
  if (fetched === undefined) return completed ? 'not done' : 'not complete'
  if (fetched.error !== undefined || fetched.parts.some(({ ok }) => !ok)) return 'failed'
  if (fetched.of === 0) return 'no files'
  return done === fetched.of ? 'fetched' : 'not done'
}
