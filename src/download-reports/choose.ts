import type { ReportResource } from '../imgix/reports.ts'
import type { Inputs } from './inputs.ts'
import { type Day, dayAt, dayOf, daysOf } from './period.ts'

/** A report. Its key can be any text. */
export type Report = {
  readonly id: string
  readonly key: string
  /** the day of the report, the last of its period */
  readonly day: Day
  /** the first day of its period */
  readonly since: Day
  readonly completed: boolean
}

/** The reports of a period, oldest first. */
export type Choice = {
  readonly complete: readonly Report[]
  readonly incomplete: readonly Report[]
  /** days without a report */
  readonly missing: readonly Day[]
  /** how many reports of the type imgix lists, in any period */
  readonly listed: number
}

/** The longest id and key of a report: the run keeps the ids and keys of the whole list. */
const NAME_MAX_LENGTH = 1000

/** @returns undefined for a resource that is not a report of the type, or has no valid period */
export function readReport({ id, attributes }: ReportResource, type: string): Report | undefined {
  const { report_key: key, report_type, period_start: start, period_end: end, completed } = attributes
  if (id === '' || typeof key !== 'string' || report_type !== type) return undefined
  if (Math.max(id.length, key.length) > NAME_MAX_LENGTH) return undefined
  const [day, since] = [dayOf({ start, end, key }), dayAt(start)]
  return day === undefined || since === undefined ? undefined : { id, key, day, since, completed: completed === true }
}

/** Chooses the reports of a period. `latest`: the newest report, or with `skip` the newest complete one and later ones. */
export function chooseReports(
  reports: readonly Report[],
  { period, onIncomplete }: Pick<Inputs, 'period' | 'onIncomplete'>,
): Choice {
  // a list that grows between two pages gives some reports twice
  const known = [...new Map(reports.map((report) => [report.id, report])).values()]
  const inOrder = known.toSorted((a, b) => a.day.localeCompare(b.day))
  const lastComplete = inOrder.findLastIndex(({ completed }) => completed)
  const newest = onIncomplete === 'wait' ? -1 : Math.max(0, lastComplete)
  const chosen =
    period === 'latest' ? inOrder.slice(newest) : inOrder.filter(({ day }) => period.from <= day && day <= period.to)
  const days = new Set(chosen.map(({ day }) => day))
  return {
    complete: chosen.filter(({ completed }) => completed),
    incomplete: chosen.filter(({ completed }) => !completed),
    missing: period === 'latest' ? [] : daysOf(period).filter((day) => !days.has(day)),
    listed: known.length,
  }
}
