import { annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, writeSummary } from '../runner/outputs.ts'
import { retryHeld } from '../runner/retry-held.ts'
import { untouchedSentence } from './changes-lines.ts'
import { explain } from './explain.ts'
import { buildReport } from './json-report.ts'
import type { RunState } from './ledger.ts'
import { annotateFailures, setOutputs } from './publish.ts'
import { writeReport } from './report-file.ts'
import { failedSteps, failureSentence, resultSentence, unrecordedSentence, updatedSentence } from './result-lines.ts'
import { formatSummary } from './summary.ts'
import { annotateVerdicts, verdictFailure, verdictLines, verdictSentence } from './verdicts.ts'

/** Reports the result in every ending and in every place. What can't be written doesn't keep the rest from being reported. */
export async function reportEnding(state: Readonly<RunState>, reportFile: string): Promise<void> {
  const report = buildReport(state)
  const { error, verify, onlyAtSource } = state
  if (error instanceof Error) core.debug(String(error.stack))
  const problems = listProblems(error, 'imgix sync', explain)
  const ended = problems.map(({ line }) => line)
  const failures = [...problems, ...failedSteps(state.failures, ended)]
  const unproved = verdictFailure(report, verify)
  if (unproved !== undefined) failures.push({ line: unproved })
  const unrecorded = unrecordedSentence(state.failures)
  if (unrecorded !== undefined) core.warning(unrecorded)
  annotateFailures(report, ended)
  annotateVerdicts(report, verify)
  annotate('error', failures)
  const verified = verdictSentence(report)
  if (verified !== undefined) core.group(`Verification: ${verified}`, verdictLines(report))
  await attempt('the report', () => retryHeld(() => writeReport(report, reportFile)), 'check RUNNER_TEMP')
  await attempt('the outputs', () => setOutputs(report, reportFile))
  const reason = error === undefined ? state.reason : undefined
  const updated = updatedSentence(state.updated)
  const isStopped = problems.length > 0
  const lines = failures.map(({ line }) => line)
  const untouched = untouchedSentence(state.changes)
  const beside = { reason, updated, untouched, onlyAtSource }
  await writeSummary(formatSummary(report, { ...beside, failures: lines, ended: isStopped }))
  for (const line of [reason, updated]) if (line !== undefined) core.info(line)
  core.info(resultSentence(report, isStopped))
  core.info(`report: ${reportFile}`)
  const failure = failureSentence(report)
  if (report.cancelled) core.setFailed(resultSentence(report, false))
  else if (failure !== undefined) core.setFailed(failure)
  else if (failures.length > 0) process.exitCode = core.ExitCode.Failure
}
