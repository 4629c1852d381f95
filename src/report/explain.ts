import { duration } from '../runner/text.ts'
import { adviceOn } from './advice.ts'

/** One line for whoever reads the log: what failed, on what, and what to do. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const advice = adviceOn(error)
  if (advice === undefined) return error.message
  const { problem, remedy } = advice
  return error.message.includes(problem) ? `${error.message}; ${remedy}` : `${problem}; ${remedy} (${error.message})`
}

/** What failed, where the run goes on without it and nobody has to do anything. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const problem = adviceOn(error)?.problem ?? error.message
  return error.message.includes(problem) ? error.message : `${problem} (${error.message})`
}

/** The line of a long wait before another try. */
export function waitLine(waitMs: number, reason: Error): string {
  return `waits ${duration(waitMs / 1000)} before it tries again: ${reasonOf(reason)}`
}
