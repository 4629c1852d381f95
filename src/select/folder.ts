import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Selected } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { advise, type Names } from '../inputs/pattern-advice.ts'
import { takeShard } from '../inputs/shard.ts'
import { explainRoot } from './check-root.ts'
import type { Git } from './git.ts'
import { GitError } from './git-output.ts'
import { some } from './names.ts'
import { findSearchPaths } from './search-paths.ts'
import { NO_STAND_INS, type StandIns } from './stand-ins.ts'
import { notCheckedOut } from './submodules.ts'
import { isSameFile, isTracked, listTracked, nameAsGit, type Tracked, tellMissing } from './tracked.ts'
import { type Found as FoundPaths, TreeError, type TreePlace, walk } from './walk.ts'

type FolderQuery = Pick<Inputs, 'root' | 'files' | 'patternInputs' | 'shard' | 'base' | 'untracked'>

type Repository = {
  /** undefined without git or a repository */
  readonly git: Git | undefined
  /** full SHA of the commit that is checked out; '' for none */
  readonly head: string
}

type Folder = { readonly place: TreePlace; readonly repository: Repository; readonly query: FolderQuery }

/** The files of a run, before they are looked at on disk. */
export type Found = {
  readonly changes: Selected
  /** absolute path of the folder that the paths are relative to */
  readonly topLevel: string
  /** the files below the root */
  readonly names: Names
  /** names of the files that the Source contains, or will contain, relative to the same folder as `changes` */
  readonly published: ReadonlySet<string>
  readonly standIns: StandIns
  /** why no file below the root can be published */
  readonly rootError: string | undefined
}

const HINT = 'did the build step fail or write to another folder, or is the download step missing?'
const NOT_FOLLOWED =
  'a symbolic link to a folder outside the workspace or in .git, which is never followed: put the files themselves there'
const SHOWN = 5

/** Finds every file below the root that matches `files`, and reads only the folders that the patterns point at.
 *  @returns paths relative to the workspace
 *  @throws TreeError, InputError */
export async function findAll(workspace: string, repository: Repository, query: FolderQuery): Promise<Found> {
  const { root, shard, base, files } = query
  const rootPath = root === '.' ? '' : `${root}/`
  const real = await realpath(join(workspace, root)).catch(() => undefined)
  const place = { workspace: await realpath(workspace), root: real ?? '', rootPath }
  const folder = { place, repository, query }
  if (real === undefined) throw await noFiles(`there is no folder '${root}'`, folder)
  const starts = await findSearchPaths(patternsOf(query).lines.map(({ pattern }) => pattern))
  const found = await findMatching(starts, folder)
  const kept = await dropUntracked(found, folder)
  const matching = new Set(found.matching)
  const { standIns = NO_STAND_INS, names: tracked = new Set<string>(), submodules = [] } = found.tracked ?? {}
  const isOnDisk = (path: string): boolean => found.paths.some((file) => file.startsWith(`${path}/`))
  const checkedOut = submodules.filter(isOnDisk)
  const inGit = [...tracked].filter((path) => files(path.slice(rootPath.length)))
  const notOnDisk = found.tracked === undefined ? [] : await tellMissing(inGit, matching, found.tracked)
  const steps = [
    base !== '' && `base: '${base}' has no effect in mode: all`,
    'mode: all, so every matching file is compared with the Source',
    !starts.includes('') && `files: only the folders and files that the patterns name are read: ${some(starts, SHOWN)}`,
    kept.step,
    checkedOut.length > 0 && `submodules: the run takes the files of ${some(checkedOut, SHOWN)} as they are on disk`,
  ]
  const present = kept.files.map((path) => ({ path, change: 'present' }) as const)
  const changes: Selected = {
    base: '',
    head: repository.head,
    baseStrategy: 'all',
    rootPath,
    ...takeShard(present, shard),
    considered: found.paths.length,
    steps: steps.filter((step) => step !== false),
    notices: [...submodules.filter((path) => !isOnDisk(path)).map(notCheckedOut), ...notOnDisk],
    warnings: [],
    tracked: repository.git?.topLevel === place.workspace ? tracked : new Set(), // else git has other paths
    leftOut: new Map(found.outside.filter((path) => !matching.has(path)).map((path) => [path, NOT_FOLLOWED])),
  }
  const names: Names = {
    known: namesOf(found, rootPath),
    list: async () => namesOf(await walk(place, [''], { standIns }), rootPath),
  }
  const published = new Set([...kept.files, ...tracked])
  return { changes, topLevel: place.workspace, names, published, standIns, rootError: undefined }
}

function patternsOf({ patternInputs }: FolderQuery): Inputs['patternInputs'][number] {
  return patternInputs.find(({ name }) => name === 'files') ?? { name: 'files', lines: [] }
}

type Matching = FoundPaths & {
  /** paths, and links that are not followed */
  readonly matching: readonly string[]
  /** undefined without git or a repository */
  readonly tracked: Tracked | undefined
}

/** @throws TreeError if no file matches */
async function findMatching(starts: readonly string[], folder: Folder): Promise<Matching> {
  const { root } = folder.query
  const found = await look(starts, folder)
  if (found.matching.length > 0) return found
  const all = await look([''], folder) // for the error message, and because only the matcher decides which files match
  if (all.matching.length > 0) return all
  if (all.paths.length === 0) throw await noFiles(`'${root}' contains no file`, folder)
  const known = namesOf(all, folder.place.rootPath)
  const advice = await advise([patternsOf(folder.query)], { known, list: async () => known }, { root, isLost: true })
  const why = advice.map((line) => line.replace(/^files: /, '')).join('; ') || 'check the patterns, or root'
  throw new TreeError(`files: none of the ${all.paths.length} files below '${root}' matches: ${why}`)
}

async function look(starts: readonly string[], { place, repository, query }: Folder): Promise<Matching> {
  const { rootPath, workspace } = place
  const { git, head } = repository
  const listing = git && listTracked(git, head, { rootPath, starts }).catch(unlessNeeded(query))
  const [onDisk, tracked] = await Promise.all([walk(place, starts), listing])
  const { standIns = NO_STAND_INS } = tracked ?? {}
  const found = standIns.size === 0 ? onDisk : await walk(place, starts, { standIns })
  const paths = await nameAsGit(found.paths, tracked?.names, (one, other) => isSameFile(workspace, one, other))
  const matching = [...paths, ...found.outside].filter((path) => query.files(path.slice(rootPath.length)))
  return { ...found, paths, matching: matching.sort(), tracked }
}

async function noFiles(text: string, { place, repository: { git, head }, query }: Folder): Promise<TreeError> {
  const asked = { workspace: place.workspace, root: query.root, head }
  const why = await explainRoot(git, asked).catch(unlessNeeded(query))
  return new TreeError(`root: ${why ?? `${text}: ${HINT}`}`)
}

function namesOf({ paths, outside }: FoundPaths, rootPath: string): string[] {
  return [...paths, ...outside].map((path) => path.slice(rootPath.length))
}

/** @returns the files, and a line for the log about the untracked files
 *  @throws TreeError if every file is untracked and `untracked` is `ignore` */
async function dropUntracked(
  { matching, linked, tracked }: Matching,
  { place: { workspace }, query }: Folder,
): Promise<{ files: readonly string[]; step: string }> {
  const unknown = { files: matching, step: 'untracked: without a git repository it is unknown which files git tracks' }
  if (tracked === undefined) return unknown
  const others: string[] = []
  try {
    for (const path of matching) if (!(await isTracked(path, { linked, tracked }, workspace))) others.push(path)
  } catch (error) {
    unlessNeeded(query)(error)
    return unknown
  }
  const { length } = matching
  if (others.length === 0) return { files: matching, step: `untracked: git tracks all ${length} matching files` }
  const which = `${others.length} of ${length} matching files that git does not track: ${some(others, SHOWN)}`
  if (query.untracked === 'include') return { files: matching, step: `untracked: include, so the run takes ${which}` }
  if (others.length === length)
    throw new TreeError(
      `untracked: git tracks none of the ${length} matching files: set untracked to include, or check root and files`,
    )
  const left = new Set(others)
  const files = matching.filter((path) => !left.has(path))
  return { files, step: `untracked: ignore, so the run leaves out ${which}` }
}

/** With `untracked: include`, the run uses git only to count the tracked files, so it continues without git. */
function unlessNeeded({ untracked }: FolderQuery): (error: unknown) => undefined {
  return (error) => {
    if (untracked === 'ignore' || !(error instanceof GitError)) throw error
  }
}
