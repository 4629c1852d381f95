import { html, size } from '../runner/text.ts'
import { CHANGE_WORDS, type FileReport, type UrlReport } from './json-report.ts'
import { code, earlierFileUrl, fileUrl, type Links } from './links.ts'

const PICTURES_MAX = 12
const WIDTH = 72
/** Browsers show these. */
const EXTENSIONS = /\.(png|jpe?g|gif|webp|svg|avif)$/i
const BYTES_MAX = 1_000_000
/** Changes can be compared, so they come first. */
const ORDER = ['modified', 'added', 'present']
/** A longer path can make the URL of the page longer than servers accept. */
const PATH_MAX_LENGTH = 300
const NAME_MAX_LENGTH = 24

/** Pictures before and after, from the repository itself: no request to imgix is needed, and a dry run has them too.
 *  Each is a table of its own that floats, so that a narrow page has fewer in a row. '' for none.
 *  @param files those that are, or would be, published
 *  @param urlsOf the URLs of a file that show what its picture shows */
export function gallery(
  files: readonly FileReport[],
  links: Links,
  urlsOf: (path: string) => readonly UrlReport[],
): string {
  const cards = files
    .filter((file) => isPicture(file) && fileUrl(file.path, links) !== undefined)
    .sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change))
    .slice(0, PICTURES_MAX)
    .map((file) => card(file, links, urlsOf(file.path)[0]?.url))
  return cards.length === 0 ? '' : `${cards.join('\n')}\n<br clear="all">`
}

function isPicture({ path, bytes }: FileReport): boolean {
  return EXTENSIONS.test(path) && path.length <= PATH_MAX_LENGTH && bytes !== null && bytes > 0 && bytes < BYTES_MAX
}

function card({ path, bytes, change }: FileReport, links: Links, url: string | undefined): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const shown = name.length > NAME_MAX_LENGTH ? `${name.slice(0, NAME_MAX_LENGTH)}…` : name
  const after = fileUrl(path, links) ?? ''
  const before = change === 'modified' ? earlierFileUrl(path, links) : undefined
  const image = (page: string): string => `<img src="${html(`${page}?raw=true`)}" width="${WIDTH}" alt="${html(name)}">`
  const pair = before === undefined ? '' : `<a href="${html(before)}">${image(before)}</a> → `
  const facts = [CHANGE_WORDS[change], size(bytes ?? 0)].filter((fact) => fact !== '').join(', ')
  const caption = `<sub><a href="${html(after)}">${code(shown)}</a><br>${facts}</sub>`
  return `<table align="left"><tr><td align="center">${pair}<a href="${html(url ?? after)}">${image(after)}</a><br>${caption}</td></tr></table>`
}
