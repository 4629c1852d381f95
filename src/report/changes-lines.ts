import type { Selected } from '../events.ts'
import { count, printable } from '../runner/text.ts'

export function changesLines(changes: Selected): string[] {
  const head = changes.head === '' ? [] : [`head: ${changes.head}`]
  return [...changes.steps, ...head, changesSentence(changes)].map(printable)
}

/** Why a run takes the files it takes; of no files, why none. */
export function changesSentence(changes: Selected): string {
  const { base, head, baseStrategy, considered, files, matching = files.length, rootPath, steps } = changes
  const match = `match the files patterns${changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`}`
  const below = rootPath === '' ? '' : ` below ${rootPath}`
  if (steps[0]?.startsWith('nothing to do')) return String(steps[0])
  if (baseStrategy === 'all') return `${matching} of ${count(considered, 'file')}${below} ${match}`
  if (base === head) return 'base and head are the same commit: nothing changed'
  const span = `between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`
  if (considered === 0) return `nothing changed${below} ${span}`
  return `${matching} of ${count(considered, 'changed file')}${below} ${span} ${match}`
}
