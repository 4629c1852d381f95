/** Time to purge stored files and to cancel sessions after the first signal. A runner kills the process after 10 seconds. */
const CLEANUP_MS = 4000
/** Time to write the report after the second signal. */
const REPORT_MS = 500
/** On Windows a runner sends Ctrl+C, and then Ctrl+Break, which is SIGBREAK. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const

/** The two ways to stop a run. */
export type Stop = {
  /** Start nothing new. The first signal aborts it. */
  readonly soft: AbortSignal
  /** Abort what is under way. The second signal or the end of the cleanup time aborts it. */
  readonly hard: AbortSignal
}

export type Cancellation = Stop & {
  /** Stops listening, so that the process can end. */
  release(): void
}

/** Turns the signals of a cancellation into abort signals. A third signal ends the process.
 *  @param exitCode of a process that does not end by itself */
export function listenForCancellation(exitCode = 1): Cancellation {
  const soft = new AbortController()
  const hard = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const onSignal = (): void => {
    if (hard.signal.aborted) process.exit(exitCode)
    if (soft.signal.aborted) {
      hard.abort(soft.signal.reason)
      setTimeout(() => process.exit(exitCode), REPORT_MS).unref() // an open handle must not keep the process alive
    }
    soft.abort(new Error('the run was cancelled'))
    timer ??= setTimeout(() => hard.abort(soft.signal.reason), CLEANUP_MS)
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    soft: soft.signal,
    hard: hard.signal,
    release() {
      clearTimeout(timer)
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
