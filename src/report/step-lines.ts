import type { CallStep, Outcome, PurgeStep, RecordStep, UpdateStep, UploadStep } from '../events.ts'
import type { Annotation } from '../runner/annotations.ts'
import { count, duration, printable, size } from '../runner/text.ts'
import { explain } from './explain.ts'
import type { Failed } from './ledger.ts'

/** Purges of a file, as far as they are done. */
export type Purged = { readonly done: number; readonly of: number }

/** A file that is done: its bytes are stored, and its URLs were asked to be purged. */
export function publishedLine(outcome: Outcome<UploadStep>, { done, of }: Purged): string {
  const { step, attempts, seconds } = outcome
  const tries = attempts > 1 ? [`${attempts} tries`] : []
  const purged = of === 0 ? [] : [`${done < of ? `${done} of ` : ''}${count(of, 'URL')} purged`]
  const word = done < of ? 'uploaded' : 'published' // until it is purged, imgix can serve the older bytes
  return printable(`${word} ${step.path} (${[size(step.bytes), duration(seconds), ...tries, ...purged].join(', ')})`)
}

/** For whoever debugs a run: the route, and when the bytes were stored.
 *  @returns undefined where they were not */
export function storedLine({ step, ...outcome }: Outcome): string | undefined {
  if (step.kind !== 'upload' || outcome.result !== 'done') return undefined
  return printable(`uploaded ${step.path} (${size(step.bytes)}, ${outcome.route}, ${duration(outcome.seconds)})`)
}

/** @returns undefined for what is no news by itself: uploads have a line when their purges are done */
export function outcomeLine({ step, ...outcome }: Outcome): string | undefined {
  if (step.kind === 'upload')
    return outcome.result === 'skipped' ? printable(`skipped ${step.path}: ${outcome.reason}`) : undefined
  if (outcome.result !== 'done') return undefined
  switch (step.kind) {
    case 'purge':
      return printable(`purged ${nameOf(step)}${outcome.attempts > 1 ? ` (${outcome.attempts} tries)` : ''}`)
    case 'update':
      return printable(`updated the metadata of ${step.path}`)
    case 'call':
      return printable(`${CALL_WORDS[step.call].done} ${step.path}`)
    case 'record':
      return undefined
  }
}

const CALL_WORDS = {
  add: { done: 'queued for the Asset Manager:', not: 'not queued for the Asset Manager' },
  refresh: { done: 'refreshed', not: 'not refreshed' },
} as const

/** What failed, on the file that it is about. */
export function failureOf({ step, error }: Failed): Annotation {
  const why = explain(error)
  switch (step.kind) {
    case 'upload':
      return { line: `${step.path}: ${why}`, file: step.path, title: 'imgix sync: file failed' }
    case 'purge':
      return { line: `${nameOf(step)}: ${why}`, title: 'imgix sync: purge failed' }
    default:
      return { line: `${step.path}: ${notDone(step)}: ${why}`, file: step.path, title: 'imgix sync' }
  }
}

export function notDone(step: CallStep | UpdateStep | RecordStep): string {
  if (step.kind === 'call') return CALL_WORDS[step.call].not
  if (step.kind === 'update') return 'its metadata was not set'
  return 'imgix still has the record of its older bytes, and the next full sync can trust that record; run again'
}

export function nameOf({ url, subImage }: PurgeStep): string {
  return subImage ? `${url} as a sub-image` : url
}
