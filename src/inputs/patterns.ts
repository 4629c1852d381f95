import { Minimatch } from 'minimatch'

export type Matcher = (path: string) => boolean

type Rule = { exclude: boolean; itself: Minimatch; globstar: boolean; folderOnly: boolean; descendants?: Minimatch }

// The settings of @actions/glob 0.7, so that a pattern means the same for a deleted path as for one on disk.
const WINDOWS = process.platform === 'win32'
const OPTIONS = { dot: true, nobrace: true, nocase: WINDOWS, nocomment: true, noext: true, nonegate: true }

/**
 * Matches paths by the pattern language of @actions/glob, for paths that need not be on disk: one pattern a line, `!`
 * excludes, `#` starts a comment, the last match wins, and a pattern that names a folder takes all that is in it.
 * @returns a matcher for POSIX paths relative to the folder that the patterns are relative to
 * @throws PatternError naming the first pattern that cannot be one
 */
export function compilePatterns(text: string): Matcher {
  const rules: Rule[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const pattern = line.trim()
    if (pattern !== '' && !pattern.startsWith('#')) rules.push(compileRule(pattern))
  }
  rules.reverse()
  return (path) => {
    const rule = rules.find((candidate) => takes(candidate, path))
    return rule !== undefined && !rule.exclude
  }
}

export class PatternError extends Error {
  override name = 'PatternError'
}

function compileRule(line: string): Rule {
  let body = line
  let exclude = false
  while (body.startsWith('!')) {
    exclude = !exclude
    body = body.slice(1).trim()
  }
  if (WINDOWS) body = body.replaceAll('\\', '/')
  const folderOnly = body.endsWith('/')
  const segments = body.split('/').filter((segment) => segment !== '')
  if (body.startsWith('/') || segments.length === 0 || segments[0] === '~') {
    throw new PatternError(`'${line}' is not relative to root`)
  }
  if (segments[0] === '.') segments.shift()
  if (segments.some((segment) => /^\\?\.(\\?\.)?$/.test(segment))) {
    throw new PatternError(`'${line}' has a '.' or '..' segment`)
  }
  const globstar = segments.at(-1) === '**'
  const rule: Rule = { exclude, itself: minimatch(segments), globstar, folderOnly }
  if (folderOnly || !globstar) rule.descendants = minimatch([...segments, '**'])
  return rule
}

function minimatch(segments: string[]): Minimatch {
  return new Minimatch(`/${segments.join('/')}`, OPTIONS)
}

function takes(rule: Rule, path: string): boolean {
  // '/a/**' matches '/a/' but not '/a': as there, the path gets a slash before it meets a last globstar
  if (!rule.folderOnly && rule.itself.match(rule.globstar ? `/${path}/` : `/${path}`)) return true
  return rule.descendants?.match(`/${path}`) ?? false
}
