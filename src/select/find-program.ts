import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import path, { type PlatformPath } from 'node:path'
import { GitError } from './git-output.ts'

/** What differs between operating systems. */
export type System = {
  readonly path: PlatformPath
  /** @returns the real path, undefined where there is nothing */
  realPath(path: string): string | undefined
  isProgram(path: string): boolean
}

const OWN_SYSTEM: System = { path, realPath, isProgram }

/**
 * Finds git on PATH. Programs of the workspace are the repository's, so a folder in it is left out, and so is a relative
 * one, which stands for a folder in the workspace. Windows by itself looks into the working folder first.
 * @returns the absolute path of git, and the variables for it: PATH less those folders
 * @throws GitError where there is none
 */
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
    throw new GitError("git can't be run: no folder on PATH outside the workspace has it: install git before this step")
  }
  const { GIT_EXEC_PATH: own, ...others } = env // the folder of git's other programs
  const kept = own !== undefined && isTrusted(own) ? env : others
  return { program, env: { ...kept, [name]: folders.join(delimiter) } }
}

/** On Windows a path without a drive stands for one on the drive of the working folder. */
function isFullPath(folder: string, { path: { isAbsolute, parse, sep } }: System): boolean {
  return isAbsolute(folder) && (sep === '/' || parse(folder).root.length > 1)
}

/** @returns a test of whether a path is in the workspace, by its name or by where its links lead */
function createWorkspaceTest(workspace: string, { path, realPath }: System): (path: string) => boolean {
  const workspaces = [workspace, realPath(workspace) ?? workspace]
  return (file) =>
    [file, realPath(file) ?? file].some((place) =>
      workspaces.some((folder) => {
        const rest = path.relative(folder, place)
        return rest.split(path.sep)[0] !== '..' && !path.isAbsolute(rest)
      }),
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
