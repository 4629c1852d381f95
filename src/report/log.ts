import type { Outcome, Plan, PurgeStep, UploadStep } from '../events.ts'
import type { RateLimit } from '../imgix/http/limiter.ts'
import type { SlowDown } from '../imgix/pace.ts'
import type { Source } from '../plan/source.ts'
import { isVideo } from '../plan/steps.ts'
import { count, duration, printable, size } from '../runner/text.ts'
import type { Changes } from '../select/by-git.ts'
import { callLine, updateLine, whyNotDone } from './assets-log.ts'
import { explain } from './explain.ts'
import type { Report } from './json-report.ts'

/** A list in the log ends here; the report has all of it. */
const LIST_LENGTH = 200
/** What takes a while on any line: nobody knows how long before it is tried. */
const TRANSFER_BYTES = 100_000_000

export function changesLines(changes: Changes): string[] {
  const head = changes.head === '' ? [] : [`head: ${changes.head}`]
  return [...changes.steps, ...head, changesSentence(changes)].map(printable)
}

/** Why a run takes the files it takes; of no files, why none. */
export function changesSentence(changes: Changes): string {
  const { base, head, baseStrategy, considered, files, matching = files.length, rootPath, steps } = changes
  const match = `match the files patterns${changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`}`
  const below = rootPath === '' ? '' : ` below ${rootPath}`
  if (steps[0]?.startsWith('nothing to do')) return String(steps[0])
  if (baseStrategy === 'all') return `${matching} of ${count(considered, 'file')}${below} ${match}`
  if (base === head) return 'base and head are the same commit: nothing changed'
  const span = `between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`
  if (considered === 0) return `nothing changed${below} ${span}`
  return `${matching} of ${count(considered, 'changed file')}${below} ${span} ${match}`
}

export function sourceLine(source: Source | undefined, domains: readonly string[]): string {
  const type = source === undefined ? 'Source of unknown type (not read)' : `Source ${source.id} (${source.type})`
  return printable(`${type}, domains: ${domains.join(', ') || 'none'}`)
}

export function planSentence(plan: Plan, seconds: number): string {
  const uploads = plan.files.map(({ upload }) => upload)
  const bytes = uploads.reduce((sum, step) => sum + step.bytes, 0)
  const sessions = uploads.filter((step) => step.lanes[0] === 'session').length
  const either = uploads.filter((step) => step.eitherLane).length
  const lanes = [
    sessions > 0 ? `, ${sessions} by upload session` : '',
    either > 0 ? `, ${either} by direct upload or session` : '',
  ].join('')
  const transfer = bytes > TRANSFER_BYTES ? ` and the time that ${size(bytes)} take` : ''
  const whole = Math.ceil(seconds + 1) // the last request wants its answer, too
  const about = `, about ${whole < 120 ? `${whole} s` : duration(whole)} by the rate limits${transfer}`
  const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length)
  const calls = [...plan.files.flatMap((file) => file.calls), ...plan.calls]
  const forecast = uploads.length + plan.updates.length + purges + calls.length === 0 ? '' : about
  const updates = plan.updates.length === 0 ? '' : `, ${count(plan.updates.length, 'update')} of attributes`
  const assets = calls.length === 0 ? '' : `, ${count(calls.length, 'file')} to ${calls[0]?.call} in the Asset Manager`
  return `${count(uploads.length, 'upload')} (${size(bytes)}${lanes})${updates}${assets}, ${count(purges, 'purge')}${forecast}`
}

/** How a file stands to what was there before, where that is known. */
const CHANGES = { added: ['new'], modified: ['changed'], present: [] } as const

/** The plan in full, each upload with its URLs under it. */
export function planLines(plan: Plan): string[] {
  const alone = plan.updates.length + plan.skipped.length + plan.purges.length + plan.calls.length
  const all = plan.files.reduce((sum, { purges, calls }) => sum + 1 + purges.length + calls.length, alone)
  const lines: string[] = []
  for (const line of describePlan(plan)) {
    if (lines.length === LIST_LENGTH) break
    lines.push(printable(line))
  }
  return all <= LIST_LENGTH ? lines : [...lines, `and ${all - LIST_LENGTH} more lines: the report has all of it`]
}

/** A line for each step: of tens of thousands only the first are made. */
function* describePlan(plan: Plan): Generator<string> {
  const purgeOf = (step: PurgeStep): string => `    purge ${nameOf(step)}`
  for (const { upload, purges } of plan.files) {
    const { path, originPath, change, bytes, lanes, eitherLane, contentType } = upload
    const lane = eitherLane ? 'direct or session' : lanes[0]
    const facts = [size(bytes), ...CHANGES[change], lane, contentType].join(', ')
    yield `upload ${path} to /${originPath} (${facts})`
    yield* purges.map(purgeOf)
  }
  for (const { path, call } of [...plan.files.flatMap(({ calls }) => calls), ...plan.calls])
    yield call === 'refresh' ? `refresh ${path}` : `queue ${path} for the Asset Manager`
  for (const { path } of plan.updates) yield `update the attributes of ${path}`
  const purges = Map.groupBy(plan.purges, (step) => step.path)
  for (const { path, result, reason } of plan.skipped) {
    yield `${result} ${path}: ${reason}`
    yield* (purges.get(path) ?? []).map(purgeOf)
  }
  yield* (purges.get(undefined) ?? []).map(purgeOf)
}

/** @returns undefined for what is no news */
export function outcomeLine(outcome: Outcome): string | undefined {
  const { step } = outcome
  if (step.kind === 'upload') return uploadLine(step, outcome)
  if (step.kind === 'purge') return purgeLine(step, outcome)
  if (step.kind === 'update') return updateLine(step, outcome)
  return step.kind === 'call' ? callLine(step, outcome) : undefined
}

function uploadLine(step: UploadStep, outcome: Outcome): string {
  const { result, attempts, seconds } = outcome
  if (result === 'done') {
    const tries = attempts > 1 ? `, ${attempts} tries` : ''
    return printable(`uploaded ${step.path} (${size(step.bytes)}, ${outcome.route}, ${duration(seconds)}${tries})`)
  }
  return printable(`${result === 'not-done' ? 'not uploaded' : result} ${step.path}: ${whyNotDone(outcome)}`)
}

function purgeLine(step: PurgeStep, outcome: Outcome): string {
  const { result, attempts } = outcome
  if (result === 'done') return printable(`purged ${nameOf(step)}${attempts > 1 ? ` (${attempts} tries)` : ''}`)
  return printable(`${result === 'failed' ? 'failed to purge' : 'not purged'} ${nameOf(step)}: ${whyNotDone(outcome)}`)
}

function nameOf({ url, subImage }: PurgeStep): string {
  return subImage ? `${url} as a sub-image` : url
}

/** Videos may be served by an API of imgix that purges do not reach. */
export function videosLine({ files, purges }: Plan): string | undefined {
  const all = [...files.flatMap((file) => file.purges), ...purges]
  const videos = new Set(all.filter(({ url }) => isVideo(url)).map(({ path, url }) => path ?? url))
  if (videos.size === 0) return undefined
  const [first = ''] = videos
  return printable(
    `${count(videos.size, 'video')} changed or deleted (${first}${videos.size > 1 ? ', …' : ''}): purges do not reach imgix's Video API, which may go on serving the older bytes under their old names. A new file name is the sure way`,
  )
}

/** A wait that somebody who reads the log would otherwise wonder about. */
export function waitLine(waitMs: number, reason: Error): string {
  return printable(`waits ${duration(waitMs / 1000)} before it tries again: ${explain(reason)}`)
}

export function sessionsClosedLine(because: Error): string {
  return printable(
    `small files go by direct upload alone from here on, as an upload session failed: ${explain(because)}`,
  )
}

/** What to set where imgix refuses the pace that it was thought to allow. */
export function slowDownLine({ limitClass, limit, refusals, accepted }: SlowDown): string {
  const refused = `imgix refused ${count(refusals, `${limitClass} request`)} (429), though rate-limits allows ${rate(limit)}`
  return `${refused}: the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits: ${limitClass}=${rate(accepted)}`
}

/** A pace as `rate-limits` takes it. */
function rate({ count: requests, perMs }: RateLimit): string {
  const units = [
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
  ] as const
  const [unit, ms] = units.find(([, unitMs]) => (requests * unitMs) / perMs >= 1) ?? ['h', 3_600_000]
  return `${Math.max(1, Math.floor((requests * ms) / perMs))}/${unit}`
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
