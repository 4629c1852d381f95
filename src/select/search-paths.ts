import { relative, sep } from 'node:path'
import { splitSign } from '../inputs/patterns.ts'
import { InputError } from '../inputs/reader.ts'

/** @param patterns of `files`
 *  @returns the folders and files in which they can match, POSIX, relative to the root; none is below another
 *  @throws InputError */
export async function findSearchPaths(patterns: readonly string[]): Promise<string[]> {
  // loaded by full syncs only
  const { create } = await import(/* webpackChunkName: "glob" */ '@actions/glob')
  const included = patterns.map(splitSign).filter(({ exclude }) => !exclude)
  try {
    const globber = await create(included.map(({ body }) => widenClass(body)).join('\n'))
    return globber.getSearchPaths().map((path) => relative(process.cwd(), path).split(sep).join('/'))
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    throw new InputError([
      `files: the patterns can't be read (${cause.message.split('\n')[0]}): check the lines of files`,
    ])
  }
}

/** @actions/glob takes `[]a]`, a class with a bracket, and `[!]` for the names of folders. */
function widenClass(pattern: string): string {
  const segments = pattern.split('/')
  const at = segments.findIndex((segment) => /\[[!^]?\]/.test(segment))
  return at === -1 ? pattern : [...segments.slice(0, at), '**'].join('/')
}
