import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { foldName } from '../inputs/fold-name.ts'
import { isGitName } from '../inputs/git-name.ts'
import { namesBelow } from '../inputs/paths.ts'
import { findGit } from './find-program.ts'
import { findRepositories, findSubmodule, type Repository } from './find-repository.ts'
import { createCommands, type Git } from './git.ts'
import { findForeignSetting, writesLinksAsText } from './git-configuration.ts'
import { gitEnvironment, OFFLINE, SETTINGS } from './git-environment.ts'
import type { Credentials } from './git-fetch.ts'
import { GitError, parseTree } from './git-output.ts'
import { relativePath } from './names.ts'
import { type Run, runGit } from './run-git.ts'

type GitSettings = {
  workspace: string
  root: string
  env: Readonly<Record<string, string | undefined>>
  credentials: Credentials
  signal: AbortSignal
  /** called for a failed fetch and for a repository that is not used; the run continues */
  onComplaint?: (text: string) => void
  /** waits before a fetch is tried again; a test's own clock */
  pause?: (ms: number) => Promise<unknown>
}

const FOREIGN_HINT = 'and that file can come from a pull request or an archive: set it in the environment instead'

type Runs = (repository: Repository) => Run

/** Opens the repository of the root: the workspace, or a folder between the workspace and the root.
 *  @throws GitError if there is no git or no repository */
export async function openGit({ workspace, root, signal, ...settings }: GitSettings): Promise<Git> {
  const { program, env } = findGit(settings.env, workspace)
  const { repositories, rootFolder } = findRepositories(workspace, root)
  const { credentials, onComplaint = () => {}, pause = (ms) => sleep(ms, undefined, { signal }) } = settings
  const at: Runs = (repository) => {
    const own = gitEnvironment(env, repository)
    const cwd = repository.topLevel
    return (args, options) =>
      runGit(program, [...SETTINGS, ...args], { ...options, cwd, env: { ...own, ...options?.env }, signal })
  }
  const repository = await choose(repositories, at, onComplaint)
  const { configuration, head } = await readRepository(repository, at(repository))
  const realWorkspace = realpathSync.native(workspace)
  const foreign = findForeignSetting(configuration, isForeign(realWorkspace, repository))
  const why = foreign && `git fetches nothing: ${foreign.file} sets ${foreign.name}, ${FOREIGN_HINT}`
  const above = namesBelow(realWorkspace, repository.topLevel) ?? []
  const written = root.split('/').slice(above.length).join('/')
  const rootPath = await nameInGit(at(repository), relativePath(repository.topLevel, rootFolder), written)

  const open = (place: Repository, own: { rootPath: string; head: Buffer; offline: string | undefined }): Git => ({
    ...place,
    rootPath: own.rootPath,
    writesLinksAsText: writesLinksAsText(configuration),
    ...createCommands(own.offline === undefined ? at(place) : offlineRun(at(place)), {
      ...place,
      ...own,
      credentials,
      env,
      onComplaint,
      pause,
    }),
    async openSubmodule(path) {
      const inner = findSubmodule(realWorkspace, place, path)
      return inner && open(inner, { rootPath: '', head: Buffer.alloc(0), offline: 'a submodule is never fetched' })
    },
  })
  return open(repository, { rootPath: rootPath === '' ? '' : `${rootPath}/`, head, offline: why })
}

/** A disk that ignores case or Unicode form can have another name for the root than git has.
 *  @param written the root as the input has it */
async function nameInGit(git: Run, onDisk: string, written: string): Promise<string> {
  if (onDisk === written || foldName(onDisk) !== foldName(written)) return onDisk
  const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', 'HEAD', `${written}/`]
  const { code, stdout } = await git(args, { env: OFFLINE })
  return code === 0 && stdout.length > 0 ? written : onDisk
}

async function readRepository({ topLevel }: Repository, git: Run): Promise<{ configuration: Buffer; head: Buffer }> {
  const [configuration, head] = await Promise.all([
    git(['config', '--list', '--show-origin', '-z'], { env: OFFLINE }),
    // the raw commit, because git's other commands hide the parents in a shallow clone
    git(['cat-file', '--batch'], { input: 'HEAD\n', env: OFFLINE }),
  ])
  const failed = [configuration, head].find(({ code }) => code !== 0)
  if (failed !== undefined) {
    const isNewer = /unknown repository extension|expected git repo version/i.test(failed.complaint)
    const remedy = isNewer ? 'install a newer git' : 'check the repository that is checked out there'
    throw new GitError(`${topLevel}: ${failed.complaint}: ${remedy}`)
  }
  return { configuration: configuration.stdout, head: head.stdout }
}

function offlineRun(git: Run): Run {
  return (args, options) => git(args, { ...options, env: OFFLINE })
}

/** Chooses the innermost repository, as git does, unless an outer one has files in its folder: then it is not from a
 *  checkout. */
async function choose(
  [first, ...inner]: [Repository, ...Repository[]],
  at: Runs,
  onComplaint: (text: string) => void,
): Promise<Repository> {
  let chosen = first
  for (const repository of inner) {
    if (chosen.problem === undefined && (await hasFilesIn(repository.topLevel, chosen, at(chosen)))) {
      onComplaint(
        `${join(repository.topLevel, '.git')} is not used: the repository in ${chosen.topLevel} has files there`,
      )
    } else chosen = repository
  }
  if (chosen.problem !== undefined) throw new GitError(chosen.problem)
  return chosen
}

async function hasFilesIn(folder: string, { topLevel }: Repository, git: Run): Promise<boolean> {
  const args = ['ls-files', '--stage', '-z', '--', relativePath(topLevel, folder)]
  const { code, stdout } = await git(args, { env: OFFLINE })
  return code === 0 && [...parseTree(stdout).files].some((path) => existsSync(join(topLevel, path)))
}

/** @returns a function that says whether a file can come from a pull request or an archive: it is in the work tree, or in a
 *  `.git` below the workspace */
function isForeign(workspace: string, { topLevel, gitDir, isNested }: Repository): (file: string) => boolean {
  return (file) => {
    const path = resolve(topLevel, file)
    return [path, existsSync(path) ? realpathSync.native(path) : path].some((place) => {
      if (isNested && namesBelow(gitDir, place) !== undefined) return true
      const names = namesBelow(workspace, place)
      return names !== undefined && !names.some(isGitName)
    })
  }
}
