import type { Inputs } from '../inputs/inputs.ts'
import { inTurns, type MetadataFile } from '../inputs/metadata.ts'
import { advise, LINES_MAX, type Names, type PatternInput } from '../inputs/pattern-advice.ts'
import { findName, splitSign } from '../inputs/patterns.ts'
import type { Changes } from './changes.ts'
import { listFolder } from './work-tree.ts'

type Workspace = { readonly workspace: string }

/** Warns of patterns that match no file, and of a root without a matching file if none of the changed files matches. Where
 *  none changed, only a matching file that git does not track shows that one is meant to be published. */
export async function warnOfPatterns(
  { files, matching = files.length, considered, rootPath }: Changes,
  names: Names,
  { workspace, root, files: matches, patternInputs }: Pick<Inputs, 'root' | 'files' | 'patternInputs'> & Workspace,
  { path, rules }: MetadataFile,
): Promise<string[]> {
  const inputs = [
    ...patternInputs.filter(({ isDefault }) => !isDefault),
    ...(path === '' ? [] : [{ name: path, lines: rules }]),
  ]
  const all = matching === 0 ? await names.list() : []
  const isUnmatched = all.length > 0 && !all.some(matches)
  const example = isUnmatched ? await findBuilt({ workspace, root, files: matches }) : undefined
  const isLost = isUnmatched && (considered > 0 || example !== undefined)
  const known = names.known ?? (files.length > 0 ? await namesFor(inputs, { files, rootPath, names }) : undefined)
  const advice = await advise(inputs, { ...names, known }, { root, isLost })
  if (!isLost) return advice
  const below = rootPath === '' ? 'in the repository' : `below ${rootPath}`
  const remedy = example === undefined ? '' : `, or set mode: all for files that a step makes, such as ${example}`
  return [
    `files: none of the ${all.length} files ${below} matches, so no push publishes a file: check the patterns, or root${remedy}`,
    ...advice,
  ]
}

/** @returns a matching file on disk, which git does not track where none of its files matches */
async function findBuilt({ workspace, root, files }: Pick<Inputs, 'root' | 'files'> & Workspace) {
  const below = root === '.' ? 0 : root.length + 1
  const paths = await listFolder({ workspace, root })
  return paths.files.find((path) => files(path.slice(below)) && !path.split('/').includes('node_modules'))
}

/** The names to judge patterns by. The changed files are enough if each pattern matches one of them. */
async function namesFor(
  inputs: readonly PatternInput[],
  { files, rootPath, names }: Pick<Changes, 'files' | 'rootPath'> & { names: Names },
): Promise<readonly string[]> {
  const changed = files.map(({ path }) => path.slice(rootPath.length))
  if (inputs.some(({ lines }) => hasEarlyExclusion(lines))) return names.list()
  const judged = inputs.flatMap(({ lines }) => lines.slice(0, LINES_MAX))
  for await (const { pattern } of inTurns(judged)) if (findName(changed, pattern) === undefined) return names.list()
  return changed
}

/** @returns whether lines that exclude come before one that includes: they have to be judged by every name */
function hasEarlyExclusion(lines: PatternInput['lines']): boolean {
  return lines.findIndex(({ pattern }) => !splitSign(pattern).exclude) > 0
}
