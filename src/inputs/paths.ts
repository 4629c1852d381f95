import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path, { dirname, isAbsolute, type PlatformPath, posix, relative, resolve, sep } from 'node:path'
import { isGitName } from './git-name.ts'
import type { Allowed } from './values.ts'

/** The longest target of a link on Linux. */
const TARGET_BYTES_MAX = 4096

/** @returns POSIX, relative to the workspace; '.' is the workspace itself */
export function parseRoot(text: string, workspace: string): string | Allowed {
  const allowed = 'a folder inside the workspace, relative to it'
  try {
    return checkRoot(text, workspace, allowed)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return { allowed: `${allowed} (${code})` } // a link in a circle, or a name that is too long
  }
}

function checkRoot(text: string, workspace: string, allowed: string): string | Allowed {
  const folder = resolveInside(text, workspace)
  if (folder === undefined) return { allowed }
  const stats = statSync(folder, { throwIfNoEntry: false })
  const places = [[workspace, folder] as const, ...(stats === undefined ? [] : [realPaths(workspace, folder)])]
  const names = places.map(([above, place]) => namesBelow(above, place))
  if (names.includes(undefined)) return { allowed }
  if (names.flat().some((name) => isGitName(name ?? ''))) return { allowed: `${allowed}, and not in .git` }
  if (stats === undefined || stats.isDirectory()) return toPosix(relative(workspace, folder))
  const target = standsFor(folder, workspace)
  if (target === undefined) return { allowed }
  return { allowed: `${allowed}; it is a text file that git wrote in place of a link: set root: ${target}` }
}

/** @returns the absolute path; undefined for a text that is not a relative path, or leads out */
function resolveInside(text: string, workspace: string): string | undefined {
  if (isAbsolute(text) || text.includes('\0')) return undefined
  const path = resolve(workspace, text)
  return namesBelow(workspace, path) === undefined ? undefined : path
}

/** Git writes a link as a text file where `core.symlinks` is false.
 *  @returns the folder that the link would lead to, relative to the workspace */
function standsFor(file: string, workspace: string): string | undefined {
  const stats = statSync(file)
  if (!stats.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX) return undefined
  const text = readFileSync(file, 'utf8')
  if (/\p{Cc}/u.test(text)) return undefined
  const target = resolve(dirname(file), text)
  return isInWorkspace(workspace, target) && isA('isDirectory', target)
    ? toPosix(relative(workspace, target))
    : undefined
}

/** For a folder to write to, which need not be there yet.
 *  @returns POSIX, relative to the workspace; '.' is the workspace itself */
export function parseFolder(text: string, workspace: string): string | Allowed {
  const allowed = 'a folder inside the workspace, relative to it, not in .git, without links that lead out of it'
  const folder = text === '' ? undefined : resolveInside(text, workspace)
  if (folder === undefined || !isInWorkspace(workspace, folder) || !staysInside(workspace, folder)) return { allowed }
  return toPosix(relative(workspace, folder))
}

/** @returns whether what is there of the path is a folder, and inside */
function staysInside(workspace: string, folder: string): boolean {
  try {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return staysInside(workspace, dirname(folder))
    return statSync(folder).isDirectory() && isInWorkspace(...realPaths(workspace, folder))
  } catch {
    return false // a link that leads nowhere, or a file among its folders
  }
}

/** @returns POSIX, relative to the workspace */
export function parseFile(text: string, workspace: string): string | Allowed {
  if (text === '') return ''
  const allowed = 'a file inside the workspace, relative to it, and not in .git'
  const file = resolveInside(text, workspace)
  if (file === undefined) return { allowed }
  if (!isA('isFile', file)) return { allowed: `${allowed} (there is none of that name)` }
  return isInWorkspace(...realPaths(workspace, file)) ? toPosix(relative(workspace, file)) : { allowed }
}

/** As the system has them: on Windows a path can be of a mapped drive, or have short names. */
function realPaths(workspace: string, file: string): [workspace: string, file: string] {
  return [realpathSync.native(workspace), realpathSync.native(file)]
}

/** Whether what an input names may be read or written to; both paths are real ones. */
export function isInWorkspace(workspace: string, file: string, system: PlatformPath = path): boolean {
  const names = namesBelow(workspace, file, system)
  return names !== undefined && !names.some(isGitName)
}

/** @returns the names between a folder and a path; undefined if the path is not below the folder */
export function namesBelow(folder: string, file: string, system: PlatformPath = path): string[] | undefined {
  const rest = system.relative(folder, file)
  const names = rest === '' ? [] : rest.split(system.sep)
  return names[0] === '..' || system.isAbsolute(rest) ? undefined : names // absolute: another drive, or a share
}

function isA(kind: 'isFile' | 'isDirectory', path: string): boolean {
  try {
    return statSync(path)[kind]()
  } catch {
    return false // nothing, a link that leads in a circle, a file among its folders, or a name that is too long
  }
}

function toPosix(text: string): string {
  return posix.normalize(text.split(sep).join('/') || '.')
}
