import { type Annotation, annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, setListOutput, writeSummary } from '../runner/outputs.ts'
import { type RunState, rowsOf } from './run-state.ts'
import { explainAnalytics, failureLines, incompleteLines, missingLines, oldLine, resultSentence } from './sentences.ts'
import { formatSummary } from './summary.ts'

/** Reports the result of the run, after every ending.
 *  @param error the error that ended the run early */
export async function reportEnding(state: RunState, error: unknown): Promise<void> {
  if (error instanceof Error) core.debug(String(error.stack))
  const { failures, warnings, notices } = linesOf(state, error)
  const failed = failures.length > 0 || state.cancelled
  annotate('error', failures)
  annotate('warning', warnings)
  annotate('notice', notices)
  await attempt('the outputs', () => setOutputs(state))
  const lines = [...failures, ...warnings, ...notices].map(({ line }) => line)
  await writeSummary(formatSummary(state, { failed, lines }))
  const sentence = resultSentence(state)
  if (state.choice === undefined && !state.cancelled) {
    if (failed) process.exitCode = core.ExitCode.Failure // the annotations name the reason
  } else if (failed) core.setFailed(sentence)
  else core.info(sentence)
}

function linesOf(state: RunState, error: unknown): Record<'failures' | 'warnings' | 'notices', Annotation[]> {
  const failures = [...listProblems(error, 'imgix reports', explainAnalytics), ...annotationsOf(failureLines(state))]
  // a run that ended early does not know which reports it would have found
  if (error !== undefined || state.cancelled) return { failures, warnings: [], notices: [] }
  const nowS = Date.now() / 1000
  const missing = annotationsOf(missingLines(state, nowS))
  const incomplete = annotationsOf(incompleteLines(state))
  const old = oldLine(state, nowS)
  const fails = state.inputs?.onMissing === 'fail'
  const waits = state.inputs?.onIncomplete === 'wait'
  return {
    failures: [...failures, ...(waits ? incomplete : []), ...(fails ? missing : [])],
    warnings: [...(fails ? [] : missing), ...(old === undefined ? [] : [{ line: old }])],
    notices: waits ? [] : incomplete,
  }
}

function annotationsOf(lines: readonly string[]): Annotation[] {
  return lines.map((line) => ({ line }))
}

function setOutputs(state: RunState): void {
  const rows = rowsOf(state)
  const keys = (wanted: string) => rows.filter((row) => row.state === wanted).map(({ report }) => report.key)
  const folder = state.inputs?.folder ?? ''
  const files = rows.flatMap(({ names }) => names.map((name) => (folder === '.' ? name : `${folder}/${name}`)))
  const lists = {
    files,
    'report-keys': keys('fetched'),
    incomplete: keys('not complete'),
    missing: state.choice?.missing ?? [],
    failed: keys('failed'),
  }
  for (const [name, list] of Object.entries(lists)) setListOutput(name, list)
  core.setOutput('count', String(files.length))
}
