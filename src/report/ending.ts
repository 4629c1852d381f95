import { type Annotation, annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, writeSummary } from '../runner/outputs.ts'
import { retryHeld } from '../runner/retry-held.ts'
import { debugError, explain, isTold } from './explain.ts'
import { isOfAll } from './file-log.ts'
import { nextStep } from './headline.ts'
import { buildReport, type Report } from './json-report.ts'
import { type Failed, failuresOf, isOfAsset, type RunState, unrecordedOf } from './ledger.ts'
import { setOutputs } from './outputs.ts'
import { summaryPath, writeReport, writeSummaryFile } from './report-file.ts'
import { failedSteps, failureSentence, resultSentence, unrecordedSentence } from './result-lines.ts'
import { failureOf } from './step-lines.ts'
import { type Beside, formatSummary, summaryOf } from './summary.ts'
import { annotateVerdicts, verdictFailure, verdictLines, verdictSentence } from './verdicts.ts'

/** What a comment on a pull request takes is 65,536 characters. */
const FILE_MAX_BYTES = 65_000

/** Reports the result in every ending and in every place. What can't be written doesn't keep the rest from being
 *  reported. */
export async function reportEnding(state: RunState, reportFile: string): Promise<void> {
  const report = buildReport(state)
  debugError(state.error)
  const problems = listProblems(state.error, 'imgix sync', explain)
  const ended = problems.map(({ line }) => line)
  const unproved = verdictFailure(report, state.verify)
  annotateVerdicts(report, state.verify)
  const failures = failuresOf(state)
  annotate('error', [...untold(failures, ended), ...problems, ...(unproved === undefined ? [] : [{ line: unproved }])])
  const unrecorded = unrecordedSentence(unrecordedOf(state))
  if (unrecorded !== undefined) core.warning(unrecorded)
  const verified = verdictSentence(report)
  if (verified !== undefined) core.group(`Verification: ${verified}`, verdictLines(report))
  const paths = { report: reportFile, summary: summaryPath(reportFile) }
  const write = () => retryHeld(() => writeReport(report, reportFile))
  const isWritten = await attempt('the report', write, 'check RUNNER_TEMP')
  await attempt('the outputs', () => setOutputs(report, paths))
  const beside = summaryOf(state, report, ended)
  await attempt(
    'the summary',
    () => writeSummaryFile(formatSummary(report, beside, FILE_MAX_BYTES), paths.summary),
    'check RUNNER_TEMP',
  )
  if (state.summary !== 'off') await writeSummary(formatSummary(report, beside))
  for (const line of lastLines(report, beside)) core.info(line)
  if (isWritten) core.info(`report: ${reportFile}`)
  const failure = report.cancelled ? resultSentence(report, false) : failureSentence(report)
  if (failure !== undefined) core.setFailed(failure)
  else if (problems.length + failures.length > 0 || unproved !== undefined) process.exitCode = core.ExitCode.Failure
}

/** What the log has not said where it happened: it could have been what ends the run, or stands for many records.
 *  @param ended the lines that say what ended the run */
function untold(failures: readonly Failed[], ended: readonly string[]): Annotation[] {
  const left = failures.filter(({ step, error }) => isOfAll(error) || step.kind === 'record')
  const untold = left.filter(({ error }) => !isTold(error, ended))
  const files = untold.filter((failure) => !isOfAsset(failure))
  return [...files.map(failureOf), ...failedSteps(untold.filter(isOfAsset))]
}

/** The next step after purges that no verification watches; '' for other runs. */
function afterPurges({ counts, urls }: Report): string {
  const isSeen = urls.some(({ verdict }) => verdict !== undefined)
  return counts.purged > 0 && !isSeen
    ? 'imgix empties its caches, which can take minutes; verify: warn would watch it'
    : ''
}

/** What the run came to, and what happens next. */
function lastLines(report: Report, beside: Beside): string[] {
  const result = report.cancelled ? undefined : resultSentence(report, beside.problems.length > 0)
  const step = nextStep(report, beside, 'the errors above say')
  const isShown = step === '' || core.isWorkflow() // the steps are about pushes and jobs
  const next = isShown ? step || afterPurges(report) : ''
  return [beside.updated, result, next === '' ? undefined : `next: ${next}`].filter((line) => line !== undefined)
}
