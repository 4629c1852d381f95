import type { Selected } from '../events.ts'
import { count, printable } from '../runner/text.ts'

export function changesLines(changes: Selected): string[] {
  const head = changes.head === '' ? [] : [`head: ${changes.head}`]
  return [...changes.steps, ...(changes.hints ?? []), ...head, changesSentence(changes)].map(printable)
}

/** @returns what the first run of a workflow leaves out; undefined if it leaves out nothing */
export function untouchedSentence({ untouched = 0 }: Pick<Selected, 'untouched'>): string | undefined {
  if (untouched === 0) return undefined
  const files = untouched === 1 ? '1 more file matches' : `${untouched} more files match`
  return `no earlier run of this workflow has succeeded on this branch: ${files} that this push did not change, so this run does not publish them; run once with mode: all to publish them`
}

/** Why a run takes the files it takes; of no files, why none. */
export function changesSentence(changes: Selected): string {
  const { base, head, baseStrategy, considered, files, matching = files.length, rootPath, steps } = changes
  const match = `${matching === 1 && considered === 1 ? 'matches' : 'match'} the files patterns${changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`}`
  const below = rootPath === '' ? '' : ` below ${rootPath}`
  if (steps[0]?.startsWith('nothing to do')) return String(steps[0])
  if (baseStrategy === 'all') return `${matching} of ${count(considered, 'file')}${below} ${match}`
  if (base === head) return 'base and head are the same commit: nothing changed'
  const span = `between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`
  if (considered === 0) return `nothing changed${below} ${span}`
  return `${matching} of ${count(considered, 'changed file')}${below} ${span} ${match}`
}
