import type { Allowed } from '../inputs/values.ts'

/** A day in UTC, such as 2026-11-21. Days sort as text. */
export type Day = string
/** A range includes both ends. */
export type Period = 'latest' | { readonly from: Day; readonly to: Day }

const DAYS_MAX = 366
export const DAY_S = 86_400
/** imgix makes the report of a day by 04:00 UTC of the next day (docs.imgix.com/apis/management/reports, read 2026-11). A
 *  report that is one day later than that will not come. */
export const LATE_S = 28 * 3600
/** 9999-12-31, the last day with four digits of a year */
const LAST_S = 253_402_300_799

export function parsePeriod(text: string): Period | Allowed {
  const allowed = `latest, a date such as 2026-11-21, or a range of at most ${DAYS_MAX} days such as 2026-11-01..2026-11-21`
  if (text === 'latest') return 'latest'
  const [from = '', to = from, ...more] = text.split('..')
  const areDays = [from, to].every((day) => dayAt(startOf(day)) === day)
  if (more.length > 0 || !areDays || from > to || daysOf({ from, to }).length > DAYS_MAX) return { allowed }
  return { from, to }
}

/** @returns the days of a range, at most one more than a period may have */
export function daysOf({ from, to }: { from: Day; to: Day }): Day[] {
  const start = startOf(from)
  const length = Math.min(DAYS_MAX, (startOf(to) - start) / DAY_S) + 1
  return Array.from({ length }, (_, index) => String(dayAt(start + index * DAY_S)))
}

/** @param seconds since 1970
 *  @returns undefined if the year does not have four digits */
export function dayAt(seconds: unknown): Day | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= LAST_S)) return undefined
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

/** @returns seconds since 1970 */
export function startOf(day: Day): number {
  return Date.parse(day) / 1000
}

/** @returns seconds since 1970 */
export function endOf(day: Day): number {
  return startOf(day) + DAY_S
}

/** The last day of a report's period. In imgix's examples a daily period starts and ends at the same midnight. A period
 *  that ends at a later midnight includes the day after it only if the report's key ends with the date of this day. */
export function dayOf({ start, end, key }: { start: unknown; end: unknown; key: string }): Day | undefined {
  const last = dayAt(end)
  if (typeof start !== 'number' || typeof end !== 'number' || last === undefined || start > end) return undefined
  const before = start === end ? last : dayAt(end - 1)
  return key.endsWith(`_${last.replaceAll('-', '')}`) ? last : before
}

/** Formats days as `2026-11-01..2026-11-03, 2026-11-07`. */
export function spansOf(days: readonly Day[]): string {
  const spans: [Day, Day][] = []
  for (const day of days.toSorted()) {
    const span = spans.at(-1)
    if (span !== undefined && endOf(span[1]) === startOf(day)) span[1] = day
    else spans.push([day, day])
  }
  return spans.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(', ')
}
