import type { Inputs } from '../inputs/inputs.ts'
import { inTurns, type MetadataFile } from '../inputs/metadata.ts'
import { advise, LINES_MAX, type PatternInput } from '../inputs/pattern-advice.ts'
import { findName, splitSign } from '../inputs/patterns.ts'
import type { Changes } from './changes.ts'
import { listFolder } from './work-tree.ts'

type Workspace = { readonly workspace: string }

/** Warns of patterns that match no file, and of a root without a matching file if none of the changed files matches. Where
 *  none changed, only a matching file that git does not track shows that one is meant to be published.
 *  @param list gives the files below the root */
export async function warnOfPatterns(
  { files, matching = files.length, considered, rootPath }: Changes,
  list: () => Promise<readonly string[]>,
  { workspace, root, files: matches, patternInputs }: Pick<Inputs, 'root' | 'files' | 'patternInputs'> & Workspace,
  { path, rules }: MetadataFile,
): Promise<string[]> {
  const inputs = [
    ...patternInputs.filter(({ isDefault }) => !isDefault),
    ...(path === '' ? [] : [{ name: path, lines: rules }]),
  ]
  const changed = files.map(({ path }) => path.slice(rootPath.length))
  const names = matching > 0 && (await areEnough(changed, inputs)) ? changed : await list()
  const isUnmatched = matching === 0 && names.length > 0 && !names.some(matches)
  const example = isUnmatched ? await findBuilt({ workspace, root, files: matches }) : undefined
  const isLost = isUnmatched && (considered > 0 || example !== undefined)
  const advice = await advise(inputs, { names, root, isLost })
  if (!isLost) return advice
  const below = rootPath === '' ? 'in the repository' : `below ${rootPath}`
  const remedy = example === undefined ? '' : `, or set mode: all for files that a step makes, such as ${example}`
  return [
    `files: none of the ${names.length} files ${below} matches, so no push publishes a file: check the patterns, or root${remedy}`,
    ...advice,
  ]
}

/** @returns a matching file on disk, which git does not track where none of its files matches */
async function findBuilt({ workspace, root, files }: Pick<Inputs, 'root' | 'files'> & Workspace) {
  const below = root === '.' ? 0 : root.length + 1
  const paths = await listFolder({ workspace, root })
  return paths.files.find((path) => files(path.slice(below)) && !path.split('/').includes('node_modules'))
}

/** Whether the changed files are enough to judge the patterns: each matches one of them. Lines that exclude, before one that
 *  includes, are judged by every name. */
async function areEnough(changed: readonly string[], inputs: readonly PatternInput[]): Promise<boolean> {
  if (inputs.some(({ lines }) => lines.findIndex(({ pattern }) => !splitSign(pattern).exclude) > 0)) return false
  const judged = inputs.flatMap(({ lines }) => lines.slice(0, LINES_MAX))
  for await (const { pattern } of inTurns(judged)) if (findName(changed, pattern) === undefined) return false
  return true
}
