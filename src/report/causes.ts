import type { Outcome } from '../events.ts'
import { shorten, table } from '../runner/summary.ts'
import { adviceOn, factsOf } from './advice.ts'
import { explain } from './explain.ts'
import type { UrlReport } from './json-report.ts'
import type { FailedStep, RunState } from './ledger.ts'
import { fileUrl, type Links, placeLink, terms, urlLink } from './links.ts'
import { isSafe, whatFailed } from './result-lines.ts'
import { needsYou, STALE_REMEDY } from './verdicts.ts'

/** Something that went wrong, and all that it happened to. */
export type Cause = {
  /** '' where the problem says it */
  readonly remedy: string
  readonly problem: string
  /** for imgix's support */
  readonly facts: string
  /** running the job again is the remedy, or a part of it */
  readonly again: boolean
  readonly items: readonly CauseItem[]
}
/** A file of the repository, or a URL. */
export type CauseItem = { readonly path: string } | { readonly url: string }

const NAMED_MAX = 5

/** The items that need somebody, grouped by cause. The cause with the most items is first. */
export function findCauses(state: Readonly<RunState>, urls: readonly UrlReport[]): Cause[] {
  const all = [...ofPlan(state), ...ofOutcomes(state), ...state.failures.filter(isUnsafe).map(ofFailure)]
  const groups = Map.groupBy([...all, ...ofVerdicts(urls)], ({ remedy, problem }) => `${remedy}\n${problem}`)
  return [...groups.values()]
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, items: [first, ...others].flatMap(({ items }) => items) }],
    )
    .sort((a, b) => b.items.length - a.items.length)
}

function isUnsafe({ step }: FailedStep): boolean {
  return !isSafe(step)
}

function ofPlan({ plan }: Readonly<RunState>): Cause[] {
  return plan.skipped
    .filter(({ result }) => result === 'failed')
    .map(({ path, reason }) => ({ ...splitReason(reason), facts: '', again: false, items: [{ path }] }))
}

function ofOutcomes({ outcomes }: Readonly<RunState>): Cause[] {
  return [...outcomes.values()].flatMap(({ step, ...outcome }: Outcome): Cause[] => {
    if (outcome.result !== 'failed') return []
    const item = step.kind === 'purge' ? { url: step.url } : { path: step.path }
    return [causeOf(outcome.error, item)]
  })
}

function ofFailure({ step, error }: FailedStep): Cause {
  const cause = causeOf(error, { path: step.path })
  return { ...cause, problem: `${whatFailed(step)}: ${cause.problem}` }
}

function ofVerdicts(urls: readonly UrlReport[]): Cause[] {
  return urls.filter(needsYou).map(({ url, verdict, reason = '' }) =>
    verdict === 'still-served'
      ? {
          remedy: 'delete the file in the bucket, then run the job again, which purges its URL',
          problem: 'deleted in git, and still served',
          facts: '',
          again: false,
          items: [{ url }],
        }
      : {
          remedy: STALE_REMEDY,
          problem: `imgix serves what it served before: ${reason}`,
          facts: '',
          again: true,
          items: [{ url }],
        },
  )
}

/** The cause of an error, of what it happened to or of the run. */
export function causeOf(error: unknown, item?: CauseItem): Cause {
  const advice = adviceOn(error) ?? { ...splitReason(explain(error)), again: false }
  return { ...advice, facts: factsOf(error), items: item === undefined ? [] : [item] }
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

function whatToDo({ remedy, problem, facts }: Cause): string {
  const shown = terms(problem)
  const what =
    remedy === '' ? shown : `<b>${terms(isName(remedy) ? `\`${remedy}\`` : upperFirst(remedy))}</b>: ${shown}`
  return facts === '' ? what : `${what} <sub>${shorten(facts)}</sub>`
}

function itemsHtml({ items }: Cause, links: Links): string {
  const shown = items
    .slice(0, NAMED_MAX)
    .map((item) => ('path' in item ? placeLink(fileUrl(item.path, links), item.path) : urlLink(item.url)))
  const more = items.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('<br>')
}

/** An input, and not a sentence. */
function isName(text: string): boolean {
  return /^[a-z-]+$/.test(text)
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
