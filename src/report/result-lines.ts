import type { Annotation } from '../runner/annotations.ts'
import { count, duration, grouped } from '../runner/text.ts'
import { explain } from './explain.ts'
import type { FileReport, Report } from './json-report.ts'
import type { Failed } from './ledger.ts'
import { failureOf } from './step-lines.ts'

/** The end of the log has at most this many failures. */
const FAILURES_MAX = 50

/** What the run came to, in one line.
 *  @param stopped something ended it before its end */
export function resultSentence({ counts, dryRun, cancelled, files, urls, seconds }: Report, stopped: boolean): string {
  if (dryRun && cancelled) return 'dry run, cancelled: nothing was changed'
  if (dryRun && !stopped) {
    const planned = files.filter(({ result }) => result === 'planned').length
    const purged = urls.length === 0 ? '' : `, ${count(urls.length, 'URL')} purged`
    return `dry run: ${count(planned, 'file')} would be uploaded${purged}; nothing was changed`
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

/** What failed beside files and URLs: the first of many. */
export function failedSteps(failures: readonly Failed[]): Annotation[] {
  const more = failures.length - FAILURES_MAX
  const rest = more > 0 ? [{ line: `and ${more} more assets` }] : []
  return [...failures.slice(0, FAILURES_MAX).map(failureOf), ...rest]
}

/** Uploads without a record are safe, and cost one more upload. */
export function unrecordedSentence(unrecorded: readonly Failed[]): string | undefined {
  const [first] = unrecorded
  if (first === undefined) return undefined
  const [files, them] = [count(unrecorded.length, 'file'), unrecorded.length === 1 ? 'it' : 'them']
  return `the bytes of ${files} could not be recorded, so that the next full sync uploads ${them} again: ${explain(first.error)}`
}

/** What changed at assets beside their bytes; undefined where nothing did. */
export function updatedSentence({ updates }: Report): string | undefined {
  const updated = updates.filter(({ result }) => result === 'updated').length
  return updated === 0 ? undefined : `the metadata of ${count(updated, 'asset')} was updated`
}

/** What a reader could miss: files that were not uploaded, and files that are in the bucket though git does not have them. */
export function leftLines({ files, urls, dryRun }: Report): string[] {
  const skipped = Map.groupBy(files.filter(isLeft), ({ reason = 'skipped' }) => reason)
  const lines = [...skipped].map(([reason, of]) => `${grouped(of.length, 'file')} not uploaded: ${reason}`)
  const seen = new Set(urls.flatMap(({ path, verdict }) => (path === undefined || verdict === undefined ? [] : [path])))
  const deleted = files.filter(({ result, path }) => result === 'deleted' && !seen.has(path)).length
  if (deleted === 0 || dryRun) return lines
  const again = 'imgix serves such a file again unless it is deleted in the bucket, too'
  return [...lines, `${grouped(deleted, 'file')} deleted in git: ${again}`]
}

/** Not uploaded, and not because the Source has it. */
export function isLeft({ result, reason = '' }: FileReport): boolean {
  return result === 'skipped' && !reason.startsWith('unchanged')
}
