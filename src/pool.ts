export type Pool = {
  add(task: () => Promise<void>): void
  /** resolves when all that was added is done */
  idle(): Promise<void>
}

/** Runs tasks in the order they came, `limit` at a time. A task reports its failures itself: it never rejects. */
export function createPool(limit: number): Pool {
  const tasks: (() => Promise<void>)[] = []
  const running = new Set<Promise<void>>()
  let next = 0

  function start(): void {
    while (running.size < limit && next < tasks.length) {
      const task = tasks[next] as () => Promise<void>
      next += 1
      const run = task().finally(() => {
        running.delete(run)
        start()
      })
      running.add(run)
    }
  }

  return {
    add(task) {
      tasks.push(task)
      start()
    },
    async idle() {
      while (running.size > 0) await Promise.race(running)
    },
  }
}
