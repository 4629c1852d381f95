import * as core from '../runner/core.ts'
import { joinSections, shorten } from '../runner/summary.ts'
import { cut, digits, duration, grouped, size } from '../runner/text.ts'
import { causesTable, findCauses, findEnding, findWarnings, upperFirst } from './causes.ts'
import { untouchedSentence } from './changes-lines.ts'
import { isTold } from './explain.ts'
import { fileTable } from './file-table.ts'
import { gallery } from './gallery.ts'
import { headline, nextStep } from './headline.ts'
import type { FileReport, Report, UrlReport } from './json-report.ts'
import { failuresOf, isOfAsset, type RunState, unrecordedOf } from './ledger.ts'
import { code, commitsHtml, type Links, terms } from './links.ts'
import { isLeft, leftLines, unrecordedSentence, updatedSentence } from './result-lines.ts'
import { byReason, verdictSentence } from './verdicts.ts'

const REASON_URLS = 3
const ONLY_AT_SOURCE_MAX = 200

/** What a summary tells beside the report. */
export type Beside = ReturnType<typeof summaryOf>

/** @param problems what ended the run, a line each */
export function summaryOf(state: RunState, report: Report, problems: readonly string[]) {
  const { error, verify, changes, isCompared, onlyAtSource, plannedSeconds, repositoryUrl } = state
  const { hints = [], tracked, baseReason, base, head } = changes
  const isTracked = (path: string): boolean => tracked === undefined || tracked.has(path)
  const links: Links = { repositoryUrl, base, head, isTracked }
  // the error that ended the run also stands for the steps that it ended
  const left = failuresOf(state).filter((failed) => !isTold(failed.error, problems))
  const having = (kind: string): number => left.filter(({ step }) => step.kind === kind).length
  const updated = updatedSentence(report)
  const unrecorded = unrecordedSentence(unrecordedOf(state))
  const reason = error === undefined ? state.reason : undefined
  return {
    error,
    problems,
    verify,
    isCompared,
    onlyAtSource,
    plannedSeconds,
    baseReason,
    hints,
    links,
    causes: [...(report.cancelled ? [] : findEnding(error, problems)), ...findCauses(state, left, report.urls)],
    warnings: { count: state.warnings.length, causes: findWarnings(state) },
    /** The next push takes what this run left: it compares with the commit of the last successful run. */
    catchesUp: state.mode === 'all' || changes.baseStrategy === 'last-success',
    isBaseKnown: changes.baseStrategy !== '',
    /** how many failed beside what the error that ended the run stands for */
    failed: {
      file: having('upload') + state.plan.skipped.filter(({ result }) => result === 'failed').length,
      purge: having('purge'),
      /** with an attribute, a record or a call that failed */
      asset: left.filter(isOfAsset).length,
    },
    updated,
    /** what else a reader wants to know */
    lines: [reason, untouchedSentence(changes), updated, unrecorded, ...leftLines(report)].filter(
      (line) => line !== undefined,
    ),
    pictures: state.summary === 'pictures',
  }
}

/**
 * The job summary, in the order of its reader: what happened, what to do, what was published, all files, the facts.
 * Names are only in blocks of HTML without empty lines, where GitHub reads no Markdown.
 * @param maxBytes default what GitHub takes
 */
export function formatSummary(report: Report, beside: Beside, maxBytes?: number): string {
  const { causes, warnings, links } = beside
  const urls = Map.groupBy(
    report.urls.filter(({ subImage }) => !subImage),
    ({ path }) => path,
  )
  const urlsOf = (path: string): readonly UrlReport[] => urls.get(path) ?? []
  // what ended a dry run would end the run, too: nothing would be published
  const told = { ...report, dryRun: report.dryRun && beside.problems.length === 0 }
  const sections = [
    `### ${headline(report, beside)}`,
    countsLine(report, beside),
    alert(report, beside),
    causesTable([...causes, ...warnings.causes], links),
    beside.lines.map((line) => `<p>${terms(upperFirst(line))}</p>`).join('\n'),
    publishedTitle(told),
    beside.pictures ? gallery(shownIn(told), links, report.dryRun ? () => [] : urlsOf) : '',
    verified(report),
    fileTable(told, links, urlsOf),
    report.dryRun ? onlyAtSource(beside.onlyAtSource) : '',
    facts(report, beside),
  ]
  return joinSections(sections, maxBytes)
}

/** Counts the files by their state at the Source, for a dry run and a full sync; '' for other runs. */
function countsLine({ files, dryRun, mode }: Report, { isCompared, onlyAtSource: left }: Beside): string {
  if (files.length === 0 || (!dryRun && mode !== 'all')) return ''
  const having = (is: (file: FileReport) => boolean): number => files.filter(is).length
  const taken = (wanted: FileReport['change']): number =>
    having(({ change, result }) => change === wanted && result !== 'skipped')
  const parts: [number, string][] = [
    [taken('added'), 'new'],
    [taken('modified'), 'changed'],
    [taken('present'), isCompared ? 'there already, perhaps changed' : 'not compared with the Source'],
    [having((file) => file.result === 'skipped' && !isLeft(file)), 'unchanged'],
    [having(({ result }) => result === 'deleted'), 'deleted'],
    [left.length, 'only at the Source'],
  ]
  const shown = parts.flatMap(([number, word]) => (number === 0 ? [] : [`<b>${digits(number)}</b> ${word}`]))
  return shown.length === 0 ? '' : `<p>${shown.join(' · ')}</p>`
}

/** The next step. GitHub reads it as Markdown, so it contains our own words only. */
function alert(report: Report, beside: Beside): string {
  const next = nextStep(report, beside)
  if (next === '') return ''
  const text = report.dryRun && !report.cancelled ? `Nothing was changed. ${next}` : next
  if (report.cancelled) return `> [!WARNING]\n> ${text}`
  const kind = headline(report, beside).startsWith('❌') ? 'CAUTION' : report.dryRun ? 'NOTE' : 'WARNING'
  return `> [!${kind}]\n> ${text}`
}

function shownIn({ files, dryRun }: Report): FileReport[] {
  return files.filter(({ result }) => result === (dryRun ? 'planned' : 'uploaded'))
}

function publishedTitle(report: Report): string {
  const shown = shownIn(report)
  const { dryRun, counts, urls } = report
  if (shown.length === 0) return ''
  const bytes = shown.reduce((sum, file) => sum + (file.bytes ?? 0), 0)
  const planned = new Set(urls.map(({ url }) => url)).size
  const purges = dryRun ? `${grouped(planned, 'URL')} to purge` : `${grouped(counts.purged, 'URL')} purged`
  const parts = [size(bytes), ...(dryRun && planned === 0 ? [] : [purges])] // without a key no domain is known
  return `#### ${dryRun ? 'Would be published' : 'Published'} (${digits(shown.length)}) · ${parts.join(' · ')}`
}

/** The result of the verification, and the URLs that it can't judge, by reason. */
function verified(report: Report): string {
  const sentence = verdictSentence(report)
  if (sentence === undefined) return ''
  const lines = [...byReason(report, 'unverifiable')].map(([reason, urls]) => {
    const more = urls.length - REASON_URLS
    const shown = urls.slice(0, REASON_URLS).map(({ url }) => code(url.replace(/^https:\/\//, '')))
    return `<br>${grouped(urls.length, 'URL')} not verifiable, ${shorten(reason)}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  })
  return `<p><sub>Verification ${shorten(sentence)}${lines.slice(0, 10).join('')}</sub></p>`
}

function onlyAtSource(paths: readonly string[]): string {
  if (paths.length === 0) return ''
  const show = (path: string): string => code(`/${core.redactName(path).slice(0, 500)}`)
  const shown = cut(paths, ONLY_AT_SOURCE_MAX, show, 'more: the log has them')
  const title = `${grouped(paths.length, 'asset')} only at the Source: left there, as imgix's API has no delete call`
  return `<details><summary>${title}</summary>\n\n<p>${shown.join('<br>\n')}</p>\n\n</details>`
}

/** One small line of what a reader looks up, not reads. */
function facts(report: Report, { links, baseReason, plannedSeconds, hints }: Beside): string {
  const { head, source, seconds, mode } = report
  const since = baseReason === undefined ? (mode === 'all' ? ' (every file)' : '') : ` (since ${baseReason})`
  const parts = [
    ...(head === '' ? [] : [`Commits ${commitsHtml(links)}${shorten(since)}`]),
    ...(source.id === '' ? [] : [`Source ${code(source.id)}${source.type === '' ? '' : `, ${shorten(source.type)}`}`]),
    `${duration(seconds)}${limitsOf(report, plannedSeconds)}`,
    'JSON report: output <code>report</code>',
    ...hints.map(terms),
  ]
  return `<p><sub>${parts.join(' · ')}</sub></p>`
}

/** The time that the rate limits need; '' for a run that ended before, and where they need next to none. */
function limitsOf({ seconds, dryRun }: Report, plannedSeconds = 0): string {
  if (plannedSeconds < 1 || (!dryRun && seconds < plannedSeconds)) return ''
  return dryRun
    ? ` (by imgix's rate limits, a run needs ${duration(plannedSeconds)})`
    : ` (imgix's rate limits need ${duration(plannedSeconds)})`
}
