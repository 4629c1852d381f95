import { shorten, table } from '../runner/summary.ts'
import { cut, grouped, size } from '../runner/text.ts'
import { CHANGE_WORDS, type FileReport, type Report, type UrlReport } from './json-report.ts'
import { earlierFileUrl, fileUrl, type Links, placeLink, urlLink } from './links.ts'

const URLS_MAX = 5
/** What the run was about comes first: a long table ends early. */
const ORDER = ['failed', 'uploaded', 'planned', 'deleted', 'skipped']

/** One folded table: a file a row, with its state and its URLs. '' for none. */
export function fileTable(
  { files, urls, dryRun }: Report,
  links: Links,
  urlsOf: (path: string) => readonly UrlReport[],
): string {
  const rows = [...files].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result))
  const known = new Set(files.map(({ path }) => path))
  const others = urls.filter(({ path, subImage }) => !subImage && (path === undefined || !known.has(path)))
  if (rows.length + others.length === 0) return ''
  const fileRow = (file: FileReport): string[] => [
    placeLink(pageOf(file, links), file.path),
    `${stateOf(file, dryRun)}${file.bytes === null ? '' : `<br><sub>${size(file.bytes).replace(' ', '&#160;')}</sub>`}`,
    urlsHtml(urlsOf(file.path), dryRun),
  ]
  const urlRow = (item: UrlReport): string[] => [urlLink(item.url), shorten(urlState(item, dryRun) || 'purged'), '']
  const body = table([...rows, ...others], {
    head: ['File', 'State', 'At imgix'],
    row: (item) => ('url' in item ? urlRow(item) : fileRow(item)),
    source: 'report',
  })
  const names = [
    ...(rows.length > 0 ? [rows.length === 1 ? 'The file' : `All ${grouped(rows.length, 'file')}`] : []),
    ...(others.length > 0 ? [grouped(others.length, rows.length > 0 ? 'further URL' : 'URL')] : []),
  ]
  return `<details><summary>${names.join(' and ')}</summary>\n\n${body}\n\n</details>`
}

/** The link to a deleted file leads to the base, because the head does not have the file. */
function pageOf({ path, result }: FileReport, links: Links): string | undefined {
  return result === 'deleted' ? earlierFileUrl(path, links) : fileUrl(path, links)
}

function stateOf({ result, change, reason }: FileReport, dryRun: boolean): string {
  const words = {
    uploaded: 'published',
    planned: dryRun ? 'would be published' : 'not done',
    failed: 'failed',
    deleted: reason ?? 'deleted in git',
    skipped: reason ?? 'skipped',
  }[result]
  const how = result === 'skipped' ? '' : CHANGE_WORDS[change]
  return shorten(how === '' ? words : `${how}, ${words}`)
}

function urlsHtml(urls: readonly UrlReport[], dryRun: boolean): string {
  const show = (item: UrlReport): string => {
    const state = urlState(item, dryRun)
    return `${placeLink(item.url, new URL(item.url).host)}${state === '' ? '' : ` ${shorten(state)}`}`
  }
  return cut(urls, URLS_MAX, show).join('<br>')
}

/** @returns '' for a URL that was purged, or would be */
function urlState({ result, verdict, reason }: UrlReport, dryRun: boolean): string {
  if (verdict !== undefined) return verdict === 'gone' && reason !== undefined ? `gone: ${reason}` : verdict
  return result === 'purged' || (dryRun && result === 'planned') ? '' : 'not purged'
}
