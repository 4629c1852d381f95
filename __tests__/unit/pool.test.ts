import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPool } from '../../src/pool.ts'

test.each([1, 3, 100])('at most %i tasks at a time, in the order they came', async (limit) => {
  const pool = createPool(limit)
  const started: number[] = []
  let running = 0
  let most = 0
  for (let task = 0; task < 20; task += 1) {
    pool.add(async () => {
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
  pool.add(async () => {
    pool.add(async () => {
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
