import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

const divisor = 50

/** Shortens the waits of this thread: between tries, polls and rounds. Time limits stay as they are.
 *  @returns what restores them */
export function shortenWaits(): () => void {
  const { setTimeout: sleep } = timers
  timers.setTimeout = (ms = 0, ...rest) => sleep(ms / divisor, ...rest)
  syncBuiltinESMExports()
  return () => {
    timers.setTimeout = sleep
    syncBuiltinESMExports()
  }
}
