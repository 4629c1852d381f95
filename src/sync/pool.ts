type Kind = 'long' | 'short'

export type Pool = {
  /** Waits for a place, does the work, and frees the place. */
  take<T>(work: () => Promise<T>, kind?: Kind): Promise<T>
  /** resolves when fewer callers wait than there are places */
  room(kind: Kind): Promise<void>
  /** resolves when no work is under way or waiting */
  idle(): Promise<void>
}

/**
 * Limits the work under way to `places`, first come, first served. While both kinds of work wait, each kind has at most
 * half of the places, so that neither kind blocks the other.
 */
export function createPool(places: number): Pool {
  const queues = { long: createQueue(Math.ceil(places / 2)), short: createQueue(Math.floor(places / 2)) }
  let changed = Promise.withResolvers<void>()

  function start(): void {
    while (queues.long.working + queues.short.working < places) {
      const queue = next()
      const begin = queue.take()
      if (begin === undefined) break
      queue.working += 1
      begin()
    }
    changed.resolve()
    changed = Promise.withResolvers()
  }

  function next(): Queue {
    const { long, short } = queues
    if (long.length() === 0 || short.length() === 0) return long.length() === 0 ? short : long
    return long.working < long.share ? long : short
  }

  async function until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await changed.promise
  }

  return {
    async take(work, kind = 'short') {
      const queue = queues[kind]
      await new Promise<void>((begin) => {
        queue.add(begin)
        queueMicrotask(start) // after the caller has added the rest of its work
      })
      try {
        return await work()
      } finally {
        queue.working -= 1
        start()
      }
    },
    room: (kind) => until(() => queues[kind].length() < places),
    idle: () => until(() => Object.values(queues).every(({ working, length }) => working + length() === 0)),
  }
}

type Queue = ReturnType<typeof createQueue>

/** First in, first out.
 *  @param share the number of places while the other kind waits */
function createQueue(share: number) {
  const waiting: ((() => void) | undefined)[] = []
  let taken = 0
  return {
    share,
    working: 0,
    length: () => waiting.length - taken,
    add: (begin: () => void) => void waiting.push(begin),
    take(): (() => void) | undefined {
      const begin = waiting[taken]
      if (begin === undefined) return undefined
      waiting[taken] = undefined // frees the memory of the callback
      taken += 1
      return begin
    },
  }
}
