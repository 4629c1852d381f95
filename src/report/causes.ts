import { shorten, table } from '../runner/summary.ts'
import { cut } from '../runner/text.ts'
import { adviceOn } from './advice.ts'
import { explain, factsOf } from './explain.ts'
import type { UrlReport } from './json-report.ts'
import type { Failed, RunState, Warning } from './ledger.ts'
import { fileUrl, type Links, placeLink, terms, urlLink } from './links.ts'
import { notDone } from './step-lines.ts'
import { needsYou, STALE_REMEDY } from './verdicts.ts'

/** Something that went wrong, and all that it happened to. */
export type Cause = {
  /** '' where the problem says it */
  readonly remedy: string
  readonly problem: string
  /** for imgix's support */
  readonly facts?: string
  /** running the job again is the remedy, or a part of it */
  readonly again?: boolean
  readonly items: readonly CauseItem[]
}
/** A file of the repository, or a URL. */
type CauseItem = { readonly path: string } | { readonly url: string }

const NAMED_MAX = 5

/** The items that need somebody, grouped by cause. The cause with the most items is first.
 *  @param failures without those that the error that ended the run stands for */
export function findCauses(state: RunState, failures: readonly Failed[], urls: readonly UrlReport[]): Cause[] {
  const all = [...ofPlan(state), ...failures.map(ofFailure), ...urls.filter(needsYou).map(ofVerdict)]
  return byCause(all)
}

/** What does not fail the run. Only the warning about a file has its remedy after a colon. */
export function findWarnings({ warnings }: RunState): Cause[] {
  const causeOf = ({ text, path }: Warning): Cause =>
    path === undefined ? { remedy: '', problem: text, items: [] } : { ...splitReason(text), items: [{ path }] }
  return byCause(warnings.map(causeOf))
}

/** What ended the run. An error of our own says in its lines what to do.
 *  @param problems its lines */
export function findEnding(error: unknown, problems: readonly string[]): Cause[] {
  if (adviceOn(error) !== undefined) return [causeOf(error)]
  return problems.map((line) => {
    const [, remedy = '', problem = line] = /^([a-z-]+): (.*)$/s.exec(line) ?? []
    return { remedy, problem, items: [] }
  })
}

function byCause(causes: readonly Cause[]): Cause[] {
  const groups = Map.groupBy(causes, ({ remedy, problem }) => `${remedy}\n${problem}`)
  return [...groups.values()]
    .flatMap((same) => same.slice(0, 1).map((first) => ({ ...first, items: same.flatMap(({ items }) => items) })))
    .sort((a, b) => b.items.length - a.items.length)
}

function ofPlan({ plan }: RunState): Cause[] {
  return plan.skipped
    .filter(({ result }) => result === 'failed')
    .map(({ path, reason }) => ({ ...splitReason(reason), items: [{ path }] }))
}

function ofFailure({ step, error }: Failed): Cause {
  if (step.kind === 'purge') return causeOf(error, { url: step.url })
  const cause = causeOf(error, { path: step.path })
  return step.kind === 'upload' ? cause : { ...cause, problem: `${notDone(step)}: ${cause.problem}` }
}

function ofVerdict({ url, verdict, reason = '' }: UrlReport): Cause {
  const items = [{ url }]
  if (verdict === 'stale')
    return { remedy: STALE_REMEDY, problem: `imgix serves what it served before: ${reason}`, again: true, items }
  const remedy = 'delete the file in the bucket, then run the job again, which purges its URL'
  return { remedy, problem: 'deleted in git, and still served', items }
}

/** The cause of an error, of what it happened to or of the run. */
function causeOf(error: unknown, item?: CauseItem): Cause {
  const advice: Pick<Cause, 'problem' | 'remedy' | 'again'> = adviceOn(error) ?? splitReason(explain(error))
  const { problem, remedy, again = false } = advice
  return { problem, remedy, again, facts: factsOf(error, problem), items: item === undefined ? [] : [item] }
}

/** Splits a reason `problem: remedy`. The colons of `lfs: true` and `mode: all` do not separate the two. */
function splitReason(reason: string): Pick<Cause, 'problem' | 'remedy'> {
  const [, problem, remedy] = /^(.*): (?!true\b|all\b|"|')(.*)$/s.exec(reason) ?? []
  return remedy === undefined || problem === undefined ? { problem: reason, remedy: '' } : { problem, remedy }
}

/** `What to do | Files`: the remedy first. */
export function causesTable(causes: readonly Cause[], links: Links): string {
  const hasItems = causes.some(({ items }) => items.length > 0)
  const row = (cause: Cause): string[] => [whatToDo(cause), ...(hasItems ? [itemsHtml(cause, links)] : [])]
  return table(causes, { head: hasItems ? ['What to do', 'Files'] : ['What to do'], row, source: 'report' })
}

function whatToDo({ remedy, problem, facts = '' }: Cause): string {
  const shown = terms(problem)
  const what =
    remedy === '' ? shown : `<b>${terms(isName(remedy) ? `\`${remedy}\`` : upperFirst(remedy))}</b>: ${shown}`
  return facts === '' ? what : `${what} <sub>${shorten(facts)}</sub>`
}

function itemsHtml({ items }: Cause, links: Links): string {
  const show = (item: CauseItem): string =>
    'path' in item ? placeLink(fileUrl(item.path, links), item.path) : urlLink(item.url)
  return cut(items, NAMED_MAX, show).join('<br>')
}

/** An input, and not a sentence. */
function isName(text: string): boolean {
  return /^[a-z-]+$/.test(text)
}

export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
