import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'

type Commits = { readonly base: string; readonly head: string }
/** A submodule that is checked out, without its own root. It never fetches. */
export type Submodule = Pick<
  Git,
  'topLevel' | 'findCommit' | 'diff' | 'listFiles' | 'listLinks' | 'listSubmodules' | 'openSubmodule'
>

/** What a run tells of submodules. */
export type Told = {
  /** lines for the log */
  readonly steps: Set<string>
  /** submodules whose files are not known, with the remedy */
  readonly notices: Set<string>
}

export function createTold(): Told {
  return { steps: new Set(), notices: new Set() }
}

const CHECKOUT = 'is not checked out, so its files are left out: set submodules: true on actions/checkout'
const ALL = 'set fetch-depth: 0 on actions/checkout, or run once with mode: all'

/** The notice for a submodule without files on disk. */
export function notCheckedOut(path: string): string {
  return `submodule ${path} ${CHECKOUT}`
}

/** The notice for a submodule whose change is known from GitHub's API. */
export function notCompared(path: string): string {
  return `submodule ${path} changed, and GitHub's API does not tell its files: set fetch-depth: 0 on actions/checkout, or run once with mode: all`
}

/**
 * Puts the changed files of submodules into a list of changes.
 * @returns also the submodules whose files are not known, as submodules
 * @throws GitError
 */
export async function expandChanges(
  git: Submodule,
  changes: readonly TreeChange[],
  commits: Commits,
  told: Told,
  prefix = '',
): Promise<TreeChange[]> {
  const paths = changes.flatMap((change) => (isSubmodule(change) ? [change.path] : []))
  if (paths.length === 0) return changes.map((change) => below(prefix, change))
  const listed = await Promise.all([git.listSubmodules(commits.base, paths), git.listSubmodules(commits.head, paths)])
  const expanded: TreeChange[] = []
  for (const change of changes) {
    const { path } = change
    const [before, after] = listed.map((ids) => ids.get(path))
    const files = isSubmodule(change) ? await changesIn(git, { path, before, after, prefix }, told) : undefined
    if (files === undefined || change.before === 'file' || change.before === 'link')
      expanded.push(below(prefix, change))
    expanded.push(...(files ?? []))
  }
  return expanded
}

type Moved = { path: string; before: string | undefined; after: string | undefined; prefix: string }

/** @returns undefined where they are not known */
async function changesIn(
  git: Submodule,
  { path, before, after, prefix }: Moved,
  told: Told,
): Promise<TreeChange[] | undefined> {
  const name = prefix + path
  const unknown = (text: string): undefined => void told.notices.add(`submodule ${name} ${text}`)
  if (after === undefined) return unknown('was removed, so its deleted files are not known: name their URLs in urls')
  const inner = await git.openSubmodule(path)
  if (inner === undefined) return unknown(CHECKOUT)
  for (const commit of [before, after]) {
    if (commit !== undefined && (await inner.findCommit(commit)) === undefined)
      return unknown(`moved on, and its clone lacks commit ${commit}, so its changed files are not known: ${ALL}`)
  }
  const found =
    before === undefined
      ? Array.from(await listFiles(inner, after, told, `${name}/`), added)
      : await expandChanges(inner, await inner.diff(before, after), { base: before, head: after }, told, `${name}/`)
  told.steps.add(`submodules: ${name}, from ${before ?? 'none'} to ${after}: ${found.length} files changed`)
  return found
}

/** @param told where the submodules that are not checked out are told
 *  @returns the files of a commit below the root, also those of submodules, one after the other
 *  @throws GitError */
export async function listFiles(git: Submodule, commit: string, told?: Told, prefix = ''): Promise<Iterable<string>> {
  const lists: Iterable<string>[] = []
  for (const [path, id] of await git.listSubmodules(commit)) {
    const name = prefix + path
    const inner = await openAt(git, path, id)
    if (inner === undefined) told?.notices.add(notCheckedOut(name))
    else lists.push(await listFiles(inner.git, inner.commit, told, `${name}/`))
  }
  const own = await git.listFiles(commit)
  return {
    *[Symbol.iterator]() {
      for (const path of own) yield prefix + path
      for (const list of lists) yield* list
    },
  }
}

/** As `git.listLinks`, also with the links of submodules. */
export async function listLinks(
  git: Submodule,
  commit: string,
  paths?: readonly string[],
): Promise<Map<string, string>> {
  const links = new Map(await git.listLinks(commit, paths))
  for (const [path, id] of await git.listSubmodules(commit, paths)) {
    const inner = await openAt(git, path, id)
    if (inner === undefined) continue
    for (const [link, target] of await listLinks(inner.git, inner.commit)) links.set(`${path}/${link}`, target)
  }
  return links
}

/** @returns undefined if the submodule is not checked out, or lacks the commit */
async function openAt(
  git: Submodule,
  path: string,
  commit: string | undefined,
): Promise<{ git: Submodule; commit: string } | undefined> {
  const inner = commit === undefined ? undefined : await git.openSubmodule(path)
  if (inner === undefined || commit === undefined || (await inner.findCommit(commit)) === undefined) return undefined
  return { git: inner, commit }
}

function isSubmodule({ before, after }: TreeChange): boolean {
  return before === 'submodule' || after === 'submodule'
}

function below(prefix: string, change: TreeChange): TreeChange {
  return { ...change, path: prefix + change.path }
}

function added(path: string): TreeChange {
  return { path, before: undefined, after: 'file' }
}
