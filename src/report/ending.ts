import * as core from '@actions/core'
import { InputError } from '../inputs/reader.ts'
import { placedLine, TextFileError } from '../inputs/text-file.ts'
import { PreflightError } from '../plan/refusals.ts'
import { printable } from '../runner/text.ts'
import { type Failure, failedAssets, failedUpdates, updatedSentence } from './assets-log.ts'
import { explain } from './explain.ts'
import { buildReport, type RunState } from './json-report.ts'
import * as log from './log.ts'
import { annotate, setOutputs, writeReport } from './publish.ts'
import { formatSummary } from './summary.ts'
import { annotateVerdicts, verdictFailure, verdictLines, verdictSentence } from './verdicts.ts'

/** A file may have as many problems as lines. */
const PROBLEMS_MAX = 100

type Ending = {
  reportFile: string
  hasSummary: boolean
  /** why there was nothing to do */
  reason: string | undefined
  /** what ended the run early */
  error: unknown
}

/** Tells what happened, in every ending and everywhere; what can't be written doesn't keep the rest from being told. */
export async function tellEnding(state: RunState, { reportFile, hasSummary, reason, error }: Ending): Promise<void> {
  const report = buildReport(state)
  const ended = listFailures(error)
  const told = ended.map(({ line }) => line)
  const failures: Failure[] = [
    ...ended,
    ...failedUpdates([...state.updates.values()], told),
    ...failedAssets(state.assets, told),
  ]
  const updated = updatedSentence([...state.updates.values()])
  const unproved = verdictFailure(report, state.verify)
  if (unproved !== undefined) failures.push({ line: unproved })
  annotate(report, told)
  annotateVerdicts(report, state.verify)
  for (const { line, at } of failures)
    core.error(printable(line), at === undefined ? {} : { ...at, title: 'imgix sync' })
  const verified = verdictSentence(report)
  if (verified !== undefined) {
    await core.group(`Verification: ${verified}`, async () => {
      for (const line of verdictLines(report)) core.info(line)
    })
  }
  await attempt('the report', () => writeReport(report, reportFile), 'check RUNNER_TEMP')
  await attempt('the outputs', () => setOutputs(report, reportFile))
  if (hasSummary) {
    await attempt('the job summary', () =>
      core.summary
        .addRaw(
          formatSummary(report, {
            reason,
            updated,
            failures: failures.map(({ line }) => line),
            ended: ended.length > 0,
            onlyAtSource: state.onlyAtSource,
          }),
        )
        .write(),
    )
  }
  for (const line of [reason, updated]) if (line !== undefined) core.info(printable(line))
  core.info(log.resultSentence(report, ended.length > 0))
  core.info(`report: ${printable(reportFile)}`)
  const failure = log.failureSentence(report)
  if (report.cancelled) core.setFailed(log.resultSentence(report, false))
  else if (failure !== undefined) core.setFailed(failure)
  else if (failures.length > 0) process.exitCode = core.ExitCode.Failure
}

async function attempt(what: string, write: () => unknown, remedy = ''): Promise<void> {
  try {
    await write()
  } catch (error) {
    core.error(printable(`${what} can't be written: ${explain(error)}${remedy === '' ? '' : `; ${remedy}`}`))
    process.exitCode = core.ExitCode.Failure
  }
}

/** What ended the run before its end, a line each; what went wrong with one file is in the report. */
function listFailures(error: unknown): Failure[] {
  if (error === undefined) return []
  if (error instanceof InputError) return error.problems.map((line) => ({ line }))
  if (error instanceof PreflightError) return error.refusals.map((line) => ({ line }))
  if (error instanceof TextFileError) return listProblems(error)
  core.debug(error instanceof Error ? String(error.stack) : '')
  return [{ line: explain(error) }]
}

function listProblems({ file, problems }: TextFileError): Failure[] {
  const shown = problems.slice(0, PROBLEMS_MAX).map((problem): Failure => {
    const { line: startLine, column: startColumn } = problem
    return { line: placedLine(file, problem), at: { file, startLine, startColumn } }
  })
  const more = problems.length - shown.length
  return more > 0 ? [...shown, { line: `${file}: and ${more} problems more` }] : shown
}
