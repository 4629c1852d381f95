import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addAsset, getAsset, listAssets, refreshAsset, updateAsset, uploadAsset } from '../../src/imgix/assets.ts'
import type { Client } from '../../src/imgix/client.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { purge } from '../../src/imgix/purges.ts'
import { getReport, listReports } from '../../src/imgix/reports.ts'
import { createUploadSessions } from '../../src/imgix/session-forms.ts'
import { createSource, getSource, listSources, updateSource } from '../../src/imgix/sources.ts'
import { findAsset } from '../../src/plan/asset.ts'
import { emulate } from '../helpers/emulator.ts'
import { createTestClient, NEW_SOURCE, SOURCE_ID } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'
import { apiOf, carryOut, errorOf, resultsOf, uploadPlan } from '../helpers/sync.ts'
import { createTree } from '../helpers/tree.ts'

const PLACE = { sourceId: SOURCE_ID, originPath: 'a b/c.png' }
const URL_ = 'https://assets-demo.imgix.net/a.png'
const SESSION = '77c0f903-9475-4a6a-9fad-3995a5ad8cfe'

const first = (pages: AsyncGenerator<unknown>): Promise<unknown> => pages.next()

const CALLS = {
  upload(client: Client) {
    const file = join(createTree({ a: 'bytes' }), 'a')
    return uploadAsset(client, PLACE, { file, contentType: 'image/png', overwrite: true })
  },
  PATCH: (client: Client) =>
    updateAsset(client, PLACE, { name: 'A', custom_fields: { a: 'new', n: 1 }, tags: { Dog: 0.5 }, categories: ['x'] }),
  add: (client: Client) => addAsset(client, PLACE),
  refresh: (client: Client) => refreshAsset(client, PLACE),
  'GET asset': (client: Client) => getAsset(client, PLACE),
  'list of assets': (client: Client) => first(listAssets(client, PLACE)),
  purge: (client: Client) => purge(client, URL_),
  'GET Source': (client: Client) => getSource(client, SOURCE_ID),
  'PATCH Source': (client: Client) => updateSource(client, SOURCE_ID, { name: 'A' }),
  'list of Sources': (client: Client) => first(listSources(client)),
  'GET report': (client: Client) => getReport(client, 'r'),
  'list of reports': (client: Client) => first(listReports(client)),
  open: (client: Client) => createUploadSessions(client).open(PLACE),
  close: (client: Client) => createUploadSessions(client).close(PLACE, SESSION),
}
type Call = keyof typeof CALLS

const object = (type: string, id: string | undefined, attributes: unknown = {}) => ({ data: { attributes, id, type } })
const asset = (attributes: Record<string, unknown> = {}, id = `${SOURCE_ID}/a b/c.png`) =>
  object('assets', id, attributes)
const session = (attributes: Record<string, unknown> = {}, id = SESSION) => object('asset_uploads', id, attributes)
const errors = [{ status: '500', title: 'Broken', detail: 'No bytes.', id: '1' }]

/** An answer that is none, and what is told of it. */
const CONTRADICTIONS: [call: Call, answer: object, reason: string][] = [
  ['upload', asset({ origin_path: '/b.png' }), 'with another asset, /b.png'],
  ['upload', asset({}, `${SOURCE_ID}/b.png`), 'with another asset, /b.png'],
  ['upload', asset({ origin_path: '/a b/C.png' }), 'with another asset, /a b/C.png'],
  ['upload', asset({ source_id: 'x' }), 'with an asset of another Source, x'],
  ['upload', asset({ file_size: 4 }), 'with an asset of another size, 4 instead of 5 bytes'],
  ['upload', asset({ file_size: '50' }), 'with an asset of another size, 50 instead of 5 bytes'],
  ['upload', asset({ file_size: 0 }), 'with an asset of another size, 0 instead of 5 bytes'],
  ['upload', object('purges', '1'), 'with an object of type purges instead of assets'],
  ['upload', { data: [] }, 'with data that is no object'],
  ['upload', { data: [asset().data] }, 'with data that is no object'],
  ['upload', { data: null }, 'with data that is no object'],
  ['upload', { ...asset(), errors }, 'with errors beside its data Broken: No bytes'],
  ['upload', { errors: [], meta: {} }, 'with errors and no data'],
  ['PATCH', asset({ origin_path: '/b.png' }), 'with another asset, /b.png'],
  ['PATCH', asset({ name: 'B' }), 'with another value of name than was set'],
  ['PATCH', asset({ custom_fields: { a: 'old' } }), 'with another value of custom_fields than was set'],
  ['PATCH', asset({ name: null, custom_fields: {} }), 'with another value of name, custom_fields than was set'],
  ['PATCH', { data: [] }, 'with data that is no object'],
  ['PATCH', { ...asset(), errors }, 'with errors beside its data Broken: No bytes'],
  ['add', asset({ origin_path: '/b.png' }), 'with another asset, /b.png'],
  ['add', { data: [] }, 'with data that is no object'],
  ['refresh', asset({ origin_path: '/b.png' }), 'with another asset, /b.png'],
  ['refresh', { ...asset(), errors }, 'with errors beside its data Broken: No bytes'],
  ['GET asset', asset({ origin_path: '/b.png' }), 'with another asset, /b.png'],
  ['GET asset', { data: [] }, 'with data that is no object'],
  ['list of assets', { data: {} }, 'with an answer that is no list'],
  ['list of assets', { data: [null] }, 'with a list of other things than objects'],
  ['list of assets', { data: [object('sources', '1').data] }, 'with an object of type sources instead of assets'],
  ['list of assets', { data: [asset().data] }, 'with a list that has no cursor'],
  ['list of assets', { data: [], errors }, 'with errors beside its data Broken: No bytes'],
  ['purge', object('purges', '1', { url: `${URL_}2` }), `with a purge of another URL, ${URL_}2`],
  ['purge', { data: [] }, 'with data that is no object'],
  ['purge', { ...object('purges', '1'), errors }, 'with errors beside its data Broken: No bytes'],
  ['GET Source', object('sources', 'x'), 'with another Source, x'],
  ['GET Source', object('assets', SOURCE_ID), 'with an object of type assets instead of sources'],
  ['GET Source', { data: [] }, 'with an answer that is no Source'],
  ['GET Source', {}, 'with an answer that is no Source'],
  ['PATCH Source', object('sources', 'x'), 'with another Source, x'],
  ['list of Sources', { data: [object('assets', '1').data] }, 'with an object of type assets instead of sources'],
  ['GET report', object('reports', 'x'), 'with another report, x'],
  ['list of reports', { data: 'none' }, 'with an answer that is no list'],
  ['open', { data: [] }, 'with an answer that is no upload session'],
  ['open', session({ url: 'https://bucket.example.com/a' }), 'with an answer that is no upload session'],
  ['GET report', object('reports', 'x'.repeat(8193)), 'with an id of 8193 characters'],
  ['upload', asset({}, 'x'.repeat(8193)), 'with an id of 8193 characters'],
  ['open', {}, 'with an answer that is no upload session'],
  ['open', asset({ origin_path: '/a b/c.png' }), 'with an object of type assets instead of asset_uploads'],
]

/** Tries a call twice on a server that gives these answers, the last one again and again. */
async function ask(call: Call, ...answers: object[]): Promise<{ error: unknown; tries: number }> {
  const server = await listen((_seen, response) => {
    const answer = answers[Math.min(server.seen.length, answers.length) - 1]
    response.end(JSON.stringify(answer))
  })
  const error = await CALLS[call](createTestClient({ apiUrl: server.url, maxAttempts: 2 })).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  return { error, tries: server.seen.length }
}

const SUCCESSES: Partial<Record<Call, object[]>> = {
  upload: [asset({ file_size: 5, origin_path: '/a b/c.png' }), asset({ file_size: '5', origin_path: 'a%20b/c.png' })],
  PATCH: [asset({ name: 'A', custom_fields: { a: 'new', n: '1' }, tags: {}, categories: [] }), asset(), { meta: {} }],
  add: [asset({ origin_path: '/a b/c.png' }), {}],
  refresh: [asset({ origin_path: '/a b/c.png', file_size: 7 }), {}],
  'GET asset': [asset({ file_size: 7 }), asset({ origin_path: '/a b/c.png', file_size: null })],
  'list of assets': [{ data: [] }, { data: [asset().data], meta: { cursor: { hasMore: false } } }],
  purge: [object('purges', '1', { url: URL_ }), object('purge_requests', '1'), {}],
  'GET Source': [object('sources', SOURCE_ID), object('sources', SOURCE_ID.toUpperCase())],
  open: [session({ origin_path: '/a b/c.png', status: 'PENDING', url: 'https://bucket.example.com/a' })],
  close: [session({ origin_path: '/a b/c.png', status: 'CLOSED' }), session({ status: 'COMPLETE' }), {}],
}

// rows wait for their second try, all at once
test('a success that contradicts its request is tried again, and then fails in one line that says why', async () => {
  const told = CONTRADICTIONS.map(async ([call, answer, reason]) => {
    const { error, tries } = await ask(call, answer)
    expect(error).toBeInstanceOf(ImgixError)
    const { message, attempts, status } = error as ImgixError
    const said = message.replace(/^200 /, '').replace(/, request id 1$/, '')
    expect([call, said, tries, attempts, status]).toEqual([call, `${reason}, 2 tries`, 2, 2, 200])
  })
  await Promise.all(told)
  expect.assertions(CONTRADICTIONS.length * 2)
})

test('a second answer that fits is a success', async () => {
  const rows = CONTRADICTIONS.flatMap(([call, answer]) =>
    (SUCCESSES[call] ?? []).slice(0, 1).map((fits) => [call, answer, fits] as const),
  )
  const told = rows.map(async ([call, answer, fits]) => [call, await ask(call, answer, fits)])
  expect(await Promise.all(told)).toEqual(rows.map(([call]) => [call, { error: undefined, tries: 2 }]))
})

test('what an answer leaves out, or has in another form, contradicts nothing', async () => {
  const rows = Object.entries(SUCCESSES).flatMap(([call, answers]) =>
    answers.map((answer) => [call as Call, answer] as const),
  )
  const told = rows.map(async ([call, answer]) => [call, await ask(call, answer)])
  expect(await Promise.all(told)).toEqual(rows.map(([call]) => [call, { error: undefined, tries: 1 }]))
})

test('a new Source is not asked for again: it may be there', async () => {
  const server = await listen((_seen, response) => response.end('{"data":[]}'))
  const client = createTestClient({ apiUrl: server.url, maxAttempts: 3 })
  await expect(createSource(client, NEW_SOURCE)).rejects.toThrow('200 with an answer that is no Source')
  expect(server.seen).toHaveLength(1)
})

describe('a session that is closed', () => {
  test.each([
    ['with data that is no object', { data: [] }],
    ['with a session that is still PENDING', session({ status: 'PENDING' })],
    ['with a session of /b.png', session({ origin_path: '/b.png', status: 'CLOSED' })],
  ])('%s: its state decides', async (reason, answer) => {
    for (const status of ['CLOSED', 'PENDING']) {
      const server = await listen(({ request }, response) =>
        response.end(JSON.stringify(request.startsWith('GET') ? session({ status }) : answer)),
      )
      const closing = createUploadSessions(createTestClient({ apiUrl: server.url, maxAttempts: 2 })).close(
        PLACE,
        SESSION,
      )
      if (status === 'CLOSED') await closing
      else await expect(closing).rejects.toThrow(`200 ${reason}, 2 tries`)
      const asked = server.seen.map(({ request }) => request.replace(/\/api.*sessions/, '').replace(SESSION, 'ID'))
      expect(asked).toEqual(['POST /close/ID', 'POST /close/ID', 'GET /status/ID'])
    }
  })

  test.each([
    ['CLOSED', { status: 'CLOSED' }, 'an upload session that is CLOSED'],
    ['of another Source', { source_id: 'x' }, 'an upload session for another Source, x'],
    ['of an address in a state', { status: 'by cindy@ymail.com' }, 'an upload session that is by ***'],
    ['of an address in a Source', { source_id: 'cindy@ymail.com' }, 'an upload session for another Source, ***'],
    [
      'of an address where it is cut',
      { source_id: `${'x'.repeat(1189)} cindy@ymail.com` },
      `another Source, ${'x'.repeat(1189)} *** (`,
    ],
    ['of an address in a path', { origin_path: 'cindy@ymail.com' }, "another path, '***' instead of 'a b/c.png'"],
  ])('a new one that is %s is cancelled, and nothing is put there', async (_, more, reason) => {
    const attributes = { origin_path: '/a b/c.png', url: 'https://bucket.example.com/a', ...more }
    const server = await listen((_seen, response) => response.end(JSON.stringify(session(attributes))))
    const opening = createUploadSessions(createTestClient({ apiUrl: server.url })).open(PLACE)
    await expect(opening).rejects.toThrow(reason)
    expect(server.seen.at(-1)?.request).toMatch(new RegExp(`^DELETE .*/cancel/${SESSION}$`))
  })
})

describe('a run', () => {
  const body = JSON.stringify(asset({ origin_path: '/other.png', note: 'x' }, 'x'))

  test('does not believe it: the file fails, and is not purged', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /upload\/a/ }, times: 2, do: { answerBody: { body } } })
    const outcomes = await carryOut(uploadPlan({ a: 'new' }), apiOf(imgix, { maxAttempts: 2 }))
    expect(resultsOf(outcomes)).toEqual({ a: 'failed', 'purge a': 'not-done' })
    expect(errorOf(outcomes.uploads.a)?.message).toMatch(/^200 with another asset, \/other\.png, 2 tries$/)
    expect(outcomes.stoppedBy).toBeUndefined()
  })

  test('sends the file again', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /upload\/a/ }, do: { answerBody: { body } } })
    const outcomes = await carryOut(uploadPlan({ a: 'new' }), apiOf(imgix, { maxAttempts: 2 }))
    expect(resultsOf(outcomes)).toEqual({ a: 'done', 'purge a': 'done' })
    expect(outcomes.uploads.a?.attempts).toBe(2)
  })

  test('shows nothing hostile of it: one line, cut short, without secrets', async () => {
    const secret = 'https://bucket.example.com/a?X-Amz-Signature=0123'
    const path = `/${secret}\n::error::${'x'.repeat(2000)}`
    const imgix = await emulate()
    const answer = JSON.stringify(asset({ origin_path: path }))
    imgix.fault({ on: { path: /upload\/a/ }, do: { answerBody: { body: answer } } })
    const { uploads } = await carryOut(uploadPlan({ a: 'new' }), apiOf(imgix))
    const message = String(errorOf(uploads.a)?.message)
    expect(message).toContain('200 with another asset, ')
    expect([message.length < 500, message.includes('Signature'), message.includes('\n')]).toEqual([true, false, false])
  })
})

test.each(['{"toString":1}', '12345678901234567890'])('an id and a size of %s end no run', async (value) => {
  const headers = { 'content-type': 'application/vnd.api+json' }
  const imgix = await emulate()
  const body = `{"data":{"id":${value},"type":"assets","attributes":{"origin_path":"/a b/c.png","file_size":${value}}}}`
  imgix.fault({ on: { path: /assets/ }, do: { answer: { status: 200, headers, body } } })
  await expect(findAsset(createTestClient(imgix), PLACE)).resolves.toMatchObject({ name: undefined })
})
