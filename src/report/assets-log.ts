import type { CallStep, Outcome, RecordStep, UpdateStep } from '../events.ts'
import type { Unlisted } from '../plan/compare.ts'
import type { Listing } from '../plan/listing.ts'
import type { Annotation } from '../runner/annotations.ts'
import { count, printable } from '../runner/text.ts'
import { explain } from './explain.ts'

/** A list in the log ends here. */
const LIST_LENGTH = 200

/** So many failures have a line of their own at the end; the others have one where they happened. */
const FAILURES_MAX = 50

/** So many patterns are named. */
const PATTERNS_MAX = 10

/** What comparing with the Source came to. */
export function comparedSentence({ comparisons, onlyAtSource, files }: Listing): string {
  const unchanged = [...comparisons.values()].filter(({ isUnchanged }) => isUnchanged).length
  const changed = [...comparisons.values()].filter(({ change }) => change === 'modified').length
  const unknown = comparisons.size - unchanged - changed
  const parts = [
    `${unchanged} unchanged`,
    `${changed} changed`,
    `${files - comparisons.size} new`,
    ...(unknown > 0 ? [`${unknown} without a record of their bytes`] : []),
    ...(onlyAtSource.length > 0 ? [`${onlyAtSource.length} only at the Source`] : []),
  ]
  return `Compared with the Source: ${parts.join(', ')}`
}

/** Why files are uploaded, and what only the Source has. */
export function comparedLines({ comparisons, onlyAtSource }: Listing): string[] {
  const lines = [...comparisons]
    .filter(([, { isUnchanged }]) => !isUnchanged)
    .map(([path, { reason }]) => `/${path}: ${reason}`)
  const left = onlyAtSource.map((path) => `/${path}: only at the Source, left as it is: imgix's API can't delete it`)
  const all = [...lines, ...left].map(printable)
  return all.length <= LIST_LENGTH ? all : [...all.slice(0, LIST_LENGTH), `and ${all.length - LIST_LENGTH} more`]
}

/** Patterns of the metadata file that match no file: perhaps they are misspelt. */
export function idlePatternsLine(patterns: readonly string[]): string {
  const shown = patterns.slice(0, PATTERNS_MAX).map((pattern) => `'${pattern}'`)
  const more = patterns.length - shown.length
  return printable(`metadata: no file matches ${shown.join(', ')}${more > 0 ? ` and ${more} patterns more` : ''}`)
}

/** Why nothing is known to be unchanged. */
export function unlistedSentence({ because }: Unlisted): string {
  return printable(`the Source's assets can't be listed to compare with: ${explain(because)}`)
}

/** Records of full syncs may be there, and outlive the bytes that are replaced. */
export function unknownRecordsLine(because: Error): string {
  return printable(
    `whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed: ${explain(because)}`,
  )
}

/** @returns undefined where the asset had it all */
export function updateLine({ path }: UpdateStep, outcome: Outcome): string | undefined {
  if (outcome.result === 'skipped') return undefined
  if (outcome.result === 'done') return printable(`updated the attributes of ${path}`)
  return printable(`did not update the attributes of ${path}: ${whyNotDone(outcome)}`)
}

const CALL_WORDS = {
  add: { done: 'queued for the Asset Manager:', not: 'not queued for the Asset Manager' },
  refresh: { done: 'refreshed', not: 'not refreshed' },
} as const

export function callLine({ path, call }: CallStep, outcome: Outcome): string {
  const words = CALL_WORDS[call]
  if (outcome.result === 'done') return printable(`${words.done} ${path}`)
  return printable(`${words.not}: ${path}: ${whyNotDone(outcome)}`)
}

export function whyNotDone(outcome: Exclude<Outcome, { result: 'done' }>): string {
  return outcome.result === 'failed' ? explain(outcome.error) : outcome.reason
}

type Failed<S extends CallStep | UpdateStep | RecordStep> = Extract<Outcome<S>, { result: 'failed' }>

function failed<S extends CallStep | UpdateStep | RecordStep>(outcomes: readonly Outcome<S>[]): Failed<S>[] {
  return outcomes.filter((outcome): outcome is Failed<S> => outcome.result === 'failed')
}

/** What the Asset Manager refused.
 *  @param ended what ended the run, which is told by itself */
export function failedCalls(outcomes: readonly Outcome<CallStep>[], ended: readonly string[]): Annotation[] {
  const failures = failed(outcomes)
    .filter(({ error }) => !ended.includes(explain(error)))
    .map(({ step, error }) => failureOf(step.path, CALL_WORDS[step.call].not, error))
  return firstOf(failures)
}

function failureOf(file: string, what: string, error: Error | undefined): Annotation {
  return { file, title: 'imgix sync', line: `${file}: ${what}: ${explain(error)}` }
}

function firstOf(failures: readonly Annotation[]): Annotation[] {
  const more = failures.length - FAILURES_MAX
  return [...failures.slice(0, FAILURES_MAX), ...(more > 0 ? [{ line: `and ${more} more assets: see the log` }] : [])]
}

/** What is wrong with assets that were to have attributes, or another record.
 *  @param ended what ended the run, which is told by itself */
export function failedUpdates(
  outcomes: readonly Outcome<UpdateStep | RecordStep>[],
  ended: readonly string[],
): Annotation[] {
  const failures = failed(outcomes)
    .filter(({ step, error }) => !isSafe(step) && !ended.includes(explain(error)))
    .map(({ step, error }) => failureOf(step.path, step.kind === 'record' ? STALE : NOT_SET, error))
  return firstOf(failures)
}

const NOT_SET = 'its attributes were not set'
const STALE = 'the record of its older bytes stands at imgix; run again, for the next full sync may believe it'

/** No older record was left: without one, the next full sync uploads the file again. */
function isSafe(step: UpdateStep | RecordStep): boolean {
  return step.kind === 'record' && step.record === 'always'
}

/** Uploads without a record are safe, and cost one more upload. */
export function unrecordedSentence(outcomes: readonly Outcome<UpdateStep | RecordStep>[]): string | undefined {
  const unrecorded = failed(outcomes).filter(({ step }) => isSafe(step))
  const [first] = unrecorded
  if (first === undefined) return undefined
  const [files, them] = [count(unrecorded.length, 'file'), unrecorded.length === 1 ? 'it' : 'them']
  return printable(
    `the bytes of ${files} could not be recorded, so that the next full sync uploads ${them} again: ${explain(first.error)}`,
  )
}

/** What changed at assets beside their bytes; undefined where nothing did. */
export function updatedSentence(outcomes: readonly Outcome<UpdateStep | RecordStep>[]): string | undefined {
  const updated = outcomes.filter(({ step, result }) => result === 'done' && step.kind === 'update').length
  return updated === 0 ? undefined : `the attributes of ${count(updated, 'asset')} were updated`
}
