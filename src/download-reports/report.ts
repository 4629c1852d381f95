import { debugError, explain } from '../report/explain.ts'
import { annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import type { Level } from '../runner/host.ts'
import { attempt, setListOutputs, writeSummary } from '../runner/outputs.ts'
import { breakable, joinSections, paragraphs, table } from '../runner/summary.ts'
import { html, size } from '../runner/text.ts'
import { type Row, type RunState, rowsOf } from './run-state.ts'
import { failureLines, incompleteLines, missingLines, oldLines, resultSentence } from './sentences.ts'

/** Reports the result of the run, after every ending.
 *  @param error the error that ended the run early */
export async function reportEnding(state: RunState, error: unknown): Promise<void> {
  debugError(error)
  const lines = linesOf(state, error)
  const failed = lines.error.length > 0 || state.cancelled
  for (const level of ['error', 'warning', 'notice'] as const) {
    const annotations = lines[level].map((line) => ({ line }))
    annotate(level, annotations)
  }
  await attempt('the outputs', () => setOutputs(state))
  await writeSummary(formatSummary(state, failed, Object.values(lines).flat()))
  const sentence = resultSentence(state)
  if (state.choice === undefined && !state.cancelled) {
    if (failed) process.exitCode = core.ExitCode.Failure // the annotations name the reason
  } else if (failed) core.setFailed(sentence)
  else core.info(sentence)
}

function linesOf(state: RunState, error: unknown): Record<Level, string[]> {
  const problems = listProblems(error, 'imgix reports', explain).map(({ line }) => line)
  const failures = [...problems, ...failureLines(state)]
  // a run that ended early does not know which reports it would have found
  if (error !== undefined || state.cancelled) return { error: failures, warning: [], notice: [] }
  const nowS = Date.now() / 1000
  const missing = missingLines(state, nowS)
  const incomplete = incompleteLines(state)
  const [fails, waits] = [state.inputs?.onMissing === 'fail', state.inputs?.onIncomplete === 'wait']
  return {
    error: [...failures, ...(waits ? incomplete : []), ...(fails ? missing : [])],
    warning: [...(fails ? [] : missing), ...oldLines(state, nowS)],
    notice: waits ? [] : incomplete,
  }
}

function setOutputs(state: RunState): void {
  const rows = rowsOf(state)
  const keys = (wanted: Row['state']) => rows.filter((row) => row.state === wanted).map(({ report }) => report.key)
  const folder = state.inputs?.folder ?? ''
  const files = rows.flatMap(({ names }) => names.map((name) => (folder === '.' ? name : `${folder}/${name}`)))
  setListOutputs({
    files,
    'report-keys': keys('fetched'),
    incomplete: keys('not complete'),
    missing: state.choice?.missing ?? [],
    failed: keys('failed'),
  })
  core.setOutput('count', String(files.length))
}

const KEY_MAX_LENGTH = 120
const HEAD = ['Report', 'State', 'Period (UTC)', 'Files']

/** The job summary: the result, the given lines, and a table of reports. */
export function formatSummary(state: RunState, failed: boolean, lines: readonly string[]): string {
  const title = `### ${failed ? '❌' : '✅'} imgix reports: ${html(resultSentence(state))}`
  const rows = table(rowsOf(state), { head: HEAD, row: cellsOf, source: 'log' })
  return joinSections([title, paragraphs(lines), rows])
}

function cellsOf({ report: { key, since, day }, of, names, bytes, state }: Row): string[] {
  return [
    `<code>${breakable(html(core.redact(key).slice(0, KEY_MAX_LENGTH)))}</code>`,
    state,
    since === day ? day : `${since} to ${day}`,
    of === undefined ? '' : filesOf(names.length, { of, bytes }),
  ]
}

function filesOf(count: number, { of, bytes }: { of: number; bytes: number }): string {
  const files = count === of ? String(of) : `${count} of ${of}`
  return count === 0 ? files : `${files}, ${size(bytes)}`
}
