import type { Route } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import type { ImgixError } from '../imgix/errors.ts'

/** The choice between the routes for files that can take either. */
export type RouteChoice = {
  /** @returns the route by which a file that starts now is expected to be stored sooner */
  next(): Route
  /** Counts an upload session while it is at work. */
  during<T>(session: () => Promise<T>): Promise<T>
  /** No more sessions: this Source, or this account, does not take them. */
  closeSessions(because: ImgixError): void
}

export function createRouteChoice(
  client: Pick<Client, 'expect'>,
  onSessionsClosed: (because: ImgixError) => void,
): RouteChoice {
  let isOpen = true
  let atWork = 0 // sessions that will still be closed: each is one more request
  return {
    next() {
      if (!isOpen) return 'direct'
      // an answer takes about as long by either route, and so do the bytes between the two requests of a session
      const { waitMs, tripMs } = client.expect('upload', 1)
      const opening = client.expect('default', 1)
      const closing = client.expect('default', atWork + 2)
      const session = Math.max(opening.waitMs + 2 * tripMs, closing.waitMs)
      return session < waitMs ? 'session' : 'direct'
    },
    async during(session) {
      atWork += 1
      try {
        return await session()
      } finally {
        atWork -= 1
      }
    },
    closeSessions(because) {
      if (isOpen) onSessionsClosed(because)
      isOpen = false
    },
  }
}
