import { foldName } from '../inputs/fold-name.ts'
import type { WorkTreeFile } from './work-tree.ts'

/**
 * Names that differ only by case or Unicode form, if one of them is the name of a file of the run. A disk that ignores the
 * difference has one file for two such names in git, and lists one of them.
 * @param names of published files, relative to the same folder as the paths of `files`
 */
export function findTwins(files: ReadonlyMap<string, WorkTreeFile>, names: readonly string[]): string[] {
  const taken = [...files].flatMap(([path, file]) => ('bytes' in file ? [path] : []))
  const folded = new Set(taken.map(foldName))
  const alike = new Set([...taken, ...names.filter((name) => folded.has(foldName(name)))])
  return [...Map.groupBy(alike, foldName).values()]
    .filter((group) => group.length > 1)
    .flat()
    .sort()
}
