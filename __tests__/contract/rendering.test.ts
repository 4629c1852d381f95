import { expect, onTestFinished, test } from 'vitest'
import { createRendering, type Look, type RenderingSettings } from '../../src/verify/rendering.ts'
import { namesLeadTo } from '../helpers/imgix.ts'
import { listen, listenTcp } from '../helpers/server.ts'

const never = new AbortController().signal

const defaults: RenderingSettings = {
  timeoutMs: 2000,
  userAgent: 'imgix-sync/1',
  proxyFor: () => undefined,
  tokenFor: () => undefined,
  apiUrl: 'http://127.0.0.1:1',
}

function look(url: string, settings: Partial<RenderingSettings> = {}, signal = never): Promise<Look> {
  const rendering = createRendering({
    ...defaults,
    ...settings,
  })
  onTestFinished(rendering.close)
  return rendering.look(url, signal)
}

test('HEAD, without a query, a key or a body: its status and validators', async () => {
  const lastModified = 'Sun, 22 Nov 2026 02:18:05 GMT'
  const { url, seen } = await listen((_, response) =>
    response.writeHead(200, { etag: 'W/"a"', 'last-modified': lastModified, 'content-length': '5000' }).end(),
  )
  expect(await look(`${url}/a%20b.png`)).toEqual({
    ...{ status: 200, etag: 'W/"a"', lastModified: Date.parse(lastModified) },
    clockAheadMs: expect.any(Number),
  })
  expect(seen.map(({ request, body }) => [request, body.length])).toEqual([['HEAD /a%20b.png', 0]])
  expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(['Connection', 'Host', 'accept', 'user-agent'])
})

// the example of https://github.com/imgix/imgix-blueprint
test('a signed URL', async () => {
  const { url, seen } = await listen((_, response) => response.end())
  await look(`${url}/users/1.png`, { tokenFor: () => 'FOO123bar' })
  expect(seen[0]?.request).toBe('HEAD /users/1.png?s=6797c24146142d5b40bde3141fd3600c')
})

test.each([403, 405, 501])('%i to HEAD: GET, whose body is not read', async (status) => {
  const { url, seen } = await listen((request, response) => {
    if (request.request.startsWith('HEAD')) response.writeHead(status).end()
    else response.writeHead(200, { 'content-length': String(1 << 30) }).write('x') // and never more
  })
  expect(await look(`${url}/a.png`)).toMatchObject({ status: 200 })
  expect(seen.map(({ request }) => request)).toEqual(['HEAD /a.png', 'GET /a.png'])
})

test('403 to GET, too, is the answer', async () => {
  const { url, seen } = await listen((_, response) => response.writeHead(403).end())
  expect([await look(`${url}/a.png`), seen.length]).toEqual([expect.objectContaining({ status: 403 }), 2])
})

test('a host that hangs does not keep another waiting', async () => {
  const [hanging, well] = [await listen(() => {}), await listen((_, response) => response.end())]
  const rendering = createRendering({ ...defaults, timeoutMs: 500 })
  onTestFinished(rendering.close)
  const done: string[] = []
  const looks = Array.from({ length: 8 }, (_, at) =>
    [hanging, well].map(async ({ url }) => {
      const answer = await rendering.look(`${url}/${at}.png`, never)
      done.push('problem' in answer ? 'hung' : 'well')
    }),
  )
  await Promise.all(looks.flat())
  expect(done).toEqual([...Array(8).fill('well'), ...Array(8).fill('hung')])
})

test('a redirect is an answer', async () => {
  const { url, seen } = await listen((_, response) => response.writeHead(301, { location: '/b.png' }).end())
  expect([await look(`${url}/a.png`), seen.length]).toEqual([expect.objectContaining({ status: 301 }), 1])
})

test.each([
  ['ahead', 600, {}, 600],
  ['behind', -600, {}, -600],
  ['that of an answer 600 seconds ago', -600, { age: '600' }, 0],
  ['that of now, of an answer from a cache', 0, { age: '600' }, 0],
  ['too far off to say anything', -86_400, {}, 0],
])('the clock: %s', async (_, seconds, headers, ahead) => {
  const date = new Date(Date.now() + seconds * 1000).toUTCString()
  const { url } = await listen((_request, response) => response.writeHead(200, { date, ...headers }).end())
  const { clockAheadMs } = (await look(`${url}/a.png`)) as { clockAheadMs: number }
  expect(Math.abs(clockAheadMs / 1000 - ahead)).toBeLessThan(30)
})

test('dates that are none', async () => {
  const { url } = await listen((_, response) => response.writeHead(200, { date: 'now', 'last-modified': '-1' }).end())
  expect(await look(`${url}/a.png`)).toEqual({
    ...{ status: 200, etag: undefined, lastModified: undefined, clockAheadMs: 0 },
  })
})

test('no answer is a look, too', async () => {
  const { url } = await listen(() => {})
  expect(await look(`${url}/a.png`, { timeoutMs: 100 })).toEqual({
    problem: expect.stringMatching(/^no answer \(no progress for/),
    final: false,
  })
  expect(await look('http://127.0.0.1:9/a.png')).toEqual({ problem: 'no answer (ECONNREFUSED)', final: false })
})

test('a connection that was kept too long: once more on a new one', async () => {
  let closed = 0
  const { url } = await listen((request, response, { socket }) => {
    if (request.request.endsWith('b.png') && closed++ === 0) return void socket.destroy()
    response.writeHead(200, { 'content-length': '5' }).end()
  })
  const rendering = createRendering(defaults)
  onTestFinished(rendering.close)
  await rendering.look(`${url}/a.png`, never)
  await new Promise(setImmediate) // so that the connection is free
  expect(await rendering.look(`${url}/b.png`, never)).toMatchObject({ status: 200 })
})

test.each([
  ['https://10.0.0.7/a.png', 'its host is not public'],
  ['https://[::ffff:127.0.0.1]/a.png', 'its host is not public'],
  ['https://img.example.com/a.png', 'its name leads to 127.0.0.1, which is not a public address'],
])('%s is not asked: %s', async (url, why) => {
  const resolve = namesLeadTo('127.0.0.1')
  expect(await look(url, { apiUrl: 'https://api.imgix.com', resolve })).toEqual({
    problem: `nothing was sent: ${why}`,
    final: true,
  })
})

test('nor is this machine, unless the API is there', async () => {
  const { url, seen } = await listen((_, response) => response.end())
  const resolve = namesLeadTo('8.8.8.8')
  expect([await look(url, { apiUrl: 'https://api.imgix.com', resolve }), seen.length]).toEqual([
    { problem: 'nothing was sent: its host is not public', final: true },
    0,
  ])
  expect([await look(url), seen.length]).toEqual([expect.objectContaining({ status: 200 }), 1])
})

const OK = 'HTTP/1.1 200 OK\r\nETag: "a"\r\n'
const served = { status: 200, etag: '"a"' }

test.each<[string, string, object]>([
  ['HEAD answered with a body', `${OK}Content-Length: 5\r\n\r\nhello`, served],
  ['HEAD answered with a whole second answer', `${OK}Content-Length: 0\r\n\r\n${OK}\r\n`, served],
  ['HEAD answered with chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, served],
  ['an answer without a length', `${OK}\r\n`, served],
  [
    'lengths that contradict',
    `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    { problem: 'no answer (HPE_UNEXPECTED_CONTENT_LENGTH)' },
  ],
  ['large headers', `${OK}X: ${'a'.repeat(20_000)}\r\n\r\n`, { problem: 'no answer (HPE_HEADER_OVERFLOW)' }],
  ['a header with a line break', `${OK}X: a\n\rb\r\n\r\n`, { problem: expect.stringMatching(/^no answer \(HPE_/) }],
  ['something else than HTTP', '220 mail.test ESMTP\r\n', { problem: 'no answer (HPE_INVALID_CONSTANT)' }],
  ['a redirect to a private host', 'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n', { status: 302 }],
  ['a status that is none', 'HTTP/1.1 999 \r\n\r\n', { status: 999 }],
])('%s does no harm to a look, nor to the next', async (_, answer, expected) => {
  const { url } = await listenTcp((socket) => socket.on('data', () => socket.write(answer)))
  const rendering = createRendering(defaults)
  onTestFinished(rendering.close)
  expect(await rendering.look(`${url}/a.png`, never)).toMatchObject(expected)
  await new Promise((resolve) => setTimeout(resolve, 20)) // for what comes after the answer
  expect(await rendering.look(`${url}/b.png`, never)).toMatchObject(expected)
})

test('a connection that is closed at once, and one that is closed in the headers', async () => {
  const { url } = await listenTcp(
    (socket, number) => void (number === 1 ? socket.destroy() : socket.end('HTTP/1.1 200')),
  )
  for (const _ of [1, 2]) {
    const problem = expect.stringMatching(/^no answer \((ECONNRESET|HPE_INVALID_EOF_STATE)\)$/)
    expect(await look(`${url}/a.png`)).toEqual({ problem, final: false })
  }
})
