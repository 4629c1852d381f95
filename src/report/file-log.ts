import type { Emit, Outcome, Plan, PurgeStep, UploadStep } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { ProxyError } from '../imgix/http/proxy-errors.ts'
import { type Annotation, createAnnotator } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { failureOf, outcomeLine, publishedLine, storedLine } from './step-lines.ts'

/** With more steps than this, the log has only progress and failures. */
const LINES_MAX = 500
/** Only the report has the failures after this many. */
const FAILURES_MAX = 200

type Open = { outcome: Outcome<UploadStep> | undefined; done: number; left: number; readonly of: number }

/** One line for each file when it is done, and each failure where it happens. */
export function createFileLog(): { hear: Emit } {
  const fail = createAnnotator('error', FAILURES_MAX, 'failures')
  const files = new Map<UploadStep | PurgeStep, Open>()
  let isLong = false
  let draft: Plan | undefined

  function hearPlan({ files: plans, purges, calls, updates, skipped }: Plan): void {
    isLong = plans.length + purges.length + calls.length + updates.length > LINES_MAX
    for (const { upload, purges: own } of plans) {
      const of = own.filter(({ subImage }) => !subImage).length // a sub-image has its URL purged twice
      const open: Open = { outcome: undefined, done: 0, left: own.length, of }
      for (const step of [upload, ...own]) files.set(step, open)
    }
    failSkipped(skipped)
  }

  function failSkipped(skipped: Plan['skipped']): void {
    for (const { path, result, reason } of skipped) if (result === 'failed') fail(guardFailure(path, reason))
  }

  function hearOutcome(outcome: Outcome): void {
    const { step } = outcome
    // of records, of which there can be many, the ending speaks
    if (outcome.result === 'failed' && step.kind !== 'record' && !isOfAll(outcome.error)) fail(failureOf(outcome))
    const open = step.kind === 'upload' || step.kind === 'purge' ? files.get(step) : undefined
    if (open === undefined || outcome.result === 'skipped') say(outcomeLine(outcome))
    else hearFile(outcome, open)
  }

  function hearFile(outcome: Outcome, open: Open): void {
    if (isUpload(outcome)) {
      open.outcome = outcome
      const stored = isLong ? undefined : storedLine(outcome)
      if (stored !== undefined) core.debug(stored)
    } else {
      const { step, result } = outcome
      open.left -= 1
      if (result === 'done' && step.kind === 'purge' && !step.subImage) open.done += 1
    }
    if (open.left === 0 && open.outcome?.result === 'done') say(publishedLine(open.outcome, open))
  }

  function say(line: string | undefined): void {
    if (line !== undefined && !isLong) core.info(line)
  }

  return {
    hear(event) {
      if (event.kind === 'drafted') draft = event.plan
      else if (event.kind === 'planned') {
        draft = undefined
        hearPlan(event.plan)
      } else if (event.kind === 'finished' && draft !== undefined)
        failSkipped(draft.skipped) // the run ended before the guards
      else if (event.kind === 'ended') hearOutcome(event.outcome)
      else if (event.kind === 'sync-ended') files.clear()
    },
  }
}

function isUpload(outcome: Outcome): outcome is Outcome<UploadStep> {
  return outcome.step.kind === 'upload'
}

function guardFailure(path: string, reason: string): Annotation {
  return { line: `${path}: ${reason}`, file: path, title: 'imgix sync: file failed' }
}

/** Whether the key or the proxy is the cause. Such an error ends the run, and the ending reports it once. */
export function isOfAll(error: Error): boolean {
  if (!(error instanceof ImgixError) || error.permission === undefined) return false
  return error.status === 401 || error.status === 403 || (error.cause instanceof ProxyError && !error.cause.retryable)
}
