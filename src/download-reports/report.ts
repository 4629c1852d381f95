import * as core from '@actions/core'
import { InputError } from '../inputs/reader.ts'
import { explain } from '../report/explain.ts'
import { printable } from '../runner/text.ts'
import { type RunState, rowsOf } from './run-state.ts'
import { explainAnalytics, failureLines, incompleteLines, missingLines, oldLine, resultSentence } from './sentences.ts'
import { formatSummary } from './summary.ts'

const OUTPUT_MAX_BYTES = 200_000
// GitHub shows ten annotations of a kind for a step; the log has the others.
const ANNOTATIONS_MAX = 50

type Ending = {
  hasSummary: boolean
  /** what ended the run early */
  error: unknown
}

/** Tells what happened, in every ending and everywhere; what can't be written doesn't keep the rest from being told. */
export async function tellEnding(state: RunState, { hasSummary, error }: Ending): Promise<void> {
  const { failures, warnings, notices } = linesOf(state, error)
  const failed = failures.length > 0 || state.cancelled
  for (const [index, line] of failures.entries()) (index < ANNOTATIONS_MAX ? core.error : core.info)(printable(line))
  for (const line of warnings) core.warning(printable(line))
  for (const line of notices) core.notice(printable(line))
  await attempt('the outputs', () => setOutputs(state))
  if (hasSummary) {
    const lines = [...failures, ...warnings, ...notices]
    await attempt('the job summary', () => core.summary.addRaw(formatSummary(state, { failed, lines })).write())
  }
  const sentence = printable(resultSentence(state))
  if (state.choice === undefined && !state.cancelled) {
    if (failed) process.exitCode = core.ExitCode.Failure // what ended it is told above
  } else if (failed) core.setFailed(sentence)
  else core.info(sentence)
}

function linesOf(state: RunState, error: unknown): Record<'failures' | 'warnings' | 'notices', string[]> {
  const failures = [...whatEnded(error), ...failureLines(state)]
  // of a run that did not come to its end nobody knows what would have been there
  if (error !== undefined || state.cancelled) return { failures, warnings: [], notices: [] }
  const nowS = Date.now() / 1000
  const missing = missingLines(state, nowS)
  const incomplete = incompleteLines(state)
  const old = oldLine(state, nowS)
  const fails = state.inputs?.onMissing === 'fail'
  const waits = state.inputs?.onIncomplete === 'wait'
  return {
    failures: [...failures, ...(waits ? incomplete : []), ...(fails ? missing : [])],
    warnings: [...(fails ? [] : missing), ...(old === undefined ? [] : [old])],
    notices: waits ? [] : incomplete,
  }
}

function whatEnded(error: unknown): string[] {
  if (error === undefined) return []
  if (error instanceof InputError) return [...error.problems]
  core.debug(error instanceof Error ? String(error.stack) : '')
  return [explainAnalytics(error)]
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
  for (const [name, list] of Object.entries(lists)) {
    const json = JSON.stringify(list)
    const fits = Buffer.byteLength(json) <= OUTPUT_MAX_BYTES
    if (!fits) core.notice(`the output ${name} is left empty: its ${list.length} entries are over 200 kB`)
    core.setOutput(name, fits ? json : '')
  }
  core.setOutput('count', String(files.length))
}

async function attempt(what: string, write: () => unknown): Promise<void> {
  try {
    await write()
  } catch (error) {
    core.error(printable(`${what} can't be written: ${explain(error)}`))
    process.exitCode = core.ExitCode.Failure
  }
}
