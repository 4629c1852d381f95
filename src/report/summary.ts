import { joinSections, paragraphs, table } from '../runner/summary.ts'
import { count, duration, html, size } from '../runner/text.ts'
import type { FileReport, Report, UrlReport } from './json-report.ts'
import { resultSentence } from './result-lines.ts'
import { unproved, unverifiableByReason, verdictSentence } from './verdicts.ts'

const ROW_MAX_URLS = 5

type Beside = {
  /** why a run had nothing to do */
  reason: string | undefined
  /** what changed beside files and URLs */
  updated?: string | undefined
  /** what the first run of a workflow leaves out */
  untouched?: string | undefined
  /** what is wrong beside files and URLs, a line each, and whether it ended the run before its end */
  failures: readonly string[]
  ended?: boolean
  /** origin paths of assets that the folder does not have */
  onlyAtSource?: readonly string[] | undefined
}

/**
 * The job summary: what happened, what failed and why, then the details.
 * Its tables are blocks of HTML without empty lines: in there nothing of a name is read as Markdown.
 */
export function formatSummary(
  report: Report,
  { reason, updated, untouched, failures, ended = failures.length > 0, onlyAtSource = [] }: Beside,
): string {
  const failed = [...report.files, ...report.urls].filter(({ result }) => result === 'failed')
  const bad = failed.length > 0 || failures.length > 0 || report.cancelled
  const by = (...results: string[]): FileReport[] => report.files.filter(({ result }) => results.includes(result))
  const sections = [
    `### ${bad ? '❌' : unproved(report).length > 0 ? '⚠️' : '✅'} imgix sync: ${html(resultSentence(report, ended))}`,
    paragraphs([...failures, ...[reason, untouched, updated].filter((line) => line !== undefined)]),
    facts(report),
    section('Failed', failed, failureRow, ['What', 'Why']),
    verified(report),
    report.dryRun
      ? section('Would be uploaded', by('planned'), plannedRow, ['File', 'Size', 'Route', 'Change'])
      : section('Uploaded', by('uploaded'), fileRow, ['File', 'Size', 'Route', 'Time', 'Tries']),
    report.dryRun ? '' : section('Not done', by('planned'), reasonRow, ['File', 'Why']),
    skipped(by('skipped')),
    section('Deleted in git', by('deleted'), reasonRow, ['File', 'What that means']),
    purged(report),
    report.dryRun ? leftAtSource(onlyAtSource) : '',
  ]
  return joinSections(sections)
}

function leftAtSource(paths: readonly string[]): string {
  const title = "Only at the Source, left as it is: imgix's API can't delete it"
  const rows = section(title, paths, (path) => [code(`/${path}`)], ['Path'])
  return folded(rows, paths.length, `${count(paths.length, 'asset')} only at the Source`)
}

function facts({ mode, base, head, baseStrategy, source }: Report): string {
  const span =
    head === ''
      ? []
      : [
          base === ''
            ? `${mode === 'all' ? 'mode all' : 'every file'} at <code>${html(head.slice(0, 7))}</code>`
            : `<code>${html(base.slice(0, 7))}..${html(head.slice(0, 7))}</code> (base: ${html(baseStrategy)})`,
        ]
  const where =
    source.id === ''
      ? []
      : [`Source <code>${html(source.id)}</code>${source.type === '' ? '' : ` (${html(source.type)})`}`]
  const text = [...span, ...where].join(' · ')
  return text === '' ? '' : `<p>${text}</p>`
}

function purged({ urls, dryRun }: Report): string {
  const done = urls.filter(({ result }) => result === (dryRun ? 'planned' : 'purged'))
  const title = dryRun ? 'Would be purged' : 'Purge requested'
  const isVerified = done.some(({ verdict }) => verdict !== undefined)
  const rows = isVerified
    ? section(title, done, (item) => [purgedUrl(item), verdictOf(item)], ['URL', 'Verdict'])
    : section(title, done, (item) => [purgedUrl(item)], ['URL'])
  return folded(
    rows,
    done.length,
    dryRun ? `${count(done.length, 'URL')} to purge` : `${count(done.length, 'purge')} requested`,
  )
}

/** A sub-image has a second row, which nobody looks at. */
function purgedUrl({ url, subImage }: UrlReport): string {
  return subImage ? `${link(url)} as a sub-image` : link(url)
}

/** What is not as it should be, and what can't be told, have tables of their own with the reasons. */
function verdictOf({ verdict, reason }: UrlReport): string {
  return verdict === 'gone' && reason !== undefined ? `gone: ${html(reason)}` : (verdict ?? '')
}

function skipped(files: readonly FileReport[]): string {
  return folded(
    section('Skipped', files, reasonRow, ['File', 'Why']),
    files.length,
    `${count(files.length, 'file')} skipped`,
  )
}

/** A long list is one line until somebody opens it. */
function folded(rows: string, length: number, title: string): string {
  return length > 10 ? `<details><summary>${title}</summary>\n\n${rows}\n\n</details>` : rows
}

/** Of what was looked at: the result, what is not as it should be, and what nobody can tell, by the reason. */
function verified(report: Report): string {
  const sentence = verdictSentence(report)
  if (sentence === undefined) return ''
  const bad = unproved(report)
  const reasons = [...unverifiableByReason(report)]
  const sections = [
    paragraphs([`verification: ${sentence}`]),
    section('Served as before', bad, ({ url, verdict, reason = '' }) => [link(url), `${verdict}: ${html(reason)}`], [
      'URL',
      'Why',
    ]),
    section('Not verifiable', reasons, ([reason, urls]) => [html(reason), some(urls)], ['Why', 'URLs']),
  ]
  return sections.filter((text) => text !== '').join('\n\n')
}

/** The first few of URLs that share a row. */
function some(urls: readonly UrlReport[]): string {
  const more = urls.length > ROW_MAX_URLS ? ` and ${urls.length - ROW_MAX_URLS} more` : ''
  return `${urls
    .slice(0, ROW_MAX_URLS)
    .map(({ url }) => link(url))
    .join('<br>')}${more}`
}

function section<T>(title: string, items: readonly T[], row: (item: T) => string[], head: readonly string[]): string {
  if (items.length === 0) return ''
  return `#### ${title} (${items.length})\n\n${table(items, { head, row, source: 'report' })}`
}

function fileRow({ path, bytes, via, seconds, attempts }: FileReport): string[] {
  return [code(path), size(bytes ?? 0), via ?? '', duration(seconds), String(attempts)]
}

function plannedRow({ path, bytes, via, change }: FileReport): string[] {
  return [code(path), size(bytes ?? 0), via ?? '', change === 'added' ? 'new' : change === 'modified' ? 'changed' : '']
}

function reasonRow({ path, reason, error }: FileReport): string[] {
  return [code(path), html(error ?? reason ?? 'the run ended before it')]
}

function failureRow(item: FileReport | UrlReport): string[] {
  return ['originPath' in item ? code(item.path) : purgedUrl(item), html(item.error ?? '')]
}

function code(text: string): string {
  return `<code>${html(text)}</code>`
}

function link(url: string): string {
  return `<a href="${html(url)}"><code>${html(url)}</code></a>`
}
