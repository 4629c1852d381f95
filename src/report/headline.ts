import { ImgixError } from '../imgix/errors.ts'
import { digits, grouped } from '../runner/text.ts'
import type { Report, UrlReport } from './json-report.ts'
import { isLeft } from './result-lines.ts'
import type { Beside } from './summary.ts'

/** The first line of the summary and the last of the log, in the reader's words. `live` is what the verification saw,
 *  and nothing else. */
export function headline(report: Report, beside: Beside): string {
  const { counted, failing, warnings } = needsOf(report, beside)
  const name = report.dryRun ? 'imgix dry run' : 'imgix'
  const published = publishedWords(report, beside)
  if (report.cancelled) return `❌ ${name}: cancelled; ${published}`
  const sign = counted.length + failing.length > 0 ? '❌' : warnings.length > 0 ? '⚠️' : '✅'
  return [`${sign} ${name}: ${published}`, ...needWords(counted), ...failing, ...warnings].join('; ')
}

const KEY = 'the API key'

type Needs = {
  /** `4 files`: each fails the run */
  readonly counted: readonly string[]
  /** clauses about what fails the run, too */
  readonly failing: readonly string[]
  readonly warnings: readonly string[]
}

/** The items that need somebody. */
function needsOf({ urls }: Report, beside: Beside): Needs {
  const counted = (number: number, noun: string): string[] => (number === 0 ? [] : [grouped(number, noun)])
  const stale = urls.filter(({ verdict }) => verdict === 'stale').length
  const served = urls.filter(({ verdict }) => verdict === 'still-served').map(({ path, url }) => path ?? url)
  const deleted = new Set(served).size
  const old = counted(stale, 'URL').map((words) => `${words} ${stale === 1 ? 'does' : 'do'} not show the new file`)
  const still = counted(deleted, 'deleted file').map((words) => `${words} ${deleted === 1 ? 'is' : 'are'} still served`)
  const isFailing = beside.verify === 'fail'
  return {
    counted: [...endedBy(beside), ...Object.entries(beside.failed).flatMap(([noun, number]) => counted(number, noun))],
    failing: isFailing ? old : [],
    warnings: [...(isFailing ? [] : old), ...still, ...counted(beside.warnings.count, 'warning')],
  }
}

function endedBy({ error, problems }: Beside): string[] {
  if (problems.length === 0) return []
  const isRefused =
    error instanceof ImgixError && error.permission !== undefined && [401, 403].includes(error.status ?? 0)
  if (isRefused || problems.every(isOfKey)) return [KEY]
  return [grouped(problems.length, isInputError(error) ? 'input' : 'problem')]
}

/** The permission to list assets is the key's, also where `on-unknown-base` ends the run for want of it. */
function isOfKey(problem: string): boolean {
  return /^(on-unknown-base: .*: )?api-key: /.test(problem)
}

/** `4 files and 1 purge need you` */
function needWords(counted: readonly string[]): string[] {
  if (counted.length === 0) return []
  const isOne = counted.length === 1 && counted.some((words) => words === KEY || words.startsWith('1 '))
  const list = new Intl.ListFormat('en-GB').format(counted)
  return [`${list} ${isOne ? 'needs' : 'need'} you`]
}

/** `38 of 42 files published` */
function publishedWords(report: Report, { problems }: Beside): string {
  const { files, counts, dryRun, cancelled } = report
  const having = (...results: string[]): number => files.filter(({ result }) => results.includes(result)).length
  const total = having('uploaded', 'planned', 'failed')
  const isStopped = problems.length > 0 // a run without dry-run would be, too
  const done = dryRun ? (isStopped ? 0 : having('planned')) : counts.uploaded
  const would = dryRun ? 'would be ' : ''
  if (total === 0) return purgedWords(report, isStopped || cancelled)
  if (done === 0) {
    const not = dryRun ? 'would not be published' : 'was not published'
    return total === 1 ? `the file ${not}` : `none of ${digits(total)} files ${dryRun ? 'would be' : 'was'} published`
  }
  if (done < total) return `${digits(done)} of ${grouped(total, 'file')} ${would}published`
  if (!dryRun && isSeenLive(report)) return `${grouped(done, 'file')} ${done === 1 ? 'is' : 'are'} live`
  return `${grouped(done, 'file')} ${would}published`
}

/** Of a run that has no file to publish. */
function purgedWords({ files, urls, counts, mode, dryRun }: Report, isStopped: boolean): string {
  const skipped = new Set(files.filter(({ result }) => result === 'skipped').map(({ path }) => path))
  const isWanted = ({ path, result }: UrlReport): boolean =>
    result !== 'planned' || path === undefined || !skipped.has(path)
  const all = new Set(urls.filter(isWanted).map(({ url }) => url)).size
  const done = dryRun ? all : counts.purged
  const would = dryRun ? 'would be ' : ''
  if (done > 0) return `${done < all ? `${digits(done)} of ` : ''}${grouped(all, 'URL')} ${would}purged`
  if (all > 0) return all === 1 ? 'the URL was not purged' : `none of ${digits(all)} URLs was purged`
  if (isStopped || files.some(isLeft)) return `nothing ${dryRun ? 'would be' : 'was'} published`
  return counts.skipped > 0 && mode === 'all' ? 'everything is published already' : 'nothing to publish'
}

/** The verification saw the new bytes of every file. */
function isSeenLive({ files, urls }: Report): boolean {
  const seen = new Set(urls.filter(({ verdict }) => verdict === 'fresh').map(({ path }) => path))
  const others = urls.filter(({ verdict, path, subImage }) => !subImage && path !== undefined && verdict !== 'fresh')
  const bad = new Set(others.map(({ path }) => path))
  return files.filter(({ result }) => result === 'uploaded').every(({ path }) => seen.has(path) && !bad.has(path))
}

/** What the next run does with what this one left. */
function catchUp({ files, urls }: Report): string {
  const isPublished = files.some(({ result }) => ['uploaded', 'failed', 'planned'].includes(result))
  return urls.length > 0 && !isPublished ? 'purges what is missing' : 'publishes what is missing'
}

/** What to do next: one sentence or two, without names; '' where there is nothing to do.
 *  @param where the words for the place that says what to do */
export function nextStep(report: Report, beside: Beside, where = 'the table says'): string {
  const { files, urls, dryRun, cancelled } = report
  const planned = files.filter(({ result }) => result === 'planned').length
  if (cancelled) {
    if (planned === 0 || dryRun) return `Run this job again${dryRun ? '' : `: it ${catchUp(report)}`}.`
    return `Run this job again: it publishes the ${grouped(planned, 'file')} that ${planned === 1 ? 'is' : 'are'} missing.`
  }
  const needs = needsOf(report, beside)
  if (needs.counted.length + needs.failing.length > 0) return nextAfterFailure(needs, report, { ...beside, where })
  if (needs.warnings.length > 0 && !dryRun)
    return `The run is green, so the next one does not take this up. Do what ${where.replace('errors', 'warnings')}.`
  return dryRun && planned + urls.length > 0 ? 'A run without dry-run does it.' : ''
}

function nextAfterFailure(
  { counted }: Needs,
  report: Report,
  { error, causes, problems, catchesUp, isBaseKnown, where }: Beside & { where: string },
): string {
  const { dryRun, files, urls } = report
  const rerun = `run this job again${dryRun ? '' : `: it ${catchUp(report)}`}`
  if (problems.some(isOfSecret)) return nextForSecret(problems.length)
  if (counted[0] === KEY) return `Mend the key in the imgix dashboard or in the secret, then ${rerun}.`
  if (causes.length > 0 && causes.every(({ again }) => again))
    return counted.length === 0 ? 'Run this job again: it purges once more.' : `R${rerun.slice(1)}.`
  // what the Source refuses is not in the workflow alone
  const isInput = isInputError(error) && files.length === 0
  const what = isInput ? 'Fix the inputs in the workflow file' : `Do what ${where}`
  if (dryRun) return `${what}, and push.`
  // a job that runs again has the workflow and the files of its own commit
  if (isInput || (!isInputError(error) && [...problems, ...causes.map(({ remedy }) => remedy)].some(isOfWorkflow)))
    return catchesUp
      ? `${what}, and push: that run ${catchUp(report)}.`
      : `${what}, and push. ${leftBehind(isBaseKnown)}`
  if (files.length === 0 && urls.length > 0) return `${what}, then push, or run this job again.`
  if (catchesUp) return `${what}, then push, or run this job again: that run ${catchUp(report)}.`
  if (causes.every(({ items }) => items.length === 0)) return `${what}, then ${rerun}.`
  return `${what}. Push the files that you change; for the others, ${rerun}.`
}

/** What a push comes to that knows no last successful run. */
function leftBehind(isBaseKnown: boolean): string {
  const push = isBaseKnown ? 'That push' : 'If the job lacks actions: read, that push'
  return `${push} takes only the files that it changes: for the others, run once with mode: all.`
}

/** The workflow file has to change, or a file that an input names: `file:line:column: problem`. */
function isOfWorkflow(remedy: string): boolean {
  return /:\d+:\d+: |actions\/checkout|install git|check out a commit|\bset [a-z-]+(?::| to)\s/.test(remedy)
}

/** A secret is missing: the workflow file can be right. */
function isOfSecret(problem: string): boolean {
  return problem.startsWith("api-key: ''")
}

function nextForSecret(problems: number): string {
  const others = problems > 1 ? 'Fix the other inputs in the workflow file. ' : ''
  const fork = 'A pull request from a fork has no secrets: there, only a dry run works.'
  return `${others}Set the secret that api-key reads, then ${problems > 1 ? 'push' : 'run this job again'}. ${fork}`
}

function isInputError(error: unknown): boolean {
  return error instanceof Error && error.name === 'InputError'
}
