import { redact } from './core.ts'
import { cut, prose } from './text.ts'

// GitHub drops a job summary over 1 MiB as a whole.
const SUMMARY_MAX_BYTES = 2 ** 20
const TABLE_MAX_BYTES = 150_000
const TABLE_MAX_ROWS = 200
/** Longer words can be broken, at a dot if there is one. */
const WORD_MAX_LENGTH = 12
const PIECES = /(?:&#\d+;|[^._&]){0,11}[._]+|(?:&#\d+;|[^._&]){1,12}/gu
const LINES_MAX = 100
const LINE_MAX_LENGTH = 500
const CUT = 'Parts that are too long for a job summary are left out: the log has them.\n'

/** @returns the sections that fit, in a job summary or in `maxBytes`, with an empty line between them */
export function joinSections(sections: readonly string[], maxBytes = SUMMARY_MAX_BYTES): string {
  const all = sections.filter((text) => text !== '')
  const texts: string[] = []
  let bytes = Buffer.byteLength(CUT) + 2
  for (const section of all) {
    const more = Buffer.byteLength(section) + 2
    if (bytes + more > maxBytes) continue
    bytes += more
    texts.push(section)
  }
  return texts.length === all.length ? `${texts.join('\n\n')}\n` : [...texts, CUT].join('\n\n')
}

/** A heading in HTML: in one of Markdown, a text of others can have images and links. */
export function heading(sign: string, text: string): string {
  return `<h3>${sign} ${shorten(text)}</h3>`
}

/** A text of others, cut, for an element of HTML: it has no secret, and notifies nobody. */
export function shorten(text: string): string {
  return prose(redact(text).slice(0, LINE_MAX_LENGTH))
}

/** A text that a narrow page can break after each folder and in a long word.
 *  @param text as `html` has it: each `&` begins an entity */
export function breakable(text: string): string {
  const words = text.match(/[^/\s-]*[/\s-]+|[^/\s-]+/gu) ?? []
  const pieces = words.flatMap((word) => (word.length <= WORD_MAX_LENGTH ? word : (word.match(PIECES) ?? [])))
  return pieces.map((piece, at) => `${/(?:[\s-]|^)$/.test(pieces[at - 1] ?? '') ? '' : '&#8203;'}${piece}`).join('')
}

/** One paragraph per line. */
export function paragraphs(lines: readonly string[]): string {
  const shown = cut(lines, LINES_MAX, shorten, 'more: the log has them all')
  return shown.map((line) => `<p>${line}</p>`).join('\n')
}

type Columns<T> = {
  readonly head: readonly string[]
  /** the cells of one row, as HTML */
  readonly row: (item: T) => readonly string[]
  /** where all rows are */
  readonly source: 'log' | 'report'
}

/** A block of HTML without empty lines, so that nothing in a name is read as Markdown. '' for no items. */
export function table<T>(items: readonly T[], { head, row, source }: Columns<T>): string {
  if (items.length === 0) return ''
  const rows: string[] = []
  let bytes = 0
  for (const item of items.slice(0, TABLE_MAX_ROWS)) {
    const cells = row(item).map((cell) => `<td>${cell}</td>`)
    const text = `<tr>${cells.join('')}</tr>`
    bytes += Buffer.byteLength(text)
    if (bytes > TABLE_MAX_BYTES) break
    rows.push(text)
  }
  const left = items.length - rows.length
  if (left > 0) rows.push(`<tr><td colspan="${head.length}">and ${left} more: the ${source} has them all</td></tr>`)
  const header = head.map((cell) => `<th align="left">${cell}</th>`).join('')
  return `<table>\n<tr>${header}</tr>\n${rows.join('\n')}\n</table>`
}
