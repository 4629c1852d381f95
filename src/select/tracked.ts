import { lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import { isInWorkspace } from '../inputs/paths.ts'
import type { Git } from './git.ts'
import { some } from './names.ts'
import { findStandIns, resolvePath, type StandIns } from './stand-ins.ts'
import { listFiles } from './submodules.ts'
import type { Found } from './walk.ts'

export type Tracked = {
  /** the files and links of the commit, relative to the workspace */
  readonly names: ReadonlySet<string>
  readonly standIns: StandIns
  /** the submodules of the commit, relative to the workspace */
  readonly submodules: readonly string[]
  /** @param path relative to the workspace
   *  @returns its absolute path in the repository */
  locate(path: string): string
  readonly listIndex: Git['listIndex']
}

/** A command line can contain as many paths on every system. */
const PATHS_MAX = 200

/** @param head full SHA of the commit that is checked out; '' for none
 *  @param starts the folders and files to list, relative to the root; all are listed on a system whose disks can ignore case,
 *   and where a folder can be a text file that stands for a link
 *  @throws GitError */
export async function listTracked(
  git: Git,
  head: string,
  { rootPath, starts }: { rootPath: string; starts: readonly string[] },
): Promise<Tracked> {
  const isExact =
    process.platform === 'linux' && starts.length <= PATHS_MAX && !starts.includes('') && !git.writesLinksAsText
  const paths = isExact ? starts.map((start) => git.rootPath + start) : undefined
  const isEmpty = head === '' || paths?.length === 0
  const own = isEmpty ? undefined : await git.listTree(head, paths)
  const links = isEmpty ? [] : (await listFiles(git, head, paths)).links.keys()
  const named = (path: string): string => rootPath + path.slice(git.rootPath.length)
  return {
    names: new Set(Array.from(own?.files ?? [], named)),
    submodules: Array.from(own?.submodules.keys() ?? [], named),
    standIns: await findStandIns(git, head, links),
    locate: (path) => join(git.topLevel, git.rootPath, path.slice(rootPath.length)),
    listIndex: git.listIndex,
  }
}

/** Replaces the name of a file on disk by git's name, if the two differ by case or Unicode form and the disk ignores the
 *  difference. Such a disk keeps the old name after a rename. Pages use git's name, and so does `mode: changed`. */
export async function nameAsGit(
  paths: readonly string[],
  tracked: ReadonlySet<string> | undefined,
  isSameFile: (path: string, other: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const listed = new Set(paths)
  const unlisted = Map.groupBy(
    [...(tracked ?? [])].filter((path) => !listed.has(path)),
    foldName,
  )
  if (unlisted.size === 0) return paths
  const named: string[] = []
  for (const path of paths) {
    let name = path
    for (const other of tracked?.has(path) ? [] : (unlisted.get(foldName(path)) ?? [])) {
      if (await isSameFile(path, other)) name = other
    }
    named.push(name)
  }
  return named.sort()
}

/** @returns whether a disk has one file by two names, other than by a link */
export async function isSameFile(folder: string, path: string, other: string): Promise<boolean> {
  const [one, two] = [join(folder, path), join(folder, other)]
  try {
    const stats = await Promise.all([lstat(one), lstat(two)])
    return !stats.some((file) => file.isSymbolicLink()) && (await realpath(one)) === (await realpath(two))
  } catch {
    return false // there is no file by one of the names
  }
}

/** @param path relative to the workspace, which is a real path
 *  @returns whether git tracks the bytes of a file, in the commit or in the index. Of a file that is reached through a link,
 *   git has to track both the link and the file. */
export async function isTracked(
  path: string,
  { linked, tracked }: Pick<Found, 'linked'> & { readonly tracked: Tracked },
  workspace: string,
): Promise<boolean> {
  const isLinked = linked.has(path)
  if (!isLinked && tracked.names.has(path)) return true
  const index = await tracked.listIndex()
  if (!isLinked) return index.has(tracked.locate(path))
  const segments = path.split('/')
  if (!segments.some((_, at) => index.has(tracked.locate(segments.slice(0, at + 1).join('/'))))) return false
  const target = await resolvePath(workspace, path, tracked.standIns).catch(() => undefined)
  // a link to nothing, or out of the workspace, fails by itself
  return target === undefined || !isInWorkspace(workspace, target) || index.has(target)
}

/** @param matching the files of git that match, relative to the workspace
 *  @param found the files of the run
 *  @returns a notice for the files of git that are not on disk; none if all are */
export async function tellMissing(
  matching: readonly string[],
  found: ReadonlySet<string>,
  { locate }: Pick<Tracked, 'locate'>,
): Promise<string[]> {
  const missing: string[] = []
  for (const path of matching) {
    if (!found.has(path) && (await lstat(locate(path)).catch(() => undefined)) === undefined) missing.push(path)
  }
  if (missing.length === 0) return []
  return [
    `git has matching files that are not in the work tree, so the run leaves them out: ${some(missing)}: check them out, or keep an earlier step from deleting them`,
  ]
}
