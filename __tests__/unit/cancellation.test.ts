import { expect, onTestFinished, test, vi } from 'vitest'
import { listenForCancellation } from '../../src/runner/cancellation.ts'

function listen() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const cancellation = listenForCancellation()
  onTestFinished(cancellation.release)
  return cancellation
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s asks to stop, and gives time to tidy up', (name) => {
  const { signal, grace } = listen()
  expect([signal.aborted, grace.aborted]).toEqual([false, false])
  process.emit(name)
  expect([signal.aborted, grace.aborted]).toEqual([true, false])
  expect(signal.reason).toEqual(new Error('the run was cancelled'))
  vi.advanceTimersByTime(10_000)
  expect([grace.aborted, grace.reason]).toEqual([true, signal.reason])
})

test('a second signal ends the tidying up, a third the process', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  onTestFinished(() => exit.mockRestore())
  const { grace } = listen()
  process.emit('SIGINT')
  expect(grace.aborted).toBe(false)
  process.emit('SIGTERM')
  expect([grace.aborted, exit.mock.calls]).toEqual([true, []])
  process.emit('SIGTERM')
  expect(exit.mock.calls).toEqual([[1]])
})

test('released, it holds neither a listener nor a timer', () => {
  const before = process.listenerCount('SIGINT')
  const cancellation = listenForCancellation()
  expect(process.listenerCount('SIGINT')).toBe(before + 1)
  process.emit('SIGINT')
  cancellation.release()
  expect(process.listenerCount('SIGINT')).toBe(before)
})
