import type { Inputs } from '../inputs/inputs.ts'
import type { MetadataFile } from '../inputs/load-metadata.ts'
import { advise, type Names } from '../inputs/pattern-advice.ts'
import type { Changes } from './by-git.ts'

/** @returns warnings about patterns that match no file, and about a root without any matching file if none of the changed
 *  files matches */
export async function warnOfPatterns(
  { files, matching = files.length, considered, rootPath }: Changes,
  names: Names,
  { root, files: matches, patternInputs }: Pick<Inputs, 'root' | 'files' | 'patternInputs'>,
  { path, rules }: MetadataFile,
): Promise<string[]> {
  const inputs = path === '' ? patternInputs : [...patternInputs, { name: path, lines: rules }]
  const all = considered > 0 && matching === 0 ? await names.list() : []
  const isLost = all.length > 0 && !all.some(matches)
  const advice = await advise(inputs, names, { root, isLost })
  if (!isLost) return advice
  const below = rootPath === '' ? 'in the repository' : `below ${rootPath}`
  return [
    `files: none of the ${all.length} files ${below} matches, so no push publishes a file: check the patterns, or root`,
    ...advice,
  ]
}
