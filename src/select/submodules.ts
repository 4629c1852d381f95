import type { Git } from './git.ts'
import type { Tree, TreeChange } from './git-output.ts'

/** What a run tells of submodules. */
export type Told = {
  /** lines for the log */
  readonly steps: Set<string>
  /** submodules whose files are not known, with the remedy */
  readonly notices: Set<string>
}

const CHECKOUT =
  'is not checked out, so its files are left out: set submodules: true on actions/checkout, or run git submodule update --init, then run once with mode: all'
const ALL = 'set fetch-depth: 0 on actions/checkout, fetch the whole history, or run once with mode: all'

export function notCheckedOut(path: string): string {
  return `submodule ${path} ${CHECKOUT}`
}

export function notCompared(path: string): string {
  return `submodule ${path} changed, and GitHub's API does not tell its files: set fetch-depth: 0 on actions/checkout, fetch the whole history, or run once with mode: all`
}

/** @returns the changes with those of the files in submodules; a submodule whose files are not known stays
 *  @throws GitError */
export async function expandChanges(
  git: Git,
  changes: readonly TreeChange[],
  [base, head]: readonly [base: string, head: string],
  told: Told,
  prefix = '',
): Promise<TreeChange[]> {
  const paths = changes.filter(isSubmodule).map(({ path }) => path)
  const trees = paths.length === 0 ? [] : await Promise.all([git.listTree(base, paths), git.listTree(head, paths)])
  const expanded: TreeChange[] = []
  for (const change of changes) {
    const { path } = change
    const [before, after] = trees.map(({ submodules }) => submodules.get(path))
    const files = isSubmodule(change) ? await changesIn(git, { path, before, after, prefix }, told) : undefined
    if (files === undefined || change.before === 'file' || change.before === 'link')
      expanded.push({ ...change, path: prefix + path })
    expanded.push(...(files ?? []))
  }
  return expanded
}

type Moved = { path: string; before: string | undefined; after: string | undefined; prefix: string }

/** @returns undefined where they are not known */
async function changesIn(
  git: Git,
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
      ? await addedBy(inner, after, told, `${name}/`)
      : await expandChanges(inner, await inner.diff(before, after), [before, after], told, `${name}/`)
  told.steps.add(`submodules: ${name}, from ${before ?? 'none'} to ${after}: ${found.length} files changed`)
  return found
}

async function addedBy(git: Git, commit: string, told: Told, prefix: string): Promise<TreeChange[]> {
  const { files, missing } = await listFiles(git, commit)
  for (const path of missing) told.notices.add(notCheckedOut(prefix + path))
  return Array.from(files, (path) => ({ path: prefix + path, before: undefined, after: 'file' }))
}

type Files = Omit<Tree, 'submodules'> & {
  /** the submodules that are not checked out, or lack the commit */
  readonly missing: readonly string[]
}

/** Lists a commit as `git.listTree` does, with the files of its submodules.
 *  @throws GitError */
export async function listFiles(git: Git, commit: string, paths?: readonly string[]): Promise<Files> {
  const own = await git.listTree(commit, paths)
  const links = new Map(own.links)
  const missing: string[] = []
  const inner: (readonly [string, Iterable<string>])[] = []
  for (const [path, id] of own.submodules) {
    const submodule = await git.openSubmodule(path)
    if (submodule === undefined || (await submodule.findCommit(id)) === undefined) missing.push(path)
    else {
      const found = await listFiles(submodule, id)
      inner.push([path, found.files])
      for (const [link, target] of found.links) links.set(`${path}/${link}`, target)
      missing.push(...found.missing.map((name) => `${path}/${name}`))
    }
  }
  const files = {
    *[Symbol.iterator]() {
      yield* own.files
      for (const [path, names] of inner) for (const name of names) yield `${path}/${name}`
    },
  }
  return { files, links, missing }
}

function isSubmodule({ before, after }: TreeChange): boolean {
  return before === 'submodule' || after === 'submodule'
}
