import type { ChangedFile, Selected } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { WorkflowEvent } from '../runner/environment.ts'
import { type Bases, branchOf, findBases, isDeletion, isNewBranch, movedFrom, needsRuns } from './base.ts'
import { findMergeBase } from './base-commit.ts'
import { type Comparison, compare, type Diff, listAll } from './compare.ts'
import type { GitHub } from './github.ts'
import type { HeadTree } from './head-tree.ts'
import { isFirst, type RunHistory } from './runs.ts'
import type { Told } from './submodules.ts'
import { tellNewInputs } from './workflow-inputs.ts'

/** No base commit was found and `on-unknown-base` is `fail`. */
export class BaseError extends Error {
  override name = 'BaseError'
}

export type Changes = Selected & {
  /** no earlier run can have published the files that are the same at the base */
  readonly isFirstRun?: boolean
}

type Query = Pick<Inputs, 'base' | 'onUnknownBase' | 'purge' | 'deleted'> & {
  readonly workflowPath?: string | undefined
}

const NO_TOKEN = {
  known: false,
  cause: 'no-token',
  why: 'there is no github-token to read workflow runs with',
} as const
const IN_SUBMODULE =
  'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule'
const WITHOUT_GIT =
  'without git the run does not know which files belong to the repository, so it takes every matching file in the folder: install git, and put actions/checkout before this step'
const UNKNOWN_DELETED =
  'without a base the files that were deleted since the last publication are not known, so nothing is purged for them: if the base was unavailable for a moment, re-run this job'
const RUN_WITH_BASE = 'run once with base set to the last commit that was published'

/** The files that changed since the first base that is available; every file where none is.
 *  @throws GitError, BaseError */
export async function findChanges(
  tree: HeadTree,
  github: GitHub | undefined,
  event: WorkflowEvent,
  query: Query,
): Promise<Changes> {
  const { git, head, rootPath } = tree
  const place = { head: head.sha, rootPath }
  if (isDeletion(event)) {
    const steps = ['nothing to do: the push deleted its branch or tag']
    const nothing = { files: [], considered: 0, notices: [], warnings: [] }
    return { ...place, base: head.sha, baseStrategy: 'event', steps, ...nothing }
  }
  const told: Told = { steps: new Set(), notices: new Set() }
  const comparison: Comparison = { tree, github, event, told, workflowPath: query.workflowPath }
  const runs = needsRuns(event, query.base) ? ((await github?.runs(branchOf(event))) ?? NO_TOKEN) : undefined
  const follows = await followsPush(comparison, query.base)
  const bases = findBases(event, { baseInput: query.base, head: { ...head, follows }, runs })
  const { changed, restored, isWhole, newWorkflow, ...first } = await compareWithFirst(bases, query, comparison)
  const { base, baseStrategy } = first
  const isFirstRun = isFirstRunOf(runs, baseStrategy)
  const isFirstPush = bases.candidates.length === 0 && follows !== false && isNewBranch(event)
  const hasEarlier = !isFirst(runs) && !isFirstPush // nothing was published before a first run, or deleted before a first push
  const isAll = baseStrategy === 'all'
  const isPush = baseStrategy === 'last-success' || baseStrategy === 'event'
  const files = [...changed, ...restored]
  return {
    ...place,
    ...first,
    base: base === head.sha && restored.length > 0 ? '' : base, // the files differ from those of other runs, not from the base
    files: files.filter(({ path }) => tree.matches(path)),
    considered: files.length,
    steps: [...first.steps, ...told.steps],
    notices: [
      ...bases.notices,
      ...first.notices,
      ...told.notices,
      ...(isWhole && git === undefined ? [WITHOUT_GIT] : []),
      ...(isAll && query.base === '' && git?.isSubmodule ? [IN_SUBMODULE] : []),
      ...(git && newWorkflow && isPush && !isFirstRun && !isWhole
        ? await tellNewInputs(git, base, head.sha, newWorkflow)
        : []),
    ],
    hints: bases.hints,
    warnings: [
      ...bases.warnings,
      ...first.warnings,
      ...(isAll && hasEarlier ? warnOfAll(query, git !== undefined) : []),
    ],
    ...(isFirstRun && { isFirstRun }),
  }
}

/** @returns whether the commit of a push is an ancestor of another commit that is checked out; undefined if it is not asked */
async function followsPush({ tree, github, event }: Comparison, base: string): Promise<boolean | undefined> {
  const { git, head } = tree
  const after = movedFrom(event, head.sha)
  if (git === undefined || git.isSubmodule || base !== '' || event.told !== undefined || after === undefined)
    return undefined
  const common = await findMergeBase(git, github, { ref: after, head: head.sha })
  return 'sha' in common && common.sha === after
}

/** @returns whether no earlier run can have published the files that are the same at the base: on a new branch, only the
 *  first run of the workflow knows that */
function isFirstRunOf(runs: RunHistory | undefined, strategy: string): boolean {
  if (!isFirst(runs)) return false
  return strategy === 'event' || (strategy === 'merge-base' && runs?.known === true && runs.isOnly === true)
}

/** What a run without a base can't know. Without git a commit in `base` can be as unknown as the others. */
function warnOfAll({ purge, deleted }: Query, hasGit: boolean): string[] {
  if (!purge || deleted === 'ignore') return []
  const checkout = hasGit ? '' : 'install git, put actions/checkout before this step, and '
  return [`${UNKNOWN_DELETED}; else ${checkout}${RUN_WITH_BASE}`]
}

type First = Diff &
  Pick<Changes, 'baseStrategy' | 'baseReason' | 'steps' | 'notices' | 'warnings'> & {
    readonly restored: ChangedFile[]
    /** every file is taken */
    readonly isWhole: boolean
  }

async function compareWithFirst(
  { candidates, skipped, unfinishedRuns }: Bases,
  { onUnknownBase }: Query,
  comparison: Comparison,
): Promise<First> {
  const steps = skipped.map((reason) => `base: ${reason}`)
  const warnings: string[] = []
  for (const candidate of candidates) {
    const { strategy, ref, reason } = candidate
    const diff = await compare(candidate, comparison)
    if (typeof diff === 'string') {
      steps.push(`base: ${ref} (${strategy}) is not available: ${diff}`)
      if (strategy === 'input')
        warnings.push(`base: '${ref}' is not available (${diff}), so every matching file is taken`)
      continue
    }
    if (strategy === 'input' && diff.base === comparison.tree.head.sha)
      warnings.push(
        `base: '${ref}' is the commit that is checked out, so nothing changed: leave base out, or name an earlier commit`,
      )
    const { restored, unknown } = await findRestored(unfinishedRuns, diff, comparison)
    if (unknown !== undefined && onUnknownBase === 'fail')
      throw new BaseError(`on-unknown-base: ${unknown}, and on-unknown-base is fail: set on-unknown-base to all`)
    const notices = unknown === undefined ? [] : [`${unknown}, so every matching file is taken`]
    steps.push(`base: ${diff.base || ref} (${strategy}): ${reason}`)
    if (restored.length > 0)
      steps.push(
        `base: and ${restored.length} more ${restored.length === 1 ? 'file' : 'files'} that other runs may have published in other versions, as they failed or ended late`,
      )
    const isWhole = unknown !== undefined
    return { ...diff, restored, isWhole, baseStrategy: strategy, baseReason: reason, steps, notices, warnings }
  }
  if (onUnknownBase === 'fail')
    throw new BaseError(
      `on-unknown-base: no base commit was found, and on-unknown-base is fail (${steps.join('; ')}): name a commit in base, or set on-unknown-base to all`,
    )
  steps.push('base: none, so every matching file is taken')
  const none = { base: '', restored: [], isWhole: true, baseStrategy: 'all', notices: [] }
  return { ...none, changed: await listAll(comparison), steps, warnings }
}

/** A file that an unfinished run added and that the head lacks needs nothing.
 *  @returns `restored`: the files that such runs may have published in another version, and that are the same at the base and
 *   the head: all of them if the commit of a run is not available; `unknown`: the reason for that */
async function findRestored(
  unfinishedRuns: readonly string[],
  { base, changed }: Diff,
  comparison: Comparison,
): Promise<{ restored: ChangedFile[]; unknown: string | undefined }> {
  const known = new Set(changed.map(({ path }) => path))
  const restored: ChangedFile[] = []
  let unknown: string | undefined
  const commits = unfinishedRuns.filter((sha) => sha !== base)
  if (commits.length > 1) await comparison.tree.git?.fetchCommits(commits)
  const take = (files: readonly ChangedFile[]): void => {
    for (const { path, change } of files) {
      if (change === 'deleted' || known.has(path)) continue
      known.add(path)
      restored.push({ path, change: 'modified' })
    }
  }
  for (const ref of commits) {
    const diff = await compare({ strategy: 'last-success', ref, mergeBase: false, reason: '' }, comparison)
    if (typeof diff !== 'string') {
      take(diff.changed)
      continue
    }
    take(await listAll(comparison))
    unknown = `the run of ${ref} failed or ended late, and which files it published is unknown (${diff})`
    break
  }
  return { restored, unknown }
}
