import { type Annotation, annotate } from '../runner/annotations.ts'
import { count, cut, printable } from '../runner/text.ts'
import type { Report, UrlReport } from './json-report.ts'

const LIST_LENGTH = 200

export const STALE_REMEDY = 'run the job again, and look at CDNs between imgix and you'

const VERDICTS = ['fresh', 'gone', 'stale', 'still-served', 'unverifiable'] as const

/** imgix still serves the old bytes, or a deleted file. */
export function needsYou({ verdict }: UrlReport): boolean {
  return verdict === 'stale' || verdict === 'still-served'
}

/** The URLs of a verdict that has a reason, by that reason. */
export function byReason({ urls }: Pick<Report, 'urls'>, wanted: UrlReport['verdict']): Map<string, UrlReport[]> {
  return Map.groupBy(
    urls.filter(({ verdict, reason }) => verdict === wanted && reason !== undefined),
    ({ reason = '' }) => reason,
  )
}

/** What the verification came to; undefined where there was none. */
export function verdictSentence({ urls }: Pick<Report, 'urls'>): string | undefined {
  const verified = urls.filter(({ verdict }) => verdict !== undefined)
  if (verified.length === 0) return undefined
  const parts = VERDICTS.flatMap((verdict) => {
    const having = verified.filter((item) => item.verdict === verdict).length
    return having === 0 ? [] : [`${having} ${verdict}`]
  })
  return `looked at ${count(verified.length, 'URL')}: ${parts.join(', ')}`
}

/** One line for each reason of the verdicts `unverifiable` and `gone`. The other verdicts have annotations. */
export function verdictLines(report: Pick<Report, 'urls'>): string[] {
  const lines = (['unverifiable', 'gone'] as const).flatMap((verdict) =>
    [...byReason(report, verdict)].map(([reason, urls]) => {
      const more = urls.length === 1 ? '' : ` and ${urls.length - 1} more`
      return `${verdict} ${urls[0]?.url}${more}: ${reason}`
    }),
  )
  return cut(lines, LIST_LENGTH, printable)
}

/** One annotation for each URL that imgix serves as it was. A deleted file that is still in the bucket is a warning in any
 *  case: no run can make it go. */
export function annotateVerdicts(report: Pick<Report, 'urls'>, verify: 'off' | 'warn' | 'fail'): void {
  const of = (wanted: UrlReport['verdict']) => report.urls.filter(({ verdict }) => verdict === wanted).map(annotationOf)
  const rest = (left: number): string => `and ${left} more: the report has them all`
  annotate(verify === 'fail' ? 'error' : 'warning', of('stale'), rest)
  annotate('warning', of('still-served'), rest)
}

function annotationOf({ url, path, verdict, reason }: UrlReport): Annotation {
  const remedy = verdict === 'stale' ? `; ${STALE_REMEDY}` : ''
  const annotation = { line: `${url}: ${verdict}: ${reason}${remedy}`, title: `imgix sync: ${verdict}` }
  return path === undefined ? annotation : { ...annotation, file: path }
}

/** The reason why `verify: fail` fails the run; undefined if it does not. */
export function verdictFailure(report: Pick<Report, 'urls'>, verify: 'off' | 'warn' | 'fail'): string | undefined {
  const stale = report.urls.filter(({ verdict }) => verdict === 'stale').length
  if (verify !== 'fail' || stale === 0) return undefined
  const verified = report.urls.filter(({ verdict }) => verdict !== undefined).length
  return `verify: ${stale} of ${count(verified, 'URL')} ${stale === 1 ? 'is' : 'are'} not served as the repository has it`
}
