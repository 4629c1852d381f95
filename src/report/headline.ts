import { ImgixError } from '../imgix/errors.ts'
import { digits, grouped } from '../runner/text.ts'
import type { Report } from './json-report.ts'
import { needsYou } from './verdicts.ts'

/** What is known of a run's end beside its report. */
export type Ending = {
  /** what ended the run before its end */
  readonly error: unknown
  /** the lines that say it */
  readonly problems: readonly string[]
  /** how many assets have an attribute, a record or a call that failed */
  readonly failedAssets: number
  readonly verify: 'off' | 'warn' | 'fail'
}

/** The first line of the summary and the last of the log, in the reader's words. `live` is what the verification saw,
 *  and nothing else. */
export function headline(report: Report, ending: Ending): string {
  const needs = needsOf(report, ending)
  const name = report.dryRun ? 'imgix dry run' : 'imgix'
  if (report.cancelled) return `❌ ${name}: cancelled; ${publishedWords(report, ending)}`
  const sign = needs.failures.length > 0 ? '❌' : needs.warnings.length > 0 ? '⚠️' : '✅'
  const all = [...needs.failures, ...needs.warnings]
  return `${sign} ${name}: ${publishedWords(report, ending)}${all.length === 0 ? '' : `; ${needWords(all)}`}`
}

const KEY = 'the API key'

/** `words` that need somebody, or a clause of its own. */
type Need = { readonly words: string; readonly isOne: boolean } | { readonly clause: string }

function isTheKey(need: Need | undefined): boolean {
  return need !== undefined && 'words' in need && need.words === KEY
}

/** The items that need somebody. `failures` fail the run; `warnings` do not. */
function needsOf(report: Report, ending: Ending): { failures: Need[]; warnings: Need[] } {
  const { files, urls } = report
  const one = (number: number, noun: string): Need[] =>
    number === 0 ? [] : [{ words: grouped(number, noun), isOne: number === 1 }]
  const unproved = urls.filter(needsYou)
  const old = (number: number): Need[] =>
    number === 0 ? [] : [{ clause: `${grouped(number, 'URL')} ${number === 1 ? 'does' : 'do'} not show the new file` }]
  const isFailing = ending.verify === 'fail'
  const stale = unproved.filter(({ verdict }) => verdict === 'stale').length
  const served = new Set(unproved.filter(({ verdict }) => verdict !== 'stale').map(({ path, url }) => path ?? url)).size
  return {
    failures: [
      ...endedBy(ending),
      ...one(files.filter(({ result }) => result === 'failed').length, 'file'),
      ...one(urls.filter(({ result }) => result === 'failed').length, 'purge'),
      ...one(ending.failedAssets, 'asset'),
      ...(isFailing ? old(stale) : []),
    ],
    warnings: [
      ...(isFailing ? [] : old(stale)),
      ...(served === 0
        ? []
        : [{ clause: `${grouped(served, 'deleted file')} ${served === 1 ? 'is' : 'are'} still served` }]),
    ],
  }
}

function endedBy({ error, problems }: Ending): Need[] {
  if (problems.length === 0) return []
  const isKey = error instanceof ImgixError && error.permission !== undefined && [401, 403].includes(error.status ?? 0)
  if (isKey) return [{ words: KEY, isOne: true }]
  const noun = isInputError(error) ? 'input' : 'problem'
  return [{ words: grouped(problems.length, noun), isOne: problems.length === 1 }]
}

/** `4 files and 1 purge need you; 1 URL does not show the new file` */
function needWords(needs: readonly Need[]): string {
  const counted = needs.filter((need) => 'words' in need)
  const [last, ...others] = counted.map(({ words }) => words).reverse()
  const list = others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`
  const verb = counted.length === 1 && counted[0]?.isOne ? 'needs' : 'need'
  const clauses = needs.flatMap((need) => ('clause' in need ? [need.clause] : []))
  return [...(list === undefined ? [] : [`${list} ${verb} you`]), ...clauses].join('; ')
}

/** `38 of 42 files published` */
function publishedWords(report: Report, { problems }: Pick<Ending, 'problems'>): string {
  const { files, counts, dryRun, cancelled } = report
  const having = (...results: string[]): number => files.filter(({ result }) => results.includes(result)).length
  const total = having('uploaded', 'planned', 'failed')
  const done = dryRun ? having('planned') : counts.uploaded
  const would = dryRun ? 'would be ' : ''
  if (total === 0) return purgedWords(report, problems.length > 0 || cancelled)
  if (done === 0) {
    const not = dryRun ? 'would not be published' : 'was not published'
    return total === 1 ? `the file ${not}` : `none of ${digits(total)} files ${dryRun ? 'would be' : 'was'} published`
  }
  if (done < total) return `${digits(done)} of ${grouped(total, 'file')} ${would}published`
  if (!dryRun && isSeenLive(report)) return `${grouped(done, 'file')} ${done === 1 ? 'is' : 'are'} live`
  return `${grouped(done, 'file')} ${would}published`
}

/** Of a run that has no file to publish. */
function purgedWords({ urls, counts, mode, dryRun }: Report, isStopped: boolean): string {
  const all = new Set(urls.map(({ url }) => url)).size
  const done = dryRun ? all : counts.purged
  const would = dryRun ? 'would be ' : ''
  if (done > 0) return `${done < all ? `${digits(done)} of ` : ''}${grouped(all, 'URL')} ${would}purged`
  if (isStopped || all > 0) return `nothing ${dryRun ? 'would be' : 'was'} published`
  return counts.skipped > 0 && mode === 'all' ? 'everything is published already' : 'nothing to publish'
}

/** The verification saw the new bytes of every file. */
function isSeenLive({ files, urls }: Report): boolean {
  const seen = new Set(urls.filter(({ verdict }) => verdict === 'fresh').map(({ path }) => path))
  const others = urls.filter(({ verdict, path, subImage }) => !subImage && path !== undefined && verdict !== 'fresh')
  const bad = new Set(others.map(({ path }) => path))
  return files.filter(({ result }) => result === 'uploaded').every(({ path }) => seen.has(path) && !bad.has(path))
}

type Ahead = Ending & {
  readonly causes: readonly { readonly again: boolean }[]
  /** the next push takes what this run left */
  readonly catchesUp: boolean
}

const MISSING = 'it publishes what is missing'

/** What to do next: one sentence or two, without names; '' where there is nothing to do.
 *  @param where the words for the place that says what to do */
export function nextStep(report: Report, ahead: Ahead, where = 'the table says'): string {
  const { files, urls, dryRun, cancelled } = report
  if (cancelled) {
    const missing = dryRun ? 0 : files.filter(({ result }) => result === 'planned').length
    if (missing === 0) return `Run this job again: ${MISSING}.`
    return `Run this job again: it publishes the ${grouped(missing, 'file')} that ${missing === 1 ? 'is' : 'are'} missing.`
  }
  const { failures, warnings } = needsOf(report, ahead)
  if (failures.length > 0)
    return nextAfterFailure(report, ahead, {
      where,
      isKey: isTheKey(failures[0]),
      isPublished: failures.every((need) => 'clause' in need),
    })
  if (warnings.length > 0)
    return `The run is green, so the next one does not take this up. Do what ${where.replace('errors', 'warnings')}.`
  const hasPlan = files.some(({ result }) => result === 'planned') || urls.length > 0
  return dryRun && hasPlan ? 'A run without dry-run does it.' : ''
}

function nextAfterFailure(
  { dryRun }: Report,
  { error, causes, catchesUp }: Ahead,
  { where, isKey, isPublished }: { where: string; isKey: boolean; isPublished: boolean },
): string {
  if (isKey) return `Mend the key in the imgix dashboard or in the secret, then run this job again: ${MISSING}.`
  if (isInputError(error)) return 'Fix the inputs in the workflow file, and push.'
  const isAgain = causes.length > 0 && causes.every(({ again }) => again)
  if (isAgain) return `Run this job again: ${isPublished ? 'it purges once more' : MISSING}.`
  if (dryRun) return `Do what ${where}, and push.`
  if (catchesUp) return `Do what ${where}, then push, or run this job again: ${MISSING.replace('it', 'that run')}.`
  // a job that runs again has the files of its own commit, and the next push takes the files that it changes
  return `Do what ${where}. Push the files that you change; for the others, run this job again: ${MISSING}.`
}

function isInputError(error: unknown): boolean {
  return error instanceof Error && error.name === 'InputError'
}
