import type { Compared } from '../events.ts'
import { cut, printable } from '../runner/text.ts'

/** A list in the log has at most this many items. */
const LIST_LENGTH = 200

/** The log names at most this many patterns. */
const PATTERNS_MAX = 10

/** What comparing with the Source came to. */
export function comparedSentence({ comparisons, onlyAtSource, files }: Compared): string {
  const unchanged = [...comparisons.values()].filter(({ isUnchanged }) => isUnchanged).length
  const changed = [...comparisons.values()].filter(({ change }) => change === 'modified').length
  const unknown = comparisons.size - unchanged - changed
  const parts = [
    `${unchanged} unchanged`,
    `${changed} changed`,
    `${files - comparisons.size} new`,
    ...(unknown > 0 ? [`${unknown} without a record of their bytes`] : []),
    ...(onlyAtSource.length > 0 ? [`${onlyAtSource.length} only at the Source`] : []),
  ]
  return `Compared with the Source: ${parts.join(', ')}`
}

/** Why files are uploaded, and what only the Source has. */
export function comparedLines({ comparisons, onlyAtSource }: Compared): string[] {
  const taken = [...comparisons].filter(([, { isUnchanged }]) => !isUnchanged)
  const lines = [
    ...taken.map(([path, { reason }]) => `/${path}: ${reason}`),
    ...onlyAtSource.map((path) => `/${path}: only at the Source, left as it is: imgix's API can't delete it`),
  ]
  return cut(lines, LIST_LENGTH, printable)
}

/** Patterns of the metadata file that match no file: perhaps they are misspelt. */
export function idlePatternsLine(patterns: readonly string[]): string {
  const shown = patterns.slice(0, PATTERNS_MAX).map((pattern) => `'${pattern}'`)
  const more = patterns.length - shown.length
  return printable(`metadata: no file matches ${shown.join(', ')}${more > 0 ? ` and ${more} patterns more` : ''}`)
}
