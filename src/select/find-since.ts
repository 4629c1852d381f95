import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Inputs } from '../inputs/inputs.ts'
import { type MetadataFile, parseEarlier } from '../inputs/load-metadata.ts'
import { inTurns, rulesTouched } from '../inputs/metadata.ts'
import type { Names } from '../inputs/pattern-advice.ts'
import { isInShard, takeShard } from '../inputs/shard.ts'
import { TEXT_MAX_BYTES } from '../inputs/text-file.ts'
import type { Environment } from '../runner/environment.ts'
import { type Changes, findChanges } from './changes.ts'
import { findRootProblem } from './check-root.ts'
import type { Found } from './folder.ts'
import type { Git } from './git.ts'
import type { GitHub } from './github.ts'
import { openCommit, openWorkspace } from './head-tree.ts'
import { keepAlike, relativePath } from './names.ts'
import { NO_STAND_INS } from './stand-ins.ts'
import { tellNewInputs } from './workflow-inputs.ts'

/** Finds the files that changed since the base.
 *  @param repository `git` is undefined where GitHub's API is used instead
 *  @throws GitError, BaseError */
export async function findSince(
  { workspace, event, github: { workflow } }: Environment,
  inputs: Inputs,
  { git, github }: { git: Git | undefined; github: GitHub | undefined },
): Promise<Found> {
  const { root, shard } = inputs
  const workflowPath = workflow && `.github/workflows/${workflow}`
  const tree = git === undefined ? await openWorkspace(workspace, root, event.sha) : await openCommit(git)
  const changes = await findChanges(tree, github, event, { ...inputs, workflowPath })
  const { files, head, rootPath } = changes
  const list = async () => (await tree.list()).files
  const names: Names = {
    known: undefined,
    // a pattern also counts if it matches a deleted file
    list: async () => [...(await list()), ...files.map(({ path }) => path)].map((path) => path.slice(rootPath.length)),
  }
  const hasTwins = files.length > 0 && inputs.upload && inputs.guards !== 'off'
  const listed = new Set(hasTwins ? await list() : [])
  // a disk that ignores case can list a file by another name than git: that name is no twin
  const changed = files.map(({ path }) => path).filter((path) => listed.has(path))
  const place = { workspace, root, head, files: inputs.files }
  const problem = changes.considered === 0 ? await findRootProblem(git, place) : {}
  const warnings = [...changes.warnings, problem.warning ?? []].flat()
  const count = async () => countUntouched(await list(), changes, inputs)
  const untouched = changes.isFirstRun && inputs.upload ? await count() : 0
  const notices = [...changes.notices, ...(git === undefined ? [] : await tellNewInputs(git, changes, workflowPath))]
  return {
    changes: { ...changes, ...takeShard(files, shard), notices, warnings, untouched },
    topLevel: tree.topLevel,
    rootError: problem.error,
    names,
    published: keepAlike(changed, listed),
    standIns: files.length === 0 ? NO_STAND_INS : await tree.standIns(),
  }
}

/** @returns how many matching files have not changed */
function countUntouched(paths: Iterable<string>, { files, rootPath }: Changes, inputs: Pick<Inputs, 'files'>): number {
  const changed = new Set(files.map(({ path }) => path))
  let untouched = 0
  for (const path of paths) if (!changed.has(path) && inputs.files(path.slice(rootPath.length))) untouched += 1
  return untouched
}

export type Touched = { readonly touched: readonly string[]; readonly warnings: readonly string[] }

/** Finds the files whose attributes differ between the metadata file and its version at the base. */
export async function findTouched(
  git: Git | undefined,
  { changes: { base, head, rootPath }, topLevel }: Found,
  { workspace, inputs, metadata }: { workspace: string; inputs: Inputs; metadata: MetadataFile },
): Promise<Touched> {
  const touched: string[] = []
  if (metadata.path === '') return { touched, warnings: [] }
  if (git === undefined || (base !== '' && (await git.findCommit(base)) === undefined))
    return { touched, warnings: [UNKNOWN_METADATA] }
  if (base === '' || base === head) return { touched, warnings: [] } // every matching file is uploaded, or nothing changed
  const path = relativePath(topLevel, await realpath(resolve(workspace, metadata.path)))
  const text = await git.show(base, path, TEXT_MAX_BYTES) // no run took a larger one
  if (text === metadata.text) return { touched, warnings: [] }
  const before = await parseEarlier(text)
  for await (const file of inTurns((await (await openCommit(git)).list()).files)) {
    const name = file.slice(rootPath.length)
    if (inputs.files(name) && isInShard(file, inputs.shard) && rulesTouched(before, metadata, name)) touched.push(file)
  }
  return { touched, warnings: [] }
}

const UNKNOWN_METADATA =
  'metadata: without git and the base commit the earlier version of the file is unknown, so it applies to uploaded files alone; run once with mode: all for the others'
