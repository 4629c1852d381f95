import type { ChangedFile, Selected } from '../events.ts'
import type { BaseCandidate, WorkflowEvent } from '../runner/environment.ts'
import { hasMoved } from './base.ts'
import { findBaseCommit, findMergeBase } from './base-commit.ts'
import type { Git } from './git.ts'
import { SHA, type TreeChange } from './git-output.ts'
import { explainCut, type GitHub } from './github.ts'
import { type HeadTree, openCommit } from './head-tree.ts'
import { allWithLinks, withLinks } from './links.ts'
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
  readonly git: Git
  readonly github: GitHub | undefined
  readonly tree: HeadTree
  /** full SHA of the commit that is checked out */
  readonly head: string
  readonly matches: (path: string) => boolean
  readonly told: Told
  /** of the workflow, which is compared, too; undefined where it is not known */
  readonly workflowPath: string | undefined
}

/** The files that changed since the base. Every file where no base was found.
 *  @throws GitError, BaseError */
export async function findChanges(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  query: BaseQuery & { readonly workflowPath?: string | undefined },
): Promise<Changes> {
  const { sha, parents } = await git.head()
  const follows = await followsPush(git, github, event, { sha, base: query.base })
  const { rootPath } = git
  const told: Told = { steps: new Set(), notices: new Set() }
  const comparison: Comparison = {
    git,
    github,
    tree: openCommit(git, sha),
    head: sha,
    matches: (path) => query.files(path.slice(rootPath.length)),
    told,
    workflowPath: query.workflowPath,
  }
  const changes = await resolveBase(event, query, {
    head: { sha, parents, follows },
    github,
    rootPath,
    diff: (candidate) => compare(candidate, event.sha, comparison),
    prefetch: git.fetchCommits,
    listAll: () => listAll(comparison),
  })
  const isUnknown = git.isSubmodule && changes.baseStrategy === 'all' && query.base === ''
  const notices = [...changes.notices, ...told.notices, ...(isUnknown ? [IN_SUBMODULE] : [])]
  return { ...changes, notices, steps: [...changes.steps, ...told.steps] }
}

/** @returns whether the commit of a push is an ancestor of another commit that is checked out; undefined if it is not asked */
async function followsPush(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  { sha, base }: { sha: string; base: string },
): Promise<boolean | undefined> {
  if (base !== '' || event.told !== undefined || git.isSubmodule || !hasMoved(event, sha)) return undefined
  const after = String((event.payload as { after?: unknown }).after)
  const common = await findMergeBase(git, github, { ref: after, head: sha })
  return 'sha' in common && common.sha === after
}

async function compare(
  { ref, mergeBase }: BaseCandidate,
  eventSha: string,
  comparison: Comparison,
): Promise<Diff | string> {
  const { git, github, head } = comparison
  // a submodule or another repository can have a branch of the same name, which is unrelated
  const isNamed = mergeBase && !SHA.test(ref)
  if (isNamed && eventSha !== '' && eventSha !== head && (await git.findCommit(eventSha)) === undefined)
    return "it is a branch of the event's repository, and this clone lacks the event's commit"
  const wanted = mergeBase ? await findMergeBase(git, github, { ref, head }) : { sha: ref }
  if ('why' in wanted) return wanted.why
  const base = await findBaseCommit(git, wanted.sha)
  return base === undefined ? compareByApi(wanted.sha, comparison) : compareByGit(base, comparison)
}

/** @param base full SHA of a commit in this clone */
async function compareByGit(base: string, comparison: Comparison): Promise<Diff> {
  const { git, tree, head, workflowPath } = comparison
  const { rootPath } = git
  const paths = rootPath === '' ? [] : [rootPath, workflowPath ?? []].flat()
  const [changes] = await Promise.all([git.diff(base, head, paths), tree.list()])
  const workflowChanged = workflowPath === undefined ? undefined : changes.some(({ path }) => path === workflowPath)
  const expand = (all: readonly TreeChange[], told: Told) => expandChanges(git, all, [base, head], told)
  const inRoot = changes.filter(({ path }) => path.startsWith(rootPath))
  const below = await expand(inRoot, comparison.told)
  const findEverywhere = async () =>
    rootPath === '' ? below : expand(await git.diff(base, head, []), { steps: new Set(), notices: new Set() })
  return { base, changed: await addLinks(below.flatMap(toChangedFile), findEverywhere, comparison), workflowChanged }
}

/** For a base that the clone lacks and the remote does not send, or knows by its full SHA only.
 *  @returns a text that says why, where the API does not compare it either */
async function compareByApi(ref: string, comparison: Comparison): Promise<Diff | string> {
  const { git, github, head, told } = comparison
  const isLocal = /[~^@:]|^HEAD$/.test(ref) // HEAD is another commit for the API
  const listed = isLocal ? undefined : await github?.compare(ref, head, { mergeBase: false })
  if (listed === undefined && SHA.test(ref)) return GONE
  if (listed === undefined) return (await git.findCuts([head])).length === 0 ? CHECK : TOO_SHORT
  const base = listed.base === ref ? undefined : await findBaseCommit(git, listed.base)
  if (base !== undefined) return compareByGit(base, comparison)
  if (listed.cut) return `${GONE}; ${explainCut(listed.files.length)}`
  const { submodules } = await git.listTree(head)
  const changed = listed.files.filter(({ path }) => path.startsWith(git.rootPath))
  for (const { path } of changed) if (submodules.has(path)) told.notices.add(notCompared(path))
  const files = changed.filter(({ path }) => !submodules.has(path))
  return { base: listed.base, changed: await addLinks(files, async () => listed.files, comparison) }
}

function addLinks(
  changed: readonly ChangedFile[],
  findEverywhere: Parameters<typeof withLinks>[2],
  { told, ...query }: Comparison,
): Promise<readonly ChangedFile[]> {
  return withLinks({ ...query, notices: told.notices }, changed, findEverywhere)
}

async function listAll({ told, ...query }: Comparison): Promise<readonly ChangedFile[]> {
  const files = await allWithLinks({ ...query, notices: told.notices })
  for (const path of (await query.tree.list()).missing) told.notices.add(notCheckedOut(path))
  return files
}

/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
