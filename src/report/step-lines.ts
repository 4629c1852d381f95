import type { CallStep, Outcome, PurgeStep, UpdateStep, UploadStep } from '../events.ts'
import { duration, printable, size } from '../runner/text.ts'
import { explain } from './explain.ts'

/** @returns undefined for what is no news */
export function outcomeLine(outcome: Outcome): string | undefined {
  const { step } = outcome
  if (step.kind === 'upload') return uploadLine(step, outcome)
  if (step.kind === 'purge') return purgeLine(step, outcome)
  if (step.kind === 'update') return updateLine(step, outcome)
  return step.kind === 'call' ? callLine(step, outcome) : undefined
}

function uploadLine(step: UploadStep, outcome: Outcome): string {
  const { result, attempts, seconds } = outcome
  if (result === 'done') {
    const tries = attempts > 1 ? `, ${attempts} tries` : ''
    return printable(`uploaded ${step.path} (${size(step.bytes)}, ${outcome.route}, ${duration(seconds)}${tries})`)
  }
  return printable(`${result === 'not-done' ? 'not uploaded' : result} ${step.path}: ${whyNotDone(outcome)}`)
}

function purgeLine(step: PurgeStep, outcome: Outcome): string {
  const { result, attempts } = outcome
  if (result === 'done') return printable(`purged ${nameOf(step)}${attempts > 1 ? ` (${attempts} tries)` : ''}`)
  return printable(`${result === 'failed' ? 'failed to purge' : 'not purged'} ${nameOf(step)}: ${whyNotDone(outcome)}`)
}

/** @returns undefined where the asset had it all */
function updateLine({ path }: UpdateStep, outcome: Outcome): string | undefined {
  if (outcome.result === 'skipped') return undefined
  if (outcome.result === 'done') return printable(`updated the attributes of ${path}`)
  return printable(`did not update the attributes of ${path}: ${whyNotDone(outcome)}`)
}

export const CALL_WORDS = {
  add: { done: 'queued for the Asset Manager:', not: 'not queued for the Asset Manager' },
  refresh: { done: 'refreshed', not: 'not refreshed' },
} as const

function callLine({ path, call }: CallStep, outcome: Outcome): string {
  const words = CALL_WORDS[call]
  if (outcome.result === 'done') return printable(`${words.done} ${path}`)
  return printable(`${words.not}: ${path}: ${whyNotDone(outcome)}`)
}

function whyNotDone(outcome: Exclude<Outcome, { result: 'done' }>): string {
  return outcome.result === 'failed' ? explain(outcome.error) : outcome.reason
}

export function nameOf({ url, subImage }: PurgeStep): string {
  return subImage ? `${url} as a sub-image` : url
}
