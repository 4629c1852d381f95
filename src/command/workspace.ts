import { existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { findGit } from '../select/find-program.ts'
import { SETTINGS } from '../select/git-environment.ts'
import { type Result, runGit } from '../select/run-git.ts'
import { UsageError } from './flags.ts'

export type Env = Readonly<Record<string, string | undefined>>

const GIT_TIMEOUT_MS = 30_000

/** @throws UsageError */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new UsageError('the folder where the command was started is gone; start it in one that is there', { cause })
  }
}

/** Finds the repository around a folder as git does: upwards to the first `.git`, on one file system, not above a folder of
 *  GIT_CEILING_DIRECTORIES, and only if git trusts its owner.
 *  @returns real path of the repository's top level, or of the folder itself where no repository is around it
 *  @throws UsageError for the repository of another user */
export async function findWorkspace(folder: string, env: Env): Promise<string> {
  const start = realpathSync.native(folder)
  const { dev } = statSync(start)
  const ceilings = (env.GIT_CEILING_DIRECTORIES ?? '').split(delimiter).map((path) => resolve(path))
  for (let place = start; ; place = dirname(place)) {
    if (place !== start && (statSync(place).dev !== dev || ceilings.includes(place))) return start
    if (isRepository(join(place, '.git'))) return trusted(place, env)
    if (place === dirname(place)) return start
  }
}

/** A submodule and a worktree have a file, which leads to the folder. */
function isRepository(entry: string): boolean {
  const stats = statSync(entry, { throwIfNoEntry: false })
  return stats !== undefined && (stats.isFile() || (stats.isDirectory() && existsSync(join(entry, 'HEAD'))))
}

/** A repository's configuration can name programs. git refuses those of other users, unless safe.directory has them. */
async function trusted(place: string, env: Env): Promise<string> {
  const user = process.geteuid?.()
  const entries = [place, join(place, '.git')].map((path) => statSync(path))
  // where a file leads to, git knows best
  if (user !== undefined && entries.every((entry) => entry.isDirectory() && entry.uid === user)) return place
  const variables = Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_(DIR|WORK_TREE)$/i.test(name)))
  // git must not speak of a repository above, where it does not take this one for one
  const asked = { ...variables, GIT_CEILING_DIRECTORIES: dirname(place) }
  const { code, complaint } = await askGit(place, ['rev-parse', '--git-dir'], asked)
  if (code === 0) return place
  const remedy = `if you trust it: git config --global --add safe.directory ${quoted(place)}`
  throw new UsageError(`git does not use the repository in ${place} (${complaint}); ${remedy}`)
}

/** Runs git for a short answer; nothing that the repository configures may start a program.
 *  @throws GitError */
export function askGit(place: string, args: readonly string[], env: Env): Promise<Result> {
  const { program, env: own } = findGit(env, place)
  const signal = AbortSignal.timeout(GIT_TIMEOUT_MS)
  return runGit(program, [...SETTINGS, ...args], { cwd: place, env: { ...own, LC_ALL: 'C' }, signal })
}

/** For a shell: the name of a folder can be a command. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
