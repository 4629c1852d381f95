import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { decodeName, encodePath, findAlike } from './names.ts'

export type Entry = { readonly name: string; readonly isFolder: boolean; readonly isLink: boolean }

/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
export async function findEntry(folder: string, name: string): Promise<Entry | undefined> {
  const full = join(folder, name)
  const stats = name.includes('\0') ? undefined : await lstat(full).catch(ignoreMissing)
  if (stats === undefined) return undefined
  const isLink = stats.isSymbolicLink()
  const found = isLink ? findAlike(await readdir(folder), name) : basename(await realpath(full))
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
