import { ClientRequest } from 'node:http'
import { expect, test } from 'vitest'
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
