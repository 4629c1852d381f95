import { describe, expect, test } from 'vitest'
import {
  began,
  closed,
  gotSource,
  opened,
  purged,
  put,
  type Run,
  scenario,
  uploaded,
  url,
} from '../helpers/scenario.ts'

const files = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.png`, `content ${at}`]))

const lanesOf = (run: Run): string[] => (run.report as { files: { via: string }[] }).files.map(({ via }) => via).sort()
const notices = (run: Run): string[] =>
  run.annotations.filter(({ level }) => level === 'notice').map(({ message }) => message)

describe('pace', () => {
  test('a server that allows half of rate-limits: all is done, and one notice says what to set', async () => {
    const rateLimits = { upload: { count: 10, perMs: 1000 }, purge: { count: 1000, perMs: 1000 } }
    const { push, imgix, stored } = await scenario({ imgix: { rateLimits } })
    const run = await push(files(40), { 'rate-limits': 'upload=20/s, purge=1000/s', 'upload-via': 'direct' })
    expect([run.code, stored().length, run.errors]).toEqual([0, 40, []])
    expect(imgix.violations).toBeLessThanOrEqual(16) // what was on its way at the first refusal, and few after that
    expect(notices(run)).toEqual([
      expect.stringMatching(
        /^imgix refused \(429\) \d+ upload requests though rate-limits allows 20\/s: .* set rate-limits: upload=10\/s, purge=1000\/s$/,
      ),
    ])
  })

  test('within the limits nothing is said of them', async () => {
    const rateLimits = { upload: { count: 10, perMs: 1000 }, purge: { count: 1000, perMs: 1000 } }
    const { push, imgix } = await scenario({ imgix: { rateLimits } })
    const run = await push(files(20), { 'rate-limits': 'upload=10/s, purge=1000/s', 'upload-via': 'direct' })
    expect([run.code, imgix.violations, notices(run)]).toEqual([0, 0, []])
  })

  test('a long wait is announced, once for many requests', async () => {
    const { push, imgix } = await scenario()
    const answer = { status: 429, headers: { 'retry-after': '31' } }
    imgix.fault({ on: { path: /upload/ }, times: 4, do: { answer } })
    const signal = { after: (out: string) => out.includes('waits 31 s'), send: 'SIGINT' } as const
    const run = await push(files(4), {}, { signal })
    expect(
      run.log.match(/^waits 31 s before another try: not uploaded: imgix accepts no more .*\b429\b.*$/gm),
    ).toHaveLength(1)
    expect(run.report).toMatchObject({ cancelled: true, counts: { uploaded: 0, failed: 0 } })
  })
})

describe('upload-via', () => {
  const slow = { 'rate-limits': 'upload=1/m, default=1000/s, purge=1000/s' }

  test('auto: small files take sessions, too, when the upload endpoint alone takes long', async () => {
    const { push, imgix, stored } = await scenario()
    const run = await push(files(12), slow)
    expect([run.code, stored().length, run.outputs['purged-count']]).toEqual([0, 12, '12'])
    expect(lanesOf(run)).toEqual(['direct', ...Array(11).fill('session')])
    expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(Array(11).fill('CLOSED'))
    expect(run.log).toContain('12 by direct upload or session')
  })

  test('auto: few files go direct', async () => {
    const { push, asked } = await scenario()
    await push({ 'a.png': 'a' })
    expect(asked()).toEqual([...began, uploaded('a.png'), purged])
  })

  test('auto: a Source that refuses sessions, and one line says so', async () => {
    const { push, imgix, stored } = await scenario()
    imgix.fault({ on: { path: /upload-sessions/ }, times: 100, do: { answer: { status: 400 } } })
    const limits = { 'rate-limits': 'upload=3/m, default=1000/s, purge=1000/s' }
    const signal = { after: (out: string) => out.split('uploaded ').length === 4, send: 'SIGINT' } as const
    const run = await push(files(5), limits, { signal })
    expect([stored().length, run.outputs['failed-count']]).toEqual([3, '0'])
    expect(run.log.match(/^small files go by direct upload alone from here on, .*\b400\b.*$/gm)).toHaveLength(1)
  })

  test('session: every file by session', async () => {
    const { push, asked } = await scenario()
    await push({ 'a.png': 'a' }, { 'upload-via': 'session' })
    expect(asked()).toEqual([...began, opened('a.png'), put('a.png'), closed(), purged])
  })

  test('session, on a Source that has none', async () => {
    const { push, asked } = await scenario({ imgix: { source: { type: 'azure' } } })
    const run = await push({ 'a.png': 'a' }, { 'upload-via': 'session' })
    expect([run.code, asked()]).toEqual([1, [gotSource]])
    expect(run.errors[0]).toBe(
      'upload-via: Source SRC is of type azure, which has no upload sessions: set it to auto or direct',
    )
  })

  test('direct: small files wait for the upload endpoint, large ones take a session', async () => {
    const { push, stored } = await scenario()
    const signal = { after: (out: string) => out.split('uploaded ').length === 3, send: 'SIGINT' } as const
    const run = await push(
      { ...files(3), 'big.mp4': 'x'.repeat(100) },
      { ...slow, 'upload-via': 'direct', 'session-threshold': '50B' },
      { signal },
    )
    expect(lanesOf(run)).toEqual(['direct', null, null, 'session'])
    expect(stored()).toEqual(['0.png', 'big.mp4'])
  })
})

test('the largest files start first', async () => {
  const { push, asked } = await scenario()
  await push(
    { 'a.png': '1', 'b.png': '333', 'c.png': '22', 'd.mp4': '55555' },
    { concurrency: '1', 'session-threshold': '4B', purge: 'false' },
  )
  expect(asked().slice(2)).toEqual([
    ...[opened('d.mp4'), put('d.mp4'), closed()],
    ...['b.png', 'c.png', 'a.png'].map((path) => uploaded(path)),
  ])
})

test('purging starts with the first file that is stored, and uploads go on meanwhile', async () => {
  const { push, imgix } = await scenario()
  imgix.fault({ on: { path: /purge/ }, times: 20, do: { delayMs: 300 } })
  await push(files(20), { concurrency: '1' })
  const arrived = imgix.requests.map(({ path }) => path)
  expect(arrived.indexOf('/api/v1/purge')).toBeLessThan(5)
  expect(arrived.findLastIndex((path) => path.includes('/upload/'))).toBeGreaterThan(20)
})

test('a run that takes a while says how far it is', async () => {
  const { push, imgix } = await scenario()
  imgix.fault({ on: { path: /upload\/1/ }, do: { delayMs: 5600 } })
  const run = await push(files(2))
  expect(run.log.match(/^progress: .*$/gm)).toEqual([
    expect.stringMatching(
      /^progress: 1 of 2 uploads \(\d+ B of 18 B\), 1 of 2 purges; 0\.\d uploads\/s, \d B\/s(; about \d+\.\d s left)?$/,
    ),
  ])
  expect(run.stdout).not.toMatch(/(?![\n])\p{Cc}/u)
})

describe('signals', () => {
  const signal = { after: (out: string) => out.includes('uploaded a.png'), send: 'SIGINT' } as const

  test('the first leaves time to purge what is stored', async () => {
    const { push, imgix, purges } = await scenario()
    imgix.fault({ on: { path: /purge/ }, do: { delayMs: 2500 } })
    const run = await push({ 'a.png': 'a' }, {}, { signal })
    expect([run.code, run.outputs['purged-count'], purges()]).toEqual([1, '1', [url('a.png')]])
  })

  test('the second does not, and what was done is written down all the same', async () => {
    const { push, imgix, purges } = await scenario()
    imgix.fault({ on: { path: /purge/ }, do: { delayMs: 2500 } })
    const run = await push({ 'a.png': 'a' }, {}, { signal: { ...signal, againMs: 300 } })
    expect([run.code, purges(), run.outputs['uploaded-count'], run.outputs['purged-count']]).toEqual([1, [], '1', '0'])
    expect(run.report).toMatchObject({ cancelled: true })
  })

  test.each([
    ['an opening', /upload-sessions\/create/],
    ['a close', /upload-sessions\/close/],
  ])('%s that is under way is waited for: no session stays open, and what is stored is purged', async (_, path) => {
    const { push, imgix, stored, purges } = await scenario()
    imgix.fault({ on: { path }, times: 9, do: { delayMs: 500 } })
    const under = new AbortController()
    const look = setInterval(() => imgix.requests.filter((one) => path.test(one.path)).length > 1 && under.abort(), 10)
    const signal = { on: under.signal, send: 'SIGINT' } as const
    const run = await push({ 'a.png': 'a', 'b.png': 'b' }, { 'upload-via': 'session' }, { signal })
    clearInterval(look)
    expect([run.code, [...imgix.sessions.values()].map(({ status }) => status === 'PENDING')]).toEqual([
      1,
      [false, false],
    ])
    expect(purges()).toEqual(stored().map((name) => url(name)))
  })

  test('a small upload that is under way is waited for, and purged', async () => {
    const { push, imgix, purges } = await scenario()
    const under = new AbortController()
    imgix.fault({ on: { path: /upload\/a/ }, do: { delayMs: 800, meanwhile: () => under.abort() } })
    const run = await push({ 'a.png': 'a' }, {}, { signal: { on: under.signal, send: 'SIGTERM' } })
    expect([run.code, run.outputs['uploaded-count'], purges()]).toEqual([1, '1', [url('a.png')]])
  })

  test('an API that hangs does not hold a cancelled run', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: { method: 'PUT' }, times: 9, do: { hang: true } })
    imgix.fault({ on: { method: 'DELETE' }, times: 9, do: { hang: true } })
    imgix.fault({ on: { path: /purge/ }, times: 9, do: { hang: true } })
    const run = await push({ 'a.png': 'a', 'b.mp4': 'bbb', 'c.mp4': 'ccc' }, { 'session-threshold': '2B' }, { signal })
    expect([run.code, run.signal]).toEqual([1, null])
    expect(run.results).toEqual([
      ...['planned b.mp4', 'planned c.mp4', `planned ${url('a.png')}`, `planned ${url('b.mp4')}`],
      ...[`planned ${url('c.mp4')}`, 'uploaded a.png'],
    ])
    expect(run.summary).toMatch(/^### ❌ imgix: cancelled; 1 of 3 files published/)
  })
})
