import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, posix, relative, resolve, sep } from 'node:path'
import { isGitName } from './git-name.ts'
import type { Allowed } from './values.ts'

/** @returns POSIX, relative to the workspace; '.' is the workspace itself */
export function parseRoot(text: string, workspace: string): string | Allowed {
  const allowed = 'a folder inside the workspace, relative to it'
  if (isAbsolute(text) || text.includes('\0')) return { allowed }
  const path = resolve(workspace, text)
  if (!isInside(workspace, path)) return { allowed }
  if (isInGit(workspace, path)) return { allowed: `${allowed}, and not in .git` }
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return toPosix(relative(workspace, path))
  if (!stats.isDirectory()) return { allowed }
  const [folder, real] = [realpathSync(workspace), realpathSync(path)]
  if (isInGit(folder, real)) return { allowed: `${allowed}, and not in .git` }
  return isInside(folder, real) ? toPosix(relative(workspace, path)) : { allowed }
}

/** For a folder to write to, which need not be there yet.
 *  @returns POSIX, relative to the workspace; '.' is the workspace itself */
export function parseFolder(text: string, workspace: string): string | Allowed {
  const allowed = 'a folder inside the workspace, relative to it, not in .git, without links that lead out of it'
  if (text === '' || isAbsolute(text) || text.includes('\0')) return { allowed }
  const path = resolve(workspace, text)
  const isLeft = !isInside(workspace, path) || isInGit(workspace, path)
  return !isLeft && staysInside(workspace, path) ? toPosix(relative(workspace, path)) : { allowed }
}

/** @returns whether what is there of the path is a folder, and inside */
function staysInside(workspace: string, path: string): boolean {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return staysInside(workspace, dirname(path))
    const [folder, real] = [realpathSync(workspace), realpathSync(path)]
    return statSync(path).isDirectory() && isInside(folder, real) && !isInGit(folder, real)
  } catch {
    return false // a link that leads nowhere, or a file among its folders
  }
}

/** @returns POSIX, relative to the workspace */
export function parseFile(text: string, workspace: string): string | Allowed {
  if (text === '') return ''
  const allowed = 'a file inside the workspace, relative to it, and not in .git'
  if (isAbsolute(text) || text.includes('\0') || !isInside(workspace, resolve(workspace, text))) return { allowed }
  const path = resolve(workspace, text)
  if (!isFile(path)) return { allowed: `${allowed} (there is none of that name)` }
  return isInWorkspace(realpathSync(workspace), realpathSync(path)) ? toPosix(relative(workspace, path)) : { allowed }
}

/** Whether what an input names may be read or written to; both paths are real ones. */
export function isInWorkspace(workspace: string, path: string): boolean {
  return isInside(workspace, path) && !isInGit(workspace, path)
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false // a link that leads in a circle, or a file among its folders
  }
}

function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path)
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest)
}

function isInGit(folder: string, path: string): boolean {
  return relative(folder, path).split(sep).some(isGitName)
}

function toPosix(path: string): string {
  return posix.normalize(path.split(sep).join('/') || '.')
}
