import { expect, onTestFinished, test, vi } from 'vitest'
import { settle, UnsettledError } from '../../src/runner/settle.ts'

const never = new Promise<never>(() => {})
const listeners = (): number => process.listenerCount('beforeExit')

test.each([
  ['resolves', async () => 1, 1],
  ['rejects', () => Promise.reject(new Error('no')), new Error('no')],
])('work that %s leaves no listener behind', async (_, work, result) => {
  const before = listeners()
  const { signal } = new AbortController()
  expect(await settle<unknown>(work(), signal).catch((error) => error)).toEqual(result)
  expect(listeners()).toBe(before)
})

test('work that nothing can settle any more', async () => {
  const before = listeners()
  const error = settle(never, new AbortController().signal).catch((cause) => cause)
  process.emit('beforeExit', 0)
  expect(await error).toBeInstanceOf(UnsettledError)
  expect((await error).message).toMatch(/^the run stopped: it waits for something, and nothing is left /)
  expect(listeners()).toBe(before)
})

test.each(['before it starts', 'while it is under way'])('a hard stop %s', async (when) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  onTestFinished(() => {
    exit.mockRestore()
    vi.useRealTimers()
  })
  const hard = new AbortController()
  if (when === 'before it starts') hard.abort()
  const error = settle(never, hard.signal).catch((cause) => cause)
  hard.abort()
  await vi.advanceTimersByTimeAsync(1000)
  expect(await error).toEqual(new UnsettledError('the run went on after it was cancelled; report this'))
  expect(exit.mock.calls).toEqual([]) // the result is reported first
  await vi.advanceTimersByTimeAsync(1500)
  expect(exit.mock.calls).toEqual([[1]])
})

test('work that ends after a hard stop is no failure', async () => {
  const hard = new AbortController()
  const { promise, resolve } = Promise.withResolvers<string>()
  const work = settle(promise, hard.signal)
  hard.abort()
  resolve('done')
  expect(await work).toBe('done')
})
