import { foldName } from '../inputs/fold-name.ts'
import type { WorkTreeFile } from './work-tree.ts'

/** @returns the names that are one of the paths, or differ from one by case or Unicode form alone */
export function keepAlike(paths: readonly string[], names: Iterable<string>): string[] {
  const folded = new Set(paths.map(foldName))
  const alike: string[] = []
  for (const name of names) if (folded.has(foldName(name))) alike.push(name)
  return alike
}

/**
 * Names that differ only by case or Unicode form, if one of them is the name of a file of the run. A disk that ignores the
 * difference has one file for two such names in git, and lists one of them.
 * @param names of published files, relative to the same folder as the paths of `files`
 */
export function findTwins(files: ReadonlyMap<string, WorkTreeFile>, names: readonly string[]): string[] {
  const taken = [...files].flatMap(([path, file]) => ('bytes' in file ? [path] : []))
  const alike = new Set([...taken, ...keepAlike(taken, names)])
  return [...Map.groupBy(alike, foldName).values()]
    .filter((group) => group.length > 1)
    .flat()
    .sort()
}
