import { annotate } from '../runner/annotations.ts'
import { count, printable } from '../runner/text.ts'
import { explain } from './explain.ts'
import type { Report, UrlReport } from './json-report.ts'

const LIST_LENGTH = 200

const VERDICTS = ['fresh', 'gone', 'stale', 'still-served', 'unverifiable'] as const

/** URLs that imgix serves as they were. */
export function unproved({ urls }: Pick<Report, 'urls'>): UrlReport[] {
  return urls.filter(({ verdict }) => verdict === 'stale' || verdict === 'still-served')
}

/** URLs that nobody can tell about, by the reason. */
export function unverifiableByReason(report: Pick<Report, 'urls'>): Map<string, UrlReport[]> {
  return byReason(report, 'unverifiable')
}

function byReason({ urls }: Pick<Report, 'urls'>, wanted: UrlReport['verdict']): Map<string, UrlReport[]> {
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

/** All that is not as it should be, a line each; of what can't be told one for each reason. */
export function verdictLines(report: Pick<Report, 'urls'>): string[] {
  const lines = unproved(report).map(({ url, verdict, reason }) => `${verdict} ${url}: ${reason}`)
  for (const verdict of ['unverifiable', 'gone'] as const) {
    for (const [reason, [first, ...others]] of byReason(report, verdict)) {
      const more = others.length === 0 ? '' : ` and ${others.length} more`
      lines.push(`${verdict} ${first?.url}${more}: ${reason}`)
    }
  }
  const all = lines.map(printable)
  return all.length <= LIST_LENGTH ? all : [...all.slice(0, LIST_LENGTH), `and ${all.length - LIST_LENGTH} more`]
}

/** One annotation for each URL that imgix serves as it was. */
export function annotateVerdicts(report: Pick<Report, 'urls'>, verify: 'off' | 'warn' | 'fail'): void {
  const annotations = unproved(report).map(({ url, path, verdict, reason }) => {
    const annotation = { line: `${url}: ${verdict}: ${reason}`, title: `imgix sync: ${verdict}` }
    return path === undefined ? annotation : { ...annotation, file: path }
  })
  annotate(verify === 'fail' ? 'error' : 'warning', annotations, (left) => `and ${left} more: the report has them all`)
}

/** Why a run fails that was told to by `verify`. */
export function verdictFailure(report: Pick<Report, 'urls'>, verify: 'off' | 'warn' | 'fail'): string | undefined {
  const bad = unproved(report).length
  if (verify !== 'fail' || bad === 0) return undefined
  const verified = report.urls.filter(({ verdict }) => verdict !== undefined).length
  return `verify: ${bad} of ${count(verified, 'URL')} ${bad === 1 ? 'is' : 'are'} not served as the repository has it`
}

export function purgedAgainLine(url: string, error?: unknown): string {
  return printable(error === undefined ? `purged again ${url}` : `not purged again ${url}: ${explain(error)}`)
}

/** @param waitMs until the next look */
export function roundLine(left: number, all: number, waitMs: number): string {
  return `verify: ${all - left} of ${count(all, 'URL')} settled, looks at the others again in ${(waitMs / 1000).toFixed(1)} s`
}
