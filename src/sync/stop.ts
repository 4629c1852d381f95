import type { Outcome, Route, Step } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { ProxyError } from '../imgix/http/tunnel.ts'

/** When the work of a step ends early. */
export type Stop = {
  /** nothing starts after it */
  readonly soft: AbortSignal
  /** what is under way is aborted */
  readonly hard: AbortSignal
  /** nothing waits for an asset to appear */
  readonly patience: AbortSignal
}

/** A cancellation, and the end of the time to tidy up after it. */
export type RunStop = Pick<Stop, 'soft' | 'hard'>

/**
 * The rule for every AbortSignal of a sync.
 *
 * |                    | transfers                    | what follows stored bytes, and records         |
 * | ------------------ | ---------------------------- | ---------------------------------------------- |
 * | cancellation       | are aborted                  | go on, but wait for no asset to appear         |
 * | end of its grace   |                              | are aborted                                    |
 * | fatal error        | start no more, end unaborted | start no more, end unaborted                   |
 * | a record's refusal |                              | records alone start no more: it stands for all |
 *
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

  function stopOf({ kind }: Step): Stop {
    if (kind === 'upload') return transfers
    return kind === 'record' ? records : followUps
  }

  /** What an error means for its step: an answer that came all the same counts. */
  function outcomeOf<S extends Step>(step: S, cause: unknown, seconds: number): Outcome<S> {
    const { soft, hard } = stopOf(step)
    const isStopped = hard.aborted || (cancelled.aborted && cause === cancelled.reason)
    const isAnswered = cause instanceof ImgixError && cause.status !== undefined && cause !== fatal.signal.reason
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

    /** Learns from an outcome whether further steps would fare better. */
    heed(outcome: Outcome): void {
      const { step, result } = outcome
      isKnown ||= step.kind === 'upload' && (result === 'done' || result === 'skipped')
      if (result !== 'failed' || !(outcome.error instanceof ImgixError)) return
      if (step.kind === 'record' && isForbidden(outcome.error)) refusal.abort(outcome.error)
      else if (step.kind !== 'record' && isFatal(outcome.error, isKnown)) fatal.abort(outcome.error)
    },
  }
}

/** What the work of a step comes to. */
export type Done = { attempts: number } & ({ result: 'done'; route?: Route } | { result: 'skipped'; reason: string })

function isForbidden({ status }: ImgixError): boolean {
  return status === 401 || status === 403
}

/** 401 and 403 of the API itself, a proxy that refuses to lead there, and an upload to a Source that nobody has seen: no
 *  other request would fare better. A presigned URL's 403 is one file's. */
function isFatal(error: ImgixError, sourceIsKnown: boolean): boolean {
  const { status, permission, path, cause } = error
  if (permission === undefined) return false
  if (cause instanceof ProxyError) return !cause.retryable
  return isForbidden(error) || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path))
}
