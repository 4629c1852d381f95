/** How long the work may continue after the hard stop. */
const LATE_MS = 1000
/** Time to report the result of a run that does not end. Both times are over before the runner's second signal. */
const REPORT_MS = 1500

/** A part of the run waits for an event that will never happen. */
export class UnsettledError extends Error {
  override name = 'UnsettledError'
}

/**
 * Waits for a part of the run, but not for ever. Without this, Node ends a process that has nothing left to do with code 13
 * and no message, and a process with an open handle never ends.
 * @param hard the hard stop of a cancelled run
 * @param exitCode of a process that goes on after it
 * @throws UnsettledError when nothing is left that can settle the work, or when it continues after the hard stop
 */
export function settle<T>(work: Promise<T>, hard?: AbortSignal, exitCode = 1): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let timer: NodeJS.Timeout | undefined
  const onIdle = (): void =>
    reject(
      new UnsettledError(
        'the run stopped: it waits for something, and nothing is left that could bring it; run the job again, and report this',
      ),
    )
  const onLate = (): void => {
    reject(new UnsettledError('the run went on after it was cancelled; report this'))
    setTimeout(() => process.exit(exitCode), REPORT_MS).unref() // what it waits for must not keep the process alive
  }
  const onHard = (): void => {
    timer = setTimeout(onLate, LATE_MS)
  }
  process.once('beforeExit', onIdle)
  if (hard?.aborted) onHard()
  else hard?.addEventListener('abort', onHard, { once: true })
  work.then(resolve, reject)
  return promise.finally(() => {
    process.off('beforeExit', onIdle)
    hard?.removeEventListener('abort', onHard)
    clearTimeout(timer)
  })
}
