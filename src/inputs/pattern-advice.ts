import { cut, decodeUri } from '../runner/text.ts'
import { inTurns } from './metadata.ts'
import { type Meaning, readMeaning, readStars, STARS } from './pattern-meaning.ts'
import { compilePatterns, findName, type Matcher, type PatternLine, splitSign } from './patterns.ts'

/** The patterns of one input, or of the metadata file, as written. */
export type PatternInput = {
  /** its name in messages */
  readonly name: string
  /** `rest`: the text after the pattern on its line, such as `: image/avif` */
  readonly lines: readonly (PatternLine & { readonly rest?: string })[]
  /** the lines are those of action.yml, which are right */
  readonly isDefault?: boolean
}

/** The files below the root, relative to it. */
export type Names = {
  /** the names, if they are already listed */
  readonly known: readonly string[] | undefined
  list(): Promise<readonly string[]>
}

/** More lines of an input get no advice. */
export const LINES_MAX = 200
const WARNINGS_MAX = 5
const FORMS_SHOWN = 5

/**
 * Explains patterns that match no file, or not the files in folders, although their author probably meant some, and suggests
 * the right form.
 * @param isLost no file matches `files`, so every line of it is analysed in every way
 * @returns one line for each pattern, for the first few of each input
 */
export async function advise(
  inputs: readonly PatternInput[],
  names: Names,
  { root, isLost }: { root: string; isLost: boolean },
): Promise<string[]> {
  let all: readonly string[] | undefined
  const warnings: string[] = []
  for (const { name, lines } of inputs) {
    const found = adviseOnExclusions(lines, names.known)
    const wouldChange = findDeciding(lines)
    for await (const line of inTurns(lines.slice(0, LINES_MAX))) {
      const meaning = readMeaning(line.pattern, root)
      const isLostLine = isLost && name === 'files'
      if (meaning !== undefined || isLostLine) all ??= await names.list()
      const judgedBy = meaning !== undefined || isLostLine ? all : names.known
      if (judgedBy === undefined) continue
      const isMatched = findName(judgedBy, line.pattern) !== undefined
      const problem = isMatched
        ? meaning && adviseOnStars(line, judgedBy, (path) => wouldChange(path, line))
        : adviseOnLine(line, judgedBy, { meaning, isLost: isLostLine })
      if (problem !== undefined)
        found.push(`${nameOf(line)} ${isMatched ? 'does not match' : 'matches no file:'} ${problem}`)
    }
    const shown = cut(found, WARNINGS_MAX, String, 'more lines of that kind')
    warnings.push(...shown.map((problem) => `${name}: ${problem}`))
  }
  return warnings
}

/** The last line that matches a path decides whether it is taken. Each path is judged once: many lines ask for the same ones.
 *  @returns a function that says whether a match of a line would change whether the path is taken */
function findDeciding(lines: readonly Line[]): (path: string, line: Line) => boolean {
  let rules: readonly { readonly exclude: boolean; readonly matches: Matcher }[] | undefined
  const known = new Map<string, number>()
  return (path, line) => {
    rules ??= lines
      .map(({ pattern }) => splitSign(pattern))
      .map(({ exclude, body }) => ({ exclude, matches: compilePatterns(body) }))
    const last = known.get(path) ?? rules.findLastIndex(({ matches }) => matches(path))
    known.set(path, last)
    const isTaken = rules[last]?.exclude === false
    return last < lines.indexOf(line) && isTaken === splitSign(line.pattern).exclude
  }
}

function nameOf({ line, pattern }: PatternLine): string {
  return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`
}

type Line = PatternInput['lines'][number]

/** @param line matches a file
 *  @param wouldChange whether a match of the line would change whether the file is taken
 *  @returns which file it does not match for a `**` that is not between slashes, and the right form; undefined for none */
function adviseOnStars(
  { pattern, rest = '' }: Line,
  names: readonly string[],
  wouldChange: Matcher,
): string | undefined {
  const { exclude, body } = splitSign(pattern)
  const form = readStars(body)
  if (form === body) return undefined
  const isMeant = compilePatterns(form)
  const missed = names.find((name) => wouldChange(name) && isMeant(name))
  if (missed === undefined) return undefined
  const isWritten = compilePatterns(body)
  const isLeft = names.some((name) => isWritten(name) && !isMeant(name)) // `a*/**/*b` does not match `ab`, as `a**b` does
  const right = (exclude ? '!' : '') + form + rest
  return `${missed}: ${STARS}; write ${formsOf(isLeft ? [pattern + rest, right] : [right])}`
}

function formsOf(forms: readonly string[]): string {
  const shown = forms.length > FORMS_SHOWN ? `${forms.slice(0, FORMS_SHOWN).join(', ')}, …` : forms.join(' and ')
  return `${shown}${forms.length > 1 ? ', each on its own line' : ''}`
}

/** @param line matches no file
 *  @returns why it matches none, and the right form; undefined if the reason is unknown */
function adviseOnLine(
  { pattern, rest = '' }: Line,
  names: readonly string[],
  { meaning, isLost }: { meaning: Meaning | undefined; isLost: boolean },
): string | undefined {
  const asWritten = { forms: [pattern], because: [], isSure: false }
  const guesses = [asWritten, ...(meaning === undefined ? [] : [meaning])].map((each) => guess(each, names, isLost))
  const meanings = [...(meaning === undefined ? [] : [meaning]), ...guesses.flat()]
  const isShown = ({ forms }: Meaning): boolean => forms.some((form) => findName(names, form) !== undefined)
  const right = meanings.find(isShown) ?? (meaning?.isSure === true ? meaning : undefined)
  if (right === undefined) return undefined
  return `${right.because.join(', and ')}; write ${formsOf(right.forms.map((form) => form + rest))}`
}

/** An exclusion applies to the lines before it alone. */
function adviseOnExclusions(lines: readonly Line[], names: readonly string[] | undefined): string[] {
  const first = lines.findIndex(({ pattern }) => !splitSign(pattern).exclude)
  if (first === -1 && lines.length > 0) {
    return ['every line starts with !, so no file matches: put a pattern such as **/* before them']
  }
  if (first < 1 || names === undefined) return []
  const matches = compilePatterns(lines.map(({ pattern }) => pattern).join('\n'))
  return lines.slice(0, first).flatMap((line) => {
    const excluded = compilePatterns(splitSign(line.pattern).body)
    const taken = names.find((name) => excluded(name) && matches(name))
    return taken === undefined
      ? []
      : [`${nameOf(line)} excludes nothing, because the lines after it include ${taken} again: put it after them`]
  })
}

type Guess = readonly [because: string, read: (body: string) => string | undefined]

/**
 * Guesses what patterns mean that match no file. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern can mean every folder, as in gitignore. A pattern without folders,
 *   or one that excludes nothing, can do so always
 */
function guess({ forms, because }: Meaning, names: readonly string[], isLost: boolean): Meaning[] {
  const guesses: readonly Guess[] = [
    ['it ends with a slash, so it matches folders only', (body) => body.replace(/\/+$/, '')],
    ['case matters', (body) => inCaseOf(body, findName(names, body, 'case'))],
    [
      'its letters are of another Unicode form',
      (body) => (findName(names, body, 'form') ? body.normalize().replace(/[^\0-\x7f]+/g, '*') : body),
    ],
    ['brackets are one character', (body) => body.replaceAll('[', '[[]')],
    ['% is not an escape', decodeUri],
  ]
  const signs = forms.map(splitSign)
  const inFolders = signs.map(({ exclude, body }) =>
    (isLost || exclude || !body.includes('/')) && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : body,
  )
  const read = [
    ...guesses.map(([reason, change]) => ({ reason, bodies: signs.map(({ body }) => change(body) ?? body) })),
    { reason: 'it names no folder above', bodies: inFolders },
  ]
  return read.flatMap(({ reason, bodies }) => {
    const written = bodies.map((body, at) => (signs[at]?.exclude ? '!' : '') + body)
    const isOther = bodies.some((body, at) => body !== signs[at]?.body)
    return isOther ? { forms: written, because: [...because, reason], isSure: false } : []
  })
}

/** Changes the case of each literal part of a pattern to that in a name that it matches except for case. */
function inCaseOf(body: string, name = ''): string {
  const lower = name.toLowerCase()
  let from = 0
  return body.replace(/\[[^\]]*\]|[^*?[\]/]+/g, (part) => {
    const at = part.startsWith('[') || lower.length !== name.length ? -1 : lower.indexOf(part.toLowerCase(), from)
    if (at === -1) return part
    from = at + part.length
    return name.slice(at, from)
  })
}
