import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import { isGitName } from '../inputs/git-name.ts'
import { InputError } from '../inputs/reader.ts'
import type { Git } from './git.ts'
import type { GitError } from './git-output.ts'
import type { HeadTree } from './head-tree.ts'
import { findAlike, relativePath } from './names.ts'
import { readFolder } from './walk.ts'

type Root = { readonly workspace: string; readonly root: string }
/** `head`: full SHA of the commit that is checked out; '' for none */
type Place = Root & { readonly head: string }

/** Looks at a root below which nothing changed.
 *  @returns why no push can publish a file below it; undefined if one can
 *  @throws GitError */
export async function findRootError(tree: HeadTree, place: Root): Promise<string | undefined> {
  const { workspace, root } = place
  const { git, rootPath, head } = tree
  if (rootPath === '' || (git !== undefined && (await hasFiles(tree)))) return undefined
  const isThere = existsSync(join(workspace, root))
  const unknown = isThere
    ? git && `git has no file below '${root}', so no push publishes one: set mode: all for files that a step makes`
    : `there is no folder '${root}': check its name`
  const text = (await explainRoot(git, { ...place, head: head.sha })) ?? unknown
  return text === undefined ? undefined : `root: ${text}`
}

/** The files of a submodule that is not checked out are not known. */
async function hasFiles({ rootPath, list }: HeadTree): Promise<boolean> {
  const { files, missing } = await list()
  return !files[Symbol.iterator]().next().done || missing.some((path) => path.startsWith(rootPath))
}

/** @returns why a root is missing or empty, and the right root; undefined if the reason is unknown
 *  @throws GitError */
export async function explainRoot(git: Git | undefined, place: Place): Promise<string | undefined> {
  if (place.root === '.') return undefined
  return (git && (await explainByGit(git, place))) ?? (await explainByDisk(place))
}

/** @param isNeeded files are taken from the folder and not from git
 *  @returns why a root can't be right, by the work tree alone; undefined where git can have its files */
export async function explainMissing(place: Root, isNeeded: boolean): Promise<string | undefined> {
  if (existsSync(join(place.workspace, place.root))) return undefined
  const missing = isNeeded ? `there is no folder '${place.root}'` : undefined
  return (await explainByDisk(place)) ?? missing
}

async function explainByGit(git: Git, { workspace, root, head }: Place): Promise<string | undefined> {
  const { rootPath, topLevel } = git
  if (head === '' || rootPath === '') return undefined
  const { files, links, submodules } = await git.listTree(head, [])
  const folded = foldName(rootPath)
  const isOnTheWay = (path: string): boolean => folded.startsWith(`${foldName(path)}/`)
  const above = relativePath(await realpath(workspace), topLevel)
  let alike: string | undefined
  for (const path of files) {
    if (path.startsWith(rootPath)) return undefined
    if (foldName(path).startsWith(folded)) alike ??= path
  }
  const link = [...links.keys()].find(isOnTheWay)
  if (link !== undefined)
    return `'${root}' leads through the link '${posix.join(above, link)}' to no folder: set root to a folder without links`
  const submodule = [...submodules.keys()].find(isOnTheWay)
  if (submodule !== undefined)
    return `'${root}' needs the submodule '${posix.join(above, submodule)}', which is not checked out: set submodules: true on actions/checkout, or run git submodule update --init`
  const names = alike?.split('/').slice(0, rootPath.split('/').length - 1)
  return names && otherName(root, posix.join(above, ...names))
}

async function explainByDisk({ workspace, root }: Root): Promise<string | undefined> {
  const found = await findOnDisk(workspace, root)
  if (found !== undefined) return found === root ? undefined : otherName(root, found)
  const nested = (await findNested(workspace)).find((folder) => existsSync(join(workspace, folder, root)))
  if (nested === undefined) return explainHabit(workspace, root)
  return `there is no folder '${root}', but the repository in '${nested}' has one: set root: ${nested}/${root}`
}

/** Reads a root that is written as a pattern, in quotes, with a variable, or as on Windows. */
function explainHabit(workspace: string, root: string): string | undefined {
  const written = root.replace(/^["'`]|["'`]$/g, '').replaceAll('\\', '/')
  const path = written.replace(/^(\$\w+|\$\{\w+\}|%\w+%)\//, '').replace(/\/+(\*.*)?$/, '')
  const isFolder = path !== '' && path !== root && !path.split('/').includes('..') && existsSync(join(workspace, path))
  return isFolder
    ? `'${root}' is not the path of a folder, without quotes, variables, wildcards or backslashes: set root: ${path}`
    : undefined
}

/** @returns the path of a folder with the names on disk, which can differ by case or Unicode form; undefined if there is none */
async function findOnDisk(workspace: string, root: string): Promise<string | undefined> {
  let path = ''
  for (const name of root.split('/')) {
    const entries = await readFolder(join(workspace, path)).catch(() => [])
    const folders = entries.filter(({ isFolder, isLink }) => isFolder || isLink)
    const found = findAlike(folders, name, (entry) => entry.name)
    if (found === undefined) return undefined
    path = posix.join(path, found.name)
  }
  return path
}

/** @param nested the repositories in a workspace that is not one itself
 *  @returns undefined if the root can be right */
async function explainNested(nested: readonly string[], place: Root): Promise<string | undefined> {
  const { workspace, root } = place
  const [first] = nested
  if (root !== '.' || first === undefined) return existsSync(join(workspace, root)) ? undefined : explainByDisk(place)
  const folders = nested.map((folder) => folder.split('/')[0])
  if ((await readdir(workspace)).some((name) => !folders.includes(name))) return undefined
  return `the workspace is not a repository, but '${first}' is: set root: ${first}, or a folder in it`
}

/** Refuses a root whose files GitHub's API can't tell, because the repository is in a folder of the workspace.
 *  @throws InputError; `error`, why git has no repository, if the root is in that folder */
export async function refuseNested(place: Root, error: GitError): Promise<void> {
  if (existsSync(join(place.workspace, '.git'))) return
  const nested = await findNested(place.workspace)
  const text = await explainNested(nested, place)
  if (text !== undefined) throw new InputError([`root: ${text}`])
  if (nested.some((folder) => `${place.root}/`.startsWith(`${folder}/`))) throw error
}

/** Warns of a workspace of repositories and nothing else: their names become part of every URL. */
export async function warnOfNested(place: Root): Promise<string[]> {
  const text = place.root === '.' ? await explainNested(await findNested(place.workspace), place) : undefined
  return text === undefined ? [] : [`root: ${text}`]
}

function otherName(root: string, path: string): string {
  const difference = root.normalize() === path.normalize() ? 'Unicode form' : 'case'
  return `'${root}' differs by ${difference} from '${path}', which is the name of the folder: set root: ${path}`
}

const DEPTH_MAX = 3
const FOLDERS_MAX = 1000

/** Finds repositories below the workspace, where `actions/checkout` puts one by its input `path`.
 *  @returns POSIX, relative to the workspace, the nearest first */
async function findNested(workspace: string): Promise<string[]> {
  const found: string[] = []
  const folders = ['']
  for (const folder of folders) {
    for (const { name, isFolder } of await readFolder(join(workspace, folder)).catch(() => [])) {
      if (!isFolder || isGitName(name) || name === 'node_modules') continue
      const path = folder + name
      if (existsSync(join(workspace, path, '.git'))) found.push(path)
      else if (path.split('/').length < DEPTH_MAX && folders.length < FOLDERS_MAX) folders.push(`${path}/`)
    }
  }
  return found
}
