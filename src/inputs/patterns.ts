import { Minimatch } from 'minimatch'

export type Matcher = (path: string) => boolean

/** One pattern and the line that it stands on, from 1. */
export type PatternLine = { readonly line: number; readonly pattern: string }

/** What patterns are written for. */
export type PatternPlace = {
  /** on Windows case does not count, and a backslash separates folders */
  readonly windows?: boolean
  /** the folder that they are relative to, POSIX and relative to the workspace, for the advice in an error */
  readonly root?: string
  /** absolute path of the workspace, for the same */
  readonly workspace?: string
}

type Rule = {
  exclude: boolean
  /** what each path that matches starts with */
  start: string
  itself: Minimatch
  globstar: boolean
  folderOnly: boolean
  descendants?: Minimatch
}

// The settings of @actions/glob 0.7, so that a pattern means the same for a deleted path as for one on disk. The
// platform is no setting of it: of git's names a backslash is a part on Windows, too.
const OPTIONS = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true, platform: 'linux' } as const

/**
 * Matches paths by the pattern language of @actions/glob, for paths that need not be on disk: one pattern a line, `!`
 * excludes, `#` starts a comment, the last match wins, and a pattern that names a folder takes all that is in it.
 * @returns a matcher for POSIX paths relative to the folder that the patterns are relative to
 * @throws PatternError naming the first pattern that cannot be one
 */
export function compilePatterns(text: string, place: PatternPlace = {}): Matcher {
  const rules = readPatternLines(text).map(({ pattern }) => compileRule(pattern, place))
  rules.reverse()
  return (path) => {
    const rule = rules.find((candidate) => takes(candidate, path))
    return rule !== undefined && !rule.exclude
  }
}

export function readPatternLines(text: string): PatternLine[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const pattern = line.trim()
    return pattern === '' || pattern.startsWith('#') ? [] : [{ line: index + 1, pattern }]
  })
}

export class PatternError extends Error {
  override name = 'PatternError'
}

/** Splits `!` off: each turns the meaning. */
export function splitSign(pattern: string): { exclude: boolean; body: string } {
  let body = pattern
  let exclude = false
  while (body.startsWith('!')) {
    exclude = !exclude
    body = body.slice(1).trim()
  }
  return { exclude, body }
}

function compileRule(line: string, place: PatternPlace): Rule {
  const { windows = process.platform === 'win32' } = place
  const { exclude, body: written } = splitSign(line)
  const body = windows ? written.replaceAll('\\', '/') : written
  const folderOnly = body.endsWith('/')
  const segments = body.split('/').filter((segment) => segment !== '')
  const asked = { ...place, windows, exclude }
  const isAbsolute = body.startsWith('/') || (windows && /^[a-z]:/i.test(body))
  if (isAbsolute || segments.length === 0 || segments[0] === '~') {
    const remedy =
      segments.length > 0 && !body.startsWith('//') ? suggest(segments, { ...asked, isAbsolute: true }) : ''
    throw new PatternError(`'${line}' is not relative to root${remedy}`)
  }
  if (segments[0] === '.') segments.shift()
  if (segments.some((segment) => DOTS.test(unescapeDots(segment)))) {
    throw new PatternError(`'${line}' has a '.' or '..' segment${suggest(segments, { ...asked, isAbsolute: false })}`)
  }
  const globstar = segments.at(-1) === '**'
  const compile = (parts: string[]): Minimatch => new Minimatch(`/${parts.join('/')}`, { ...OPTIONS, nocase: windows })
  const itself = compile(segments)
  const rule: Rule = { exclude, start: windows ? '' : startOf(itself), itself, globstar, folderOnly }
  if (folderOnly || !globstar) rule.descendants = compile([...segments, '**'])
  return rule
}

const DOTS = /^\.\.?$/

/** As @actions/glob reads dots in a segment: `[.]` and `\\.` are one, too. */
function unescapeDots(segment: string): string {
  return segment.replace(/\[\\?\.\]|\\\./g, '.')
}

/** The folders that a pattern starts with: with thousands of rules, a look at that alone ends most. */
function startOf({ set: [parts = []] }: Minimatch): string {
  const end = parts.findIndex((part) => typeof part !== 'string')
  return parts.slice(1, end === -1 ? undefined : end).join('/')
}

function takes(rule: Rule, path: string): boolean {
  if (!path.startsWith(rule.start)) return false
  // '/a/**' matches '/a/' but not '/a': as there, the path gets a slash before it meets a last globstar
  if (!rule.folderOnly && rule.itself.match(rule.globstar ? `/${path}/` : `/${path}`)) return true
  return rule.descendants?.match(`/${path}`) ?? false
}

/** What to do about a pattern that is absolute, or has dots for segments; '' where nobody can tell. */
function suggest(segments: string[], place: PatternPlace & { exclude: boolean; isAbsolute: boolean }): string {
  const { workspace = '', root, windows = false, exclude, isAbsolute } = place
  if (root === undefined) return ''
  const fold = (name: string | undefined): string | undefined => (windows ? name?.toLowerCase() : name)
  const startsWith = (folders: string[]): boolean => folders.every((name, at) => fold(name) === fold(parts[at]))
  const above = root === '.' ? [] : root.split('/')
  const parts = isAbsolute ? [] : [...above]
  for (const segment of segments.map(unescapeDots)) {
    if (segment === '..' && parts.pop() === undefined) return ': it leads out of the workspace'
    if (!DOTS.test(segment)) parts.push(segment)
  }
  const folders = workspace.split(/[\\/]/).filter((name) => name !== '')
  if (isAbsolute && startsWith(folders)) parts.splice(0, folders.length)
  if (/^(~$|[a-z]:)/i.test(parts[0] ?? '')) return ''
  if (startsWith(above)) parts.splice(0, above.length)
  else if (!isAbsolute) {
    const shared = above.findIndex((name, at) => name !== parts[at])
    return `: set root to ${above.slice(0, shared).join('/') || '.'}`
  }
  return `: write ${exclude ? '!' : ''}${parts.join('/') || '**'}`
}
