import { guessMeanings } from './pattern-guesses.ts'
import { type Meaning, readMeaning } from './pattern-meaning.ts'
import { lookAtNames, type NameLook } from './pattern-names.ts'
import { compilePatterns, type PatternLine, splitSign } from './patterns.ts'

/** The patterns of one input, or of the metadata file, as they are written. */
export type PatternInput = {
  /** what a message calls it */
  readonly name: string
  /** `rest`: what follows the pattern on its line, such as `: image/avif` */
  readonly lines: readonly (PatternLine & { readonly rest?: string })[]
}

/** The files below the root, relative to it. */
export type Names = {
  /** those that are listed already */
  readonly known: readonly string[] | undefined
  list(): Promise<readonly string[]>
}

const LINES_MAX = 200
const WARNINGS_MAX = 5
const FORMS_SHOWN = 5

/**
 * Warns of patterns that match no file though their writer meant some: why they don't, and what is right. There is no
 * warning of a pattern that matches a file.
 * @param isLost no file at all matches, so that every line is looked at in every way
 * @returns a line for each, the first few of each input
 */
export async function advise(
  inputs: readonly PatternInput[],
  names: Names,
  { root, isLost }: { root: string; isLost: boolean },
): Promise<string[]> {
  const known = names.known && lookAtNames(names.known)
  let all: NameLook | undefined
  const warnings: string[] = []
  for (const { name, lines } of inputs) {
    const found = adviseOnExclusions(lines, names.known).map((problem) => `${name}: ${problem}`)
    for (const line of lines.slice(0, LINES_MAX)) {
      const meaning = readMeaning(line.pattern, root)
      if (meaning !== undefined || isLost) all ??= lookAtNames(await names.list())
      const look = meaning !== undefined || isLost ? all : known
      const problem = look && adviseOnLine(line, look, { meaning, isLost })
      if (problem !== undefined) found.push(`${name}: ${nameOf(line)} matches no file: ${problem}`)
    }
    const more = found.length - WARNINGS_MAX
    warnings.push(
      ...found.slice(0, WARNINGS_MAX),
      ...(more > 0 ? [`${name}: and ${more} more lines of that kind`] : []),
    )
  }
  return warnings
}

function nameOf({ line, pattern }: PatternLine): string {
  return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`
}

/** @returns why the line matches nothing and what is right; undefined where it matches a file, or nobody can tell */
function adviseOnLine(
  { pattern, rest = '' }: PatternInput['lines'][number],
  look: NameLook,
  { meaning, isLost }: { meaning: Meaning | undefined; isLost: boolean },
): string | undefined {
  if (look.find(pattern) !== undefined) return undefined
  const meanings = [...(meaning === undefined ? [] : [meaning]), ...guessMeanings(pattern, look, isLost)]
  const isShown = ({ forms }: Meaning): boolean => forms.some((form) => look.find(form) !== undefined)
  const right = meanings.find(isShown) ?? (meaning?.isSure === true ? meaning : undefined)
  if (right === undefined) return undefined
  const forms = right.forms.map((form) => form + rest)
  const shown = forms.length > FORMS_SHOWN ? `${forms.slice(0, FORMS_SHOWN).join(', ')}, …` : forms.join(' and ')
  return `${right.because.join(', and ')}; write ${shown}${forms.length > 1 ? ', each on a line of its own' : ''}`
}

/** An exclusion excludes from what the lines before it take. */
function adviseOnExclusions(lines: PatternInput['lines'], names: readonly string[] | undefined): string[] {
  const first = lines.findIndex(({ pattern }) => !splitSign(pattern).exclude)
  if (first === -1 && lines.length > 0) {
    return ['every line starts with !, so no file is taken: put before them what is to be taken, such as **/*']
  }
  if (first < 1 || names === undefined) return []
  const matches = compilePatterns(lines.map(({ pattern }) => pattern).join('\n'))
  return lines.slice(0, first).flatMap((line) => {
    const excluded = compilePatterns(splitSign(line.pattern).body)
    const taken = names.find((name) => excluded(name) && matches(name))
    return taken === undefined
      ? []
      : [`${nameOf(line)} excludes nothing, as the lines after it take ${taken} again: put it after them`]
  })
}
