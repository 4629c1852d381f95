import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isGitName } from '../inputs/git-name.ts'
import { isInWorkspace } from '../inputs/paths.ts'
import { decodeName, encodePath, findAlike } from './names.ts'
import { NO_STAND_INS, resolvePath, type StandIns } from './stand-ins.ts'

/** The root can't be synced as a whole. An empty folder usually means that the build failed. */
export class TreeError extends Error {
  override name = 'TreeError'
}

/** Links between a few folders can make any number of paths, as in some package managers' node_modules. */
const LINKED_FOLDERS_MAX = 10_000

export type TreePlace = {
  /** real path */
  readonly workspace: string
  /** the real path of the root */
  readonly root: string
  /** the prefix of all paths: '' or ends with a slash */
  readonly rootPath: string
}

export type Found = {
  /** files and links to files */
  readonly paths: readonly string[]
  /** links to folders outside the workspace */
  readonly outside: readonly string[]
  /** the paths that are links, or were reached through a link */
  readonly linked: ReadonlySet<string>
}

type WalkSettings = { readonly maxLinkedFolders?: number; readonly standIns?: StandIns }

/** `above`: real paths of the folders between the root and this one; `isLinked`: it was reached through a link. */
type Folder = { path: string; real: string; above: readonly string[]; isLinked: boolean }

/** Lists the files below the root. Links, and text files that stand for them, are followed inside the workspace, but not
 *  into a `.git`, and not to a folder above the link.
 *  @param starts the folders and files to read, POSIX and relative to the root
 *  @returns paths with the names on disk, sorted
 *  @throws TreeError */
export async function walk(
  { workspace, root, rootPath }: TreePlace,
  starts: readonly string[] = [''],
  settings: WalkSettings = {},
): Promise<Found> {
  const found = { paths: new Set<string>(), outside: new Set<string>(), linked: new Set<string>() }
  const enter = createEntrance(workspace, found, settings)
  const queue: Folder[] = []
  for (const start of starts) {
    let folder: Folder | undefined = { path: rootPath, real: root, above: [], isLinked: false }
    for (const name of start.split('/').filter((part) => part !== '')) {
      const entry: Entry | undefined = folder && (await findEntry(folder.real, name))
      folder = folder && entry && (await enter(folder, entry))
    }
    if (folder !== undefined) queue.push(folder)
  }
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of await readFolder(folder.real)) {
      const inner = await enter(folder, entry)
      if (inner !== undefined) queue.push(inner)
    }
  }
  return { paths: [...found.paths].sort(), outside: [...found.outside].sort(), linked: found.linked }
}

/** @param found receives the paths of the entries that are not read as folders
 *  @returns a function that gives the folder that an entry is, or leads to; undefined if there is none to read */
function createEntrance(
  workspace: string,
  found: Record<keyof Found, Set<string>>,
  { maxLinkedFolders = LINKED_FOLDERS_MAX, standIns = NO_STAND_INS }: WalkSettings,
): (folder: Folder, entry: Entry) => Promise<Folder | undefined> {
  let linkedFolders = 0
  /** many paths can lead through one link */
  const targets = new Map<string, Promise<string | undefined>>()
  return async (folder, { name, isFolder, isLink }) => {
    if (isGitName(name)) return undefined
    const path = folder.path + name
    const own = join(folder.real, name)
    const follows = isLink || (!isFolder && standIns.has(own))
    if (follows && !targets.has(own)) targets.set(own, findFolder(folder.real, name, standIns))
    const real = isFolder ? own : await targets.get(own)
    const isLinked = folder.isLinked || follows
    if (real === undefined) {
      found.paths.add(path)
      if (isLinked) found.linked.add(path)
      return undefined
    }
    const above = [...folder.above, folder.real]
    const isOutside = follows && !isInWorkspace(workspace, real)
    if (isOutside) found.outside.add(path)
    if (isOutside || (follows && above.includes(real))) return undefined
    if (isLinked) linkedFolders += 1
    if (linkedFolders > maxLinkedFolders)
      throw new TreeError(
        `root: more than ${maxLinkedFolders} folders are reached through symbolic links, such as ${path}/: set root to a folder without such links`,
      )
    return { path: `${path}/`, real, above, isLinked }
  }
}

/** @returns the real path of the folder that a link leads to; undefined if it leads to none */
async function findFolder(folder: string, name: string, standIns: StandIns): Promise<string | undefined> {
  try {
    const target = await resolvePath(folder, name, standIns)
    return (await stat(target)).isDirectory() ? target : undefined
  } catch {
    return undefined
  }
}

type Entry = { readonly name: string; readonly isFolder: boolean; readonly isLink: boolean }

/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
async function findEntry(folder: string, name: string): Promise<Entry | undefined> {
  const full = join(folder, name)
  const stats = name.includes('\0') ? undefined : await lstat(full).catch(ignoreMissing)
  if (stats === undefined) return undefined
  const isLink = stats.isSymbolicLink()
  const found = isLink ? findAlike(await readdir(folder), name, String) : basename(await realpath(full))
  return { name: found ?? name, isFolder: stats.isDirectory(), isLink }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'].includes(error.code ?? '')) throw error
}

/** @param folder a path with names as `decodeName` gives them */
export async function readFolder(folder: string): Promise<Entry[]> {
  const entries = await readdir(encodePath(folder), { withFileTypes: true })
  // Node replaces parts of a name that is not UTF-8 by this character
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries.map((entry) => toEntry(entry.name, entry))
  const raw = await readdir(encodePath(folder), { withFileTypes: true, encoding: 'buffer' })
  return raw.map((entry) => toEntry(decodeName(entry.name), entry))
}

function toEntry(name: string, entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): Entry {
  return { name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }
}
