import type { Allowed } from '../inputs/values.ts'

/** A day in UTC, such as 2026-11-21: they sort as text. */
export type Day = string
/** Both ends of a range belong to it. */
export type Period = 'latest' | { readonly from: Day; readonly to: Day }

const DAYS_MAX = 366
const DAY_S = 86_400
/** A day's report is there by 04:00 UTC of the next (docs.imgix.com/apis/management/reports, read 2026-11; once by 01:00):
 *  what is not there a day after that is not to be expected. */
export const LATE_S = 28 * 3600
/** 9999-12-31: the last day that four digits of a year have */
const LAST_S = 253_402_300_799

export function parsePeriod(text: string): Period | Allowed {
  const allowed = `latest, a date such as 2026-11-21, or a range of at most ${DAYS_MAX} days such as 2026-11-01..2026-11-21`
  if (text === 'latest') return 'latest'
  const [from = '', to = from, ...more] = text.split('..')
  if (more.length > 0 || !isDay(from) || !isDay(to) || from > to) return { allowed }
  return daysOf({ from, to }).length <= DAYS_MAX ? { from, to } : { allowed }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAt(Date.parse(text) / 1000) === text
}

/** No more than one beyond the days that a period may have. */
export function daysOf({ from, to }: { from: Day; to: Day }): Day[] {
  const start = startOf(from)
  const length = Math.min(DAYS_MAX, (startOf(to) - start) / DAY_S) + 1
  return Array.from({ length }, (_, index) => String(dayAt(start + index * DAY_S)))
}

/** @param seconds since 1970
 *  @returns undefined where that is no day of four digits a year */
export function dayAt(seconds: unknown): Day | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= LAST_S)) return undefined
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

/** @returns s since 1970 */
export function startOf(day: Day): number {
  return Date.parse(day) / 1000
}

/** @returns s since 1970 */
export function endOf(day: Day): number {
  return startOf(day) + DAY_S
}

/**
 * The day that a report is of: the last one of its period, which is all of a daily report and the newest of a cumulative one.
 * In imgix's examples a period starts and ends at the midnight that its day begins with. Where it ends at a later midnight,
 * that may name its last day or the one after it: the date in the report's key tells, and else it is the one after.
 */
export function dayOf({ start, end, key }: { start: unknown; end: unknown; key: string }): Day | undefined {
  const last = dayAt(end)
  if (typeof start !== 'number' || typeof end !== 'number' || last === undefined || start > end) return undefined
  const before = start === end ? last : dayAt(end - 1)
  return key.endsWith(`_${last.replaceAll('-', '')}`) ? last : before
}

/** Days as text: `2026-11-01..2026-11-03, 2026-11-07` */
export function spansOf(days: readonly Day[]): string {
  const spans: [Day, Day][] = []
  for (const day of days.toSorted()) {
    const span = spans.at(-1)
    if (span !== undefined && endOf(span[1]) === startOf(day)) span[1] = day
    else spans.push([day, day])
  }
  return spans.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(', ')
}
