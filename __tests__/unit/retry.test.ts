import { expect, onTestFinished, test, vi } from 'vitest'
import { withoutAnswer } from '../../src/imgix/answers.ts'
import { backOff, retry, retryDelay } from '../../src/imgix/http/retry.ts'
import { ProxyError } from '../../src/imgix/http/unsent.ts'

const NOW = new Date('2026-11-03T12:00:00Z')

function delay(status: number, retryAfter: string | undefined, date?: string): number | undefined {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  onTestFinished(() => void vi.useRealTimers())
  const headers = { ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }), ...(date && { date }) }
  return retryDelay({ status, headers, text: '' }, 1)
}

test.each([
  ['seconds', '7', 7000],
  ['more seconds than anyone waits', '3600', 120_000],
  ['more digits than a wait has', '99999999999999', 120_000],
  ['a date', 'Tue, 03 Nov 2026 12:00:30 GMT', 30_000],
  ['a date far away', 'Tue, 03 Nov 2099 12:00:30 GMT', 120_000],
])('Retry-After with %s', (_, value, expected) => {
  expect(delay(429, value)).toBe(expected)
})

test.each([
  ['an hour ahead of ours', 'Tue, 03 Nov 2026 13:00:00 GMT', 'Tue, 03 Nov 2026 13:00:07 GMT', 7000],
  ['an hour behind ours', 'Tue, 03 Nov 2026 11:00:00 GMT', 'Tue, 03 Nov 2026 11:00:07 GMT', 7000],
  ['that says it in other words', '2026-11-03T11:00:00Z', 'Tue, 03 Nov 2026 12:00:07 GMT', 7000],
  ['of a day that no month has', 'Tue, 99 Nov 2026 11:00:00 GMT', 'Tue, 03 Nov 2026 12:00:07 GMT', 7000],
])('Retry-After with a date, by a clock %s', (_, date, retryAfter, expected) => {
  expect(delay(503, retryAfter, date)).toBe(expected)
})

test.each([
  ['of our clock', 'Wed, 21 Oct 2015 07:28:00 GMT', undefined],
  ['of the answer itself', 'Tue, 03 Nov 2026 12:30:00 GMT', 'Tue, 03 Nov 2026 12:30:00 GMT'],
  ['of a clock an hour ahead', 'Tue, 03 Nov 2026 12:59:59 GMT', 'Tue, 03 Nov 2026 13:00:00 GMT'],
])('Retry-After with a date that is over, %s: the back-off counts', (_, retryAfter, date) => {
  const waitMs = delay(503, retryAfter, date)
  expect([Number(waitMs) >= 500, Number(waitMs) <= 1000]).toEqual([true, true])
})

test.each([
  ['none', undefined],
  ['nothing', ''],
  ['words', 'soon'],
  ['words and a number', 'in 5 s'],
  ['a fraction, which the standard does not have', '1.5'],
  ['a negative number', '-5'],
  ['no seconds, as an edge says that is not told how long', '0'],
  ['a number and a unit', '5s'],
  ['a day that no month has', 'Tue, 99 Nov 2026 12:00:30 GMT'],
])('Retry-After with %s: the back-off counts', (_, value) => {
  const waitMs = delay(503, value)
  expect([Number(waitMs) >= 500, Number(waitMs) <= 1000]).toEqual([true, true])
})

test('the longer of Retry-After and our own back-off counts', () => {
  const after = (seconds: string, attempts: number): number | undefined =>
    retryDelay({ status: 503, headers: { 'retry-after': seconds }, text: '' }, attempts)
  expect([Number(after('1', 4)) >= 4000, after('9', 4)]).toEqual([true, 9000])
})

test.each([...[200, 301, 400, 401, 403, 404, 405, 409, 413, 415, 422], ...[501, 505, 506, 511, 519, 531, 599]])(
  '%i is final',
  (status) => {
    expect(delay(status, '1')).toBeUndefined()
  },
)

test.each([408, 425, 429, 500, 502, 503, 504, 520, 522, 525, 530])('%i may be tried again', (status) => {
  expect(delay(status, '1')).toBe(1000)
})

test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [5, 16_000],
  [6, 30_000],
  [19, 30_000],
])('the back-off after try %i is half to all of %i ms', (attempts, mostMs) => {
  const waits = Array.from({ length: 200 }, () => backOff(attempts))
  expect([Math.min(...waits) >= mostMs / 2, Math.max(...waits) <= mostMs]).toEqual([true, true])
  expect(new Set(waits).size).toBeGreaterThan(100)
})

test('tries end with the last error', async () => {
  const errors = [1, 2, 3].map((number) => new Error(`try ${number}`))
  const attempt = async (attempts: number) => ({ error: errors[attempts - 1] as Error, waitMs: 0 })
  await expect(retry(attempt, { maxAttempts: 3, signal: undefined })).rejects.toThrow(new Error('try 3'))
})

test('one try is one try', async () => {
  let tries = 0
  const attempt = async () => {
    tries += 1
    return { error: new Error('no'), waitMs: 0 }
  }
  await expect(retry(attempt, { maxAttempts: 1, signal: undefined })).rejects.toThrow(new Error('no'))
  expect(tries).toBe(1)
})

test('a 429 of a class whose places are minutes apart holds as long as that, if it does not say otherwise', () => {
  const after = (status: number, headers: Record<string, string>) =>
    retryDelay({ status, headers, text: '' }, 1, 60_000)
  expect([after(429, {}), after(429, { 'retry-after': '7' })]).toEqual([60_000, 7000])
  expect(after(429, { 'retry-after': '0' })).toBe(60_000)
  expect(after(503, {})).toBeLessThanOrEqual(1000)
})

test('a socket that the process has not left is no try, on the way to a proxy either', () => {
  const cause = Object.assign(new Error('too many'), { code: 'EMFILE' })
  const way = { proxy: new URL('http://proxy.example:3128'), target: 'api.imgix.com:443', secure: true }
  const facts = { method: 'GET', path: '/x', attempts: 1 }
  for (const error of [cause, new ProxyError('EMFILE', { ...way, cause })])
    expect(withoutAnswer(error, facts)).toMatchObject({ starved: true, perhapsDone: false })
})
