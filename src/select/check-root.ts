import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { isGitName } from '../inputs/git-name.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { InputError } from '../inputs/reader.ts'
import type { Git } from './git.ts'
import type { FolderEntry, GitError } from './git-output.ts'
import { findAlike, relativePath } from './names.ts'
import { readFolder } from './walk.ts'
import { listFolder } from './work-tree.ts'

type Root = { readonly workspace: string; readonly root: string }
/** `head`: full SHA of the commit that is checked out; '' for none */
type Place = Root & { readonly head: string }

const BUILT = 'so no push publishes one: set mode: all for files that a step makes'

/** Looks at a root below which nothing changed.
 *  @returns why no push can publish a file below it: none can, or none that the checkout has
 *  @throws GitError */
export async function findRootProblem(
  git: Git | undefined,
  place: Place & Pick<Inputs, 'files'>,
): Promise<{ error?: string; warning?: string }> {
  const { workspace, root, head, files } = place
  if (root === '.' || git?.rootPath === '') return {}
  const entries = (await git?.listFolder(head, git.rootPath)) ?? []
  if (entries.some(({ kind, path }) => kind !== 'file' || files(path.slice(git?.rootPath.length)))) return {}
  const isThere = existsSync(join(workspace, root))
  if (entries.length === 0) {
    const missing = `'${root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`
    const text =
      (await explainRoot(git, place)) ?? (isThere ? git && `git has no file below '${root}', ${BUILT}` : missing)
    return text === undefined ? {} : { error: `root: ${text}` }
  }
  const onDisk = isThere ? (await listFolder(place)).files : [] // a sparse checkout lacks the root
  const example = onDisk.find((path) => files(path.slice(root.length + 1)))
  if (example === undefined) return {}
  return {
    warning: `root: git has no file below '${root}' that matches files, and does not track ${example}, ${BUILT}`,
  }
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
  if (head === '' || git.rootPath === '') return undefined
  const found = await descend(git.rootPath.slice(0, -1), (folder) => git.listFolder(head, folder))
  if (found === undefined) return undefined
  const path = posix.join(relativePath(await realpath(workspace), git.topLevel), found.path)
  if (found.kind === 'link')
    return `'${root}' leads through the link '${path}' to no folder: set root to a folder without links`
  if (found.kind === 'folder') return `${found.path}/` === git.rootPath ? undefined : otherName(root, path)
  const what = `${found.path}/` === git.rootPath ? 'is a submodule that' : `is in the submodule '${path}', which`
  return `'${root}' ${what} is not checked out: set submodules: true on actions/checkout`
}

/** Follows a path by names that can differ by case or Unicode form, up to a submodule or a link. */
async function descend(
  path: string,
  list: (folder: string) => Promise<readonly FolderEntry[]>,
): Promise<FolderEntry | undefined> {
  let prefix = ''
  for (const name of path.split('/')) {
    const entry = findAlike(await list(prefix), prefix + name, (each) => each.path)
    if (entry?.kind === 'submodule' || entry?.kind === 'link') return entry
    if (entry?.kind !== 'folder') return undefined
    prefix = `${entry.path}/`
  }
  return { path: prefix.slice(0, -1), kind: 'folder' }
}

async function explainByDisk({ workspace, root }: Root): Promise<string | undefined> {
  const found = await descend(root, async (folder) => {
    const entries = await readFolder(join(workspace, folder)).catch(() => [])
    const folders = entries.filter((entry) => entry.isFolder || entry.isLink)
    return folders.map(({ name }) => ({ path: folder + name, kind: 'folder' }))
  })
  if (found?.path === root) return undefined
  if (found !== undefined) return otherName(root, found.path)
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
