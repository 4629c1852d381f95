import { braceExpand } from 'minimatch'
import { cut } from '../runner/text.ts'
import { inTurns } from './metadata.ts'
import { compilePatterns, findName, type PatternLine, splitSign } from './patterns.ts'

/** The patterns of one input, or of the metadata file, as written. */
export type PatternInput = {
  /** its name in messages */
  readonly name: string
  /** `rest`: the text after the pattern on its line, such as `: image/avif` */
  readonly lines: readonly (PatternLine & { readonly rest?: string })[]
  /** the lines are those of action.yml, which are right */
  readonly isDefault?: boolean
}

type Place = {
  /** the files below the root, relative to it */
  readonly names: readonly string[]
  /** POSIX, relative to the workspace */
  readonly root: string
  /** no file matches `files`, or a line excludes none: it can mean every folder, as in gitignore */
  readonly isLost: boolean
}

/** More lines of an input get no advice. */
export const LINES_MAX = 200
const WARNINGS_MAX = 5
const FORMS_SHOWN = 5

/**
 * Explains patterns that match no file, or not the files in folders, although their author probably meant some, and suggests
 * the right form.
 * @returns one line for each pattern, for the first few of each input
 */
export async function advise(inputs: readonly PatternInput[], place: Place): Promise<string[]> {
  const warnings: string[] = []
  for (const { name, lines } of inputs) {
    const found = adviseOnExclusions(lines, place.names)
    for await (const line of inTurns(lines.slice(0, LINES_MAX))) {
      const problem =
        findName(place.names, line.pattern) === undefined
          ? adviseOnLine(line, { ...place, isLost: place.isLost && name === 'files' })
          : adviseOnStars(line, lines, place)
      if (problem !== undefined) found.push(`${nameOf(line)} ${problem}`)
    }
    const shown = cut(found, WARNINGS_MAX, String, 'more lines of that kind')
    warnings.push(...shown.map((problem) => `${name}: ${problem}`))
  }
  return warnings
}

function nameOf({ line, pattern }: PatternLine): string {
  return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`
}

/** An exclusion applies to the lines before it alone. */
function adviseOnExclusions(lines: readonly Line[], names: readonly string[]): string[] {
  const first = lines.findIndex(({ pattern }) => !splitSign(pattern).exclude)
  if (first === -1 && lines.length > 0) {
    return ['every line starts with !, so no file matches: put a pattern such as **/* before them']
  }
  if (first < 1) return []
  const matches = compilePatterns(lines.map(({ pattern }) => pattern).join('\n'))
  return lines.slice(0, first).flatMap((line) => {
    const excluded = compilePatterns(splitSign(line.pattern).body)
    const taken = names.find((name) => excluded(name) && matches(name))
    return taken === undefined
      ? []
      : [`${nameOf(line)} excludes nothing, because the lines after it include ${taken} again: put it after them`]
  })
}

const FORMS_MAX = 100
/** Longer patterns are not written by hand. */
const LENGTH_MAX = 300

type Line = PatternInput['lines'][number]

/** @param line matches a file
 *  @returns which file it leaves out for a `**` that is not between slashes, and the right form; undefined for none */
function adviseOnStars({ pattern, rest = '' }: Line, lines: readonly Line[], place: Place): string | undefined {
  const [because, read] = STARS
  const written = translate([pattern], (body) => body)
  const forms = translate(written, (body) => read(body, place))
  if (forms === written || pattern.length > LENGTH_MAX) return undefined
  const { exclude, body } = splitSign(forms.join())
  const isMeant = compilePatterns(body)
  const isTaken = compilePatterns(lines.map((line) => line.pattern).join('\n'))
  const missed = place.names.find((name) => isMeant(name) && isTaken(name) === exclude)
  return missed && `does not match ${missed}: ${writeDown(forms, [because], rest)}`
}

/** @param line matches no file
 *  @returns why it matches none, and the right form; undefined if the reason is unknown */
function adviseOnLine({ pattern, rest = '' }: Line, given: Place): string | undefined {
  if (pattern.length > LENGTH_MAX) return undefined
  const { names } = given
  const place = { ...given, isLost: given.isLost || splitSign(pattern).exclude }
  let forms = translate([pattern], (body) => body)
  const because = new Set<string>()
  for (const [reason, read] of HABITS) {
    const translated = translate(forms, (body) => read(body, place))
    if (translated === forms) continue
    forms = translated
    because.add(reason)
  }
  const isShown = (written: readonly string[]): boolean => written.some((form) => findName(names, form) !== undefined)
  const write = (right: readonly string[]): string => `matches no file: ${writeDown(right, [...because], rest)}`
  if (because.size > 0 && isShown(forms)) return write(forms)
  for (const [reason, read] of GUESSES) {
    const guess = translate(forms, (body) => read(body, place))
    if (guess === forms || !isShown(guess)) continue
    because.add(reason)
    return write(guess)
  }
  return because.size === 0 ? undefined : write(forms)
}

/** Translates patterns behind their signs. A translation can have signs of its own.
 *  @returns the same list if nothing changed */
function translate(forms: readonly string[], read: (body: string) => string | readonly string[]): readonly string[] {
  const translated = forms.flatMap((form) => {
    const { exclude, body } = splitSign(form)
    const parts = [read(body)].flat().map((part) => splitSign(part.trim()))
    return parts.map((part) => `${exclude || part.exclude ? '!' : ''}${part.body || '**'}`)
  })
  return translated.join('\n') === forms.join('\n') ? forms : translated.slice(0, FORMS_MAX)
}

function writeDown(forms: readonly string[], because: readonly string[], rest: string): string {
  const lines = [...new Set(forms)].map((form) => form + rest)
  const shown = lines.length > FORMS_SHOWN ? `${lines.slice(0, FORMS_SHOWN).join(', ')}, …` : lines.join(' and ')
  return `${because.join(', and ')}; write ${shown}${lines.length > 1 ? ', each on its own line' : ''}`
}

/** One way to read a pattern that matches no file. `read` translates it, to one pattern or to several. */
type Reading = readonly [because: string, read: (body: string, place: Place) => string | readonly string[]]

const LINE = 'a line is one pattern'
const QUOTES = 'quotes are part of a pattern'
const ROOT = 'patterns are relative to root'
const STARS: Reading = ['** stands for folders only between slashes', (body) => body.replace(/[^/]+/g, separateStars)]

// Habits of YAML, a shell, gitignore, Windows or regular expressions. A pattern with one is hardly right as written. In this
// order: first the habits that enclose a pattern.
const HABITS: readonly Reading[] = [
  ['a list in brackets is a class of characters', (body) => body.replace(/^\[(.*["'/].*)\]$/, '$1')],
  ['a dash does not start a list item', (body) => body.replace(/^[-•]\s+/, '')],
  ['# starts a comment at the start of a line only', (body) => body.replace(/\s+(#(\s.*)?|\/\/\s.*)$/, '')],
  [LINE, (body) => splitList(body.replace(/[,;|]+$/, ''), /[*"']/)],
  [QUOTES, (body) => body.replace(/^(["'`\u2018\u201c])(.*)["'`\u2019\u201d]$/, '$2')],
  [QUOTES, (body) => body.replace(/^["'`](?=.*[*/])|["'`]$/g, '')],
  ['a backslash does not separate folders', (body) => (/\\(\w|\*\*)/.test(body) ? body.replaceAll('\\', '/') : body)],
  [ROOT, (body, { root }) => dropRoot(body, root)],
  STARS,
  ['a pattern has no alternatives in braces or parentheses', expandAlternatives],
]

// A pattern can be right although a guess differs from it, unless a file matches the guess.
const GUESSES: readonly Reading[] = [
  [LINE, (body) => splitList(body, /./)],
  [ROOT, (body, { root }) => dropRoot(body, root.slice(root.lastIndexOf('/') + 1))],
  ['it is a whole name and not an extension', (body) => body.replace(/^\.?(?=\w{2,5}$)/, '**/*.')],
  ['case matters', (body, { names }) => asWritten(body, findName(names, body, 'case'))],
  [
    'its letters are of another Unicode form',
    (body, { names }) => (findName(names, body, 'form') ? body.normalize().replace(/[^\0-\x7f]+/g, '*') : body),
  ],
  ['brackets are one character', (body) => body.replaceAll('[', '[[]')],
  [
    'it names no folder above',
    (body, { isLost }) => (isLost || !body.includes('/') ? `**/${body.replace(/^\.\//, '')}` : body),
  ],
]

/** Splits a list of patterns at commas, semicolons, bars or spaces outside quotes and brackets.
 *  @param pattern what each part has */
function splitList(body: string, pattern: RegExp): string | readonly string[] {
  const parts = body.match(/("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)|[^\s,;|])+/g) ?? []
  return parts.length > 1 && parts.every((part) => pattern.test(part)) ? parts : body
}

function dropRoot(body: string, root: string): string {
  const path = body.replace(/^(\.?\/)+/, '')
  return root !== '.' && `${path}/`.startsWith(`${root}/`) ? path.slice(root.length + 1) : body
}

function separateStars(segment: string): string {
  if (/^\*+$/.test(segment)) return segment
  return segment
    .replace(/^\*{2,}/, '**/*')
    .replace(/\*{2,}$/, '/**')
    .replace(/\*{2,}(?=[^/*])/g, '*/**/*')
}

function expandAlternatives(body: string): string | readonly string[] {
  const inBraces = body.replace(/[@+*?]?\((?:\?:)?([^()|]*(?:\|[^()|]*)+)\)/g, '{$1}')
  const tidy = inBraces.replace(/\{[^{}]*\}/g, (set) => set.replace(/\s*[,|]\s*/g, ','))
  const bodies = braceExpand(tidy, { braceExpandMax: FORMS_MAX })
  return bodies.length > 1 ? bodies : body
}

/** Changes the case of each literal part of a pattern to that in a name that it matches except for case. */
function asWritten(body: string, name = ''): string {
  const lower = name.toLowerCase()
  let from = 0
  return body.replace(/\[[^\]]*\]|[^*?[\]/]+/g, (part) => {
    const at = part.startsWith('[') || lower.length !== name.length ? -1 : lower.indexOf(part.toLowerCase(), from)
    if (at === -1) return part
    from = at + part.length
    return name.slice(at, from)
  })
}
