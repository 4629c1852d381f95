import { expect, test } from 'vitest'
import { retryHeld } from '../../src/runner/retry-held.ts'

/** Fails with these codes, and then succeeds. */
function failing(codes: string[]): { action: () => string; calls: () => number } {
  let calls = 0
  const action = (): string => {
    const code = codes[calls]
    calls += 1
    if (code !== undefined) throw Object.assign(new Error(code), { code })
    return 'done'
  }
  return { action, calls: () => calls }
}

const settings = { windows: true, waitsMs: [0, 0, 0] }

test.each(['EPERM', 'EACCES', 'EBUSY'])('a file that another program holds for a moment: %s', async (code) => {
  const { action, calls } = failing([code, code])
  expect([await retryHeld(action, settings), calls()]).toEqual(['done', 3])
})

test('a file that stays held is an error', async () => {
  const { action, calls } = failing(Array(9).fill('EPERM'))
  await expect(retryHeld(action, settings)).rejects.toThrow('EPERM')
  expect(calls()).toBe(4)
})

test.each([
  ['another error', { ...settings }, 'ENOSPC'],
  ['another system', { ...settings, windows: false }, 'EPERM'],
])('%s is not tried again', async (_, system, code) => {
  const { action, calls } = failing([code])
  await expect(retryHeld(async () => action(), system)).rejects.toThrow(code)
  expect(calls()).toBe(1)
})
