import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangedFile } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { advise, type Names } from '../inputs/pattern-advice.ts'
import { takeShard } from '../inputs/shard.ts'
import type { Changes } from './by-git.ts'
import { explainRoot } from './check-root.ts'
import type { Git } from './git.ts'
import { GitError } from './git-output.ts'
import { findSearchPaths } from './search-paths.ts'
import { NO_STAND_INS, type StandIns } from './stand-ins.ts'
import { notCheckedOut } from './submodules.ts'
import { isSameFile, keepTracked, listTracked, nameAsGit, type Tracked, tellMissing } from './tracked.ts'
import { type Found, TreeError, type TreePlace, walk } from './walk.ts'

type FolderQuery = Pick<Inputs, 'root' | 'files' | 'patternInputs' | 'shard' | 'base' | 'untracked'>

type Repository = {
  /** undefined without git or a repository */
  readonly git: Git | undefined
  /** full SHA of the commit that is checked out; '' for none */
  readonly head: string
}

export type FoundChanges = {
  changes: Changes
  /** the files below the root */
  names: Names
  /** names of the files that the Source contains, or will contain, relative to the same folder as `changes` */
  published: readonly string[]
  standIns: StandIns
}

/**
 * Every file below the root that matches `files`. Only the folders that the patterns point at are read.
 * @returns paths relative to the workspace
 * @throws TreeError, InputError
 */
export async function findAll(workspace: string, repository: Repository, query: FolderQuery): Promise<FoundChanges> {
  const { root, shard, base } = query
  const rootPath = root === '.' ? '' : `${root}/`
  const real = await realpath(join(workspace, root)).catch(() => undefined)
  if (real === undefined) throw await noFiles(`there is no folder '${root}'`, { workspace, repository, query })
  const place = { workspace: await realpath(workspace), root: real, rootPath }
  const starts = await findSearchPaths(patternsOf(query).lines.map(({ pattern }) => pattern))
  const found = await findMatching(place, starts, { repository, query })
  const kept = await dropUntracked(found, place.workspace, query)
  const matching = new Set(found.matching)
  const { tracked } = found
  const standIns = tracked?.standIns ?? NO_STAND_INS
  const isOnDisk = (path: string): boolean => found.paths.some((file) => file.startsWith(`${path}/`))
  const [checkedOut, missing] = partition(tracked?.submodules ?? [], isOnDisk)
  const changes: Changes = {
    base: '',
    head: repository.head,
    baseStrategy: 'all',
    rootPath,
    ...takeShard(
      kept.files.map((path): ChangedFile => ({ path, change: 'present' })),
      shard,
    ),
    considered: found.paths.length,
    steps: [
      ...(base === '' ? [] : [`base: '${base}' has no effect in mode: all`]),
      'mode: all, so every matching file is compared with the Source',
      ...(starts.includes('')
        ? []
        : [`files: only the folders and files that the patterns name are read: ${some(starts)}`]),
      kept.step,
      ...(checkedOut.length === 0
        ? []
        : [`submodules: the run takes the files of ${some(checkedOut)} as they are on disk`]),
    ],
    notices: [...missing.map(notCheckedOut), ...(await missingFiles(found, query, rootPath))],
    warnings: [],
    tracked: found.tracked?.names ?? new Set(),
    leftOut: new Map(found.outside.filter((path) => !matching.has(path)).map((path) => [path, NOT_FOLLOWED])),
  }
  const names: Names = {
    known: namesOf(found, rootPath),
    list: async () => namesOf(await walk(place, [''], { standIns }), rootPath),
  }
  return { changes, names, published: [...kept.files, ...(tracked?.names ?? [])], standIns }
}

const HINT = 'did the build step fail or write to another folder, or is the download step missing?'
const NOT_FOLLOWED =
  'a symbolic link to a folder outside the workspace or in .git: it is never followed; put the files themselves there'

function patternsOf({ patternInputs }: FolderQuery): Inputs['patternInputs'][number] {
  return patternInputs.find(({ name }) => name === 'files') ?? { name: 'files', lines: [] }
}

type Matching = Found & {
  /** paths, and links that are not followed */
  readonly matching: readonly string[]
  /** undefined without git or a repository */
  readonly tracked: Tracked | undefined
}

/** @throws TreeError if no file matches */
async function findMatching(
  place: TreePlace,
  starts: readonly string[],
  { repository, query }: { repository: Repository; query: FolderQuery },
): Promise<Matching> {
  const { root, files } = query
  const { git, head } = repository
  const look = async (folders: readonly string[]): Promise<Matching> => {
    const listed = { rootPath: place.rootPath, starts: folders }
    const listing = git && listTracked(git, head, listed).catch(unlessNeeded(query))
    const [onDisk, tracked] = await Promise.all([walk(place, folders), listing])
    const { standIns = NO_STAND_INS } = tracked ?? {}
    const found = standIns.size === 0 ? onDisk : await walk(place, folders, { standIns })
    const paths = await nameAsGit(found.paths, tracked?.names, (one, other) => isSameFile(place.workspace, one, other))
    const matching = [...paths, ...found.outside].filter((path) => files(path.slice(place.rootPath.length)))
    return { ...found, paths, matching: matching.sort(), tracked }
  }
  const found = await look(starts)
  if (found.matching.length > 0) return found
  const all = await look(['']) // for the error message, and because only the matcher decides which files match
  if (all.matching.length > 0) return all
  if (all.paths.length === 0) {
    throw await noFiles(`'${root}' contains no file`, { workspace: place.workspace, repository, query })
  }
  const known = namesOf(all, place.rootPath)
  const advice = await advise([patternsOf(query)], { known, list: async () => known }, { root, isLost: true })
  const why = advice.map((line) => line.replace(/^files: /, '')).join('; ') || 'check the patterns, or root'
  throw new TreeError(`files: none of the ${all.paths.length} files below '${root}' matches: ${why}`)
}

type Place = { workspace: string; repository: Repository; query: FolderQuery }

async function noFiles(text: string, { workspace, repository: { git, head }, query }: Place): Promise<TreeError> {
  const why = await explainRoot(git, { workspace, root: query.root, head }).catch(unlessNeeded(query))
  return new TreeError(`root: ${why ?? `${text}: ${HINT}`}`)
}

/** @returns a notice for the matching files of git that are not on disk; empty if there is none */
async function missingFiles(
  { matching, tracked }: Matching,
  { files }: FolderQuery,
  rootPath: string,
): Promise<string[]> {
  if (tracked === undefined) return []
  const inGit = [...tracked.names].filter((path) => files(path.slice(rootPath.length)))
  const notice = await tellMissing(inGit, new Set(matching), tracked)
  return notice === undefined ? [] : [notice]
}

function namesOf({ paths, outside }: Found, rootPath: string): string[] {
  return [...paths, ...outside].map((path) => path.slice(rootPath.length))
}

/** @returns the files, and a line for the log about the untracked files
 *  @throws TreeError if every file is untracked and `untracked` is `ignore` */
async function dropUntracked(
  { matching, linked, tracked }: Matching,
  workspace: string,
  query: FolderQuery,
): Promise<{ files: readonly string[]; step: string }> {
  const known = tracked && (await keepTracked(matching, linked, tracked, workspace).catch(unlessNeeded(query)))
  if (known === undefined) {
    return { files: matching, step: 'untracked: without a git repository it is unknown which files git tracks' }
  }
  const kept = new Set(known)
  const others = matching.filter((path) => !kept.has(path))
  if (others.length === 0)
    return { files: matching, step: `untracked: git tracks all ${matching.length} matching files` }
  const which = `${others.length} of ${matching.length} matching files that git does not track: ${some(others)}`
  if (query.untracked === 'include') return { files: matching, step: `untracked: include, so the run takes ${which}` }
  if (kept.size > 0) return { files: [...kept], step: `untracked: ignore, so the run leaves out ${which}` }
  throw new TreeError(
    `untracked: git tracks none of the ${matching.length} matching files: set untracked to include, or check root and files`,
  )
}

/** With `untracked: include`, the run uses git only to count the tracked files, so it continues without git. */
function unlessNeeded({ untracked }: FolderQuery): (error: unknown) => undefined {
  return (error) => {
    if (untracked === 'ignore' || !(error instanceof GitError)) throw error
  }
}

function partition<T>(items: readonly T[], isIn: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isIn), items.filter((item) => !isIn(item))]
}

/** The first few of a list. */
function some(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(', ')
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}
