import { expect, onTestFinished, test, vi } from 'vitest'
import { listenForCancellation } from '../../src/runner/cancellation.ts'

function listen() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const cancellation = listenForCancellation()
  onTestFinished(cancellation.release)
  return cancellation
}

test.each(['SIGINT', 'SIGTERM', 'SIGBREAK'] as const)('%s asks to stop, and gives time to tidy up', (name) => {
  const { soft, hard } = listen()
  expect([soft.aborted, hard.aborted]).toEqual([false, false])
  process.emit(name)
  expect([soft.aborted, hard.aborted]).toEqual([true, false])
  expect(soft.reason).toEqual(new Error('the run was cancelled'))
  vi.advanceTimersByTime(10_000)
  expect([hard.aborted, hard.reason]).toEqual([true, soft.reason])
})

test('a second signal ends the tidying up, a third the process', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  onTestFinished(() => exit.mockRestore())
  const { hard } = listen()
  process.emit('SIGINT')
  expect(hard.aborted).toBe(false)
  process.emit('SIGTERM')
  expect([hard.aborted, exit.mock.calls]).toEqual([true, []])
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
