import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Selected } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { MetadataFile } from '../inputs/metadata.ts'
import type { Environment } from '../runner/environment.ts'
import { branchOf, needsRuns } from './base.ts'
import { refuseNested, warnOfNested } from './check-root.ts'
import { findAbove } from './find-repository.ts'
import { findSince, findTouched, type Touched } from './find-since.ts'
import { type Found, findAll } from './folder.ts'
import type { Git } from './git.ts'
import { GitError } from './git-output.ts'
import { type GitHub, openGitHub } from './github.ts'
import { openCommit, openWorkspace } from './head-tree.ts'
import { findTwins } from './names.ts'
import { openGit } from './open-git.ts'
import { warnOfPatterns } from './pattern-warnings.ts'
import { probeFiles, type WorkTreeFile } from './work-tree.ts'

/** The files that a run is about. */
export type Selection = {
  readonly changes: Selected
  /** the files on disk by path; empty if `upload` is false */
  readonly files: ReadonlyMap<string, WorkTreeFile>
  /** files whose attributes changed in the metadata file since the base */
  readonly touched: readonly string[]
  /** published names that differ from each other only by case or Unicode form: git's, and in `mode: all` or without git the folder's */
  readonly twins: readonly string[]
  /** why no file below the root can be published */
  readonly rootError: string | undefined
}

/** The selection of a run that needs no files. */
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
  touched: [],
  twins: [],
  rootError: undefined,
}

type SelectSettings = { readonly signal: AbortSignal; readonly log: (text: string) => void }

/** Finds the files that changed, or in `mode: all` every file.
 *  @throws GitError, BaseError, TreeError, InputError */
export async function selectFiles(
  environment: Environment,
  inputs: Inputs,
  { metadata, signal, log }: SelectSettings & { metadata: MetadataFile },
): Promise<Selection> {
  const { workspace } = environment
  const ended = new AbortController() // what was asked early and is not needed must not keep the process alive
  try {
    const settings = { log, signal: AbortSignal.any([signal, ended.signal]) }
    const { git, github } = await openRepository(environment, inputs, settings)
    if (inputs.mode === 'changed') {
      const tree =
        git === undefined
          ? await openWorkspace(workspace, inputs, environment.event.sha)
          : await openCommit(git, inputs.files)
      const found = await findSince(environment, inputs, { tree, github })
      const touched = await findTouched(tree, found, { workspace, inputs, metadata })
      return await lookAt(found, touched, { workspace, inputs, metadata, listedBy: git === undefined ? 'api' : 'git' })
    }
    const { changes, ...found } = await findAll(workspace, { git, head: await headOf(git) }, inputs)
    const warnings = git === undefined ? await warnOfNested({ workspace, root: inputs.root }) : []
    const all = { ...found, changes: { ...changes, warnings } }
    return await lookAt(all, { touched: [], warnings: [] }, { workspace, inputs, metadata, listedBy: 'folder' })
  } finally {
    ended.abort()
  }
}

type Looked = { workspace: string; inputs: Inputs; metadata: MetadataFile; listedBy: 'git' | 'api' | 'folder' }

/** Looks at the files on disk, and at the patterns. */
async function lookAt(
  { changes, names, published, topLevel, standIns, rootError }: Found,
  { touched, warnings }: Touched,
  { workspace, inputs, metadata, listedBy }: Looked,
): Promise<Selection> {
  const advice = await warnOfPatterns(changes, names, { ...inputs, workspace }, metadata)
  const paths = changes.files.filter(({ change }) => change !== 'deleted').map(({ path }) => path)
  const files = inputs.upload ? await probeFiles(paths, { workspace, topLevel, listedBy, standIns }) : new Map()
  const isMatching = (name: string): boolean => inputs.files(name.slice(changes.rootPath.length))
  const twins = inputs.guards === 'off' ? [] : findTwins(files, published, isMatching)
  const all = { ...changes, warnings: [...changes.warnings, ...advice, ...warnings] }
  return { changes: all, files, twins, touched, rootError }
}

/** Opens git, or falls back to the API. In `mode: all` only `untracked: ignore` needs git. */
async function openRepository(
  { workspace, childEnv: env, event, github: place }: Environment,
  { mode, root, base, upload, untracked, githubToken: token, proxyFor }: Inputs,
  { signal, log }: SelectSettings,
): Promise<{ git: Git | undefined; github: GitHub | undefined }> {
  const credentials = { token, serverUrl: place.serverUrl }
  const github = token !== '' && place.repository !== '' ? openGitHub({ ...place, token, signal, proxyFor }) : undefined
  // before git starts, because GitHub's answer takes longer than the git commands
  if (mode === 'changed' && needsRuns(event, base)) github?.runs(branchOf(event)).catch(() => {})
  try {
    return { git: await openGit({ workspace, root, env, credentials, signal, onComplaint: log }), github }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (mode === 'all' && untracked === 'ignore') throw error
    if (mode === 'all') {
      if (existsSync(join(workspace, '.git'))) log(`${error.message}; the run goes on without git`)
      return { git: undefined, github }
    }
    await refuseNested({ workspace, root }, error)
    const isEmpty = upload && (await readdir(workspace).catch(() => [])).length === 0
    // the API's paths are relative to the repository, and a workspace in one can have other files by these names
    if (github === undefined || event.sha === '' || isEmpty || findAbove(workspace) !== undefined) throw error
    log(`${error.message}; GitHub's API is used instead`)
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

/** @returns the reason why a run needs no files; undefined if it needs them */
export function whyNoFiles(inputs: Inputs): string | undefined {
  if (!inputs.selectsFiles) return '`files` is set to nothing, so the run selects no file'
  if (inputs.upload) return undefined
  if (!inputs.purge && inputs.assetManager === 'off')
    return '`upload` and `purge` are both false, so the run selects no file'
  if (inputs.domains.length > 0 || inputs.sourceId !== '') return undefined
  return 'without source-id or domains no file can be purged, so the run purges urls only'
}
