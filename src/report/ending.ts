import * as core from '@actions/core'
import { InputError } from '../input-reader.ts'
import { PreflightError } from '../preflight.ts'
import { type Failure, failedAssets, failedUpdates, updatedSentence } from './assets-log.ts'
import { explain } from './explain.ts'
import { buildReport, type RunState } from './json-report.ts'
import * as log from './log.ts'
import { annotate, setOutputs, writeReport } from './publish.ts'
import { formatSummary } from './summary.ts'
import { printable } from './text.ts'
import { annotateVerdicts, verdictFailure, verdictLines, verdictSentence } from './verdicts.ts'

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
  const failures: Failure[] = [
    ...ended.map((line) => ({ line })),
    ...failedUpdates([...state.updates.values()], ended),
    ...failedAssets(state.assets, ended),
  ]
  const updated = updatedSentence([...state.updates.values()])
  const unproved = verdictFailure(report, state.verify)
  if (unproved !== undefined) failures.push({ line: unproved })
  annotate(report, ended)
  annotateVerdicts(report, state.verify)
  for (const { line, file } of failures)
    core.error(printable(line), file === undefined ? {} : { file, title: ASSET_TITLE })
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

const ASSET_TITLE = 'imgix sync: asset'

async function attempt(what: string, write: () => unknown, remedy = ''): Promise<void> {
  try {
    await write()
  } catch (error) {
    core.error(printable(`${what} can't be written: ${explain(error)}${remedy === '' ? '' : `; ${remedy}`}`))
    process.exitCode = core.ExitCode.Failure
  }
}

/** What ended the run before its end, a line each; what went wrong with one file is in the report. */
function listFailures(error: unknown): string[] {
  if (error === undefined) return []
  if (error instanceof InputError) return [...error.problems]
  if (error instanceof PreflightError) return [...error.refusals]
  core.debug(error instanceof Error ? String(error.stack) : '')
  return [explain(error)]
}
