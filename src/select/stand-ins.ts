import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, readFile, readlink, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, sep } from 'node:path'
import type { Git } from './git.ts'
import { decodeName, isDiskName } from './names.ts'
import { listFiles } from './submodules.ts'

/** Where `core.symlinks` is false, the default on Windows, git writes the target of a link into a text file in its place.
 *  Absolute path of such a file -> id of git's object with the target. Empty if every link is one. */
export type StandIns = ReadonlyMap<string, string>

export const NO_STAND_INS: StandIns = new Map()

/** Linux follows as many links before it reports a loop. */
const HOPS_MAX = 40
/** The longest target on Linux. */
const TARGET_BYTES_MAX = 4096

/** Another process can put a link or a pipe in the place of the file after the look at it. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** @param head full SHA of the commit that is checked out; '' for none
 *  @param links some of its links, relative to the repository
 *  @throws GitError */
export async function findStandIns(git: Git, head: string, links: Iterable<string>): Promise<StandIns> {
  if (head === '' || !(git.writesLinksAsText || (await hasFile(git.topLevel, links)))) return NO_STAND_INS
  const everywhere = await listFiles(git, head, [])
  const onDisk = [...everywhere.links].filter(([path]) => isDiskName(path))
  return new Map(onDisk.map(([path, id]) => [join(git.topLevel, path), id]))
}

async function hasFile(topLevel: string, links: Iterable<string>): Promise<boolean> {
  for (const path of links) {
    const stats = await lstat(join(topLevel, path)).catch(() => undefined) // not there
    if (stats?.isFile()) return true
  }
  return false
}

/** @param folder real path
 *  @param path POSIX, relative to the folder
 *  @returns its real path, as if every stand-in were a link
 *  @throws a system error, such as ENOENT and ELOOP */
export async function resolvePath(folder: string, path: string, standIns: StandIns): Promise<string> {
  if (standIns.size === 0) return realpath(join(folder, path))
  const { passed, isLoop } = await follow(folder, path, standIns)
  const last = passed.at(-1) ?? folder
  const real = isLoop ? undefined : await realpath(last)
  // a disk that ignores case can have the stand-in by another name
  if (real === undefined || (real !== last && standIns.has(real))) throw systemError('ELOOP', path)
  return real
}

/** @returns every absolute path from a path to its target, which need not exist */
export async function follow(
  folder: string,
  path: string,
  standIns: StandIns,
): Promise<{ passed: string[]; isLoop: boolean }> {
  const passed: string[] = []
  const rest = path.split('/')
  let at = folder
  for (let hops = 0; rest.length > 0; ) {
    const name = rest.shift()
    at = name === '..' ? dirname(at) : join(at, name ?? '')
    passed.push(at)
    const target = await readTarget(at, standIns)
    if (target === undefined) continue
    hops += 1
    if (hops > HOPS_MAX) return { passed, isLoop: true }
    at = target.root === '' ? dirname(at) : target.root
    rest.unshift(...target.names)
  }
  return { passed, isLoop: false }
}

type Target = { readonly root: string; readonly names: readonly string[] }

/** @returns undefined for a path that is no link, or does not exist */
async function readTarget(path: string, standIns: StandIns): Promise<Target | undefined> {
  const target = await readlink(path).catch(() => undefined)
  if (target !== undefined) return split(target, sep)
  const id = standIns.get(path)
  const text = id === undefined ? undefined : await readStandIn(path, id)
  return text === undefined ? undefined : split(text, '/')
}

function split(target: string, separator: string): Target {
  const root = isAbsolute(target) ? parse(target).root : ''
  return { root, names: target.slice(root.length).split(separator) }
}

/** @returns the target; undefined if the file has other bytes: a step has put the real file in its place */
export async function readStandIn(
  path: string,
  id: string,
  windows = process.platform === 'win32',
): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX) return undefined
  const bytes = await readFile(path, { flag: READ_ONLY })
  const hash = createHash(id.length === 40 ? 'sha1' : 'sha256').update(`blob ${bytes.length}\0`)
  if (hash.update(bytes).digest('hex') !== id) return undefined
  const target = decodeName(bytes)
  const names = target.split('/').filter((name) => !['', '.', '..'].includes(name))
  if (!names.every((name) => isDiskName(name, windows))) throw systemError('EINVAL', path)
  return target
}

function systemError(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
