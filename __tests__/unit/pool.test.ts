import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPool } from '../../src/sync/pool.ts'

test.each([1, 3, 100])('at most %i tasks at a time, in the order they came', async (limit) => {
  const pool = createPool(limit)
  const started: number[] = []
  let running = 0
  let most = 0
  for (let task = 0; task < 20; task += 1) {
    void pool.take(async () => {
      started.push(task)
      running += 1
      most = Math.max(most, running)
      await sleep(task % 3)
      running -= 1
    })
  }
  await pool.idle()
  expect({ started, most, running }).toEqual({
    started: Array.from({ length: 20 }, (_, index) => index),
    most: Math.min(limit, 20),
    running: 0,
  })
})

test('a task may add tasks, and idle waits for them', async () => {
  const pool = createPool(1)
  const done: string[] = []
  void pool.take(async () => {
    void pool.take(async () => {
      await sleep(5)
      done.push('second')
    })
    done.push('first')
  })
  await pool.idle()
  expect(done).toEqual(['first', 'second'])
})

test('a pool with nothing to do is idle', async () => {
  await expect(createPool(4).idle()).resolves.toBeUndefined()
})

test.each([
  ['one place: first what takes long', 1, 'LLLLSSSS'],
  ['an even number of places', 4, 'LLSSLLSS'],
  ['an odd one', 3, 'LLS'],
])('long and short tasks share the places: %s', async (_, limit, begin) => {
  const pool = createPool(limit)
  const started: string[] = []
  for (const kind of ['long', 'short'] as const) {
    for (let task = 0; task < 4; task += 1) {
      void pool.take(async () => {
        started.push(kind === 'long' ? 'L' : 'S')
        await sleep(5)
      }, kind)
    }
  }
  await pool.idle()
  expect(started.join('').slice(0, begin.length)).toBe(begin)
  expect(started).toHaveLength(8)
})

test('where only one kind is left, it has all places', async () => {
  const pool = createPool(4)
  let running = 0
  let most = 0
  for (let task = 0; task < 8; task += 1) {
    void pool.take(async () => {
      running += 1
      most = Math.max(most, running)
      await sleep(5)
      running -= 1
    }, 'long')
  }
  await pool.idle()
  expect(most).toBe(4)
})

test('there is room while fewer wait than there are places, so that tens of thousands need not wait', async () => {
  const pool = createPool(2)
  const waiting: number[] = []
  let begun = 0
  let started = 0
  const feed = async (): Promise<void> => {
    for (; begun < 50; begun += 1) {
      await pool.room('short')
      void pool.take(async () => {
        started += 1
        waiting.push(begun - started)
        await sleep(1)
      })
    }
  }
  await feed()
  await pool.idle()
  expect([started, Math.max(...waiting) <= 2]).toEqual([50, true])
})
