import type { Selected } from '../events.ts'
import { count, printable } from '../runner/text.ts'

export function changesLines(changes: Selected): string[] {
  const head = changes.head === '' ? [] : [`head: ${changes.head}`]
  const sentence = changesSentence(changes)
  const steps = changes.steps.filter((step) => step !== sentence)
  return [...steps, ...(changes.hints ?? []), ...head, sentence].map(printable)
}

/** @returns what the first run of a workflow leaves out; undefined if it leaves out nothing */
export function untouchedSentence({ untouched = 0 }: Pick<Selected, 'untouched'>): string | undefined {
  if (untouched === 0) return undefined
  const files = untouched === 1 ? '1 more file matches' : `${untouched} more files match`
  return `no earlier run of this workflow has succeeded on this branch: ${files} that this push did not change, so this run does not publish them; run once with mode: all to publish them`
}

/** Why a run takes the files it takes; of no files, why none. */
export function changesSentence(changes: Selected): string {
  const { base, head, baseStrategy, considered, rootPath, steps } = changes
  const below = rootPath === '' ? '' : ` below ${rootPath}`
  if (steps[0]?.startsWith('nothing to do')) return String(steps[0])
  if (baseStrategy === 'all') return matchSentence('file', below, changes)
  if (base === head) return 'base and head are the same commit: nothing changed'
  const span = ` between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`
  return considered === 0 ? `nothing changed${below}${span}` : matchSentence('changed file', `${below}${span}`, changes)
}

function matchSentence(noun: string, where: string, changes: Selected): string {
  const { considered, files, matching = files.length } = changes
  if (matching === 0 && considered === 1) return `the ${noun}${where} does not match the files patterns`
  const shard = changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`
  const verb = matching < 2 ? 'matches' : 'match'
  return `${matching || 'none'} of ${count(considered, noun)}${where} ${verb} the files patterns${shard}`
}
