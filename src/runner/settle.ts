/** How long the work may go on after the hard stop, which aborts everything under way. */
const LATE_MS = 1000
/** Time to report the result of a run that does not end. With both, a runner's second signal has not come yet. */
const REPORT_MS = 1500

/** A part of the run waits for something that will never come. */
export class UnsettledError extends Error {
  override name = 'UnsettledError'
}

/**
 * Waits for a part of the run, but not for ever. Node ends a process that has nothing left to do with code 13 and without
 * a word, and a process that waits for an open handle never ends.
 * @param hard the hard stop of a cancelled run
 * @throws UnsettledError when nothing is left that could settle the work, or when it goes on after the hard stop
 */
export function settle<T>(work: Promise<T>, hard?: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let timer: NodeJS.Timeout | undefined
  const onIdle = (): void =>
    reject(
      new UnsettledError(
        'the run stopped: it waits for something, and nothing is left that could bring it; run the job again, and report this',
      ),
    )
  const onLate = (): void => {
    reject(new UnsettledError('the run went on after it was cancelled'))
    setTimeout(() => process.exit(1), REPORT_MS).unref() // what it waits for must not keep the process alive
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
