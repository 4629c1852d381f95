/** The end of a request, and what tells of its progress. */
export type Watch = ReturnType<typeof watchProgress>

/** An answer as a whole takes at most so many times the limit that holds for its parts. */
const ANSWER_LIMITS = 10
const MIB = 1 << 20

/** Ends a request that is aborted, fails, does not move for `timeoutMs`, or takes too long for its whole answer. Whatever
 *  waits for the request has to wait for `ended`, too. */
export function watchProgress(timeoutMs: number, signal: AbortSignal | undefined) {
  const ending = new AbortController()
  const ended: AbortSignal = ending.signal
  let sentBytes = 0
  let stopped = false
  const fail = (error: unknown): void => ending.abort(error)
  const giveUpAfter = (ms: number, why: string): NodeJS.Timeout =>
    setTimeout(() => fail(Object.assign(new Error(why), { code: 'ETIMEDOUT' })), ms)
  const giveUpIdle = (ms: number): NodeJS.Timeout => giveUpAfter(ms, `no progress for ${timeoutMs / 1000} s`)
  let idle = giveUpIdle(timeoutMs)
  let whole: NodeJS.Timeout | undefined
  const abort = (): void => fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })

  return {
    /** aborted with what ended the request */
    ended,
    fail,
    /** @param bytes of the body that have left */
    progress(bytes: number): void {
      sentBytes += bytes
      idle.refresh()
    },
    sentBytes: (): number => sentBytes,
    /** Extends the time limit by `ms`, for bytes that the system still sends. */
    allow(ms: number): void {
      if (stopped) return // the request is over, while its body was still being written
      clearTimeout(idle)
      idle = giveUpIdle(timeoutMs + ms)
    },
    /** From the headers of an answer on. A body that comes by drops makes progress and may never end, so the answer as a
     *  whole has ten times `timeoutMs`; one of them was for its headers. A download has that time for each MiB.
     *  @returns what to call with the size of each part of the body as it comes */
    answered(isDownload: boolean): (bytes: number) => void {
      const limitMs = ANSWER_LIMITS * timeoutMs
      const timer = isDownload
        ? giveUpAfter(limitMs, `less than 1 MiB in ${limitMs / 1000} s`)
        : giveUpAfter(limitMs - timeoutMs, `not whole after ${limitMs / 1000} s`)
      whole = timer
      let bytesLeft = MIB
      return (bytes) => {
        idle.refresh()
        bytesLeft -= bytes
        if (!isDownload || bytesLeft > 0) return
        bytesLeft = MIB
        timer.refresh()
      }
    },
    /** @returns what ended the request, whatever its connection made of it */
    reason: (error: unknown): unknown => (ending.signal.aborted ? ending.signal.reason : error),
    stop(): void {
      stopped = true
      clearTimeout(idle)
      clearTimeout(whole)
      signal?.removeEventListener('abort', abort)
    },
  }
}
