import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import path, { basename, join, sep } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import { isGitName } from '../inputs/git-name.ts'
import { decodeName } from './names.ts'

/** The root can't be synced as a whole. An empty folder usually means that the build failed. */
export class TreeError extends Error {
  override name = 'TreeError'
}

/** Links between a few folders can make any number of paths, as in some package managers' node_modules. */
const LINKED_FOLDERS_MAX = 10_000

export type TreePlace = {
  /** real path */
  readonly workspace: string
  /** its real path */
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
}

/**
 * Lists the files below the root, or below some of its folders. Links are followed inside the workspace, but not into a
 * `.git`, and not to a folder above the link.
 * @param starts the folders and files to read, POSIX and relative to the root
 * @returns paths with the names on disk, sorted
 * @throws TreeError
 */
export async function walk(
  { workspace, root, rootPath }: TreePlace,
  starts: readonly string[] = [''],
  maxLinkedFolders = LINKED_FOLDERS_MAX,
): Promise<Found> {
  const found = { paths: new Set<string>(), outside: new Set<string>(), linked: new Set<string>() }
  const state: Walk = { ...found, workspace, linkedFolders: 0, targets: new Map(), maxLinkedFolders }
  const top: Folder = { path: rootPath, real: root, above: [], isLinked: false }
  const queue: Folder[] = []
  for (const start of starts) queue.push(...(await reach(top, start, state)))
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of await readFolder(folder.real)) {
      const { name, isFolder, isLink } = entry
      if (isGitName(name)) continue
      const inner = isFolder || isLink ? await enter(folder, entry, state) : noteFile(folder, name, state)
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
    if (isLast && !entry.isFolder && !entry.isLink) noteFile(folder, entry.name, state)
    const inner = entry.isFolder || entry.isLink ? await enter(folder, entry, state) : undefined
    if (inner === undefined) return []
    folder = inner
  }
  return [folder]
}

/** @returns the folder, or the folder that a link leads to; undefined if it is not read */
async function enter(folder: Folder, { name, isLink, bytes }: Entry, state: Walk): Promise<Folder | undefined> {
  const { path, real, isLinked } = folder
  const below = { path: `${path}${name}/`, above: [...folder.above, real] }
  if (isLink) {
    const target = await linkedFolder(join(real, name), state.targets)
    if (target === undefined) return noteFile({ path, isLinked: true }, name, state)
    if (isInside(state.workspace, target)) {
      return below.above.includes(target) ? undefined : count({ ...below, real: target, isLinked: true }, state)
    }
    state.outside.add(path + name)
    return undefined
  }
  if (bytes === undefined) return count({ ...below, real: join(real, name), isLinked }, state)
  for (const inner of await namesBelow(joinBytes(Buffer.from(real), bytes))) {
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

type Entry = { name: string; isFolder: boolean; isLink: boolean /** for a name that is not UTF-8 */; bytes?: Buffer }

/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
async function findEntry(folder: string, name: string): Promise<Entry | undefined> {
  const full = join(folder, name)
  const stats = name.includes('\0') ? undefined : await lstat(full).catch(ignoreMissing)
  if (stats === undefined) return undefined
  const isLink = stats.isSymbolicLink()
  const found = isLink ? await listedName(folder, name) : basename(await realpath(full))
  return { name: found, isFolder: stats.isDirectory(), isLink }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'].includes(error.code ?? '')) throw error
}

async function listedName(folder: string, name: string): Promise<string> {
  const names = await readdir(folder)
  return names.includes(name) ? name : (names.find((other) => foldName(other) === foldName(name)) ?? name)
}

async function readFolder(real: string): Promise<Entry[]> {
  const entries = await readdir(real, { withFileTypes: true })
  // Node replaces parts of a name that is not UTF-8 by this character
  if (entries.some(({ name }) => name.includes('\ufffd'))) return readBytes(Buffer.from(real))
  return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }))
}

async function readBytes(folder: Buffer): Promise<Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  return entries.map((entry) => {
    const name = decodeName(entry.name)
    const kind = { name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }
    return name.isWellFormed() ? kind : { ...kind, bytes: entry.name }
  })
}

/** Lists the files in a folder whose name is not UTF-8, so that each can be reported. */
async function namesBelow(folder: Buffer, path = ''): Promise<string[]> {
  const names: string[] = []
  for (const { name, isFolder, bytes } of await readBytes(folder)) {
    if (isGitName(name)) continue
    const inside = joinBytes(folder, bytes ?? Buffer.from(name))
    if (isFolder) names.push(...(await namesBelow(inside, `${path}${name}/`)))
    else names.push(`${path}${name}`)
  }
  return names
}

function joinBytes(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from(sep), name])
}

/** @param known the targets so far: one link can be reached by many paths
 *  @returns the real path of the folder that a link leads to; undefined if it leads to none */
async function linkedFolder(path: string, known: Walk['targets']): Promise<string | undefined> {
  if (!known.has(path)) known.set(path, await targetOf(path))
  return known.get(path)
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined
  } catch {
    return undefined
  }
}

/** @returns whether a real path is in the workspace, and not in a `.git` */
export function isInside(workspace: string, target: string, { relative, isAbsolute, sep } = path): boolean {
  const inside = relative(workspace, target)
  const segments = inside.split(sep)
  return !isAbsolute(inside) && segments[0] !== '..' && !segments.some(isGitName)
}
