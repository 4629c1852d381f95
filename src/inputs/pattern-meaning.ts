import { braceExpand } from 'minimatch'
import { splitSign } from './patterns.ts'

/** The likely meaning of a pattern that says something else. */
export type Meaning = {
  /** patterns with that meaning, each for its own line */
  readonly forms: readonly string[]
  /** the reasons why the line has another meaning */
  readonly because: readonly string[]
  /** false: the line can be right as written, unless a file matches the forms */
  readonly isSure: boolean
}

/** One habit of writing. `read` translates it, to one pattern or to several; a pattern without it stays the same. */
type Habit = readonly [
  because: string,
  isSure: boolean,
  read: (body: string, root: string) => string | readonly string[],
]

const HABITS_MAX = 10
const FORMS_MAX = 100
/** Longer patterns are not written by hand. */
const LENGTH_MAX = 300

/**
 * Reads a pattern that is written with habits of YAML, a shell, gitignore, Windows or regular expressions.
 * @param root POSIX, relative to the workspace
 * @returns undefined for a pattern without such habits
 */
export function readMeaning(pattern: string, root: string): Meaning | undefined {
  if (pattern.length > LENGTH_MAX) return undefined
  const because = new Set<string>()
  let isSure = false
  let forms = rewrite(pattern, (body) => body)
  for (let round = 0; round < HABITS_MAX; round += 1) {
    const [habit, translated] = takeHabit(forms, root) ?? []
    if (habit === undefined || translated === undefined) break
    forms = translated.slice(0, FORMS_MAX)
    because.add(habit[0])
    isSure ||= habit[1]
  }
  const written = forms.flatMap((form) => rewrite(form, (body) => body.replace(/^(\.?\/)+/, '') || '**'))
  if (written.length === 0 || because.size === 0) return undefined
  return { forms: [...new Set(written)], because: [...because], isSure }
}

/** @returns the first habit of these patterns, and the patterns without it */
function takeHabit(forms: readonly string[], root: string): [Habit, string[]] | undefined {
  for (const habit of HABITS) {
    const translated = forms.flatMap((form) => rewrite(form, (body) => habit[2](body, root)))
    if (translated.join('\n') !== forms.join('\n')) return [habit, translated]
  }
  return undefined
}

/** Translates a pattern behind its sign. The translation can have signs of its own. */
function rewrite(form: string, read: (body: string) => string | readonly string[]): string[] {
  const { exclude, body } = splitSign(form)
  const parts = [read(body)].flat().map((part) => splitSign(part.trim()))
  return parts.flatMap((part) => (part.body === '' ? [] : `${exclude || part.exclude ? '!' : ''}${part.body}`))
}

function swap(found: RegExp, by: string): Habit[2] {
  return (body) => body.replace(found, by)
}

const LINE = 'a line is one pattern'
const COMMENT = '# starts a comment at the start of a line only'
const QUOTES = 'quotes are part of a pattern'
const NO_REGEXP = 'a pattern is not a regular expression'
const BRACES = 'a pattern has no braces'
const BACKSLASH = 'a backslash does not separate folders'
const ROOT = 'patterns are relative to root'
export const STARS = '** stands for folders only between slashes'
const EXTENSION_ONLY = 'it is a whole name and not an extension'
const EXTENSION = /^\.(a?png|ai|avif|bmp|eps|gif|hei[cf]|ico|jfif|jp2|jpe?g|m4v|mov|mp4|pdf|psd|svg|tiff?|web[mp])$/i

// In this order: first the habits that enclose a pattern.
const HABITS: readonly Habit[] = [
  ['it contains an invisible character', true, swap(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+/g, '')],
  [
    'a name and a colon are part of it',
    true,
    swap(/^(files|sub-images|content-types|paths?|include|exclude)\s*:\s+(?=\S)/, ''),
  ],
  ['a list in brackets is a class of characters', true, swap(/^\[(.*["'/].*)\]$/, '$1')],
  ['a dash does not start a list item', true, swap(/^[-•]\s+/, '')],
  ['\\n is not a line break', true, (body) => body.split(/\\[nr]+(?=[*!])/)],
  [COMMENT, true, swap(/\s+(#(\s.*)?|\/\/\s.*)$/, '')],
  [COMMENT, false, swap(/\s+#\S.*$/, '')],
  [
    'a content type belongs into content-types',
    true,
    swap(/\s*:\s*(application|audio|font|image|text|video)\/[\w.+*-]+$/, ''),
  ],
  [LINE, true, swap(/[,;|]+$/, '')],
  [LINE, true, (body) => splitList(body, /[*"']/)],
  [LINE, false, (body) => splitList(body, /[*?/"']|\.\w+$/)],
  [QUOTES, true, swap(/^(["'`\u2018\u201c\u00ab])(.*)["'`\u2019\u201d\u00bb]$/, '$2')],
  [QUOTES, true, swap(/^["'`](?=.*[*/])|["'`]$/, '')],
  ['a pattern is a path and not a URL', true, swap(/^https?:\/\/[^/]+\//i, '')],
  ['no shell replaces variables', true, swap(/^(\$\{?(GITHUB_WORKSPACE|PWD)\}?|%(GITHUB_WORKSPACE|CD)%)[\\/]/, '')],
  [NO_REGEXP, true, (body) => (/^\^|\\\.[\w({]+\$?$|[\w)]\$$/.test(body) ? readRegExp(body) : body)],
  [NO_REGEXP, false, (body) => (/^\.[*+]\.?\w/.test(body) ? readRegExp(body) : body)],
  ['? is one character', true, (body) => choose(body, /(?<=\.)(jpe\?g)$/i, () => ['jpg', 'jpeg'])],
  ['? is one character', true, (body) => choose(body, /(?<=\.)(tiff\?)$/i, () => ['tif', 'tiff'])],
  ['parentheses are part of a name', true, (body) => choose(body, /[@+*?]?\((?:\?:)?([^()]*\|[^()]*)\)/)],
  ['brackets are one character', true, (body) => choose(body, /(?<=\.)\[(\w{2,5}(?:\s*[,|]\s*\w{2,5})+)\]/)],
  [BRACES, true, expandBraces],
  [BRACES, false, swap(/\{([^{},/]+)\}/g, '$1')],
  [BACKSLASH, true, (body) => (/\\(\w|\*\*)/.test(body) ? readBackslashes(body) : body)],
  [BACKSLASH, false, readBackslashes],
  [ROOT, true, readDrive],
  [ROOT, true, dropRoot],
  [ROOT, false, (body, root) => (root === '.' ? body : dropRoot(body, root.slice(root.lastIndexOf('/') + 1)))],
  [STARS, true, readStars],
  [EXTENSION_ONLY, true, (body) => (EXTENSION.test(body) ? `**/*${body}` : body)],
  [EXTENSION_ONLY, false, (body) => (EXTENSION.test(`.${body}`) ? `**/*.${body}` : body)],
]

/** Splits a list of patterns at commas, semicolons, bars or spaces outside quotes and brackets.
 *  @param pattern what each part has */
function splitList(body: string, pattern: RegExp): string | readonly string[] {
  const parts = body.match(/("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)|[^\s,;|])+/g) ?? []
  return parts.length > 1 && parts.every((part) => pattern.test(part)) ? parts : body
}

/** Writes each alternative of the first match in its place. */
function choose(body: string, found: RegExp, read = (text: string) => text.split(/\s*[,|]\s*/)): string | string[] {
  const [, alternatives] = found.exec(body) ?? []
  return alternatives === undefined ? body : read(alternatives).map((text) => body.replace(found, () => text))
}

function readRegExp(body: string): readonly string[] {
  const glob = body
    .replace(/^\^|\$$/g, '')
    .replaceAll('(?:', '(')
    .replace(/(^|\/)\.[*+]/g, '$1**/*')
    .replace(/\.[*+]|\\[wd][*+]/g, '*')
    .replace(/\\([./])/g, '$1')
    .replace(/(\w)\?(?=[\w)]|$)/g, '{$1,}')
    .replace(/\(([^()]*\|[^()]*)\)/g, (_, set: string) => `{${set.replaceAll('|', ',')}}`)
  return expandBraces(glob)
}

function expandBraces(body: string): readonly string[] {
  const closed = /\{[^{}]*,[^{}]*$/.test(body) ? `${body}}` : body
  const tidy = closed.replace(/\{[^{}]*\}/g, (set) => set.replace(/\s*[,|]\s*/g, ','))
  const bodies = braceExpand(tidy, { braceExpandMax: FORMS_MAX })
  return bodies.length > 1 ? bodies : [body]
}

/** Reads backslashes as on Windows, or as escapes of Markdown. */
function readBackslashes(body: string): string {
  if (/^\\[!#]/.test(body)) return body
  return !body.includes('/') || /\\\w/.test(body) ? body.replace(/\\+/g, '/') : body.replaceAll('\\', '')
}

function readDrive(body: string, root: string): string {
  if (!/^[a-z]:\//i.test(body)) return body
  const start = root === '.' ? -1 : body.indexOf(`/${root}/`)
  return body.slice(start === -1 ? 3 : start + root.length + 2)
}

function dropRoot(body: string, root: string): string {
  const path = body.replace(/^(\.?\/)+/, '')
  if (root === '.' || !`${path}/`.startsWith(`${root}/`)) return body
  return path.slice(root.length + 1) || '**'
}

export function readStars(body: string): string {
  return body.replace(/[^/]+/g, (segment) => (/^\*+$/.test(segment) ? segment : separateStars(segment)))
}

function separateStars(segment: string): string {
  return segment
    .replace(/^\*{2,}/, '**/*')
    .replace(/\*{2,}$/, '/**')
    .replace(/(?<=[^*/])\*{2,}(?=[^*])/g, '*/**/*')
}
