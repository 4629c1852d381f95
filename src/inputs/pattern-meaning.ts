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

/** Recognises one habit of writing, and translates it; undefined for a pattern without it. */
type Habit = (body: string, root: string) => { bodies: readonly string[]; because: string; isSure: boolean } | undefined

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
  let forms = [splitSign(pattern)]
  const because: string[] = []
  let isSure = false
  for (let round = 0; round < HABITS_MAX; round += 1) {
    const next = takeHabit(forms, root)
    if (next === undefined) break
    forms = next.forms.slice(0, FORMS_MAX)
    const isOwn = next.because === BRACES && !pattern.includes('{') // from the habit before
    if (!isOwn && !because.includes(next.because)) because.push(next.because)
    isSure ||= next.isSure
  }
  const written = forms.map(({ exclude, body }) => `${exclude ? '!' : ''}${body.replace(/^(\.?\/)+/, '') || '**'}`)
  return written.length === 0 || because.length === 0 ? undefined : { forms: [...new Set(written)], because, isSure }
}

type Form = ReturnType<typeof splitSign>

function takeHabit(
  forms: readonly Form[],
  root: string,
): { forms: Form[]; because: string; isSure: boolean } | undefined {
  for (const habit of HABITS) {
    const taken = forms.map(({ body }) => habit(body, root))
    const first = taken.find((read) => read !== undefined)
    if (first === undefined) continue
    const read = forms.flatMap((form, at) => {
      const parts = taken[at]?.bodies.map((part) => splitSign(part.trim())) ?? [form]
      return parts.map(({ exclude, body }) => ({ exclude: exclude || form.exclude, body }))
    })
    return { ...first, forms: read.filter(({ body }) => body !== '') }
  }
  return undefined
}

/** A habit that a regular expression finds and replaces. */
function replace(found: RegExp, by: string, because: string, isSure = true): Habit {
  return (body) => (found.test(body) ? { bodies: [body.replace(found, by)], because, isSure } : undefined)
}

const LINE = 'a line is one pattern'
const COMMENT = '# starts a comment at the start of a line only'
const QUOTES = 'quotes are part of a pattern'
const NO_REGEXP = 'a pattern is not a regular expression'
const BRACES = 'a pattern has no braces'
const BACKSLASH = 'a backslash does not separate folders'
const GLOBSTAR = '** stands for folders only between slashes'
const ROOT = 'patterns are relative to root'
const EXTENSION = /^\.(a?png|ai|avif|bmp|eps|gif|hei[cf]|ico|jfif|jp2|jpe?g|m4v|mov|mp4|pdf|psd|svg|tiff?|web[mp])$/i

// In this order: first the habits that enclose a pattern.
const HABITS: readonly Habit[] = [
  replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+/g, '', 'it contains an invisible character'),
  replace(
    /^(files|sub-images|content-types|paths?|include|exclude)\s*:\s+(?=\S)/,
    '',
    'a name and a colon are part of it',
  ),
  replace(/^\[(.*["'/].*)\]$/, '$1', 'a list in brackets is a class of characters'),
  replace(/^[-•]\s+/, '', 'a dash does not start a list item'),
  (body) => splitAt(body, /\\[nr]+(?=[*!])/, '\\n is not a line break'),
  replace(/\s+(#(\s.*)?|\/\/\s.*)$/, '', COMMENT),
  replace(/\s+#\S.*$/, '', COMMENT, false),
  replace(
    /\s*:\s*(application|audio|font|image|text|video)\/[\w.+*-]+$/,
    '',
    'a content type belongs into content-types',
  ),
  replace(/[,;|]+$/, '', LINE),
  splitList,
  replace(/^(["'`\u2018\u201c\u00ab])(.*)["'`\u2019\u201d\u00bb]$/, '$2', QUOTES),
  replace(/^["'`](?=.*[*/])|["'`]$/, '', QUOTES),
  replace(/^https?:\/\/[^/]+\//i, '', 'a pattern is a path and not a URL'),
  replace(/^(\$\{?(GITHUB_WORKSPACE|PWD)\}?|%(GITHUB_WORKSPACE|CD)%)[\\/]/, '', 'no shell replaces variables'),
  readRegExp,
  replace(/(\.)jpe\?g$/i, '$1{jpg,jpeg}', '? is one character'),
  replace(/(\.)tiff\?$/i, '$1{tif,tiff}', '? is one character'),
  replace(/[@+*?]?\((?:\?:)?([^()]*\|[^()]*)\)/, '{$1}', 'parentheses are part of a name'),
  replace(/\.\[(\w{2,5}(?:\s*[,|]\s*\w{2,5})+)\]/, '.{$1}', 'brackets are one character'),
  expandBraces,
  readBackslashes,
  readDrive,
  dropRoot,
  readStars,
  (body) => readExtension(body, true),
  (body) => readExtension(`.${body}`, false),
]

function splitAt(body: string, separator: RegExp, because: string, isSure = true): ReturnType<Habit> {
  const bodies = body.split(separator).filter((part) => part !== '')
  return bodies.length > 1 ? { bodies, because, isSure } : undefined
}

/** Splits a list of patterns at commas, semicolons, bars or spaces outside quotes and brackets. */
function splitList(body: string): ReturnType<Habit> {
  const parts = body.match(/("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)|[^\s,;|])+/g) ?? []
  if (parts.length < 2 || !parts.every((part) => /[*?/"']|\.\w+$/.test(part))) return undefined
  return { bodies: parts, because: LINE, isSure: parts.every((part) => /[*"']/.test(part)) }
}

function readRegExp(body: string): ReturnType<Habit> {
  const isSure = /^\^|\\\.[\w({]+\$?$|[\w)]\$$/.test(body)
  if (!isSure && !/^\.[*+]\.?\w/.test(body)) return undefined
  const glob = body
    .replace(/^\^|\$$/g, '')
    .replaceAll('(?:', '(')
    .replace(/(^|\/)\.[*+]/g, '$1**/*')
    .replace(/\.[*+]|\\[wd][*+]/g, '*')
    .replace(/\\([./])/g, '$1')
    .replace(/(\w)\?(?=[\w)]|$)/g, '{$1,}')
    .replace(/\(([^()]*\|[^()]*)\)/g, '{$1}')
  return { bodies: [glob], because: NO_REGEXP, isSure }
}

function expandBraces(body: string): ReturnType<Habit> {
  const closed = /\{[^{}]*,[^{}]*$/.test(body) ? `${body}}` : body
  if (!/\{.+\}/.test(closed)) return undefined
  const tidy = closed.replace(/\{[^{}]*\}/g, (set) => set.replace(/\s*[,|]\s*/g, ','))
  const bodies = braceExpand(tidy, { braceExpandMax: FORMS_MAX })
  if (bodies.length > 1) return { bodies, because: BRACES, isSure: true }
  const bare = body.replace(/\{([^{},/]+)\}/g, '$1')
  return bare === body ? undefined : { bodies: [bare], because: BRACES, isSure: false }
}

/** Reads backslashes as on Windows, or as escapes of Markdown. */
function readBackslashes(body: string): ReturnType<Habit> {
  const isPath = !body.includes('/') || /\\\w/.test(body)
  const form = isPath ? body.replace(/\\+/g, '/') : body.replaceAll('\\', '')
  return form === body || /^\\[!#]/.test(body)
    ? undefined
    : { bodies: [form], because: BACKSLASH, isSure: /\\(\w|\*\*)/.test(body) }
}

function readDrive(body: string, root: string): ReturnType<Habit> {
  if (!/^[a-z]:\//i.test(body)) return undefined
  const start = root === '.' ? -1 : body.indexOf(`/${root}/`)
  return { bodies: [body.slice(start === -1 ? 3 : start + root.length + 2)], because: ROOT, isSure: true }
}

function dropRoot(body: string, root: string): ReturnType<Habit> {
  if (root === '.') return undefined
  const path = body.replace(/^(\.?\/)+/, '')
  if (path === root || path.startsWith(`${root}/`)) {
    return { bodies: [path.slice(root.length + 1) || '**'], because: ROOT, isSure: true }
  }
  const last = root.slice(root.lastIndexOf('/') + 1)
  if (!path.startsWith(`${last}/`)) return undefined
  return { bodies: [path.slice(last.length + 1)], because: ROOT, isSure: false }
}

function readStars(body: string): ReturnType<Habit> {
  const form = body
    .split('/')
    .map((segment) => (/^\*+$/.test(segment) ? segment : separateStars(segment)))
    .join('/')
  return form === body ? undefined : { bodies: [form], because: GLOBSTAR, isSure: true }
}

function separateStars(segment: string): string {
  return segment
    .replace(/^\*{2,}/, '**/*')
    .replace(/\*{2,}$/, '/**')
    .replace(/(?<=[^*/])\*{2,}(?=[^*])/g, '*/**/*')
}

function readExtension(name: string, isSure: boolean): ReturnType<Habit> {
  if (!EXTENSION.test(name)) return undefined
  return { bodies: [`**/*${name}`], because: 'it is a whole name and not an extension', isSure }
}
