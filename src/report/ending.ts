import { type Annotation, annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, writeSummary } from '../runner/outputs.ts'
import { printable } from '../runner/text.ts'
import { failedCalls, failedUpdates, updatedSentence } from './assets-log.ts'
import { explain } from './explain.ts'
import { buildReport, type RunState } from './json-report.ts'
import * as log from './log.ts'
import { annotateFailures, setOutputs, writeReport } from './publish.ts'
import { formatSummary } from './summary.ts'
import { annotateVerdicts, verdictFailure, verdictLines, verdictSentence } from './verdicts.ts'

type Ending = {
  reportFile: string
  /** why there was nothing to do */
  reason: string | undefined
  /** what ended the run early */
  error: unknown
}

/** Tells what happened, in every ending and everywhere; what can't be written doesn't keep the rest from being told. */
export async function reportEnding(state: RunState, { reportFile, reason, error }: Ending): Promise<void> {
  const report = buildReport(state)
  if (error instanceof Error) core.debug(String(error.stack))
  const ended = listProblems(error, 'imgix sync', explain)
  const told = ended.map(({ line }) => line)
  const failures: Annotation[] = [...ended, ...failedUpdates(state.updates, told), ...failedCalls(state.calls, told)]
  const updated = updatedSentence(state.updates)
  const unproved = verdictFailure(report, state.verify)
  if (unproved !== undefined) failures.push({ line: unproved })
  annotateFailures(report, told)
  annotateVerdicts(report, state.verify)
  annotate('error', failures)
  const verified = verdictSentence(report)
  if (verified !== undefined) {
    await core.group(`Verification: ${verified}`, async () => {
      for (const line of verdictLines(report)) core.info(line)
    })
  }
  await attempt('the report', () => writeReport(report, reportFile), 'check RUNNER_TEMP')
  await attempt('the outputs', () => setOutputs(report, reportFile))
  await writeSummary(
    formatSummary(report, {
      reason,
      updated,
      failures: failures.map(({ line }) => line),
      ended: ended.length > 0,
      onlyAtSource: state.onlyAtSource,
    }),
  )
  for (const line of [reason, updated]) if (line !== undefined) core.info(printable(line))
  core.info(log.resultSentence(report, ended.length > 0))
  core.info(`report: ${printable(reportFile)}`)
  const failure = log.failureSentence(report)
  if (report.cancelled) core.setFailed(log.resultSentence(report, false))
  else if (failure !== undefined) core.setFailed(failure)
  else if (failures.length > 0) process.exitCode = core.ExitCode.Failure
}
