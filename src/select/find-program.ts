import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import path, { type PlatformPath } from 'node:path'
import { namesBelow } from '../inputs/paths.ts'
import { GitError } from './git-output.ts'

/** The operating system, replaced in tests. */
export type System = {
  readonly path: PlatformPath
  /** @returns the real path; undefined if it does not exist */
  realPath(path: string): string | undefined
  isProgram(path: string): boolean
}

const OWN_SYSTEM: System = { path, realPath, isProgram }

/** Finds git on PATH, outside the workspace: the repository can bring programs of its own. A relative folder on PATH is in
 *  the workspace, too, and Windows would look into the working folder first.
 *  @returns the absolute path of git, and its environment without those folders on PATH
 *  @throws GitError if there is none */
export function findGit(
  env: Readonly<Record<string, string | undefined>>,
  workspace: string,
  system: System = OWN_SYSTEM,
): { program: string; env: Record<string, string | undefined> } {
  const { delimiter, sep, join } = system.path
  const isWindows = sep === '\\'
  const name = Object.keys(env).find((key) => key === 'PATH' || (isWindows && key.toUpperCase() === 'PATH')) ?? 'PATH'
  const isForeign = createWorkspaceTest(workspace, system)
  const isTrusted = (folder: string): boolean => isFullPath(folder, system) && !isForeign(folder)
  const folders = (env[name] ?? '')
    .split(delimiter)
    .map((folder) => (isWindows ? folder.replaceAll('"', '') : folder))
    .filter(isTrusted)
  const programs = folders.map((folder) => join(folder, isWindows ? 'git.exe' : 'git'))
  const program = programs.find((file) => system.isProgram(file) && !isForeign(file))
  if (program === undefined) {
    throw new GitError("git can't be run: no folder on PATH outside the workspace has it: install git first")
  }
  const { GIT_EXEC_PATH: own, ...others } = env // the folder of git's other programs
  const kept = own !== undefined && isTrusted(own) ? env : others
  return { program, env: { ...kept, [name]: folders.join(delimiter) } }
}

/** On Windows a path without a drive depends on the working folder. */
function isFullPath(folder: string, { path: { isAbsolute, parse, sep } }: System): boolean {
  return isAbsolute(folder) && (sep === '/' || parse(folder).root.length > 1)
}

/** @returns a function that says whether a path is in the workspace, by name or through links */
function createWorkspaceTest(workspace: string, { path, realPath }: System): (path: string) => boolean {
  const workspaces = [workspace, realPath(workspace) ?? workspace]
  return (file) =>
    [file, realPath(file) ?? file].some((place) =>
      workspaces.some((folder) => namesBelow(folder, place, path) !== undefined),
    )
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync.native(file)
  } catch {
    return undefined
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
