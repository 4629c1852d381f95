import type { ChangedFile } from '../events.ts'
import type { BaseCandidate, WorkflowEvent } from '../runner/environment.ts'
import { findBaseCommit, findMergeBase } from './base-commit.ts'
import type { Git } from './git.ts'
import { SHA, type TreeChange } from './git-output.ts'
import { explainCut, type GitHub, type ListedFiles } from './github.ts'
import type { HeadTree } from './head-tree.ts'
import { withLinks } from './links.ts'
import { expandChanges, notCheckedOut, notCompared, type Told } from './submodules.ts'

/** What changed since a base. */
export type Diff = {
  readonly base: string
  readonly changed: readonly ChangedFile[]
  /** path of the workflow, if it changed, too */
  readonly newWorkflow?: string | undefined
}

export type Comparison = {
  readonly tree: HeadTree
  readonly github: GitHub | undefined
  readonly event: WorkflowEvent
  readonly told: Told
  /** of the workflow, which is compared, too; undefined where it is not known */
  readonly workflowPath: string | undefined
}

const GONE = 'this clone lacks the commit, and its remote did not send it'
const CHECK = `${GONE}: check the name`
const TOO_SHORT = `${CHECK}, set fetch-depth: 0 on actions/checkout, or fetch the whole history`

/** Compares the head with a base: by git, or by GitHub's API where git can't.
 *  @returns a text that says why, where the base is not available */
export async function compare({ ref, mergeBase }: BaseCandidate, comparison: Comparison): Promise<Diff | string> {
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
async function compareByGit(git: Git, base: string, { tree, told, workflowPath }: Comparison): Promise<Diff> {
  const { rootPath, head } = tree
  const paths = rootPath === '' ? [] : [rootPath, workflowPath ?? []].flat()
  const [changes] = await Promise.all([git.diff(base, head.sha, paths), tree.list()])
  const newWorkflow = changes.find(({ path }) => path === workflowPath)?.path
  const expand = (all: readonly TreeChange[], told: Told) => expandChanges(git, all, [base, head.sha], told)
  const inRoot = changes.filter(({ path }) => path.startsWith(rootPath))
  const below = await expand(inRoot, told)
  const findEverywhere = async () =>
    rootPath === '' ? below : expand(await git.diff(base, head.sha, []), { steps: new Set(), notices: new Set() })
  return { base, changed: await withLinks(below.flatMap(toChangedFile), findEverywhere, tree, told), newWorkflow }
}

/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
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
  const isSubmodule = ({ path }: ChangedFile): boolean => submodules.has(path)
  for (const { path } of listed.files.filter(isSubmodule)) told.notices.add(notCompared(path))
  return fromList({ ...listed, files: listed.files.filter((file) => !isSubmodule(file)) }, comparison)
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
  return listed.cut ? explainCut(listed.files.length) : fromList(listed, comparison)
}

async function fromList({ base, files }: ListedFiles, { tree, told }: Comparison): Promise<Diff> {
  const inRoot = files.filter(({ path }) => path.startsWith(tree.rootPath))
  return { base, changed: await withLinks(inRoot, async () => files, tree, told) }
}

/** @returns every file of the head, without a base to compare it with */
export async function listAll({ tree, told }: Comparison): Promise<readonly ChangedFile[]> {
  const { files, links, missing } = await tree.list()
  const moved = links.map((path) => ({ path, change: 'present' }) as const)
  await withLinks(moved, async () => [], tree, told) // for the notices
  for (const path of missing) told.notices.add(notCheckedOut(path))
  return Array.from(files, (path) => ({ path, change: 'present' }))
}
