import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../emulator/server.ts'
import { began, gotSource, purged, scenario, sought, temporaryFolder, uploaded, url } from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const upload = { path: /\/upload\// }
const anyPurge = { path: '/api/v1/purge' }
const forever = Number.POSITIVE_INFINITY
/** Of an answer that is to be tried again at once. */
const now = { 'retry-after': '0' }
const html = { 'content-type': 'text/html', ...now }
const stored = [`purged ${url('a.png')}`, 'uploaded a.png']
const plain = (path: string, status: number | string): string => `POST /api/v1/sources/SRC/upload/${path} -> ${status}`
const ten = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.png`, 'x']))

describe('tried again', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 522])('%i on an upload', async (status) => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: upload, do: { answer: { status, headers: now } } })
    const run = await push({ 'a.png': 'a' })
    expect([run.code, run.results, run.errors]).toEqual([0, stored, []])
    expect(asked()).toEqual([...began, uploaded('a.png', status), uploaded('a.png'), purged])
  })

  test.each([
    ['the Source', { method: 'GET' }, 503],
    ['the Source behind an edge', { method: 'GET' }, 520],
    ['a purge', anyPurge, 503],
  ])('%s', async (_, on, status) => {
    const { push, imgix } = await scenario()
    imgix.fault({ on, do: { answer: { status, headers: now } } })
    imgix.fault({ on, do: { loseAnswer: true } })
    const run = await push({ 'a.png': 'a' })
    expect([run.code, run.results, imgix.requests.length]).toEqual([0, stored, 6])
  })

  test.each([
    ['a page of a proxy', { answer: { status: 502, headers: html, body: '<html><h1>502 Bad Gateway</h1></html>' } }],
    ['an empty 500', { answer: { status: 500, headers: now, body: '' } }],
    ['a list', { answerBody: { headers: now, body: '[1]' } }],
  ] satisfies [string, Fault['do']][])('%s', async (_, deed) => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: upload, do: deed })
    const run = await push({ 'a.png': 'a' })
    expect([run.code, run.errors, run.results]).toEqual([0, [], stored])
    expect(imgix.requests).toHaveLength(5)
    expect(run.stdout + run.summary).not.toMatch(/<html>|Sign in/)
  })

  // A purge that takes longer than any first back-off, and shorter than Retry-After, tells the two apart.
  test.each([
    ['seconds', () => '2'],
    ['an HTTP date', () => new Date(Date.now() + 4000).toUTCString()],
  ])('not before Retry-After says so: %s', async (_, retryAfter) => {
    const { push, imgix, asked } = await scenario({ files: { 'old.png': 'old' } })
    imgix.fault({ on: anyPurge, do: { delayMs: 1300 } })
    imgix.fault({ on: upload, do: { answer: { status: 429, headers: { 'retry-after': retryAfter() } } } })
    expect((await push({ 'a.png': 'a', 'old.png': null })).code).toBe(0)
    expect(asked()).toEqual([...began, uploaded('a.png', 429), purged, uploaded('a.png'), purged])
  })
})

test('a large body that the server stops reading', async () => {
  const { push, imgix, asked } = await scenario()
  imgix.fault({ on: upload, do: { hang: true } })
  const run = await push({ 'a.png': Buffer.alloc(20_000_000) }, { timeout: '1' })
  expect([run.code, asked()]).toEqual([0, [...began, uploaded('a.png', 'hang'), uploaded('a.png'), purged]])
})

test('a large body that is refused before it is sent', async () => {
  const { push, imgix, asked } = await scenario()
  imgix.fault({ on: upload, do: { answer: { status: 422 } } })
  const run = await push({ 'a.png': Buffer.alloc(20_000_000) })
  expect([run.code, asked(), imgix.requests[2]?.bytes]).toEqual([1, [...began, uploaded('a.png', 422)], 0])
  expect(run.errors[0]).toMatch(/422/)
})

describe('given up', () => {
  test.each(['1', '3'])('after max-attempts: %s', async (attempts) => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: upload, times: forever, do: { answer: { status: 503, headers: now } } })
    const run = await push({ 'a.png': 'a' }, { 'max-attempts': attempts })
    expect([run.code, asked()]).toEqual([1, [...began, ...Array(Number(attempts)).fill(uploaded('a.png', 503))]])
    const tries = attempts === '1' ? '' : '3 tries, '
    expect(run.errors[0]).toMatch(
      new RegExp(
        `^a\\.png: not uploaded: imgix failed; run the job again; .* \\(503 ServiceUnavailable: .*, ${tries}request id \\w+\\)$`,
      ),
    )
    expect(run.report).toMatchObject({ files: [{ result: 'failed', attempts: Number(attempts) }] })
  })

  test('429 to the end: the message names rate-limits', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: upload, times: forever, do: { answer: { status: 429, headers: now } } })
    const run = await push({ 'a.png': 'a' }, { 'max-attempts': '2' })
    expect(run.errors[0]).toMatch(/^a\.png: .*rate-limits.*429 TooManyRequests/)
  })

  test.each([400, 404, 413, 422])('%i at once, and only that file', async (status) => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: { path: /a\.png/ }, do: { answer: { status } } })
    const run = await push({ 'a.png': 'a', 'b.png': 'b' }, { concurrency: '1' })
    expect([run.code, run.outputs.failed]).toEqual([1, '["a.png"]'])
    expect(asked()).toEqual([...began, uploaded('a.png', status), uploaded('b.png'), purged])
  })

  test('hanging to the end: the message says for how long there was no progress', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: upload, times: forever, do: { hang: true } })
    const run = await push({ 'a.png': 'a' }, { timeout: '1', 'max-attempts': '2' })
    expect(run.errors[0]).toMatch(
      /^a\.png: not uploaded: no answer from [\d.:]+ \(no progress for 1 s\); run the job again/,
    )
  })

  test('an error page without any JSON', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: upload, do: { answer: { status: 413, headers: html, body: '<html>nginx</html>' } } })
    const run = await push({ 'a.png': 'a' })
    expect(run.errors[0]).toBe(
      'a.png: the file is larger than imgix takes; make the file smaller, or leave it out by `files` (413)',
    )
  })

  test('an answer of the Source that is no Source', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: { method: 'GET' }, times: forever, do: { answerBody: { body: '{"data":null}' } } })
    const run = await push({ 'a.png': 'a' }, { 'max-attempts': '2' })
    expect(run).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/^the Source can't be read: .* \(200 with an answer that is no Source/)],
    })
  })
})

describe('a key that is refused ends the run', () => {
  test('401 in the middle', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: upload, after: 2, times: forever, do: { answer: { status: 401 } } })
    const run = await push(ten(12), { concurrency: '1', purge: 'false' })
    expect([run.code, asked()]).toEqual([1, [...began, uploaded('0.png'), uploaded('1.png'), uploaded('10.png', 401)]])
    expect(run.errors.filter((message) => /api-key: imgix does not accept the key/.test(message))).not.toEqual([])
    expect(run.outputs).toMatchObject({ 'uploaded-count': '2', 'failed-count': '1' })
    expect(run.report).toMatchObject({ cancelled: false, counts: { uploaded: 2, failed: 1 } })
  })

  test('401 on a purge', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: anyPurge, times: forever, do: { answer: { status: 401 } } })
    const run = await push(ten(12), { concurrency: '1' })
    expect([run.code, imgix.requests.length < 8]).toEqual([1, true])
    expect(run.errors.join('\n')).toMatch(/api-key: imgix does not accept the key/)
  })

  test('403 on an upload: a key without Asset Manager Edit', async () => {
    const { push, asked } = await scenario({ imgix: { permissions: ['sources', 'purge'] } })
    const run = await push(ten(12), { concurrency: '1' })
    expect([run.code, asked()]).toEqual([1, [gotSource, sought(403), uploaded('0.png', 403)]])
    expect(run.errors.join('\n')).toMatch(/api-key: the key lacks the permission Asset Manager Edit/)
    expect(run.errors).toHaveLength(2)
  })

  test('403 on a session', async () => {
    const { push, asked } = await scenario({ imgix: { permissions: ['sources', 'purge'] } })
    const run = await push(ten(12), { concurrency: '1', 'session-threshold': '0B' })
    expect([run.code, asked().length]).toEqual([1, 3])
    expect(run.errors.join('\n')).toMatch(/api-key: the key lacks the permission Asset Manager Edit/)
  })

  test('403 of a presigned URL is one file only', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: { method: 'PUT', path: /0\.png/ }, times: forever, do: { answer: { status: 403, body: '' } } })
    const run = await push(ten(3), { 'session-threshold': '0B' })
    expect([run.code, run.outputs['uploaded-count'], run.outputs.failed]).toEqual([1, '2', '["0.png"]'])
  })
})

describe('secrets', () => {
  test('an answer that echoes the key and an address', async () => {
    const { push, imgix } = await scenario()
    const errors = [
      { title: `Key ${imgix.apiKey}`, detail: `of owner@imgix-account.example: ${imgix.apiKey}!`, id: imgix.apiKey },
    ]
    for (const path of [/a\.png/, anyPurge.path]) {
      imgix.fault({ on: { path }, do: { answer: { status: 400, body: JSON.stringify({ errors }) } } })
    }
    const run = await push({ 'a.png': 'a', 'b.png': 'b' })
    expect([run.code, run.errors.length]).toEqual([1, 3])
    expect(run.errors[0]).toMatch(/400 Key \*\*\*: of \*\*\*/)
  })

  test('an answer that echoes a presigned URL', async () => {
    const { push, imgix } = await scenario()
    const detail = 'https://bucket.example/a.png?X-Amz-Signature=0123456789abcdef failed'
    imgix.fault({
      on: { path: /close/ },
      do: { answer: { status: 400, body: JSON.stringify({ errors: [{ detail }] }) } },
    })
    const run = await push({ 'a.png': 'a' }, { 'session-threshold': '0B' })
    expect([run.code, JSON.stringify(run).includes('0123456789abcdef failed')]).toEqual([1, false])
  })

  test('details of many lines, with commands in them, are one line', async () => {
    const { push, imgix } = await scenario()
    const errors = [{ title: 'Bad\n::error::injected', detail: `\u001b[31m<i>${'x'.repeat(5000)}` }]
    imgix.fault({ on: upload, do: { answer: { status: 400, body: JSON.stringify({ errors }) } } })
    const run = await push({ 'a.png': 'a' })
    expect([run.code, run.errors.length, run.errors[0]?.includes('\n')]).toEqual([1, 2, false])
    expect(run.errors[0]?.length).toBeLessThan(1000)
    expect([run.summary.includes('<i>'), run.summary.includes('\u001b')]).toEqual([false, false])
  })

  test('no other program gets the inputs', async () => {
    const { push, imgix } = await scenario()
    const bin = temporaryFolder() // a program in the workspace would not be started
    writeFileSync(`${bin}/git`, `#!/bin/sh\nenv > "${bin}/env.txt"\nPATH="$REAL" exec git "$@"\n`, { mode: 0o755 })
    const env = { PATH: `${bin}:${process.env.PATH}`, REAL: process.env.PATH }
    expect((await push({ 'a.png': 'a' }, {}, { env })).code).toBe(0)
    expect(readFileSync(`${bin}/env.txt`, 'utf8')).toMatch(/^LC_ALL=C$/m)
    expect(readFileSync(`${bin}/env.txt`, 'utf8')).not.toMatch(new RegExp(`INPUT_|${imgix.apiKey}`))
  })
})

describe('pace', () => {
  test('the documented limits and twelve files: not one request too many', async () => {
    const { push, imgix, stored: paths } = await scenario({ imgix: { rateLimits: 'documented' } })
    const documented = 'upload=2/s, purge=10/s, get=10/s, refresh=10/m, default=4/s'
    const run = await push(ten(12), { 'rate-limits': documented })
    expect([run.code, paths().length, imgix.violations]).toEqual([0, 12, 0])
  })

  test('sessions, purges and looks at assets, each by its own limit', async () => {
    const rateLimits = {
      default: { count: 6, perMs: 1000 },
      purge: { count: 8, perMs: 1000 },
      get: { count: 4, perMs: 1000 },
    }
    const { push, imgix } = await scenario({ imgix: { rateLimits } })
    const inputs = {
      'rate-limits': 'default=6/s, purge=8/s\nget=4/s',
      'session-threshold': '0B',
      'on-conflict': 'skip',
    }
    const run = await push(ten(6), inputs)
    expect([run.code, imgix.violations]).toEqual([0, 0])
  })

  test('an account that takes less than rate-limits: slower, and all is done', async () => {
    const {
      push,
      imgix,
      stored: paths,
    } = await scenario({ imgix: { rateLimits: { upload: { count: 3, perMs: 200 } } } })
    const run = await push(ten(6))
    expect([run.code, paths().length, imgix.violations > 0]).toEqual([0, 6, true])
  })

  test('no more transfers at a time than concurrency', async () => {
    const { push, imgix } = await scenario({ imgix: { latencyMs: 30 } })
    await push(ten(9), { concurrency: '3', 'on-conflict': 'skip', purge: 'false' })
    const arrivals = imgix.requests.slice(1).map(({ at }) => at)
    const soon = arrivals.filter((at) => at - Number(arrivals[0]) < 25)
    expect(soon.length).toBeLessThanOrEqual(3)
    expect(imgix.transcript.filter((line) => line.startsWith('POST')).sort()).toEqual(
      Object.keys(ten(9))
        .map((path) => plain(path, 200))
        .sort(),
    )
  })
})
