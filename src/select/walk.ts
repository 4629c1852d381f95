import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isGitName } from '../inputs/git-name.ts'
import { isInWorkspace } from '../inputs/paths.ts'
import { type Entry, filesBelow, findEntry, readFolder } from './read-folder.ts'
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
type Walk = {
  workspace: string
  paths: Set<string>
  outside: Set<string>
  linked: Set<string>
  linkedFolders: number
  targets: Map<string, string | undefined>
  maxLinkedFolders: number
  standIns: StandIns
}

/**
 * Lists the files below the root, or below some of its folders. Links, and text files that stand for them, are followed
 * inside the workspace, but not into a `.git`, and not to a folder above the link.
 * @param starts the folders and files to read, POSIX and relative to the root
 * @returns paths with the names on disk, sorted
 * @throws TreeError
 */
export async function walk(
  { workspace, root, rootPath }: TreePlace,
  starts: readonly string[] = [''],
  { maxLinkedFolders = LINKED_FOLDERS_MAX, standIns = NO_STAND_INS }: WalkSettings = {},
): Promise<Found> {
  const found = { paths: new Set<string>(), outside: new Set<string>(), linked: new Set<string>() }
  const state: Walk = { ...found, workspace, linkedFolders: 0, targets: new Map(), maxLinkedFolders, standIns }
  const top: Folder = { path: rootPath, real: root, above: [], isLinked: false }
  const queue: Folder[] = []
  for (const start of starts) queue.push(...(await reach(top, start, state)))
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of await readFolder(folder.real)) {
      const { name, isFolder } = entry
      if (isGitName(name)) continue
      const inner =
        isFolder || isLink(folder, entry, state) ? await enter(folder, entry, state) : noteFile(folder, name, state)
      if (inner !== undefined) queue.push(inner)
    }
  }
  return { paths: [...found.paths].sort(), outside: [...found.outside].sort(), linked: found.linked }
}

/** Goes to a folder without reading the folders above it. A file is noted.
 *  @returns the folder; empty if there is none to read */
async function reach(top: Folder, start: string, state: Walk): Promise<Folder[]> {
  let folder = top
  const names = start.split('/').filter((name) => name !== '')
  for (const [index, name] of names.entries()) {
    const entry = await findEntry(folder.real, name)
    if (entry === undefined || isGitName(entry.name)) return []
    const isLast = index === names.length - 1
    const isEntered = entry.isFolder || isLink(folder, entry, state)
    if (isLast && !isEntered) noteFile(folder, entry.name, state)
    const inner = isEntered ? await enter(folder, entry, state) : undefined
    if (inner === undefined) return []
    folder = inner
  }
  return [folder]
}

/** @returns the folder, or the folder that a link leads to; undefined if it is not read */
async function enter(folder: Folder, entry: Entry, state: Walk): Promise<Folder | undefined> {
  const { path, real, isLinked } = folder
  const { name, bytes } = entry
  const below = { path: `${path}${name}/`, above: [...folder.above, real] }
  if (isLink(folder, entry, state)) {
    const target = await linkedFolder(real, name, state)
    if (target === undefined) return noteFile({ path, isLinked: true }, name, state)
    if (isInWorkspace(state.workspace, target)) {
      return below.above.includes(target) ? undefined : count({ ...below, real: target, isLinked: true }, state)
    }
    state.outside.add(path + name)
    return undefined
  }
  if (bytes === undefined) return count({ ...below, real: join(real, name), isLinked }, state)
  for (const inner of await filesBelow(real, bytes)) {
    noteFile({ ...below, isLinked }, inner, state)
  }
  return undefined
}

function noteFile(
  { path, isLinked }: Pick<Folder, 'path' | 'isLinked'>,
  name: string,
  { paths, linked }: Walk,
): undefined {
  paths.add(path + name)
  if (isLinked) linked.add(path + name)
}

function count(folder: Folder, state: Walk): Folder {
  if (folder.isLinked) state.linkedFolders += 1
  if (state.linkedFolders > state.maxLinkedFolders)
    throw new TreeError(
      `root: more than ${state.maxLinkedFolders} folders are reached through symbolic links, such as ${folder.path}: set root to a folder without such links`,
    )
  return folder
}

/** @returns whether an entry is a link, or a text file that stands for one */
function isLink({ real }: Folder, { name, isLink, isFolder }: Entry, { standIns }: Walk): boolean {
  return isLink || (!isFolder && standIns.has(join(real, name)))
}

/** One link can be reached by many paths.
 *  @returns the real path of the folder that a link leads to; undefined if it leads to none */
async function linkedFolder(folder: string, name: string, { targets, standIns }: Walk): Promise<string | undefined> {
  const path = join(folder, name)
  if (!targets.has(path)) targets.set(path, await targetOf(folder, name, standIns))
  return targets.get(path)
}

async function targetOf(folder: string, name: string, standIns: StandIns): Promise<string | undefined> {
  try {
    const target = await resolvePath(folder, name, standIns)
    return (await stat(target)).isDirectory() ? target : undefined
  } catch {
    return undefined
  }
}
