/** After a signal: time to purge what is stored and to cancel sessions, well inside the ten seconds that runners give. */
const GRACE_MS = 4000
/** After a second one: time to write down what was done. */
const LAST_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export type Cancellation = {
  /** aborted by the first SIGINT or SIGTERM */
  readonly signal: AbortSignal
  /** aborted when the time to tidy up is over */
  readonly grace: AbortSignal
  /** stops listening, so that the process can end */
  release(): void
}

/** Turns the signals that ask a process to end into abort signals; a second one ends the tidying up, a third the process. */
export function listenForCancellation(): Cancellation {
  const cancel = new AbortController()
  const grace = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const onSignal = (): void => {
    if (grace.signal.aborted) process.exit(1)
    if (cancel.signal.aborted) {
      grace.abort(cancel.signal.reason)
      setTimeout(() => process.exit(1), LAST_MS).unref() // whatever still holds it
    }
    cancel.abort(new Error('the run was cancelled'))
    timer ??= setTimeout(() => grace.abort(cancel.signal.reason), GRACE_MS)
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: cancel.signal,
    grace: grace.signal,
    release() {
      clearTimeout(timer)
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
