import { count, html, size } from '../runner/text.ts'
import { type Row, type RunState, rowsOf } from './run-state.ts'
import { resultSentence } from './sentences.ts'

// A step's summary over 1 MiB is dropped whole.
const ROWS_MAX = 400
const LINES_MAX = 100
const LINE_MAX_LENGTH = 500
const KEY_MAX_LENGTH = 120

/**
 * The job summary: what happened, what is wrong, and a table of reports.
 * The table is a block of HTML without empty lines: in there nothing of a key is read as Markdown.
 * @param lines what is to be told beside the table
 */
export function formatSummary(
  state: RunState,
  { failed, lines }: { failed: boolean; lines: readonly string[] },
): string {
  const shown = lines.slice(0, LINES_MAX).map((line) => `<p>${html(line.slice(0, LINE_MAX_LENGTH))}</p>`)
  const more = lines.length > LINES_MAX ? [`<p>and ${lines.length - LINES_MAX} more: the log has them all</p>`] : []
  const title = `### ${failed ? '❌' : '✅'} imgix reports: ${html(resultSentence(state))}`
  return `${[title, [...shown, ...more].join('\n'), table(rowsOf(state))].filter((text) => text !== '').join('\n\n')}\n`
}

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const head = ['Report', 'Period (UTC)', 'Parts', 'Size', 'State'].map((cell) => `<th align="left">${cell}</th>`)
  const left = rows.length - ROWS_MAX
  return [
    '<table>',
    `<tr>${head.join('')}</tr>`,
    ...rows.slice(0, ROWS_MAX).map(
      (row) =>
        `<tr>${cellsOf(row)
          .map((cell) => `<td>${cell}</td>`)
          .join('')}</tr>`,
    ),
    ...(left > 0 ? [`<tr><td colspan="${head.length}">and ${count(left, 'more report')}</td></tr>`] : []),
    '</table>',
  ].join('\n')
}

function cellsOf({ report, of, names, bytes, state }: Row): string[] {
  const { key, since, day } = report
  const parts = of === undefined ? '' : names.length === of ? String(of) : `${names.length} of ${of}`
  const period = since === day ? day : `${since} to ${day}`
  return [
    `<code>${html(key.slice(0, KEY_MAX_LENGTH))}</code>`,
    period,
    parts,
    names.length > 0 ? size(bytes) : '',
    state,
  ]
}
