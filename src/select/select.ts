import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Inputs } from '../inputs/inputs.ts'
import { type MetadataFile, parseEarlier } from '../inputs/load-metadata.ts'
import { rulesTouched } from '../inputs/metadata.ts'
import { InputError } from '../inputs/reader.ts'
import { isInShard, takeShard } from '../inputs/shard.ts'
import type { Environment } from '../runner/environment.ts'
import { findChangesByApi } from './by-api.ts'
import { type Changes, findChanges } from './by-git.ts'
import { findAll } from './folder.ts'
import type { Git } from './git.ts'
import { GitError } from './git-output.ts'
import { type GitHub, openGitHub } from './github.ts'
import { openGit } from './open-git.ts'
import { probeFiles, type WorkTreeFile } from './work-tree.ts'

/** The files that a run is about. */
export type Selection = {
  readonly changes: Changes
  /** the files on disk by path; empty if `upload` is false */
  readonly files: ReadonlyMap<string, WorkTreeFile>
  /** absolute path of the folder that the paths are relative to */
  readonly topLevel: string
  /** files whose attributes changed in the metadata file since the base */
  readonly touched: readonly string[]
}

/** Where no file is looked for. */
export const NO_FILES: Selection = {
  changes: {
    base: '',
    head: '',
    baseStrategy: 'all',
    rootPath: '',
    files: [],
    considered: 0,
    steps: [],
    notices: [],
    warnings: [],
  },
  files: new Map(),
  topLevel: '',
  touched: [],
}

type Means = { readonly signal: AbortSignal; readonly tell: (text: string) => void }

/** Finds the files that changed, or in `mode: all` every file.
 *  @throws GitError, BaseError, TreeError */
export async function selectFiles(
  environment: Environment,
  inputs: Inputs,
  { metadata, ...means }: Means & { metadata: MetadataFile },
): Promise<Selection> {
  const { git, github } = await openRepository(environment, inputs, means)
  const { workspace } = environment
  const { changes, topLevel } =
    inputs.mode === 'all'
      ? {
          changes: await findAll(workspace, await headOf(git), inputs),
          topLevel: await realpath(workspace),
        }
      : await findSince(environment, inputs, { git, github })
  const paths = changes.files.filter(({ change }) => change !== 'deleted').map(({ path }) => path)
  const listedBy = inputs.mode === 'all' ? 'folder' : 'git'
  const files = inputs.upload ? await probeFiles(paths, { workspace, topLevel, listedBy }) : new Map()
  if (metadata.path === '' || inputs.mode === 'all') return { changes, files, topLevel, touched: [] }
  if (git === undefined) {
    const warnings = [...changes.warnings, UNKNOWN_METADATA]
    return { changes: { ...changes, warnings }, files, topLevel, touched: [] }
  }
  const file = await realpath(resolve(workspace, metadata.path))
  const path = relative(topLevel, file).split(sep).join('/')
  return { changes, files, topLevel, touched: await findTouched(git, changes, { ...inputs, metadata, path }) }
}

const UNKNOWN_METADATA =
  'metadata: without git the earlier version of the file is unknown, so it applies to uploaded files alone; run once with mode: all for the others'

/** Opens git, or falls back to the API. In `mode: all` git is needed for the commit's SHA alone. */
async function openRepository(
  { workspace, childEnv: env, event, github: place }: Environment,
  { mode, root, githubToken: token }: Inputs,
  { signal, tell }: Means,
): Promise<{ git: Git | undefined; github: GitHub | undefined }> {
  const credentials = { token, serverUrl: place.serverUrl }
  const github = token !== '' && place.repository !== '' ? openGitHub({ ...place, token, signal }) : undefined
  try {
    return { git: await openGit({ workspace, root, env, credentials, signal, onComplaint: tell }), github }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (mode === 'all') return { git: undefined, github }
    if (github === undefined || event.sha === '') throw error
    tell(`${error.message}; GitHub's API is used instead`)
    return { git: undefined, github }
  }
}

/** @returns '' without git or a commit */
async function headOf(git: Git | undefined): Promise<string> {
  try {
    return git === undefined ? '' : (await git.head()).sha
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return ''
  }
}

async function findSince(
  { workspace, event }: Environment,
  inputs: Inputs,
  { git, github }: { git: Git | undefined; github: GitHub | undefined },
): Promise<{ changes: Changes; topLevel: string }> {
  const { root, shard } = inputs
  const changes =
    git === undefined
      ? await findChangesByApi({ workspace, root }, github as GitHub, event, inputs)
      : await findChanges(git, github, event, inputs)
  return { changes: { ...changes, ...takeShard(changes.files, shard) }, topLevel: git?.topLevel ?? workspace }
}

/** The files whose attributes differ between the metadata file and its version at the base.
 *  @param path of the metadata file, relative to the repository */
async function findTouched(
  git: Git,
  { base, head, rootPath }: Changes,
  { metadata, path, files, shard }: Pick<Inputs, 'files' | 'shard'> & { metadata: MetadataFile; path: string },
): Promise<string[]> {
  if (base === '' || base === head) return [] // every matching file is uploaded, or nothing changed
  const text = await git.show(base, path)
  if (text === metadata.text) return []
  const before = await parseEarlier(text)
  const entries = await git.list(head)
  return entries
    .filter(({ kind }) => kind !== 'submodule')
    .map((entry) => entry.path)
    .filter((file) => files(file.slice(rootPath.length)) && isInShard(file, shard))
    .filter((file) => rulesTouched(before, metadata, file.slice(rootPath.length)))
}

/** Why no file is looked for, undefined where files are. */
export function whyNoFiles(inputs: Inputs): string | undefined {
  if (!inputs.selectsFiles) return 'files is set to nothing, so no file is looked for'
  if (inputs.upload) return undefined
  if (!inputs.purge && inputs.assetManager === 'off') return 'upload and purge are both false, so no file is looked for'
  if (inputs.domains.length > 0 || inputs.sourceId !== '') return undefined
  return 'without source-id or domains no file can be purged, so only urls are'
}

/** @throws InputError where there is no such folder, and nothing below it changed */
export function checkRoot({ workspace }: Environment, { root }: Inputs, { considered }: Changes): void {
  if (considered > 0 || existsSync(join(workspace, root))) return
  throw new InputError([
    `root: '${root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`,
  ])
}
