import nock from 'nock'
import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { createUploadSessions } from '../../src/imgix/session-forms.ts'
import { createTestClient, dataDocument, errorsDocument, messageOf, SOURCE_ID } from '../helpers/imgix.ts'
import { answerByNock } from '../helpers/nock.ts'
import { waitShortly } from '../helpers/short-waits.ts'

waitShortly()

answerByNock()

const ID = '77c0f903-9475-4a6a-9fad-3995a5ad8cfe'
const URL_ = 'https://bucket.s3.amazonaws.com/marketing/logo.png?X-Amz-Signature=0123'
const PLACE = { sourceId: SOURCE_ID, originPath: 'marketing/logo.png' }
const BASE = `/api/v1/sources/${SOURCE_ID}/upload-sessions`
const NOT_FOUND: Reply = [404, errorsDocument(404, 'NotFound', 'Resource not found.')]

type Reply = [status: number, body: string, headers?: Record<string, string>]

/** S4: a session as the API shows it. */
function session(more: Record<string, unknown> = {}): Reply {
  const attributes = {
    date_created: 1653506429,
    date_expires: 1653535229,
    date_modified: 1653506429,
    id: ID,
    origin_path: '/marketing/logo.png',
    source_id: SOURCE_ID,
    status: 'PENDING',
    url: URL_,
    ...more,
  }
  return [200, dataDocument('asset_uploads', String(attributes.id), attributes)]
}

/** An API that has these routes below upload-sessions/ and answers 404 on others; `calls` are those it got. */
function serve(routes: Record<string, Reply | Reply[]>): string[] {
  const calls: string[] = []
  for (const method of ['GET', 'POST', 'DELETE']) {
    nock('https://api.imgix.com')
      .persist()
      .intercept(() => true, method)
      .reply(async (request: Request) => {
        const call = `${method} ${new URL(request.url).pathname.slice(BASE.length)}`
        const body = await request.text()
        calls.push(body === '' ? call : `${call} with a body`)
        const reply = routes[call] ?? NOT_FOUND
        const [first] = reply
        if (typeof first === 'number') return reply as Reply
        return (reply.length > 1 ? (reply as Reply[]).shift() : first) as Reply
      })
  }
  return calls
}

test('the explicit form, by the examples of the reference', async () => {
  const { url: _, ...closed } = { url: '', status: 'CLOSED' }
  const calls = serve({
    'POST /create/marketing/logo.png': session(),
    [`POST /close/${ID}`]: session(closed),
    [`DELETE /cancel/${ID}`]: session({ status: 'CANCELED' }),
  })
  const sessions = createUploadSessions(createTestClient())
  expect(await sessions.open(PLACE)).toEqual({ id: ID, url: URL_ })
  await sessions.close(PLACE, ID)
  await sessions.cancel(PLACE, ID)
  expect(calls).toEqual(['POST /create/marketing/logo.png', `POST /close/${ID}`, `DELETE /cancel/${ID}`])
})

test.each([404, 405])(
  'a server that answers the explicit form with %i is asked in the plain one, once',
  async (status) => {
    const refusal: Reply = [status, errorsDocument(status, 'No', 'No.')]
    const calls = serve({
      'POST /create/marketing/logo.png': refusal,
      'POST /marketing/logo.png': session(),
      [`POST /${ID}`]: session({ status: 'CLOSED' }),
    })
    const sessions = createUploadSessions(createTestClient())
    expect(await sessions.open(PLACE)).toEqual({ id: ID, url: URL_ })
    await sessions.close(PLACE, ID)
    await sessions.open(PLACE)
    expect(calls).toEqual([
      'POST /create/marketing/logo.png',
      'POST /marketing/logo.png',
      `POST /${ID}`,
      'POST /marketing/logo.png',
    ])
  },
)

test.each([400, 401, 403, 409, 422])('an answer of %i does not lead to the other form', async (status) => {
  const calls = serve({ 'POST /create/marketing/logo.png': [status, errorsDocument(status, 'No', 'No.')] })
  const error = await createUploadSessions(createTestClient())
    .open(PLACE)
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.status, error.permission]).toEqual([status, 'Asset Manager Edit'])
  expect(calls).toEqual(['POST /create/marketing/logo.png'])
})

test('a Source that neither form finds: the first refusal is told', async () => {
  serve({})
  const error = await createUploadSessions(createTestClient())
    .open(PLACE)
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(messageOf(error)).toBe(
    `POST ${BASE}/create/marketing/logo.png: 404 NotFound: Resource not found, request id 56ba72bdd33d4395b464fae69f0d31c7`,
  )
})

test('a server that takes the verb for a folder: the stray session is cancelled, nothing is put there', async () => {
  const stray = 'a3f0c2de-0000-4000-8000-000000000001'
  const calls = serve({
    'POST /create/marketing/logo.png': session({ id: stray, origin_path: '/create/marketing/logo.png' }),
    [`DELETE /cancel/${stray}`]: NOT_FOUND,
    'POST /marketing/logo.png': session(),
  })
  expect(await createUploadSessions(createTestClient()).open(PLACE)).toEqual({ id: ID, url: URL_ })
  expect(calls).toEqual(['POST /create/marketing/logo.png', `DELETE /cancel/${stray}`, 'POST /marketing/logo.png'])
})

test('a server that opens sessions for other paths only', async () => {
  const calls = serve({
    'POST /create/marketing/logo.png': session({ origin_path: '/elsewhere.png' }),
    'POST /marketing/logo.png': session({ origin_path: '/elsewhere.png' }),
    [`DELETE /cancel/${ID}`]: session({ status: 'CANCELED' }),
  })
  const error = await createUploadSessions(createTestClient())
    .open(PLACE)
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(messageOf(error)).toBe(
    `POST ${BASE}: imgix opened an upload session for another path, 'elsewhere.png' instead of 'marketing/logo.png' (marketing/logo.png)`,
  )
  expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual([`DELETE /cancel/${ID}`, `DELETE /cancel/${ID}`])
})

test.each([
  ['in another Unicode form', 'cafe\u0301.png', 'caf\u00e9.png', ', the same letters in another Unicode form'],
  ['percent-encoded in small letters', 'caf\u00e9.png', 'caf%c3%a9.png', ''],
  ['in capitals', 'a.png', 'A.PNG', ''],
])(
  'a server that spells the path %s: both are told, and not the 404 of the other form',
  async (_, asked, told, form) => {
    const calls = serve({
      [`POST /create/${encodeURIComponent(asked)}`]: session({ origin_path: `/${told}` }),
      [`DELETE /cancel/${ID}`]: session({ status: 'CANCELED' }),
    })
    const opening = createUploadSessions(createTestClient()).open({ ...PLACE, originPath: asked })
    await expect(opening).rejects.toThrow(
      `an upload session for another path, '${told}' instead of '${asked}'${form} (`,
    )
    expect(calls).toEqual([
      `POST /create/${encodeURIComponent(asked)}`,
      `DELETE /cancel/${ID}`,
      `POST /${encodeURIComponent(asked)}`,
    ])
  },
)

test.each([
  ['explicit to create, plain to close', 'POST /create/marketing/logo.png', `POST /${ID}`],
  ['plain to create, explicit to close', 'POST /marketing/logo.png', `POST /close/${ID}`],
])('a server that is %s', async (_, create, close) => {
  const calls = serve({ [create]: session(), [close]: session({ status: 'CLOSED' }) })
  const sessions = createUploadSessions(createTestClient())
  await sessions.open(PLACE)
  await sessions.close(PLACE, ID)
  calls.length = 0
  await sessions.open(PLACE)
  await sessions.close(PLACE, ID)
  expect(calls).toEqual([create, close])
})

test('a close that a server takes for the opening of another session', async () => {
  const stray = 'a3f0c2de-0000-4000-8000-000000000002'
  const calls = serve({
    'POST /create/marketing/logo.png': session(),
    [`POST /close/${ID}`]: session({ id: stray, origin_path: `/close/${ID}` }),
    [`POST /${ID}`]: session({ status: 'CLOSED' }),
  })
  const sessions = createUploadSessions(createTestClient())
  await sessions.open(PLACE)
  await sessions.close(PLACE, ID)
  expect(calls.slice(1)).toEqual([`POST /close/${ID}`, `DELETE /cancel/${stray}`, `POST /${ID}`])
})

test('a session that was cancelled before it was closed', async () => {
  serve({ [`POST /close/${ID}`]: session({ status: 'CANCELED' }) })
  const error = await createUploadSessions(createTestClient())
    .close(PLACE, ID)
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(messageOf(error)).toBe(
    `POST ${BASE}: the upload session was cancelled before it was closed (marketing/logo.png)`,
  )
})

const refusal = { name: 'ImgixError', status: 400, attempts: 2 }
const lost = { name: 'ImgixError', status: undefined, message: expect.stringContaining('was cancelled before it was') }

test.each([
  ['CLOSED', undefined],
  ['COMPLETE', undefined],
  ['PENDING', refusal],
  ['CANCELED', lost],
])('a close that was tried again and refused, of a session that is %s', async (status, error) => {
  const calls = serve({
    [`POST /close/${ID}`]: [
      [503, '', { 'retry-after': '0' }],
      [400, errorsDocument(400, 'BadRequest', 'Session is closed.')],
    ],
    [`GET /status/${ID}`]: session({ status }),
  })
  const sessions = createUploadSessions(createTestClient({ maxAttempts: 2 }))
  const closing = sessions.close(PLACE, ID)
  if (error === undefined) await closing
  else await expect(closing).rejects.toMatchObject(error)
  expect(calls).toEqual([`POST /close/${ID}`, `POST /close/${ID}`, `GET /status/${ID}`])
})

test('a session without a URL is cancelled', async () => {
  const calls = serve({ 'POST /create/marketing/logo.png': session({ url: '' }), [`DELETE /cancel/${ID}`]: session() })
  const error = await createUploadSessions(createTestClient())
    .open(PLACE)
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(messageOf(error)).toBe(`POST ${BASE}: imgix gave an upload session without a URL (marketing/logo.png)`)
  expect(calls.at(-1)).toBe(`DELETE /cancel/${ID}`)
})
