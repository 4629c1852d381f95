import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Inputs } from '../inputs/inputs.ts'
import { takeShard } from '../inputs/shard.ts'
import type { ChangedFile, Changes } from './by-git.ts'
import { decodeName, isGitName } from './names.ts'

/** The root can't be synced as a whole. An empty folder usually means that the build failed. */
export class TreeError extends Error {
  override name = 'TreeError'
}

/** Links between a few folders can make any number of paths, as in some package managers' node_modules. */
const LINKED_FOLDERS_MAX = 10_000

type FolderQuery = Pick<Inputs, 'root' | 'files' | 'shard' | 'base'> & { maxLinkedFolders?: number }

/**
 * Every file below the root that matches `files`, also untracked files. Links are followed inside the workspace, but not
 * into a `.git`.
 * @param head full SHA of the commit that is checked out; '' for none
 * @returns paths relative to the workspace
 * @throws TreeError
 */
export async function findAll(
  workspace: string,
  head: string,
  { root, files, shard, base, maxLinkedFolders = LINKED_FOLDERS_MAX }: FolderQuery,
): Promise<Changes> {
  const rootPath = root === '.' ? '' : `${root}/`
  const real = await realpath(join(workspace, root)).catch(() => undefined)
  if (real === undefined) throw new TreeError(`root: there is no folder '${root}': ${HINT}`)
  const { paths, outside } = await listTree({
    workspace: await realpath(workspace),
    root: real,
    rootPath,
    maxLinkedFolders,
  })
  if (paths.length === 0) throw new TreeError(`root: '${root}' contains no file: ${HINT}`)
  const isMatching = (path: string): boolean => files(path.slice(rootPath.length))
  const matching = [...paths, ...outside].filter(isMatching).sort()
  if (matching.length === 0)
    throw new TreeError(`files: none of the ${paths.length} files below '${root}' matches: check the patterns, or root`)
  return {
    base: '',
    head,
    baseStrategy: 'all',
    rootPath,
    ...takeShard(
      matching.map((path): ChangedFile => ({ path, change: 'present' })),
      shard,
    ),
    considered: paths.length,
    steps: [
      ...(base === '' ? [] : [`base: '${base}' has no effect in mode: all`]),
      'mode: all, so every matching file is compared with the Source',
    ],
    notices: [],
    warnings: [],
    leftOut: new Map(outside.filter((path) => !isMatching(path)).map((path) => [path, NOT_FOLLOWED])),
  }
}

const HINT = 'did the build step fail or write to another folder, or is the download step missing?'

/** `above`: real paths of the folders between the root and this one; `linked`: it was reached through a link. */
type Folder = { path: string; real: string; above: readonly string[]; linked: boolean }
/** `outside`: links to folders outside the workspace */
type Found = { paths: string[]; outside: string[] }

/** Lists files by name. A link to a folder above it is not followed. */
async function listTree(tree: {
  workspace: string
  root: string
  rootPath: string
  maxLinkedFolders: number
}): Promise<Found> {
  const found: Found = { paths: [], outside: [] }
  const queue: Folder[] = [{ path: tree.rootPath, real: tree.root, above: [], linked: false }]
  let linked = 0
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (folder.linked) linked += 1
    if (linked > tree.maxLinkedFolders)
      throw new TreeError(
        `root: more than ${tree.maxLinkedFolders} folders are reached through symbolic links, such as ${folder.path}: set root to a folder without such links`,
      )
    for (const inner of await readInto(folder, tree.workspace, found)) queue.push(inner)
  }
  found.paths.sort()
  return found
}

/** Reads one folder. @returns its folders */
async function readInto({ path, real, above, linked }: Folder, workspace: string, found: Found): Promise<Folder[]> {
  const folders: Folder[] = []
  const onTheWay = [...above, real]
  for (const { name, isFolder, isLink, bytes } of await readFolder(real)) {
    const inside = `${path}${name}`
    const below = { path: `${inside}/`, above: onTheWay }
    if (isGitName(name)) continue
    if (isLink) {
      const target = await linkedFolder(join(real, name))
      if (target === undefined) found.paths.push(inside)
      else if (!isInside(workspace, target)) found.outside.push(inside)
      else if (!onTheWay.includes(target)) folders.push({ ...below, real: target, linked: true })
    } else if (!isFolder) found.paths.push(inside)
    else if (bytes === undefined) folders.push({ ...below, real: join(real, name), linked })
    else found.paths.push(...(await namesBelow(joinBytes(Buffer.from(real), bytes), below.path)))
  }
  return folders
}

const NOT_FOLLOWED =
  'a symbolic link to a folder outside the workspace or in .git: it is never followed; put the files themselves there'

type Entry = { name: string; isFolder: boolean; isLink: boolean /** for a name that is not UTF-8 */; bytes?: Buffer }

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
async function namesBelow(folder: Buffer, path: string): Promise<string[]> {
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

/** @returns the real path of the folder that a link leads to; undefined for other targets */
async function linkedFolder(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined
  } catch {
    return undefined
  }
}

function isInside(workspace: string, path: string): boolean {
  const segments = relative(workspace, path).split(sep)
  return segments[0] !== '..' && !segments.some(isGitName)
}
