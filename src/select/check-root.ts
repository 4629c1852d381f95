import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { InputError } from '../inputs/reader.ts'
import { findNested } from './find-nested.ts'
import type { Git } from './git.ts'
import type { FolderEntry, GitError } from './git-output.ts'
import { listFolder } from './work-tree.ts'

export type RootProblem = { readonly level: 'error' | 'warning'; readonly text: string }

type Place = {
  readonly workspace: string
  readonly root: string
  /** full SHA of the commit that is checked out; '' for none */
  readonly head: string
}

type Query = Place & { readonly files: Inputs['files'] }

const BUILT = 'so no push publishes one: set mode: all for files that a step makes'

/** Looks at a root below which nothing changed.
 *  @returns why no push can publish a file below it; undefined if one can
 *  @throws GitError */
export async function findRootProblem(git: Git | undefined, place: Query): Promise<RootProblem | undefined> {
  const { workspace, root, head, files } = place
  if (root === '.' || git?.rootPath === '') return undefined
  const entries = (await git?.listFolder(head, git.rootPath)) ?? []
  const relativePath = (path: string): string => path.slice(git?.rootPath.length)
  if (entries.some(({ kind, path }) => kind !== 'file' || files(relativePath(path)))) return undefined
  const isThere = existsSync(join(workspace, root))
  if (entries.length > 0) return isThere ? warnOfUntracked(place) : undefined // a sparse checkout lacks the root
  const text =
    (await explainRoot(git, place)) ?? (isThere ? git && `git has no file below '${root}', ${BUILT}` : missing(root))
  return text === undefined ? undefined : { level: 'error', text: `root: ${text}` }
}

function missing(root: string): string {
  return `'${root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`
}

async function warnOfUntracked({ workspace, root, files }: Query): Promise<RootProblem | undefined> {
  const example = (await listFolder({ workspace, root })).files.find((path) => files(path.slice(root.length + 1)))
  if (example === undefined) return undefined
  const text = `root: git has no file below '${root}' that matches files, and does not track ${example}, ${BUILT}`
  return { level: 'warning', text }
}

/** @returns why a root is missing or empty, and the right root; undefined if the reason is unknown
 *  @throws GitError */
export async function explainRoot(git: Git | undefined, place: Place): Promise<string | undefined> {
  if (place.root === '.') return undefined
  return (git && (await explainByGit(git, place))) ?? (await explainByDisk(place))
}

async function explainByGit(git: Git, { workspace, root, head }: Place): Promise<string | undefined> {
  if (head === '' || git.rootPath === '') return undefined
  const found = await findInTree(git, head)
  if (found === undefined) return undefined
  const folder = relative(await realpath(workspace), git.topLevel)
    .split(sep)
    .join('/')
  const path = (folder === '' ? '' : `${folder}/`) + found.path
  if (found.kind === 'link')
    return `'${root}' leads through the link '${path}' to no folder: set root to a folder without links`
  if (found.kind === 'folder') return `${found.path}/` === git.rootPath ? undefined : otherName(root, path)
  const what = `${found.path}/` === git.rootPath ? 'is a submodule that' : `is in the submodule '${path}', which`
  return `'${root}' ${what} is not checked out: set submodules: true on actions/checkout`
}

/** Follows the root in a commit up to a submodule or a link, also by names that differ by case or Unicode form. */
async function findInTree(git: Git, head: string): Promise<FolderEntry | undefined> {
  let prefix = ''
  for (const name of git.rootPath.split('/').slice(0, -1)) {
    const entry: FolderEntry | undefined = pick(await git.listFolder(head, prefix), prefix + name)
    if (entry?.kind === 'submodule' || entry?.kind === 'link') return entry
    if (entry?.kind !== 'folder') return undefined
    prefix = `${entry.path}/`
  }
  return { path: prefix.slice(0, -1), kind: 'folder' }
}

/** @returns the entry of this path, else one whose path differs only by case or Unicode form */
function pick(entries: readonly FolderEntry[], path: string): FolderEntry | undefined {
  return (
    entries.find((entry) => entry.path === path) ?? entries.find((entry) => foldName(entry.path) === foldName(path))
  )
}

async function explainByDisk({ workspace, root }: Omit<Place, 'head'>): Promise<string | undefined> {
  const found = await findOnDisk(workspace, root)
  if (found === root) return undefined
  if (found !== undefined) return otherName(root, found)
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

/** Explains a root of a workspace that is not a repository itself.
 *  @param nested the repositories in it
 *  @returns undefined if the root can be right */
async function explainNested(
  nested: readonly string[],
  { workspace, root }: Omit<Place, 'head'>,
): Promise<string | undefined> {
  const [first] = nested
  if (root !== '.' || first === undefined)
    return existsSync(join(workspace, root)) ? undefined : explainByDisk({ workspace, root })
  const names = await readdir(workspace)
  const isOther = (name: string): boolean => !nested.some((folder) => folder.split('/')[0] === name)
  return names.some(isOther)
    ? undefined
    : `the workspace is not a repository, but '${first}' is: set root: ${first}, or a folder in it`
}

/** Refuses a root whose files GitHub's API can't tell, because the repository is in a folder of the workspace.
 *  @param error why git has no repository
 *  @throws InputError; the error if the root is in that folder */
export async function refuseNested(place: Omit<Place, 'head'>, error: GitError): Promise<void> {
  if (existsSync(join(place.workspace, '.git'))) return
  const nested = await findNested(place.workspace)
  const text = await explainNested(nested, place)
  if (text !== undefined) throw new InputError([`root: ${text}`])
  if (nested.some((folder) => `${place.root}/`.startsWith(`${folder}/`))) throw error
}

/** @returns a warning about a workspace that contains repositories and nothing else, whose names become part of every
 *  URL */
export async function warnOfNested(place: Omit<Place, 'head'>): Promise<string[]> {
  const text = place.root === '.' ? await explainNested(await findNested(place.workspace), place) : undefined
  return text === undefined ? [] : [`root: ${text}`]
}

async function findOnDisk(workspace: string, root: string): Promise<string | undefined> {
  const found: string[] = []
  for (const name of root.split('/')) {
    const entries = await readdir(join(workspace, ...found), { withFileTypes: true }).catch(() => []) // not a folder
    const names = entries.filter((entry) => !entry.isFile()).map((entry) => entry.name)
    const other = names.includes(name) ? name : names.find((entry) => foldName(entry) === foldName(name))
    if (other === undefined) return undefined
    found.push(other)
  }
  return found.join('/')
}

function otherName(root: string, path: string): string {
  const difference = root.normalize() === path.normalize() ? 'Unicode form' : 'case'
  return `'${root}' differs by ${difference} from '${path}', which is the name of the folder: set root: ${path}`
}
