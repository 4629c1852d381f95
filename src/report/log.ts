import type { Changes } from '../changes/changes.ts'
import type { Source } from '../imgix/sources.ts'
import type { Plan } from '../plan.ts'
import type { PurgeOutcome, UploadOutcome } from '../sync.ts'
import { explain } from './explain.ts'
import type { Report } from './json-report.ts'
import { count, duration, printable, size } from './text.ts'

/** A list in the log ends here; the report has all of it. */
const LIST_LENGTH = 200

export function changesLines(changes: Changes): string[] {
  return [...changes.steps, `head: ${changes.head}`, changesSentence(changes)].map(printable)
}

/** Why a run takes the files it takes; of no files, why none. */
export function changesSentence({ base, head, baseStrategy, considered, files, rootPath, steps }: Changes): string {
  const below = rootPath === '' ? '' : ` below ${rootPath}`
  if (steps[0]?.startsWith('nothing to do')) return String(steps[0])
  if (baseStrategy === 'all') return `${files.length} of ${count(considered, 'file')}${below} match the files patterns`
  if (base === head) return 'base and head are the same commit: nothing changed'
  const span = `between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`
  if (considered === 0) return `nothing changed${below} ${span}`
  return `${files.length} of ${count(considered, 'changed file')}${below} ${span} match the files patterns`
}

export function sourceLine(source: Source | undefined, domains: readonly string[]): string {
  const type = source === undefined ? 'Source of unknown type (not read)' : `Source ${source.id} (${source.type})`
  return printable(`${type}, domains: ${domains.join(', ') || 'none'}`)
}

export function planSentence(plan: Plan, seconds: number): string {
  const bytes = plan.uploads.reduce((sum, step) => sum + step.bytes, 0)
  const sessions = plan.uploads.filter((step) => step.lanes[0] === 'session').length
  const uploads = `${count(plan.uploads.length, 'upload')} (${size(bytes)}${sessions > 0 ? `, ${sessions} by upload session` : ''})`
  const forecast = seconds > 0 ? `, at least ${duration(seconds)} by the rate limits` : ''
  return `${uploads}, ${count(plan.purges.length, 'purge')}${forecast}`
}

/** The plan in full, each upload with its URLs under it. */
export function planLines(plan: Plan): string[] {
  const urls = Map.groupBy(plan.purges, (step) => step.path)
  const lines: string[] = []
  const purgesOf = (path: string | undefined): void => {
    for (const { url } of urls.get(path) ?? []) lines.push(printable(`    purge ${url}`))
  }
  for (const { path, originPath, bytes, lanes, contentType } of plan.uploads) {
    lines.push(printable(`upload ${path} to /${originPath} (${size(bytes)}, ${lanes[0]}, ${contentType})`))
    purgesOf(path)
  }
  for (const { path, result, reason } of plan.skipped) {
    lines.push(printable(`${result} ${path}: ${reason}`))
    purgesOf(path)
  }
  purgesOf(undefined)
  return shorten(lines)
}

export function uploadLine({ step, result, via, seconds, attempts, reason, error }: UploadOutcome): string {
  const tries = attempts > 1 ? `, ${attempts} tries` : ''
  if (result === 'uploaded')
    return printable(`uploaded ${step.path} (${size(step.bytes)}, ${via}, ${duration(seconds)}${tries})`)
  return printable(
    `${result === 'planned' ? 'not uploaded' : result} ${step.path}: ${error === undefined ? reason : explain(error)}`,
  )
}

export function purgeLine({ step, result, attempts, reason, error }: PurgeOutcome): string {
  if (result === 'purged') return printable(`purged ${step.url}${attempts > 1 ? ` (${attempts} tries)` : ''}`)
  return printable(
    `${result === 'failed' ? 'failed to purge' : 'not purged'} ${step.url}: ${error === undefined ? reason : explain(error)}`,
  )
}

export type Progress = { add(kind: 'upload' | 'purge'): void; line(): string }

/** Counts what is done of a plan, for a line now and then on work that takes long. */
export function createProgress(plan: Plan): Progress {
  const total = { upload: plan.uploads.length, purge: plan.purges.length }
  const done = { upload: 0, purge: 0 }
  const startedAt = performance.now()
  return {
    add(kind) {
      done[kind] += 1
    },
    line() {
      const share = (done.upload + done.purge) / (total.upload + total.purge)
      const left = ((performance.now() - startedAt) / 1000) * (1 / share - 1)
      const forecast = share > 0 ? `, about ${duration(left)} left` : ''
      return `progress: ${done.upload} of ${count(total.upload, 'upload')}, ${done.purge} of ${count(total.purge, 'purge')} done${forecast}`
    },
  }
}

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
    `${failed} failed`,
  ]
  return `${cancelled ? 'cancelled: ' : stopped ? 'stopped: ' : ''}${words.join(', ')} in ${duration(seconds)}`
}

/** The one line that a failed run ends with; undefined where nothing failed. */
export function failureSentence({ files, urls }: Report): string | undefined {
  const failedFiles = files.filter(({ result }) => result === 'failed').length
  const failedUrls = urls.filter(({ result }) => result === 'failed').length
  const parts = [
    ...(failedFiles > 0 ? [`${failedFiles} of ${count(files.length, 'file')} failed`] : []),
    ...(failedUrls > 0 ? [`${failedUrls} of ${count(urls.length, 'purge')} failed`] : []),
  ]
  const left = files.filter(({ result }) => result === 'planned').length
  return parts.length === 0 ? undefined : [...parts, ...(left > 0 ? [`${left} not done`] : [])].join(', ')
}

function shorten(lines: string[]): string[] {
  if (lines.length <= LIST_LENGTH) return lines
  return [...lines.slice(0, LIST_LENGTH), `and ${lines.length - LIST_LENGTH} more lines: the report has all of it`]
}
