import type { Route } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import type { ImgixError } from '../imgix/errors.ts'

/** Chooses a route for files with the route `any`. */
export type RouteChoice = {
  /** @returns the route that is expected to store a file sooner if it starts now */
  next(): Route
  /** Counts an upload session while it is under way. */
  during<T>(session: () => Promise<T>): Promise<T>
  /** Stops the use of sessions, because this Source or this account does not accept them. */
  giveUpSessions(because: ImgixError): void
}

export function createRouteChoice(
  client: Pick<Client, 'expect'>,
  onSessionsClosed: (because: ImgixError) => void,
): RouteChoice {
  let isOpen = true
  let atWork = 0 // sessions under way: each one needs one more request to be closed
  return {
    next() {
      if (!isOpen) return 'direct'
      // both routes need about the same time for an answer and for the bytes, so only the limits decide
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
    giveUpSessions(because) {
      if (isOpen) onSessionsClosed(because)
      isOpen = false
    },
  }
}
