import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import { isGitName } from '../inputs/git-name.ts'
import { decodeName } from './names.ts'

export type Entry = {
  name: string
  isFolder: boolean
  isLink: boolean
  /** for a name that is not UTF-8 */
  bytes?: Buffer
}

/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
export async function findEntry(folder: string, name: string): Promise<Entry | undefined> {
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

export async function readFolder(real: string): Promise<Entry[]> {
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
export function filesBelow(folder: string, name: Buffer): Promise<string[]> {
  return namesBelow(joinBytes(Buffer.from(folder), name))
}

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
