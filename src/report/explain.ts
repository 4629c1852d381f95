import { describe, ImgixError } from '../imgix/errors.ts'
import * as core from '../runner/core.ts'
import { duration } from '../runner/text.ts'
import { adviceOn } from './advice.ts'

/** One line for whoever reads the log: what failed, what to do, and in brackets what imgix's support asks for. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const advice = adviceOn(error)
  if (advice === undefined) return error.message
  return withFacts(error, advice.problem, `${advice.problem}; ${advice.remedy}`)
}

/** What failed, where the run goes on without it and nobody has to do anything. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const problem = adviceOn(error)?.problem ?? error.message
  return withFacts(error, problem, problem)
}

function withFacts(error: Error, told: string, text: string): string {
  const facts = factsOf(error, told)
  return facts === '' ? text : `${text} (${facts})`
}

/** Status, what imgix said, and request id: what its support asks for.
 *  @param told a text that comes before it */
export function factsOf(error: unknown, told: string): string {
  return error instanceof ImgixError ? describe(error, told) : ''
}

/** @param lines that say what ended the run
 *  @returns whether one of them says this, too: another request can have had the same answer */
export function isTold(error: unknown, lines: readonly string[]): boolean {
  const problem = adviceOn(error)?.problem ?? explain(error)
  return lines.some((line) => line.startsWith(problem))
}

/** Prints that a request waits for long before its next try. */
export function logWait(waitMs: number, reason: Error): void {
  core.info(`waits ${duration(waitMs / 1000)} before another try: ${reasonOf(reason)}`)
}

/** For whoever debugs a run: the request of an error, and what came of it. */
export function debugRequest(error: unknown): void {
  if (error instanceof ImgixError) core.debug(`${error.method} ${error.path}: ${error.message}`)
}

/** For whoever debugs a run: the request, and where in the code the error is from. */
export function debugError(error: unknown): void {
  debugRequest(error)
  if (error instanceof Error && core.isDebug()) core.debug(String(error.stack))
}
