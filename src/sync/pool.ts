type Kind = 'long' | 'short'

export type Pool = {
  /** Does work once it has a place, and gives the place back. */
  take<T>(work: () => Promise<T>, kind?: Kind): Promise<T>
  /** resolves when fewer wait for a place than there are places */
  room(kind: Kind): Promise<void>
  /** resolves when nothing works or waits */
  idle(): Promise<void>
}

/**
 * Gives out places in the order of the calls, `places` at a time. While work of both kinds waits, neither kind has more than
 * half of the places: long work does not keep the rest from starting, nor the other way round.
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
        queueMicrotask(start) // not before what is added with it is known, too
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
 *  @param share how many places it has while there is another */
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
      waiting[taken] = undefined // what it holds is not needed any more
      taken += 1
      return begin
    },
  }
}
