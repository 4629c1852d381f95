import { Minimatch } from 'minimatch'

export type Matcher = (path: string) => boolean

/** One pattern, and its line, from 1. */
export type PatternLine = { readonly line: number; readonly pattern: string }

/** The surroundings of patterns. */
export type PatternPlace = {
  /** on Windows case is ignored, and a backslash separates folders */
  readonly windows?: boolean
  /** for the advice in an error: the folder that patterns are relative to; POSIX, relative to the workspace */
  readonly root?: string
  /** for the advice in an error: absolute path of the workspace */
  readonly workspace?: string
}

type Rule = {
  readonly exclude: boolean
  /** the start of every path that matches */
  readonly start: string
  /** the pattern and all below it; `/a/**` matches `/a/` but not `/a` */
  readonly below: Minimatch
  /** written with a slash at the end: the pattern takes what is in a folder, and not a file of its name */
  readonly folderOnly: boolean
}

// The options of @actions/glob 0.7, so that a pattern matches deleted paths and paths on disk alike. Only `platform` is
// ours: git's names can contain a backslash, on Windows too.
const OPTIONS = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true, platform: 'linux' } as const

/**
 * Compiles the pattern language of @actions/glob for paths that need not exist: one pattern a line, `!` excludes, `#` starts
 * a comment, the last match wins, and a pattern of a folder matches all files in it.
 * @returns a matcher for POSIX paths, relative to the same folder as the patterns
 * @throws PatternError with the patterns that are not valid
 */
export function compilePatterns(text: string, place: PatternPlace = {}): Matcher {
  const rules = compileRules(readPatternLines(text), place)
  rules.reverse()
  return (path) => {
    if (DOT_SEGMENT.test(path)) return false // git can hold such a tree; in a URL it would lead elsewhere
    const takes = ({ start, below, folderOnly }: Rule): boolean =>
      path.startsWith(start) && below.match(folderOnly ? `/${path}` : `/${path}/`)
    return rules.find(takes)?.exclude === false
  }
}

export function readPatternLines(text: string): PatternLine[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const pattern = line.trim()
    return pattern === '' || pattern.startsWith('#') ? [] : [{ line: index + 1, pattern }]
  })
}

const PROBLEMS_MAX = 5

function compileRules(lines: readonly { readonly pattern: string }[], place: PatternPlace): Rule[] {
  const problems: string[] = []
  const rules = lines.flatMap(({ pattern }) => {
    try {
      return [compileRule(pattern, place)]
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      problems.push(error.message)
      return []
    }
  })
  const more = problems.length > PROBLEMS_MAX ? [`and ${problems.length - PROBLEMS_MAX} more`] : []
  if (problems.length > 0) throw new PatternError([...problems.slice(0, PROBLEMS_MAX), ...more].join('; '))
  return rules
}

export class PatternError extends Error {
  override name = 'PatternError'
}

/** Removes leading `!`. Each one inverts the pattern. */
export function splitSign(pattern: string): { exclude: boolean; body: string } {
  let body = pattern
  let exclude = false
  while (body.startsWith('!')) {
    exclude = !exclude
    body = body.slice(1).trim()
  }
  return { exclude, body }
}

/**
 * Finds a name that a pattern without its `!` matches.
 * @param names POSIX, relative to the same folder as the pattern
 * @param ignoring case or Unicode form, in the pattern and in names
 */
export function findName(names: readonly string[], pattern: string, ignoring?: 'case' | 'form'): string | undefined {
  const plain = (text: string): string => (ignoring === 'form' ? text.normalize() : text)
  const body = plain(splitSign(pattern).body)
  if (ignoring === 'case' && body.includes('\\')) return undefined
  const [ending = ''] = /\.[^\\/.*?[\]]+(?=\/?$)/.exec(body.toLowerCase()) ?? []
  try {
    const matches = compilePatterns(body, ignoring === 'case' ? { windows: true } : {})
    // the ending first, because a match takes longer
    return names.find((name) => plain(name).toLowerCase().includes(ending) && matches(plain(name)))
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return undefined // a guess that is not valid, such as one with dots
  }
}

/** No path is longer. */
const PATTERN_MAX_LENGTH = 4096
/** The compiler looks for the end of each from there to the end of the segment. */
const OPEN_BRACKETS_MAX = 5

function compileRule(line: string, place: PatternPlace): Rule {
  if (line.length > PATTERN_MAX_LENGTH) {
    throw new PatternError(`'${cut(line)}' is longer than ${PATTERN_MAX_LENGTH} characters`)
  }
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
  if (countOpenBrackets(segments) > OPEN_BRACKETS_MAX) {
    throw new PatternError(`'${cut(line)}' has more than ${OPEN_BRACKETS_MAX} brackets that do not close`)
  }
  while (segments.at(-1) === '**') segments.pop()
  const below = new Minimatch(`/${[...segments, '**'].join('/')}`, { ...OPTIONS, nocase: windows })
  return { exclude, start: windows ? '' : startOf(below), below: withoutBacktracking(below), folderOnly }
}

function cut(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}

function countOpenBrackets(segments: readonly string[]): number {
  let count = 0
  for (const segment of segments) {
    let open = 0
    for (const [bracket] of segment.matchAll(/\\.|[[\]]/gs)) {
      if (bracket === '[') open += 1
      else if (bracket === ']' && open > 0) open -= 1
    }
    count += open
  }
  return count
}

/** `*` in the regular expression of a segment. */
const STAR = '[^/]*?'

/**
 * Lets each `*` but the last of a segment end at the first place that fits, which is as good as any other. Otherwise the
 * time goes by a power of the name's length: `*-*-*-*-*` and a name of 250 hyphens take minutes.
 */
function withoutBacktracking(pattern: Minimatch): Minimatch {
  for (const part of pattern.set.flat()) {
    if (!(part instanceof RegExp) || Object.hasOwn(part, 'test')) continue // of `*.*` and its like, which compares texts
    const [start = '', ...pieces] = part.source.split(STAR)
    const end = pieces.pop()
    if (end === undefined || pieces.length === 0) continue
    const atomic = pieces.map((piece, at) => `(?=(?<s${at}>${STAR}${piece}))\\k<s${at}>`)
    const linear = new RegExp(`${start}${atomic.join('')}${STAR}${end}`, part.flags)
    part.test = (name) => linear.test(name)
  }
  return pattern
}

const DOTS = /^\.\.?$/
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/

/** Reads dots in a segment as @actions/glob does: `[.]` and `\\.` are dots, too. */
function unescapeDots(segment: string): string {
  return segment.replace(/\[\\?\.\]|\\\./g, '.')
}

/** The folders at the start of a pattern. With thousands of rules, comparing them first saves most matches. */
function startOf({ set: [parts = []] }: Minimatch): string {
  const end = parts.findIndex((part) => typeof part !== 'string')
  return parts.slice(1, end === -1 ? undefined : end).join('/')
}

/** Advice for a pattern that is absolute or has dots as segments; '' for none. */
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
