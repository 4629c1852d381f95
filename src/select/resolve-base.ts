import type { ChangedFile } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { BaseCandidate, WorkflowEvent } from '../runner/environment.ts'
import { type Bases, branchOf, findBases, type Head, needsRuns } from './base.ts'
import type { Changes } from './changes.ts'
import { SHA } from './git-output.ts'
import type { GitHub } from './github.ts'
import { isFirst, type RunHistory } from './runs.ts'

/** No base commit was found and `on-unknown-base` is `fail`. */
export class BaseError extends Error {
  override name = 'BaseError'
}

export type BaseQuery = Pick<Inputs, 'base' | 'files' | 'onUnknownBase' | 'purge' | 'deleted'>
/** What changed since a base. */
export type Diff = {
  readonly base: string
  readonly changed: readonly ChangedFile[]
  /** the file of the workflow changed, too; undefined where that is not known */
  readonly workflowChanged?: boolean | undefined
}
export type Repository = {
  readonly head: Head
  readonly rootPath: string
  readonly github: GitHub | undefined
  /** @returns a text that says why, where the base is not available */
  diff(candidate: BaseCandidate): Promise<Diff | string>
  /** Fetches commits that `diff` will need, as far as they are available, in one go. */
  readonly prefetch?: ((commits: readonly string[]) => Promise<void>) | undefined
  /** @returns every file of the head */
  listAll(): Promise<readonly ChangedFile[]>
}

const NO_TOKEN = {
  known: false,
  cause: 'no-token',
  why: 'there is no github-token to read workflow runs with',
} as const

/** Compares the head with the first base that is available.
 *  @throws BaseError */
export async function resolveBase(event: WorkflowEvent, query: BaseQuery, repository: Repository): Promise<Changes> {
  const { head, rootPath, github } = repository
  const runs = needsRuns(event, query.base) ? ((await github?.runs(branchOf(event))) ?? NO_TOKEN) : undefined
  const bases = findBases(event, { baseInput: query.base, head, runs })
  const { notices, hints, warnings } = bases
  const found = { head: head.sha, rootPath, notices, hints: hints.length === 0 ? undefined : hints }
  if (bases.nothing !== undefined) {
    const steps = [`nothing to do: ${bases.nothing}`]
    return { ...found, base: head.sha, baseStrategy: 'event', files: [], considered: 0, steps, warnings }
  }
  const { changed, restored, why, ...compared } = await diffWithFirst(bases, query, repository)
  const { base, baseStrategy } = compared
  const all = [...changed, ...restored]
  return {
    ...found,
    ...compared,
    base: base === head.sha && restored.length > 0 ? '' : base, // the files differ from unfinished runs, not from the base
    files: all.filter(({ path }) => query.files(path.slice(rootPath.length))),
    considered: all.length,
    warnings: [
      ...warnings,
      ...compared.warnings,
      ...warnOfInput({ base, baseStrategy, why }, query, head),
      ...(baseStrategy === 'all' ? warnOfAll(query, bases, runs) : []),
    ],
    ...(isFirstRun(runs, baseStrategy) && { isFirstRun: true }),
  }
}

/** @returns whether no earlier run can have published the files that are the same at the base: on a new branch, only the
 *  first run of the workflow knows that */
function isFirstRun(runs: RunHistory | undefined, strategy: string): boolean {
  if (!isFirst(runs)) return false
  return strategy === 'event' || (strategy === 'merge-base' && runs?.known === true && runs.isOnly === true)
}

/** Warns of an input `base` without effect. */
function warnOfInput(
  { base, baseStrategy, why }: Pick<FirstDiff, 'base' | 'baseStrategy' | 'why'>,
  query: BaseQuery,
  head: Head,
): string[] {
  if (query.base !== '' && why !== '')
    return [`base: '${query.base}' is not available (${why}), so every matching file is taken`]
  if (baseStrategy !== 'input' || base !== head.sha) return []
  return [
    `base: '${query.base}' is the commit that is checked out, so nothing changed: leave base out, or name an earlier commit`,
  ]
}

/** What a run without a base can't know. */
function warnOfAll({ base, purge, deleted }: BaseQuery, bases: Bases, runs: RunHistory | undefined): string[] {
  if (!purge || deleted === 'ignore' || isFirst(runs) || bases.isFirstPush) return []
  // an input that is not a SHA is more likely to be wrong
  const isLikely = base === '' ? bases.candidates.length > 0 : SHA.test(base)
  const isTransient = isLikely || (runs?.known === false && runs.cause === 'no-answer')
  const remedy = `${isTransient ? 're-run this job, or ' : ''}run once with base set to the last commit that was published`
  return [`${UNKNOWN_DELETED}: ${remedy}`]
}

const UNKNOWN_DELETED =
  'without a base the files that were deleted since the last publication are not known, so nothing is purged for them'

type FirstDiff = Diff &
  Pick<Changes, 'baseStrategy' | 'baseReason' | 'steps' | 'warnings'> & {
    readonly restored: readonly ChangedFile[]
    /** why the last candidate is not available; '' where one is */
    readonly why: string
  }

async function diffWithFirst(
  { candidates, skipped, unfinishedRuns }: Bases,
  { onUnknownBase }: BaseQuery,
  repository: Repository,
): Promise<FirstDiff> {
  const steps = skipped.map((reason) => `base: ${reason}`)
  let why = ''
  for (const candidate of candidates) {
    const { strategy, ref, reason } = candidate
    const diff = await repository.diff(candidate)
    if (typeof diff === 'string') {
      why = diff
      steps.push(`base: ${ref} (${strategy}) is not available: ${why}`)
      continue
    }
    const { restored, warnings } = await findRestored(unfinishedRuns, diff, repository)
    steps.push(`base: ${diff.base || ref} (${strategy}): ${reason}`)
    if (restored.length > 0)
      steps.push(`base: and ${restored.length} more files that unfinished runs may have published in other versions`)
    return { ...diff, restored, warnings, baseStrategy: strategy, baseReason: reason, steps, why: '' }
  }
  if (onUnknownBase === 'fail')
    throw new BaseError(
      `on-unknown-base: no base commit was found, and on-unknown-base is fail (${steps.join('; ')}): name a commit in base, or set on-unknown-base to all`,
    )
  steps.push('base: none, so every matching file is taken')
  const changed = await repository.listAll()
  return { base: '', changed, restored: [], warnings: [], baseStrategy: 'all', steps, why }
}

/** A file that an unfinished run added and that the head lacks needs nothing.
 *  @returns the files that such a run may have published in another version, and that are the same at the base and the head;
 *   and one warning for each run whose commit is not available */
async function findRestored(
  unfinishedRuns: readonly string[],
  { base, changed }: Diff,
  repository: Repository,
): Promise<{ restored: ChangedFile[]; warnings: string[] }> {
  const known = new Set(changed.map(({ path }) => path))
  const restored: ChangedFile[] = []
  const warnings: string[] = []
  const commits = unfinishedRuns.filter((sha) => sha !== base)
  if (commits.length > 1) await repository.prefetch?.(commits)
  for (const ref of commits) {
    const diff = await repository.diff({ strategy: 'last-success', ref, mergeBase: false, reason: '' })
    if (typeof diff === 'string') {
      warnings.push(
        `a run without success may have published files of ${ref}, and which ones is unknown: ${diff}; run once with an earlier commit as base`,
      )
      continue
    }
    for (const { path, change } of diff.changed) {
      if (change === 'deleted' || known.has(path)) continue
      known.add(path)
      restored.push({ path, change: 'modified' })
    }
  }
  return { restored, warnings }
}
