import type { EventEmitter } from 'node:events'

/** Waits for one event of a request or a socket, which can also close without 'error' or do nothing any more.
 *  @param ended is aborted when the time limit is over, or nobody wants the event any more
 *  @returns the event's arguments
 *  @throws the emitter's error, ECONNRESET where it closes without one, or the reason of `ended` */
export function waitFor<T extends unknown[]>(emitter: EventEmitter, event: string, ended: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(ended.reason)
    const settle = (happened: () => void): void => {
      ended.removeEventListener('abort', abort)
      happened()
    }
    if (ended.aborted) return abort()
    ended.addEventListener('abort', abort, { once: true })
    emitter.once(event, (...args: T) => settle(() => resolve(args)))
    emitter.once('error', (error) => settle(() => reject(error)))
    emitter.once('close', () => settle(() => reject(closed())))
  })
}

function closed(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}
