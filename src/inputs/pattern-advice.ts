import { cut, decodeUri } from '../runner/text.ts'
import { inTurns } from './metadata.ts'
import { type Meaning, readMeaning } from './pattern-meaning.ts'
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
 * Explains patterns that match no file although their author probably meant some, and suggests the right form. A pattern
 * that matches a file gets no advice.
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
    for await (const line of inTurns(lines.slice(0, LINES_MAX))) {
      const meaning = readMeaning(line.pattern, root)
      const isLostLine = isLost && name === 'files'
      if (meaning !== undefined || isLostLine) all ??= await names.list()
      const judgedBy = meaning !== undefined || isLostLine ? all : names.known
      const problem = judgedBy && adviseOnLine(line, judgedBy, { meaning, isLost: isLostLine })
      if (problem !== undefined) found.push(`${nameOf(line)} matches no file: ${problem}`)
    }
    const shown = cut(found, WARNINGS_MAX, String, 'more lines of that kind')
    warnings.push(...shown.map((problem) => `${name}: ${problem}`))
  }
  return warnings
}

function nameOf({ line, pattern }: PatternLine): string {
  return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`
}

/** @returns why the line matches nothing, and the right form; undefined if it matches a file, or the reason is unknown */
function adviseOnLine(
  { pattern, rest = '' }: PatternInput['lines'][number],
  names: readonly string[],
  { meaning, isLost }: { meaning: Meaning | undefined; isLost: boolean },
): string | undefined {
  if (findName(names, pattern) !== undefined) return undefined
  const meanings = [...(meaning === undefined ? [] : [meaning]), ...guessMeanings(pattern, names, isLost)]
  const isShown = ({ forms }: Meaning): boolean => forms.some((form) => findName(names, form) !== undefined)
  const right = meanings.find(isShown) ?? (meaning?.isSure === true ? meaning : undefined)
  if (right === undefined) return undefined
  const forms = right.forms.map((form) => form + rest)
  const shown = forms.length > FORMS_SHOWN ? `${forms.slice(0, FORMS_SHOWN).join(', ')}, …` : forms.join(' and ')
  return `${right.because.join(', and ')}; write ${shown}${forms.length > 1 ? ', each on its own line' : ''}`
}

/** An exclusion applies to the lines before it alone. */
function adviseOnExclusions(lines: PatternInput['lines'], names: readonly string[] | undefined): string[] {
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

/**
 * Guesses what a pattern that matches no file means. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern without folders can mean every folder, as in gitignore
 */
function guessMeanings(pattern: string, names: readonly string[], isLost: boolean): Meaning[] {
  const { exclude, body } = splitSign(pattern)
  const hasOtherForm = findName(names, body, 'form') !== undefined
  const guesses: [form: string | undefined, because: string][] = [
    [body.replace(/\/+$/, ''), 'it ends with a slash, so it matches folders only'],
    [asWritten(body, findName(names, body, 'case')), 'case matters'],
    [
      hasOtherForm ? body.normalize().replace(/[^\0-\x7f]+/g, '*') : undefined,
      'its letters are of another Unicode form',
    ],
    [body.replaceAll('[', '[[]'), 'brackets are one character'],
    [decodeUri(body), '% is not an escape'],
    [isLost && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : undefined, 'it names no folder above'],
  ]
  return guesses.flatMap(([form, because]) =>
    form === undefined || form === body
      ? []
      : [{ forms: [(exclude ? '!' : '') + form], because: [because], isSure: false }],
  )
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
