import type { Outcome, Route, Step } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { ProxyError } from '../imgix/http/unsent.ts'

/** When the work of a step ends early. */
export type Stop = {
  /** nothing starts after it; `hard` aborts it, too */
  readonly soft: AbortSignal
  /** requests under way are aborted */
  readonly hard: AbortSignal
  /** no step waits for an asset to appear */
  readonly patience: AbortSignal
}

/** `soft`: the cancellation. `hard`: the end of the time to tidy up after it. */
export type RunStop = Pick<Stop, 'soft' | 'hard'>

/**
 * The rule for every AbortSignal of a sync.
 *
 * |                    | transfers                    | later steps of stored files, and records       |
 * | ------------------ | ---------------------------- | ---------------------------------------------- |
 * | cancellation       | are aborted, but see below   | go on, but do not wait for an asset to appear  |
 * | end of its grace   |                              | are aborted                                    |
 * | fatal error        | none starts, but see below   | none starts; those under way end by themselves |
 * | a refused record   |                              | no other record starts                         |
 *
 * A cancellation does not abort an upload of at most 1 MiB, which can already be stored, nor the opening of a session,
 * whose answer names the session to cancel. A fatal error aborts the PUT of a session, because its close would fail.
 */
export function createStops({ soft: cancelled, hard: grace }: RunStop, sourceIsKnown: boolean) {
  const fatal = new AbortController()
  const refusal = new AbortController()
  const stop = (soft: AbortSignal[], hard: AbortSignal): Stop => {
    return { soft: AbortSignal.any(soft), hard, patience: AbortSignal.any([cancelled, ...soft]) }
  }
  const transfers = stop([cancelled, fatal.signal], cancelled)
  const followUps = stop([grace, fatal.signal], grace)
  const records = stop([grace, fatal.signal, refusal.signal], grace)
  let isKnown = sourceIsKnown
  let strangers = 0 // refusals in a row, without a success, that were not imgix's

  function stopOf({ kind }: Step): Stop {
    if (kind === 'upload') return transfers
    return kind === 'record' ? records : followUps
  }

  /** The outcome of a step that threw. After a stop, the step still counts as failed if the server answered. */
  function outcomeOf<S extends Step>(step: S, cause: unknown, seconds: number): Outcome<S> {
    const { soft, hard } = stopOf(step)
    const isStopped = hard.aborted || (cancelled.aborted && cause === cancelled.reason)
    const isAnswered = cause instanceof ImgixError && hasAnswer(cause) && cause !== fatal.signal.reason
    if (isStopped || (soft.aborted && !isAnswered)) {
      return { step, result: 'not-done', reason: 'the run ended before it was done', attempts: 0, seconds }
    }
    const error = cause instanceof Error ? cause : new Error(String(cause))
    return { step, result: 'failed', error, attempts: error instanceof ImgixError ? error.attempts : 1, seconds }
  }

  return {
    fatal: fatal.signal,

    /** Carries out one step. A failure is its outcome. */
    async attempt<S extends Step>(step: S, work: (stop: Stop) => Promise<Done>): Promise<Outcome<S>> {
      const startedAt = performance.now()
      const seconds = (): number => (performance.now() - startedAt) / 1000
      try {
        const stop = stopOf(step)
        stop.soft.throwIfAborted()
        return { step, ...(await work(stop)), seconds: seconds() }
      } catch (cause) {
        return outcomeOf(step, cause, seconds())
      }
    },

    /** Stops further steps if an outcome shows that they would fail, too. */
    heed(outcome: Outcome): void {
      const { step, result } = outcome
      isKnown ||= step.kind === 'upload' && (result === 'done' || result === 'skipped')
      if (result === 'done') strangers = 0
      if (result !== 'failed' || !(outcome.error instanceof ImgixError)) return
      if (outcome.error.permission !== undefined && outcome.error.strangersStatus !== undefined) strangers += 1
      if (strangers === STRANGERS_MAX) fatal.abort(outcome.error)
      if (step.kind === 'record' && isForbidden(outcome.error)) refusal.abort(outcome.error)
      else if (step.kind !== 'record' && isFatal(outcome.error, isKnown)) fatal.abort(outcome.error)
    },
  }
}

/** A gateway can refuse one path or one file. If it refuses so many steps in a row, it refuses them all. */
const STRANGERS_MAX = 10

function hasAnswer({ status, strangersStatus }: ImgixError): boolean {
  return status !== undefined || strangersStatus !== undefined
}

/** The result of a step that did not fail. */
export type Done = { attempts: number } & ({ result: 'done'; route?: Route } | { result: 'skipped'; reason: string })

function isForbidden({ status }: ImgixError): boolean {
  return status === 401 || status === 403
}

/** Whether every other request would fail, too: a 401 or 403 of the API, a proxy that refuses to connect, or a 404 on an
 *  upload to a Source that never answered. A 403 of a presigned URL concerns one file only. */
function isFatal(error: ImgixError, sourceIsKnown: boolean): boolean {
  const { status, permission, path, cause } = error
  if (permission === undefined) return false
  if (cause instanceof ProxyError) return !cause.retryable
  return isForbidden(error) || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path))
}
