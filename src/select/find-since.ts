import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Inputs } from '../inputs/inputs.ts'
import { inTurns, type MetadataFile, parseEarlier, rulesTouched } from '../inputs/metadata.ts'
import type { Names } from '../inputs/pattern-advice.ts'
import { isInShard, takeShard } from '../inputs/shard.ts'
import { TEXT_MAX_BYTES } from '../inputs/text-file.ts'
import type { Environment } from '../runner/environment.ts'
import { findChanges } from './changes.ts'
import { findRootError } from './check-root.ts'
import type { Found } from './folder.ts'
import type { GitHub } from './github.ts'
import type { HeadTree } from './head-tree.ts'
import { relativePath } from './names.ts'
import { NO_STAND_INS } from './stand-ins.ts'

/** Finds the files that changed since the base.
 *  @throws GitError, BaseError */
export async function findSince(
  { workspace, event, github: { workflow } }: Environment,
  inputs: Inputs,
  { tree, github }: { tree: HeadTree; github: GitHub | undefined },
): Promise<Found> {
  const { topLevel, rootPath } = tree
  const { root } = inputs
  const workflowPath = workflow && `.github/workflows/${workflow}`
  const changes = await findChanges(tree, github, event, { ...inputs, workflowPath })
  const { files, considered, isFirstRun } = changes
  const changed = files.map(({ path }) => path)
  const list = async () => (await tree.list()).files
  const names: Names = {
    known: undefined,
    // a pattern also counts if it matches a deleted file
    list: async () => [...(await list()), ...changed].map((path) => path.slice(rootPath.length)),
  }
  const hasTwins = files.length > 0 && inputs.upload && inputs.guards !== 'off'
  const known = new Set(changed)
  const isMissed = (path: string): boolean => !known.has(path) && tree.matches(path)
  return {
    changes: {
      ...changes,
      ...takeShard(files, inputs.shard),
      untouched: isFirstRun && inputs.upload ? [...(await list())].filter(isMissed).length : 0,
    },
    topLevel,
    rootError: considered === 0 ? await findRootError(tree, { workspace, root }) : undefined,
    names,
    published: new Set(hasTwins ? await list() : []),
    standIns: files.length === 0 ? NO_STAND_INS : await tree.standIns(),
  }
}

const UNKNOWN_METADATA =
  'metadata: without git and the base commit the earlier version of the file is unknown, so it applies to uploaded files alone; run once with mode: all for the others'

export type Touched = { readonly touched: readonly string[]; readonly warnings: readonly string[] }

/** Finds the files whose attributes differ between the metadata file and its version at the base. */
export async function findTouched(
  { git, topLevel, rootPath, list, matches }: HeadTree,
  { changes: { base, head } }: Found,
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
  for await (const file of inTurns((await list()).files)) {
    const name = file.slice(rootPath.length)
    if (matches(file) && isInShard(file, inputs.shard) && rulesTouched(before, metadata, name)) touched.push(file)
  }
  return { touched, warnings: [] }
}
