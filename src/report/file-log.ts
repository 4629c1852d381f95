import type { Emit, Outcome, Plan, UploadStep } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { ProxyError } from '../imgix/http/unsent.ts'
import { createAnnotator } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { debugRequest } from './explain.ts'
import type { RunState } from './ledger.ts'
import { failureOf, outcomeLine, publishedLine, storedLine } from './step-lines.ts'

/** With more steps than this, the log has only progress and failures. */
const LINES_MAX = 500
/** Only the report has the failures after this many. */
const FAILURES_MAX = 200

type Open = { upload?: Outcome<UploadStep>; done: number; left: number; readonly of: number }

/** One line for each file when it is done, and each failure where it happens.
 *  @param state as it is after each event */
export function createFileLog(state: RunState): { hear: Emit } {
  const fail = createAnnotator(FAILURES_MAX)
  const files = new Map<string | undefined, Open>() // by path
  let isLong = false

  function hearPlan({ files: plans, purges, calls, updates, skipped }: Plan): void {
    isLong = plans.length + purges.length + calls.length + updates.length > LINES_MAX
    for (const { upload, purges: own } of plans) {
      const of = own.filter(({ subImage }) => !subImage).length // a sub-image has its URL purged twice
      files.set(upload.path, { done: 0, left: own.length, of })
    }
    failSkipped(skipped)
  }

  function failSkipped(skipped: Plan['skipped']): void {
    for (const { path, result, reason } of skipped)
      if (result === 'failed') fail({ line: `${path}: ${reason}`, file: path, title: 'imgix sync: file failed' })
  }

  function hearOutcome(outcome: Outcome): void {
    const { step } = outcome
    if (outcome.result === 'failed' && !isLong) debugRequest(outcome.error)
    // of records, of which there can be many, the ending speaks
    if (outcome.result === 'failed' && step.kind !== 'record' && !isOfAll(outcome.error)) fail(failureOf(outcome))
    const file = step.kind === 'upload' || step.kind === 'purge' ? files.get(step.path) : undefined
    if (file === undefined || outcome.result === 'skipped') {
      say(outcomeLine(outcome))
      return
    }
    if (step.kind === 'upload') {
      file.upload = { ...outcome, step }
      say(storedLine(outcome), core.debug)
    } else {
      file.left -= 1
      if (outcome.result === 'done' && step.kind === 'purge' && !step.subImage) file.done += 1
    }
    if (file.left === 0 && file.upload?.result === 'done') say(publishedLine(file.upload, file))
  }

  function say(line: string | undefined, print = core.info): void {
    if (line !== undefined && !isLong) print(line)
  }

  return {
    hear(event) {
      if (event.kind === 'planned') hearPlan(event.plan)
      else if (event.kind === 'finished' && state.plannedSeconds === undefined)
        failSkipped(state.plan.skipped) // the run ended before the guards
      else if (event.kind === 'ended') hearOutcome(event.outcome)
      else if (event.kind === 'sync-ended') files.clear()
    },
  }
}

/** Whether the key or the proxy is the cause. Such an error ends the run, and the ending reports it once. */
export function isOfAll(error: Error): boolean {
  if (!(error instanceof ImgixError) || error.permission === undefined) return false
  return error.status === 401 || error.status === 403 || (error.cause instanceof ProxyError && !error.cause.retryable)
}
