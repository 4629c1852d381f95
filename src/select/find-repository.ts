import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isGitName } from '../inputs/git-name.ts'
import { namesBelow } from '../inputs/paths.ts'
import { GitError } from './git-output.ts'

/** A folder with a `.git`. A commit can't contain one: git refuses the name in a tree. */
export type Repository = {
  /** real path of the folder */
  readonly topLevel: string
  /** real path of the `.git`, or of the folder that it leads to */
  readonly gitDir: string
  /** the folder is below the workspace: a checkout with a `path`, or an unpacked archive */
  readonly isNested: boolean
  /** it is a submodule of the repository around it */
  readonly isSubmodule: boolean
  /** the reason why the repository can't be used */
  readonly problem?: string
}

const CHECKOUT = 'put actions/checkout before this step, or start in a clone'

const PATH_FILE_BYTES_MAX = 8192

/** Finds the repositories from the workspace down to the root. git's own search would also accept ordinary files, such as
 *  HEAD, config and objects in one folder, and would continue above the workspace.
 *  @returns the repositories, outermost first, and the real path of the root, which need not exist
 *  @throws GitError if there is none */
export function findRepositories(
  workspace: string,
  root: string,
): { repositories: [Repository, ...Repository[]]; rootFolder: string } {
  if (!existsSync(workspace)) throw noRepository(workspace)
  const asked = resolve(workspace, root)
  let existing = asked
  while (!existsSync(existing)) existing = dirname(existing)
  const top = realpathSync.native(workspace)
  const names = namesBelow(top, realpathSync.native(existing))
  if (names === undefined || names.some(isGitName)) {
    const where = names === undefined ? 'out of the workspace' : 'into .git'
    throw new GitError(`root: '${root}' leads ${where}: set root to a folder of the repository`)
  }
  const rootFolder = join(top, ...names, relative(existing, asked))
  const found: Repository[] = []
  let unusable: string | undefined
  for (let depth = 0; depth <= names.length; depth += 1) {
    const looked = lookInto(join(top, ...names.slice(0, depth)), top, found.at(-1))
    if (typeof looked === 'string') unusable = looked
    else if (looked !== undefined) found.push(looked)
  }
  const [first, ...inner] = found
  if (first === undefined) throw noRepository(workspace, unusable)
  return { repositories: [first, ...inner], rootFolder }
}

/** @param workspace its real path
 *  @returns the repository of a submodule; undefined if there is none, or a commit, an archive or a link could have put it
 *   there */
export function findSubmodule(workspace: string, outer: Repository, path: string): Repository | undefined {
  const folder = join(outer.topLevel, path)
  if (!existsSync(folder) || realpathSync.native(folder) !== folder) return undefined
  const found = lookInto(folder, workspace, outer)
  return typeof found === 'object' && found.isSubmodule ? found : undefined
}

/** @param outer the repository around the folder
 *  @returns what is wrong with a `.git` that git ignores, too; undefined if there is none */
function lookInto(topLevel: string, workspace: string, outer?: Repository): Repository | string | undefined {
  const entry = join(topLevel, '.git')
  const place = { topLevel, isNested: topLevel !== workspace, isSubmodule: false }
  const broken = (why: string, remedy = CHECKOUT): Repository => {
    return { ...place, gitDir: entry, problem: `${entry} ${why}: ${remedy}` }
  }
  try {
    if (!isThere(entry)) return undefined
    const stats = statSync(entry, { throwIfNoEntry: false })
    if (stats === undefined) return `${entry} is a link that leads nowhere`
    const target = stats.isDirectory() ? entry : stats.isFile() ? readGitFile(entry) : undefined
    if (target === undefined) return `${entry} is a file without the path of a repository`
    const damage = findDamage(target)
    if (damage !== undefined)
      return stats.isDirectory() ? `${entry} ${damage}` : broken(`leads to ${target}, which is not a repository`)
    const gitDir = realpathSync.native(target)
    if (gitDir === entry) return { ...place, gitDir }
    const below = outer && namesBelow(sharedFolder(outer.gitDir), gitDir)
    const names = namesBelow(workspace, gitDir)
    if (names !== undefined && !names.some(isGitName)) return broken(`leads to ${gitDir}, where a commit can write`)
    if (names === undefined && outer !== undefined && below === undefined)
      return broken(`leads to ${gitDir}, outside the workspace`)
    const isNested = place.isNested && below === undefined
    return { ...place, isNested, isSubmodule: below?.includes('modules') === true, gitDir }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isForbidden = code === 'EACCES' || code === 'EPERM'
    return broken(`can't be read (${code})`, isForbidden ? 'let the user of this process read it' : CHECKOUT)
  }
}

/** A submodule and a worktree have such a file. */
function readGitFile(file: string): string | undefined {
  const text = readPathFile(file)
  return text.startsWith('gitdir: ') ? resolve(dirname(file), text.slice('gitdir: '.length)) : undefined
}

/** @returns the folder with the submodules and worktrees of a repository, which can be a worktree itself */
function sharedFolder(gitDir: string): string {
  const file = join(gitDir, 'commondir')
  return existsSync(file) ? realpathSync.native(resolve(gitDir, readPathFile(file))) : gitDir
}

/** A pipe would block the process, so it is not read.
 *  @returns '' for what is no file with a path */
function readPathFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const buffer = Buffer.alloc(PATH_FILE_BYTES_MAX + 1)
    const bytes = fstatSync(file).isFile() ? readSync(file, buffer) : 0
    return bytes > PATH_FILE_BYTES_MAX ? '' : buffer.toString('utf8', 0, bytes).trimEnd()
  } finally {
    closeSync(file)
  }
}

/** The main part of git's own test. The objects of a worktree are in another folder.
 *  @returns why a folder is not a repository; undefined if it is one
 *  @throws a system error, such as EACCES */
function findDamage(folder: string): string | undefined {
  const has = (name: string): boolean => statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined
  if (!existsSync(folder) || readdirSync(folder).length === 0) return 'is empty'
  if (!has('HEAD')) return 'has no HEAD'
  if (!/^(ref: refs\/|[0-9a-f]{40}([0-9a-f]{24})?$)/.test(readPathFile(join(folder, 'HEAD'))))
    return 'has a damaged HEAD'
  return has('objects') || has('commondir') ? undefined : 'has no objects'
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** @returns the folder above a workspace that has a `.git`, if the workspace has none */
export function findAbove(workspace: string): string | undefined {
  if (isThere(join(workspace, '.git'))) return undefined
  let above = dirname(workspace)
  while (above !== dirname(above) && !existsSync(join(above, '.git'))) above = dirname(above)
  return existsSync(join(above, '.git')) ? above : undefined
}

function noRepository(workspace: string, unusable?: string): GitError {
  const above = findAbove(workspace)
  const other = above === undefined ? '' : ` (the repository in ${above} is outside it and is not used)`
  const why = unusable === undefined ? other : ` (${unusable})`
  return new GitError(`${workspace} contains no git repository${why}: ${CHECKOUT}`)
}
