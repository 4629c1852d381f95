import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listAssets, uploadAsset } from '../../src/imgix/assets.ts'
import { createTransport, type Outgoing } from '../../src/imgix/http/transport.ts'
import { purge } from '../../src/imgix/purges.ts'
import { listReports } from '../../src/imgix/reports.ts'
import { getSource } from '../../src/imgix/sources.ts'
import { closeSession, openSession } from '../../src/imgix/upload-sessions.ts'
import { createRendering } from '../../src/verify/rendering.ts'
import { createTestClient, errorsDocument, SOURCE_ID } from '../helpers/imgix.ts'
import { startProxy } from '../helpers/proxy.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const TIMEOUT_MS = 200
const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\n'
const UPGRADED = `${SWITCHED}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

type Act = (socket: Socket) => void
const say =
  (text: string): Act =>
  (socket) =>
    void socket.write(text)

/** Again and again, as fast as it is taken. */
const flood =
  (text: string, start = ''): Act =>
  (socket) => {
    const go = (): void => {
      if (!socket.destroyed) socket.write(text.repeat(64), () => setImmediate(go))
    }
    socket.write(start, go)
  }

/** Again and again, a little at a time: always sooner than the time limit of the other end. */
const drip =
  (text: string, start = ''): Act =>
  (socket) => {
    socket.write(start)
    const timer = setInterval(() => socket.write(text), TIMEOUT_MS / 20)
    socket.on('close', () => clearInterval(timer))
  }

/** A server that acts when the head of a request is there, and reads the rest of it; `open`: connections it has. */
async function serve(act: Act): Promise<{ url: string; open: () => number }> {
  const sockets: Socket[] = []
  const { url } = await listenTcp((socket) => {
    sockets.push(socket)
    socket.once('data', () => act(socket)).resume()
  })
  return { url, open: () => sockets.filter(({ destroyed }) => !destroyed).length }
}

const file = () => ({ file: join(createTree({ 'a.bin': Buffer.alloc(2 << 20, 7) }), 'a.bin') })

/** Reads all of a body. */
async function receive(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of body);
}

const requests = {
  GET: () => ({ method: 'GET' }),
  'a PUT of a file': () => ({ method: 'PUT', body: file() }),
  'a download': () => ({ method: 'GET', receive }),
  'a GET of headers': () => ({ method: 'GET', headersOnly: true }),
} satisfies Record<string, () => Partial<Outgoing>>
const whole = ['GET', 'a PUT of a file'] as const
const withBody = [...whole, 'a download'] as const
const all = [...withBody, 'a GET of headers'] as const

const OVERFLOW = /^Parse Error: (Header|Chunk extensions) overflow$/
const CUT = /^aborted$/
/** A machine that stands still for long may find that nothing came meanwhile. */
const TOO_SLOW = /^(not whole after|less than 1 MiB in) 2 s$|^no progress for 0.2 s$/

describe.each([
  ['switches protocols', say(UPGRADED), all, /^101 Switching Protocols$/],
  ['switches protocols, and closes', (socket: Socket) => socket.end(UPGRADED), all, /^101 Switching Protocols$/],
  ['switches to nothing', say(`${SWITCHED}\r\n`), all, /^101 Switching Protocols$/],
  ['switches protocols, and talks on', flood('hello', UPGRADED), all, /^101 Switching Protocols$/],
  ['has hints and no answer', flood('HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'), all, /^103 again and again/],
  ['says to go on again and again', flood('HTTP/1.1 100 Continue\r\n\r\n'), all, /^100 again and again/],
  ['has endless headers', flood('X: a\r\n', OK), all, OVERFLOW],
  ['has a header without an end', flood('a', `${OK}X: `), all, OVERFLOW],
  ['has headers by drops', drip('X: a\r\n', OK), all, TOO_SLOW],
  ['says by drops that it is at work', drip('HTTP/1.1 102 Processing\r\n\r\n'), all, TOO_SLOW],
  ['has a body by drops', drip('.', `${OK}Content-Length: 1000000000\r\n\r\n`), withBody, TOO_SLOW],
  ['has chunks by drops', drip('1\r\n.\r\n', CHUNKED), withBody, TOO_SLOW],
  ['has a body without a length, by drops', drip('.', `${OK}\r\n`), withBody, TOO_SLOW],
  ['has trailers by drops', drip('X: a\r\n', `${CHUNKED}0\r\n`), withBody, TOO_SLOW],
  ['has endless trailers', flood('X: a\r\n', `${CHUNKED}0\r\n`), withBody, CUT],
  ['has a chunk with an endless extension', flood('a', `${CHUNKED}1;`), withBody, CUT],
  ['has an endless body', flood('.'.repeat(1000), `${OK}\r\n`), whole, /^an answer of more than 4194304 bytes$/],
  ['has a refusal by drops', drip('.', 'HTTP/1.1 403 Forbidden\r\n\r\n'), withBody, TOO_SLOW],
] satisfies [string, Act, readonly (keyof typeof requests)[], RegExp][])(
  'a server that %s',
  (_, act, names, message) => {
    test.each(names)('ends %s', async (name) => {
      const { url, open } = await serve(act)
      const transport = createTransport(message === TOO_SLOW ? TIMEOUT_MS : 60_000)
      onTestFinished(transport.close)
      const sending = transport.send({ url: new URL(url), headers: {}, ...requests[name]() })
      await expect(sending).rejects.toThrow(new RegExp(`${message.source}|^no progress for 0.2 s$`))
      await expect.poll(open).toBe(0)
    })
  },
)

test.each(withBody)('an abort ends a body by drops: %s', async (name) => {
  const abort = new AbortController()
  const { url, open } = await serve(drip('.', `${OK}Content-Length: 1000000000\r\n\r\n`))
  const transport = createTransport(60_000)
  onTestFinished(transport.close)
  const sending = transport.send({ url: new URL(url), headers: {}, ...requests[name](), signal: abort.signal })
  setTimeout(() => abort.abort(new Error('stop here')), 50)
  await expect(sending).rejects.toThrow(new Error('stop here'))
  await expect.poll(open).toBe(0)
})

test('of a refusal that does not end only the beginning is read, and its status counts', async () => {
  const { url, open } = await serve(flood('busy ', 'HTTP/1.1 503 Unavailable\r\n\r\n'))
  const transport = createTransport(60_000)
  onTestFinished(transport.close)
  const { status, text } = await transport.send({ url: new URL(url), headers: {}, method: 'GET' })
  expect([status, text.length, text.slice(0, 10)]).toEqual([503, 1 << 20, 'busy busy '])
  await expect.poll(open).toBe(0)
})

test.each(['a', 'a@', 'a@a.', 'http://', 'http://a?', '%41', '\\', '&amp;', 'X-Amz-Signature=', 'é', '\n'])(
  'an error whose detail is 200 kB of %j is read soon, and told in short',
  async (part) => {
    const document = errorsDocument(400, 'Bad', part.repeat(200_000 / part.length))
    const { url } = await listen((_seen, response) => response.writeHead(400).end(document))
    const error = await purge(createTestClient({ apiUrl: url }), 'https://a.example/a.png').catch((cause) => cause)
    expect(error).toMatchObject({ name: 'ImgixError', status: 400, requestId: '56ba72bdd33d4395b464fae69f0d31c7' })
    expect(error.message.length).toBeLessThan(500)
  },
)

test.each([
  ['brackets', '['.repeat(3 << 20), 'JSON that is nested more than 100 deep'],
  ['objects', `{"data":[${'{},'.repeat(1 << 20)}{}]}`, 'JSON of more than 250000 values'],
])('an answer of many %s is not parsed', async (_, body, reason) => {
  const { url } = await listen((_seen, response) => response.end(body))
  const asking = getSource(createTestClient({ apiUrl: url }), SOURCE_ID)
  await expect(asking).rejects.toThrow(`200 with ${reason}`)
})

test('an answer that is too long is told as one', async () => {
  const { url } = await listen((_seen, response) => response.end('x'.repeat(5 << 20)))
  const asking = getSource(createTestClient({ apiUrl: url }), SOURCE_ID)
  const message = 'an answer of more than 4194304 bytes'
  await expect(asking).rejects.toMatchObject({ name: 'ImgixError', message, status: undefined })
})

test('a page of 1,000 assets with all their attributes is read', async () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`k${at}`, 0.98123455047607422 + at]))
  const asset = {
    id: 'a',
    type: 'assets',
    attributes: { origin_path: '/a.png', description: 'x'.repeat(8000), ...many },
  }
  const meta = { cursor: { current: '0', hasMore: false, next: null } }
  const document = JSON.stringify({ data: Array.from({ length: 1000 }, () => asset), meta })
  const { url } = await listen((_seen, response) => response.end(document))
  const { value } = await listAssets(createTestClient({ apiUrl: url }), { sourceId: SOURCE_ID }).next()
  expect([document.length > 9e6, value?.length]).toEqual([true, 1000])
})

test('a cursor is part of a URL, and not as long as a page', async () => {
  const meta = { cursor: { current: '0', hasMore: true, next: 'x'.repeat(5000) } }
  const data = [{ id: 'a', type: 'assets', attributes: { origin_path: '/a.png' } }]
  const { url } = await listen((_seen, response) => response.end(JSON.stringify({ data, meta })))
  const listing = listAssets(createTestClient({ apiUrl: url }), { sourceId: SOURCE_ID }).next()
  await expect(listing).rejects.toThrow('200 with a page mark of 5000 characters')
})

const place = { sourceId: SOURCE_ID, originPath: 'a.png' }
const upload = () => ({ ...file(), contentType: 'image/png', overwrite: true })

describe('101 Switching Protocols is no answer to', () => {
  test.each([
    ['an upload', (client) => uploadAsset(client, place, upload())],
    ['a purge', (client) => purge(client, 'https://assets-demo.imgix.net/a.png')],
    ['a PUT to the storage', (client, url) => client.put({ ...upload(), url: `${url}/a.png` })],
    ['the opening of a session', (client) => openSession(client, place)],
    ['the close of a session', (client) => closeSession(client, { ...place, sessionId: 'a' })],
    ['a list', (client) => listReports(client).next()],
    ['a Source', (client) => getSource(client, SOURCE_ID)],
    ['the download of a report', (client, url) => client.get({ url: `${url}/a.csv`, receive })],
  ] satisfies [string, (client: ReturnType<typeof createTestClient>, url: string) => Promise<unknown>][])(
    '%s',
    async (_, ask) => {
      const { url, open } = await serve(say(UPGRADED))
      const asking = ask(createTestClient({ apiUrl: url, timeoutMs: 60_000 }), url)
      await expect(asking).rejects.toMatchObject({
        name: 'ImgixError',
        message: expect.stringMatching(/^no answer from 127\.0\.0\.1:\d+ \(101 Switching Protocols\)$/),
      })
      await expect.poll(open).toBe(0)
    },
  )

  test('a look at a rendering host', async () => {
    const { url } = await serve(say(UPGRADED))
    const rendering = createRendering({
      ...{ timeoutMs: 60_000, userAgent: 'imgix-sync/1', proxyFor: () => undefined, tokenFor: () => undefined },
      apiUrl: url,
    })
    onTestFinished(rendering.close)
    const problem = 'no answer (101 Switching Protocols)'
    expect(await rendering.look(`${url}/a.png`, new AbortController().signal)).toEqual({ problem, final: false })
  })

  test.each([
    ['to WebSocket', UPGRADED],
    ['to nothing', `${SWITCHED}\r\n`],
    ['after hints', `HTTP/1.1 103 Early Hints\r\n\r\n${UPGRADED}`],
  ])('a CONNECT, %s', async (_, answer) => {
    const proxy = await startProxy(answer)
    const client = createTestClient({ apiUrl: 'https://api.example', proxyFor: () => new URL(proxy.url) })
    await expect(purge(client, 'https://assets-demo.imgix.net/a.png')).rejects.toThrow(
      `no tunnel to api.example:443 through the proxy ${proxy.host} (${answer.slice(9, 12)})`,
    )
    await expect.poll(proxy.open).toBe(0)
  })
})
