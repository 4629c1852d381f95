import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bucketCredentials } from '../../emulator/bucket.ts'
import { emulate } from '../helpers/emulator.ts'
import {
  began,
  cancelled,
  closed,
  gotSource,
  lookedAt,
  opened,
  purged,
  put,
  scenario,
  uploaded,
  url,
} from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const bySession = { inputs: { 'session-threshold': '10B' } }
const bytes = 'more than ten bytes'
const now = { 'retry-after': '0' }
const expired =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
const statuses = (sessions: Map<string, { status: string }>): string[] =>
  [...sessions.values()].map(({ status }) => status)

test('a file above the threshold: opened, put, closed, purged; one of just that size goes directly', async () => {
  const { push, imgix, asked } = await scenario(bySession)
  const run = await push({ 'img/a b#.png': bytes, 'ten.png': 'ten bytes.' }, { concurrency: '1' })
  expect([run.code, run.errors]).toEqual([0, []])
  const path = 'img/a%20b%23.png'
  expect(
    asked()
      .filter((line) => !line.includes('ten.png'))
      .sort(),
  ).toEqual([...began, opened(path), put(path), closed(), purged, purged].sort())
  expect(imgix.objects.get('img/a b#.png')).toMatchObject({ contentType: 'image/png', via: 'session' })
  expect(String(imgix.objects.get('img/a b#.png')?.body)).toBe(bytes)
  expect(imgix.objects.get('ten.png')).toMatchObject({ via: 'upload' })
  expect(run.report).toMatchObject({
    files: [
      { via: 'session', bytes: 19 },
      { via: 'direct', bytes: 10 },
    ],
  })
})

test('the PUT has a length, and neither the key nor a header of imgix; its URL is masked by the id of its key', async () => {
  const { push, imgix } = await scenario(bySession)
  const run = await push({ 'a.png': bytes })
  const { headers } = imgix.requests.find(({ method }) => method === 'PUT') ?? { headers: {} }
  expect(headers).toMatchObject({ 'content-length': '19' })
  expect(
    Object.keys(headers).filter((name) => /^(authorization|x-imgix.*|transfer-encoding|user-agent|cookie)$/.test(name)),
  ).toEqual([])
  const [session] = imgix.sessions.values()
  expect([run.masks, session?.url]).toEqual([
    [imgix.apiKey, bucketCredentials.accessKeyId],
    expect.stringContaining(bucketCredentials.accessKeyId),
  ])
})

test('200 sessions print one mask for all their URLs, and no URL', async () => {
  const { push, imgix } = await scenario(bySession)
  imgix.fault({ on: { method: 'PUT' }, times: 4, do: { answer: { status: 403, body: expired } } })
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index}.png`, bytes]))
  const run = await push(files)
  expect([run.code, run.outputs['uploaded-count'], run.masks]).toEqual([
    0,
    '200',
    [imgix.apiKey, bucketCredentials.accessKeyId],
  ])
  const shown = run.stdout + run.stderr + run.summary + JSON.stringify([run.outputs, run.report])
  for (const { url } of imgix.sessions.values())
    expect(shown).not.toContain(new URL(url).searchParams.get('X-Amz-Signature'))
  expect(imgix.sessions.size).toBe(204)
})

test('40 MB by session with a reset in the middle: sent again from its start, whole', async () => {
  const { push, imgix, asked } = await scenario({ imgix: { keepBodies: false } })
  const big = Buffer.alloc(40_000_000, 'A picture of 40 MB. ')
  imgix.fault({ on: { method: 'PUT' }, do: { resetAfterBytes: 17_000_000 } })
  const run = await push({ 'big.mp4': big })
  expect([run.code, run.errors]).toEqual([0, []])
  expect(imgix.objects.get('big.mp4')).toMatchObject({
    bytes: 40_000_000,
    sha256: createHash('sha256').update(big).digest('hex'),
    via: 'session',
  })
  expect(asked()).toEqual([...[...began, opened('big.mp4'), put('big.mp4', 'reset'), put('big.mp4'), closed(), purged]])
  expect(run.report).toMatchObject({ files: [{ via: 'session', attempts: 2 }] })
})

describe('both forms of the paths', () => {
  test('a server that knows only the explicit ones', async () => {
    const { push, asked } = await scenario({ ...bySession, imgix: { sessionForms: 'explicit' } })
    expect((await push({ 'a.png': bytes })).code).toBe(0)
    expect(asked()).toEqual([...began, opened('a.png'), put('a.png'), closed(), purged])
  })

  test('a server that knows only the plain ones takes create/ for a folder: nothing is ever put there', async () => {
    const { push, asked, stored } = await scenario({ ...bySession, imgix: { sessionForms: 'plain' } })
    const run = await push({ 'img/a.png': bytes, 'img/b.png': bytes }, { concurrency: '1' })
    expect([run.code, run.errors, stored()]).toEqual([0, [], ['img/a.png', 'img/b.png']])
    const plain = (rest: string): string => `POST /api/v1/sources/SRC/upload-sessions/${rest} -> 200`
    expect(asked().filter((line) => line !== purged)).toEqual([
      ...[...began, opened('img/a.png'), cancelled(405)],
      ...[plain('img/a.png'), put('img/a.png'), plain('ID')],
      ...[plain('img/b.png'), put('img/b.png'), plain('ID')],
    ])
  })

  test('a failure other than 404 and 405 is no reason to try the other form', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { path: /create/ }, do: { answer: { status: 400 } } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, asked()]).toEqual([1, [...began, opened('a.png', 400)]])
  })
})

describe('what goes wrong', () => {
  test('a presigned URL that has expired: a new session', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { method: 'PUT' }, do: { answer: { status: 403, body: expired } } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, run.errors]).toEqual([0, []])
    expect(asked()).toEqual([
      ...[...began, opened('a.png'), put('a.png', 403), cancelled()],
      ...[opened('a.png'), put('a.png'), closed(), purged],
    ])
    expect(statuses(imgix.sessions)).toEqual(['CANCELED', 'CLOSED'])
    expect(run.masks).toHaveLength(2)
  })

  test('presigned URLs that expire at once: it ends, and the file fails', async () => {
    const { push, imgix, stored } = await scenario({ ...bySession, imgix: { urlLifetimeMs: 1 } })
    const run = await push({ 'a.png': bytes, 'b.png': 'b' })
    expect([run.code, stored()]).toEqual([1, ['b.png']])
    expect(imgix.sessions.size).toBeLessThan(6)
    expect([...new Set(statuses(imgix.sessions))]).toEqual(['CANCELED'])
    expect(run.errors[0]).toMatch(/^a\.png: the storage refuses the upload; check .* \(403 .*3 tries\)$/)
  })

  test('a PUT that answers 500 until the attempts run out: the session is cancelled', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { method: 'PUT' }, times: Infinity, do: { answer: { status: 500, headers: now } } })
    const run = await push({ 'a.png': bytes }, { 'max-attempts': '3' })
    expect([run.code, asked()]).toEqual([
      1,
      [...began, opened('a.png'), ...Array(3).fill(put('a.png', 500)), cancelled()],
    ])
    expect(run.errors[0]).toMatch(/^a\.png: not uploaded: the storage of the bucket failed; run the job again .* \(500/)
  })

  test('a PUT that the storage refuses: no second try', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { method: 'PUT' }, do: { answer: { status: 400 } } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, asked()]).toEqual([1, [...began, opened('a.png'), put('a.png', 400), cancelled()]])
  })

  test('a close that is refused after a lost answer: the state tells that it was done', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { path: /close/ }, do: { loseAnswer: true } })
    imgix.fault({ on: { path: /close/ }, do: { answer: { status: 409 } } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, run.errors]).toEqual([0, []])
    const status = 'GET /api/v1/sources/SRC/upload-sessions/status/ID -> 200'
    expect(asked().slice(4)).toEqual([closed('reset'), closed(409), status, purged])
  })

  test('a close that is refused: the session is cancelled, and nothing is purged', async () => {
    const { push, imgix, asked } = await scenario(bySession)
    imgix.fault({ on: { path: /close/ }, do: { answer: { status: 400 } } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, asked()]).toEqual([1, [...began, opened('a.png'), put('a.png'), closed(400), cancelled()]])
  })

  test('an opening whose answer is lost, and is then refused: the old file of the same size is not taken for ours', async () => {
    const { push, imgix } = await scenario({ imgix: { sessionRefusesExisting: true } })
    expect((await push({ 'a.png': 'old' })).code).toBe(0)
    imgix.fault({
      on: { path: /upload-sessions\/create/ },
      do: { answer: { status: 503, headers: { 'retry-after': '0' } } },
    })
    const run = await push({ 'a.png': 'new' }, { 'session-threshold': '1B' })
    expect([run.code, run.outputs.failed]).toEqual([1, '["a.png"]'])
  })

  test('a session for another path than asked is no place to put bytes', async () => {
    const { push, imgix, stored } = await scenario(bySession)
    const data = {
      id: 'ID',
      type: 'asset_uploads',
      attributes: { origin_path: '/evil.png', url: `${imgix.apiUrl}/bucket/SRC/x` },
    }
    const answer = { body: JSON.stringify({ data }) }
    imgix.fault({ on: { path: /upload-sessions/ }, times: Infinity, do: { answerBody: answer } })
    const run = await push({ 'a.png': bytes })
    expect([run.code, stored(), imgix.requests.some(({ method }) => method === 'PUT')]).toEqual([1, [], false])
  })

  test('a Source of Azure has no sessions: above the threshold a file goes directly', async () => {
    const { push, asked } = await scenario({ ...bySession, imgix: { source: { type: 'azure' } } })
    expect((await push({ 'a.png': bytes })).code).toBe(0)
    expect(asked()).toEqual([...began, lookedAt('a.png', 404), uploaded('a.png'), purged])
  })
})

describe('no redirect is followed', () => {
  const elsewhere = async (
    on: { method?: string; path?: RegExp },
    inputs: Record<string, string> = {},
  ): Promise<{ code: number | null; errors: string[]; visits: number; stored: string[] }> => {
    const thief = await emulate()
    const { push, imgix, stored } = await scenario({ inputs })
    const location = `${thief.apiUrl}/api/v1/purge`
    imgix.fault({ on, times: Infinity, do: { answer: { status: 307, headers: { location } } } })
    const { code, errors } = await push({ 'a.png': bytes })
    return { code, errors, visits: thief.requests.length, stored: stored() }
  }

  test.each([
    ['the Source', { method: 'GET' }, {}, []],
    ['an upload', { path: /\/upload\// }, {}, []],
    ['a purge', { path: /purge/ }, {}, ['a.png']],
    ['an opening', { path: /create/ }, bySession.inputs, []],
    ['a PUT', { method: 'PUT' }, bySession.inputs, []],
    ['a close', { path: /close/ }, bySession.inputs, ['a.png']],
  ])('%s', async (_, on, inputs, stored) => {
    const run = await elsewhere(on, inputs)
    expect(run).toMatchObject({ code: 1, visits: 0, stored })
    expect(run.errors[0]).toMatch(/307/)
  })
})

test('deleted files need no session', async () => {
  const { push, asked, purges } = await scenario({ ...bySession, files: { 'a.png': bytes } })
  await push({ 'a.png': null })
  expect([asked(), purges()]).toEqual([[gotSource, purged], [url('a.png')]])
})
