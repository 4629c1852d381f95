import type { Annotation } from '../runner/annotations.ts'
import { count, duration } from '../runner/text.ts'
import { explain } from './explain.ts'
import type { Report } from './json-report.ts'
import type { FailedStep } from './ledger.ts'
import { notDone } from './step-lines.ts'

/** The end of the log has at most this many failures. */
const FAILURES_MAX = 50

/** What the run came to, in one line.
 *  @param stopped something ended it before its end */
export function resultSentence({ counts, dryRun, cancelled, files, urls, seconds }: Report, stopped: boolean): string {
  if (dryRun && !stopped) {
    const planned = files.filter(({ result }) => result === 'planned').length
    return `dry run: ${count(planned, 'file')} would be uploaded, ${count(urls.length, 'URL')} purged; nothing was changed`
  }
  const { uploaded, skipped, purged, failed } = counts
  const words = [
    `${uploaded} uploaded`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    `${purged} purged`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return `${cancelled ? 'cancelled: ' : stopped ? 'stopped: ' : ''}${words.join(', ')} in ${duration(seconds)}`
}

/** The one line that a failed run ends with; undefined where nothing failed. */
export function failureSentence({ files, urls, dryRun }: Report): string | undefined {
  const failedFiles = files.filter(({ result }) => result === 'failed').length
  const failedUrls = urls.filter(({ result }) => result === 'failed').length
  const parts = [
    ...(failedFiles > 0 ? [`${failedFiles} of ${count(files.length, 'file')} failed`] : []),
    ...(failedUrls > 0 ? [`${failedUrls} of ${count(urls.length, 'purge')} failed`] : []),
  ]
  const left = dryRun ? 0 : files.filter(({ result }) => result === 'planned').length
  return parts.length === 0 ? undefined : [...parts, ...(left > 0 ? [`${left} not done`] : [])].join(', ')
}

/** What failed beside files and URLs.
 *  @param ended what ended the run, which is told by itself */
export function failedSteps(failures: readonly FailedStep[], ended: readonly string[]): Annotation[] {
  const told = failures.filter(({ step, error }) => !isSafe(step) && !ended.includes(explain(error)))
  const annotations: Annotation[] = told.slice(0, FAILURES_MAX).map(({ step, error }) => {
    return { file: step.path, title: 'imgix sync', line: `${step.path}: ${whatFailed(step)}: ${explain(error)}` }
  })
  const more = told.length - FAILURES_MAX
  return more > 0 ? [...annotations, { line: `and ${more} more assets` }] : annotations
}

export function whatFailed(step: FailedStep['step']): string {
  if (step.kind !== 'record') return notDone(step)
  return 'imgix still has the record of its older bytes, and the next full sync can trust that record; run again'
}

/** No older record was left: without one, the next full sync uploads the file again. */
export function isSafe(step: FailedStep['step']): boolean {
  return step.kind === 'record' && step.record === 'always'
}

/** Uploads without a record are safe, and cost one more upload. */
export function unrecordedSentence(failures: readonly FailedStep[]): string | undefined {
  const unrecorded = failures.filter(({ step }) => isSafe(step))
  const [first] = unrecorded
  if (first === undefined) return undefined
  const [files, them] = [count(unrecorded.length, 'file'), unrecorded.length === 1 ? 'it' : 'them']
  return `the bytes of ${files} could not be recorded, so that the next full sync uploads ${them} again: ${explain(first.error)}`
}

/** What changed at assets beside their bytes; undefined where nothing did. */
export function updatedSentence(updated: number): string | undefined {
  return updated === 0 ? undefined : `the attributes of ${count(updated, 'asset')} were updated`
}
