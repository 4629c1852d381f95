import { foldName } from './fold-name.ts'
import { compilePatterns, PatternError } from './patterns.ts'

/** Finds names that match patterns. */
export type NameIndex = {
  /** @param ignoring case or Unicode form, in the pattern and in names
   *  @returns a name that the pattern without its `!` matches */
  find(pattern: string, ignoring?: 'case' | 'form'): string | undefined
}

/** @param names POSIX, relative to the root */
export function indexNames(names: readonly string[]): NameIndex {
  let extensions: Set<string> | undefined
  return {
    find(pattern, ignoring) {
      const matches = compile(pattern, ignoring)
      if (matches === undefined) return undefined
      // one look-up is faster than matching every name
      const [, extension] = EXTENSION.exec(pattern) ?? []
      extensions ??= extensionsOf(names)
      if (extension !== undefined && !extensions.has(ignoring === undefined ? extension : foldName(extension)))
        return undefined
      return names.find((name) => matches(ignoring === 'form' ? name.normalize() : name))
    },
  }
}

const EXTENSION = /\.([^\\/.*?[\]]+)\/?$/

/** Extensions of files and folders, as written and folded. */
function extensionsOf(names: readonly string[]): Set<string> {
  const extensions = new Set<string>()
  for (const name of names) {
    for (const [, extension = ''] of name.matchAll(/\.([^./]+)(?=\/|$)/g)) extensions.add(extension)
  }
  for (const extension of [...extensions]) extensions.add(foldName(extension))
  return extensions
}

function compile(pattern: string, ignoring: 'case' | 'form' | undefined): ((name: string) => boolean) | undefined {
  const body = pattern.replace(/^[!\s]+/, '')
  if (ignoring === 'case' && body.includes('\\')) return undefined
  try {
    if (ignoring === 'case') return compilePatterns(body, { windows: true })
    return compilePatterns(ignoring === 'form' ? body.normalize() : body)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return undefined // a form that is not valid, such as one with dots
  }
}
