export type Pool = {
  add(task: () => Promise<void>, kind?: Kind): void
  /** resolves when all that was added is done */
  idle(): Promise<void>
}

type Kind = 'long' | 'short'

/**
 * Runs tasks in the order they came, `limit` at a time. While tasks of both kinds wait, neither kind has more than half of
 * the places: what takes long does not keep the rest from starting, nor the other way round. A task reports its failures
 * itself: it never rejects.
 */
export function createPool(limit: number): Pool {
  const queues = { long: createQueue(Math.ceil(limit / 2)), short: createQueue(Math.floor(limit / 2)) }
  const running = new Set<Promise<void>>()

  function start(): void {
    while (running.size < limit) {
      const queue = next()
      const task = queue?.take()
      if (queue === undefined || task === undefined) return
      const run = task().finally(() => {
        running.delete(run)
        queue.running -= 1
        start()
      })
      running.add(run)
    }
  }

  function next(): Queue | undefined {
    const { long, short } = queues
    if (long.isEmpty() || short.isEmpty()) return long.isEmpty() ? short : long
    return long.running < long.share ? long : short
  }

  return {
    add(task, kind = 'short') {
      queues[kind].tasks.push(task)
      queueMicrotask(start) // not before what is added with it is known, too
    },
    async idle() {
      start()
      while (running.size > 0) await Promise.race(running)
    },
  }
}

type Queue = ReturnType<typeof createQueue>

/** @param share how many places it has while there is another */
function createQueue(share: number) {
  const tasks: ((() => Promise<void>) | undefined)[] = []
  let taken = 0
  const queue = {
    ...{ tasks, share, running: 0 },
    isEmpty: () => taken === tasks.length,
    take(): (() => Promise<void>) | undefined {
      const task = tasks[taken]
      if (task === undefined) return undefined
      tasks[taken] = undefined // what it holds is not needed any more
      taken += 1
      queue.running += 1
      return task
    },
  }
  return queue
}
