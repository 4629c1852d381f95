import { redact } from '../runner/core.ts'
import { joinSections, paragraphs, table } from '../runner/summary.ts'
import { html, size } from '../runner/text.ts'
import { type Row, type RunState, rowsOf } from './run-state.ts'
import { resultSentence } from './sentences.ts'

const KEY_MAX_LENGTH = 120

const HEAD = ['Report', 'Period (UTC)', 'Parts', 'Size', 'State'] as const

/** The job summary: the result, the given lines, and a table of reports. */
export function formatSummary(
  state: RunState,
  { failed, lines }: { failed: boolean; lines: readonly string[] },
): string {
  const title = `### ${failed ? '❌' : '✅'} imgix reports: ${html(resultSentence(state))}`
  const rows = table(rowsOf(state), { head: HEAD, row: cellsOf, source: 'log' })
  return joinSections([title, paragraphs(lines), rows])
}

function cellsOf({ report, of, names, bytes, state }: Row): string[] {
  const { key, since, day } = report
  const parts = of === undefined ? '' : names.length === of ? String(of) : `${names.length} of ${of}`
  const period = since === day ? day : `${since} to ${day}`
  return [
    `<code>${html(redact(key).slice(0, KEY_MAX_LENGTH))}</code>`,
    period,
    parts,
    names.length > 0 ? size(bytes) : '',
    state,
  ]
}
