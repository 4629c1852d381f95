import type { ChangedFile, Selected } from '../events.ts'
import type { BaseCandidate, WorkflowEvent } from '../runner/environment.ts'
import { hasMoved } from './base.ts'
import { findBaseCommit, findMergeBase } from './base-commit.ts'
import type { Git } from './git.ts'
import { SHA, type TreeChange } from './git-output.ts'
import { explainCut, type GitHub } from './github.ts'
import type { HeadTree } from './head-tree.ts'
import { withLinks } from './links.ts'
import { type BaseQuery, type Diff, resolveBase } from './resolve-base.ts'
import { expandChanges, notCheckedOut, notCompared, type Told } from './submodules.ts'

/** What a comparison finds, with what later steps of the selection need. */
export type Changes = Selected & {
  /** no earlier run of the workflow has succeeded on the branch, and the base is the event's */
  readonly isFirstRun?: boolean
  readonly workflowChanged?: boolean | undefined
}

const GONE = 'this clone lacks the commit, and its remote did not send it'
const CHECK = `${GONE}: check the name`
const TOO_SHORT = `${CHECK}, or set fetch-depth: 0 for actions/checkout`
const IN_SUBMODULE =
  'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule'

type Comparison = {
  readonly tree: HeadTree
  readonly github: GitHub | undefined
  readonly event: WorkflowEvent
  readonly matches: (path: string) => boolean
  readonly told: Told
  /** of the workflow, which is compared, too; undefined where it is not known */
  readonly workflowPath: string | undefined
}

/** The files that changed since the base, from git, or from GitHub's API for a workspace without git. Every file where no
 *  base was found.
 *  @throws GitError, BaseError */
export async function findChanges(
  tree: HeadTree,
  github: GitHub | undefined,
  event: WorkflowEvent,
  query: BaseQuery & { readonly workflowPath?: string | undefined },
): Promise<Changes> {
  const { git, rootPath } = tree
  const told: Told = { steps: new Set(), notices: new Set() }
  const matches = (path: string): boolean => query.files(path.slice(rootPath.length))
  const comparison: Comparison = { tree, github, event, matches, told, workflowPath: query.workflowPath }
  const changes = await resolveBase(event, query, {
    head: { ...tree.head, follows: await followsPush(comparison, query.base) },
    github,
    rootPath,
    diff: (candidate) => compare(candidate, comparison),
    prefetch: git?.fetchCommits,
    listAll: () => listAll(comparison),
  })
  const isUnknown = git?.isSubmodule && changes.baseStrategy === 'all' && query.base === ''
  const notices = [...changes.notices, ...told.notices, ...(isUnknown ? [IN_SUBMODULE] : [])]
  return { ...changes, notices, steps: [...changes.steps, ...told.steps] }
}

/** @returns whether the commit of a push is an ancestor of another commit that is checked out; undefined if it is not asked */
async function followsPush({ tree, github, event }: Comparison, base: string): Promise<boolean | undefined> {
  const { git, head } = tree
  if (git === undefined || git.isSubmodule) return undefined
  if (base !== '' || event.told !== undefined || !hasMoved(event, head.sha)) return undefined
  const after = String((event.payload as { after?: unknown }).after)
  const common = await findMergeBase(git, github, { ref: after, head: head.sha })
  return 'sha' in common && common.sha === after
}

/** @returns a text that says why, where the base is not available */
async function compare({ ref, mergeBase }: BaseCandidate, comparison: Comparison): Promise<Diff | string> {
  const { tree, github, event } = comparison
  const { git, head } = tree
  if (git === undefined) return compareOnline(ref, mergeBase, comparison)
  // a submodule or another repository can have a branch of the same name, which is unrelated
  const isForeign = mergeBase && !SHA.test(ref) && event.sha !== '' && event.sha !== head.sha
  if (isForeign && (await git.findCommit(event.sha)) === undefined)
    return "it is a branch of the event's repository, and this clone lacks the event's commit"
  const wanted = mergeBase ? await findMergeBase(git, github, { ref, head: head.sha }) : { sha: ref }
  if ('why' in wanted) return wanted.why
  const base = await findBaseCommit(git, wanted.sha)
  return base === undefined ? compareByApi(git, wanted.sha, comparison) : compareByGit(git, base, comparison)
}

/** @param base full SHA of a commit in this clone */
async function compareByGit(git: Git, base: string, comparison: Comparison): Promise<Diff> {
  const { tree, told, workflowPath } = comparison
  const { rootPath, head } = tree
  const paths = rootPath === '' ? [] : [rootPath, workflowPath ?? []].flat()
  const [changes] = await Promise.all([git.diff(base, head.sha, paths), tree.list()])
  const workflowChanged = workflowPath === undefined ? undefined : changes.some(({ path }) => path === workflowPath)
  const expand = (all: readonly TreeChange[], told: Told) => expandChanges(git, all, [base, head.sha], told)
  const inRoot = changes.filter(({ path }) => path.startsWith(rootPath))
  const below = await expand(inRoot, told)
  const findEverywhere = async () =>
    rootPath === '' ? below : expand(await git.diff(base, head.sha, []), { steps: new Set(), notices: new Set() })
  return { base, changed: await withLinks(below.flatMap(toChangedFile), findEverywhere, comparison), workflowChanged }
}

/** For a base that the clone lacks and the remote does not send, or knows by its full SHA only. */
async function compareByApi(git: Git, ref: string, comparison: Comparison): Promise<Diff | string> {
  const { tree, github, told } = comparison
  const { sha } = tree.head
  const isLocal = /[~^@:]|^HEAD$/.test(ref) // HEAD is another commit for the API
  const listed = isLocal ? undefined : await github?.compare(ref, sha, { mergeBase: false })
  if (listed === undefined && SHA.test(ref)) return GONE
  if (listed === undefined) return (await git.findCuts([sha])).length === 0 ? CHECK : TOO_SHORT
  const base = listed.base === ref ? undefined : await findBaseCommit(git, listed.base)
  if (base !== undefined) return compareByGit(git, base, comparison)
  if (listed.cut) return `${GONE}; ${explainCut(listed.files.length)}`
  const { submodules } = await git.listTree(sha)
  const changed = listed.files.filter(({ path }) => path.startsWith(git.rootPath))
  for (const { path } of changed) if (submodules.has(path)) told.notices.add(notCompared(path))
  const files = changed.filter(({ path }) => !submodules.has(path))
  return { base: listed.base, changed: await withLinks(files, async () => listed.files, comparison) }
}

/** For a workspace without git. A list that may be cut is not used. */
async function compareOnline(ref: string, mergeBase: boolean, comparison: Comparison): Promise<Diff | string> {
  const { tree, github, event } = comparison
  const { number } = Object(event.payload) as { number?: unknown }
  const isPullRequest = mergeBase && typeof number === 'number'
  const listed = await (isPullRequest
    ? github?.pullRequest(number)
    : github?.compare(ref, tree.head.sha, { mergeBase }))
  if (listed === undefined) return "GitHub's API does not compare the head with it"
  if (listed.cut) return explainCut(listed.files.length)
  const changed = listed.files.filter(({ path }) => path.startsWith(tree.rootPath))
  return { base: listed.base, changed: await withLinks(changed, async () => listed.files, comparison) }
}

/** @returns every file of the head, without a base to compare it with */
async function listAll(comparison: Comparison): Promise<readonly ChangedFile[]> {
  const { tree, told } = comparison
  const { files, links, missing } = await tree.list()
  const moved = links.map((path) => ({ path, change: 'present' }) as const)
  await withLinks(moved, async () => [], comparison) // for the notices
  for (const path of missing) told.notices.add(notCheckedOut(path))
  return Array.from(files, (path) => ({ path, change: 'present' }))
}

/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
