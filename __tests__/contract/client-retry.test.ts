import { describe, expect, test } from 'vitest'
import type { Client } from '../../src/imgix/client.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { API_KEY, createTestClient, errorsDocument, messageOf } from '../helpers/imgix.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'

waitShortly()

function ask(client: Client, signal?: AbortSignal) {
  return client.request({ method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json: {}, signal })
}

type Reply = { status: number; headers?: Record<string, string>; body?: string }

/** Answers request by request, the last reply for all that follow. */
async function answering(...replies: Reply[]) {
  const arrivals: number[] = []
  const server = await listen((_seen, response) => {
    const { status, headers, body } = replies[Math.min(arrivals.length, replies.length - 1)] as Reply
    arrivals.push(performance.now())
    response.writeHead(status, headers).end(body)
  })
  return { url: server.url, arrivals }
}

test.each([408, 425, 429, 500, 502, 503, 504, 520, 524, 530])('%i is tried again', async (status) => {
  const server = await answering({ status, headers: { 'retry-after': '0' } }, { status: 200, body: '{"data":{}}' })
  const answer = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 2 }))
  expect(answer).toEqual({ status: 200, document: { data: {} }, attempts: 2, perhapsDone: status !== 429 })
})

test.each([400, 401, 403, 404, 405, 409, 413, 415, 422, 501, 505])('%i is not tried again', async (status) => {
  const server = await answering({ status, body: errorsDocument(status, 'Title', 'Detail.') })
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 5 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.attempts, server.arrivals.length]).toEqual([
    `POST /api/v1/purge: ${status} Title: Detail, request id 56ba72bdd33d4395b464fae69f0d31c7`,
    1,
    1,
  ])
})

test.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
  const server = await answering({ status, headers: { location: 'http://127.0.0.1:1/' } })
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 5 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), server.arrivals.length]).toEqual([
    `POST /api/v1/purge: ${status} a redirect, which is not followed`,
    1,
  ])
})

test.each([
  ['nothing', ''],
  ['JSON that is cut', '{"errors":[{"title":"No'],
  ['a list', '[]'],
  ['errors that are no list', '{"errors":{"title":"No"}}'],
  ['errors of another form', '{"errors":["No",null,{"title":7}]}'],
])('a refusal with %s still has one line', async (_, body) => {
  const server = await answering({ status: 400, body })
  const error = await ask(createTestClient({ apiUrl: server.url })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.details]).toEqual(['POST /api/v1/purge: 400', []])
})

describe("a refusal that is not imgix's", () => {
  const html = { 'content-type': 'text/html; charset=utf-8' }
  test.each<[string, Reply, string]>([
    ['a page', { status: 403, headers: html, body: '<html>Blocked by policy</html>' }, '403 text/html'],
    ['a page instead of the key', { status: 401, headers: html, body: '<html>Sign in</html>' }, '401 text/html'],
    ['a page that nothing is there', { status: 404, headers: html, body: '<h1>Not found</h1>' }, '404 text/html'],
    ['a page of a bad request', { status: 400, body: '<html><title>400</title></html>' }, '400 without a content type'],
    ['a page of a conflict', { status: 409, headers: html, body: '<h1>Conflict</h1>' }, '409 text/html'],
    ['nothing', { status: 409 }, '409 without a document'],
    [
      'JSON of a gateway',
      { status: 403, headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden"}' },
      '403 application/json',
    ],
    ['JSON that is cut', { status: 403, body: '{"errors":[{"title":"No' }, '403 without a content type'],
    ['a list', { status: 404, headers: { 'content-type': 'text/json' }, body: '[]' }, '404 text/json'],
    [
      'a type that is no type',
      { status: 403, headers: { 'content-type': '::error::x' }, body: 'no' },
      '403 without a content type',
    ],
  ])('with %s', async (_, reply, said) => {
    const server = await answering(reply)
    const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 3 })).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect([messageOf(error), error.status, error.strangersStatus, server.arrivals.length]).toEqual([
      `POST /api/v1/purge: something between imgix and the runner answered ${said}`,
      undefined,
      reply.status,
      1,
    ])
  })

  test('but a document without errors, and nothing of the right type, are', async () => {
    const headers = { 'content-type': 'application/vnd.api+json' }
    for (const body of ['', '{"meta":{}}', '{"jsonapi":{"version":"1.0"}}']) {
      const server = await answering({ status: 409, headers, body })
      const error = await ask(createTestClient({ apiUrl: server.url })).catch((cause) => cause)
      expect([messageOf(error), error.status]).toEqual(['POST /api/v1/purge: 409', 409])
    }
  })
})

test('all tries are used, and counted', async () => {
  const server = await answering({ status: 503, headers: { 'retry-after': '0' }, body: 'busy' })
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 4 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.attempts, error.perhapsDone, server.arrivals.length]).toEqual([
    'POST /api/v1/purge: 503, 4 tries',
    4,
    true,
    4,
  ])
})

test('a success that can not be read is tried again, and perhaps done', async () => {
  const server = await answering(
    { status: 200, body: '{"data"' },
    { status: 409, body: errorsDocument(409, 'Conflict', 'Duplicate.') },
  )
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 2 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.status, error.attempts, error.perhapsDone]).toEqual([409, 2, true])
})

test('an errors document with 200 is no success', async () => {
  const server = await answering(
    { status: 200, body: errorsDocument(200, 'Busy', 'Later.') },
    { status: 409, body: errorsDocument(409, 'Conflict', 'Duplicate.') },
  )
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 2 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.status, error.attempts, error.perhapsDone]).toEqual([409, 2, true])
  const last = await ask(
    createTestClient({ apiUrl: (await answering({ status: 200, body: '{"errors":[]}' })).url }),
  ).catch((cause) => cause)
  expect(last).toBeInstanceOf(ImgixError)
  expect(messageOf(last)).toBe('POST /api/v1/purge: 200 with errors and no data')
})

test('an empty success is one', async () => {
  const server = await answering({ status: 202 })
  const answer = await ask(createTestClient({ apiUrl: server.url }))
  expect(answer).toEqual({ status: 202, document: {}, attempts: 1, perhapsDone: false })
})

test('the next try waits as long as Retry-After says', async () => {
  const server = await answering({ status: 503, headers: { 'retry-after': '30' } }, { status: 200 })
  await ask(createTestClient({ apiUrl: server.url, maxAttempts: 2 }))
  const [first = 0, second = 0] = server.arrivals
  expect(second - first).toBeGreaterThan(590)
})

test('an abort ends the wait', async () => {
  const server = await answering({ status: 503, headers: { 'retry-after': '3600' } })
  const abort = new AbortController()
  const asking = ask(createTestClient({ apiUrl: server.url, maxAttempts: 5 }), abort.signal)
  setTimeout(() => abort.abort(new Error('stop here')), 500)
  await expect(asking).rejects.toThrow('stop here')
  expect(server.arrivals.length).toBe(1)
})

test('an abort during a request is not tried again', async () => {
  const abort = new AbortController()
  const server = await listen(() => abort.abort(new Error('stop here')))
  const asking = ask(createTestClient({ apiUrl: server.url, maxAttempts: 5 }), abort.signal)
  await expect(asking).rejects.toBeInstanceOf(Error)
  expect(server.seen.length).toBe(1)
})

test('a server that is not there', async () => {
  const client = createTestClient({ apiUrl: 'http://127.0.0.1:1', maxAttempts: 2 })
  const error = await ask(client).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.status, error.perhapsDone]).toEqual([
    'POST /api/v1/purge: no answer from 127.0.0.1:1 (ECONNREFUSED), 2 tries',
    undefined,
    false,
  ])
})

test('an answer that was lost', async () => {
  let connections = 0
  const server = await listenTcp((socket) => {
    connections += 1
    socket.once('data', () => {
      if (connections === 1) socket.resetAndDestroy()
      else socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n')
    })
  })
  const error = await ask(createTestClient({ apiUrl: server.url, maxAttempts: 3 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.strangersStatus, error.attempts, error.perhapsDone]).toEqual([409, 2, true])
})

test('no answer in time', async () => {
  const server = await listen(() => {})
  const error = await ask(createTestClient({ apiUrl: server.url, timeoutMs: 500 })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.cause.code]).toEqual([
    `POST /api/v1/purge: no answer from ${server.url.slice(7)} (no progress for 0.5 s)`,
    'ETIMEDOUT',
  ])
})

test('the last try has a connection of its own: a kept one can be closed by now', async () => {
  const refusal = 'HTTP/1.1 503 x\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n'
  const server = await listenTcp((socket, number) => {
    let requests = 0
    socket.on('data', () => {
      requests += 1
      if (requests > 1) socket.resetAndDestroy()
      else socket.write(number === 1 ? refusal : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
    })
  })
  expect((await ask(createTestClient({ apiUrl: server.url, maxAttempts: 2 }))).status).toBe(200)
})

test.each([1, 2])(
  'a kept connection that the server has closed does not fail a request of %i tries',
  async (maxAttempts) => {
    const server = await listenTcp((socket, number) => {
      let requests = 0
      socket.on('data', () => {
        requests += 1
        // the first connection answers once and then resets whoever uses it again
        if (number === 1 && requests > 1) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
      })
    })
    const client = createTestClient({ apiUrl: server.url, maxAttempts })
    await ask(client)
    expect((await ask(client)).status).toBe(200)
  },
)

test('what can be sent once takes no kept connection, which the server can have closed', async () => {
  const server = await listenTcp((socket, number) => {
    let requests = 0
    socket.on('data', () => {
      requests += 1
      if (number === 1 && requests > 1) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
    })
  })
  const client = createTestClient({ apiUrl: server.url, maxAttempts: 2 })
  await ask(client)
  const creation = { method: 'POST', path: 'sources', permission: 'Sources', limit: 'deploy', once: true } as const
  expect(await client.request(creation)).toMatchObject({ status: 200, attempts: 1, perhapsDone: false })
})

test('a file name with an at sign is no address', async () => {
  const server = await answering({ status: 400, body: errorsDocument(400, 'Bad', 'img/photo@2x.png is no image.') })
  const error = await ask(createTestClient({ apiUrl: server.url })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(error.details).toEqual([{ title: 'Bad', detail: 'img/photo@2x.png is no image.' }])
})

test('secrets and addresses are taken out of what the API says', async () => {
  const detail = `Key ${API_KEY} of cindy@ymail.com may not put https://bucket.example/a?X-Amz-Signature=01 there.\n::error::x`
  const server = await answering({ status: 400, body: errorsDocument(400, `Bad ${API_KEY}`, detail) })
  const error = await ask(createTestClient({ apiUrl: server.url })).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(error.details).toEqual([{ title: 'Bad ***', detail: 'Key *** of *** may not put *** there. ::error::x' }])
  expect(JSON.stringify([error, error.message])).not.toContain(API_KEY)
})

test.each([
  ['after a 503', { status: 503 }, 1],
  ['after an answer that is none', { status: 200, body: '<html>' }, 1],
  ['but after a 429', { status: 429, headers: { 'retry-after': '1' } }, 3],
])('what may be sent once is not sent again %s', async (_, reply, sent) => {
  const server = await answering(reply)
  const { request } = createTestClient({ apiUrl: server.url, maxAttempts: 3 })
  const once = {
    method: 'POST',
    path: 'sources',
    limit: 'deploy',
    permission: 'Sources',
    json: {},
    once: true,
  } as const
  const error = await request(once).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.status, error.attempts, server.arrivals.length]).toEqual([reply.status, sent, sent])
})

test('what may be sent once is not sent again after a reset, but after a refused connection', async () => {
  const reset = await listenTcp((socket) => socket.resetAndDestroy())
  const once = {
    method: 'POST',
    path: 'sources',
    limit: 'deploy',
    permission: 'Sources',
    json: {},
    once: true,
  } as const
  const errorOf = (apiUrl: string) =>
    createTestClient({ apiUrl, maxAttempts: 2 })
      .request(once)
      .catch((cause) => cause)
  const errors = [await errorOf(reset.url), await errorOf('http://127.0.0.1:1')]
  for (const error of errors) expect(error).toBeInstanceOf(ImgixError)
  expect(errors.map(({ attempts, perhapsDone }) => [attempts, perhapsDone])).toEqual([
    [1, false],
    [2, false],
  ])
})
