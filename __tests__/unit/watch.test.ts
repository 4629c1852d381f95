import { ClientRequest } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchProgress } from '../../src/imgix/http/watch.ts'

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test('a request that is over holds the process by no timer, though its body is still being written', () => {
  const before = timers()
  const request = new ClientRequest('http://127.0.0.1:1').on('error', () => {})
  const watch = watchProgress(60_000, undefined)
  expect(timers()).toBe(before + 1)
  watch.answered(false)
  expect(timers()).toBe(before + 2)
  watch.stop()
  watch.progress(1)
  watch.allow(1000)
  expect(timers()).toBe(before)
  request.destroy()
})

/** An answer of which a part comes each 0.9 s, under a time limit of 1 s. @returns when it is given up, and why */
function readSlowly(isDownload: boolean, bytesOf: (seconds: number) => number): [number, string] | undefined {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const watch = watchProgress(1000, undefined)
  const part = watch.answered(isDownload)
  for (let ms = 900; ms < 100_000; ms += 900) {
    vi.advanceTimersByTime(900)
    if (watch.ended.aborted) return [ms / 1000, (watch.ended.reason as Error).message]
    part(bytesOf(ms / 1000))
  }
  return undefined
}

const MIB = 1 << 20

test.each([
  ['an answer by drops', false, () => 1, [9, 'not whole after 10 s']],
  ['an answer by large parts', false, () => MIB, [9, 'not whole after 10 s']],
  ['a download by drops', true, () => 1, [10.8, 'less than 1 MiB in 10 s']],
  ['a download of 1 MiB in 7.2 s, again and again', true, () => MIB / 8, undefined],
  [
    'a download that goes on by drops',
    true,
    (seconds) => (seconds < 30 ? MIB / 8 : 1),
    [39.6, 'less than 1 MiB in 10 s'],
  ],
] satisfies [string, boolean, (seconds: number) => number, [number, string] | undefined][])(
  'each part of it comes in time: %s',
  (_, isDownload, bytesOf, ending) => expect(readSlowly(isDownload, bytesOf)).toEqual(ending),
)
