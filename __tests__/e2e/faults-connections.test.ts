import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { began, cancelled, opened, type Run, scenario, url } from '../helpers/scenario.ts'
import { listenTcp } from '../helpers/server.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const bytes = Buffer.alloc(3_000_000, 'A picture. ')
const advice = '; run the job again; if it stays, check api-url and the network'
const pem = fileURLToPath(new URL('../helpers/untrusted.pem', import.meta.url))

type Options = { inputs?: Record<string, string>; env?: Record<string, string> }

/** A run whose Management API is at a URL: it never gets beyond the Source, and nothing reaches the imgix that it should. */
async function withApiAt(apiUrl: string, { inputs, env }: Options = {}): Promise<Run> {
  const { push, asked, intact } = await scenario()
  const run = await push({ 'a.png': bytes }, { 'api-url': apiUrl, 'max-attempts': '2', ...inputs }, env && { env })
  expect([run.code, asked(), intact(), run.results]).toEqual([1, [], [], []])
  return run
}

/** A run whose presigned URLs lead to a URL: its one file fails, and its session is cancelled. */
async function withStorageAt(storageUrl: string, { inputs, env }: Options = {}): Promise<Run> {
  const { push, asked, intact, imgix } = await scenario({ imgix: { storageUrl } })
  const session = { 'session-threshold': '1MB', 'max-attempts': '2', ...inputs }
  const run = await push({ 'a.png': bytes }, session, env && { env })
  expect([run.code, asked(), intact()]).toEqual([1, [...began, opened('a.png'), cancelled()], []])
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED'])
  expect(run.results).toEqual(['failed a.png', `planned ${url('a.png')}`])
  return run
}

const facts = (tries: number): string => (tries > 1 ? ` (${tries} tries)` : '')
const ofApi = (host: string, says: string, tries = 2): string[] => [
  `the Source can't be read: no answer from ${host} (${says})${advice}${facts(tries)}`,
]
const ofStorage = (host: string, says: string, tries = 2): string[] => [
  `a.png: not uploaded: no answer from ${host} (${says}); run the job again; if it stays, check the network${facts(tries)}`,
  '1 of 1 file failed',
]

/** Acts once the head of a request is there. */
const onHead = (act: (socket: Socket) => void) => (socket: Socket) => {
  socket.once('data', () => act(socket))
}
const answer = (text: string) => onHead((socket) => socket.end(text))
/** Takes this much of a body, whatever came with the head included. */
const onBody = (count: number, act: (socket: Socket) => void) =>
  onHead((socket) => {
    let received = 0
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received >= count) act(socket)
    })
  })
const reset = (socket: Socket): void => void socket.resetAndDestroy()
const head = 'HTTP/1.1 200 OK\r\n'
const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

type Behaviour = (socket: Socket) => void
const everywhere: [string, Behaviour, string][] = [
  ['closes each connection', (socket) => socket.end(), 'ECONNRESET'],
  ['resets each connection', reset, 'ECONNRESET'],
  ['closes at the head of a request', onHead((socket) => socket.end()), 'ECONNRESET'],
  ['resets at the head of a request', onHead(reset), 'ECONNRESET'],
  ['ends in the middle of its headers', answer(`${head}Content-Le`), 'ECONNRESET'],
  ['ends in the middle of its answer', answer(`${head}Content-Length: 100\r\n\r\n{"data"`), 'ECONNRESET'],
  ['ends in the middle of a chunk', answer(`${head}Transfer-Encoding: chunked\r\n\r\nff\r\n{"data"`), 'ECONNRESET'],
  ['speaks another protocol', answer('SSH-2.0-OpenSSH_9.9\r\n'), 'HPE_INVALID_CONSTANT'],
  ['switches to another protocol', onHead((socket) => socket.write(switched)), '101 Switching Protocols'],
  ['switches to another protocol, and closes', answer(switched), '101 Switching Protocols'],
  ['answers with endless headers', answer(`${head}X: ${'x'.repeat(1 << 17)}\r\n\r\n`), 'HPE_HEADER_OVERFLOW'],
]

describe('a server that', () => {
  test.each(everywhere)('%s', async (_, behaviour, code) => {
    let tries = 0
    const server = await listenTcp((socket) => {
      tries += 1
      behaviour(socket)
    })
    const [api, storage] = await Promise.all([withApiAt(server.url), withStorageAt(server.url)])
    const { host } = new URL(server.url)
    expect([api.errors, storage.errors]).toEqual([ofApi(host, code), ofStorage(host, code)])
    expect(tries).toBe(4)
  })

  test.each([
    ['resets in the middle of the body', onBody(1_500_000, reset)],
    ['resets after the body', onBody(3_000_000, reset)],
    ['closes after the body', onBody(3_000_000, (socket) => void socket.end())],
  ] satisfies [string, Behaviour][])('%s', async (_, behaviour) => {
    const server = await listenTcp(behaviour)
    const run = await withStorageAt(server.url)
    expect(run.errors).toEqual([
      expect.stringMatching(
        /^a\.png: not uploaded: no answer from [\d.:]+ \((ECONNRESET|EPIPE)\); run the job again; .* \(2 tries\)$/,
      ),
      '1 of 1 file failed',
    ])
  })

  test.each([
    ['takes connections and says nothing', () => {}],
    ['stops in the middle of its answer', onHead((socket) => socket.write(`${head}Content-Length: 100\r\n\r\n{"da`))],
    ['says to go on, and reads no more', onHead((socket) => socket.pause().write('HTTP/1.1 100 Continue\r\n\r\n'))],
  ] satisfies [string, Behaviour][])('%s', async (_, behaviour) => {
    const server = await listenTcp(behaviour)
    const inputs = { timeout: '1', 'max-attempts': '1' }
    const runs = [withApiAt(server.url, { inputs }), withStorageAt(server.url, { inputs })] as const
    const [api, storage] = await Promise.all(runs)
    const { host } = new URL(server.url)
    const says = 'no progress for 1 s'
    expect([api.errors, storage.errors]).toEqual([ofApi(host, says, 1), ofStorage(host, says, 1)])
  })
})

describe('no connection at all', () => {
  test('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const address = `http://127.0.0.1:${port}`
    const [api, storage] = await Promise.all([withApiAt(address), withStorageAt(address)])
    const host = `127.0.0.1:${port}`
    expect([api.errors, storage.errors]).toEqual([ofApi(host, 'ECONNREFUSED'), ofStorage(host, 'ECONNREFUSED')])
  })

  test('no such host', async () => {
    const runs = [withApiAt('https://api.invalid'), withStorageAt('https://storage.invalid')] as const
    const [api, storage] = await Promise.all(runs)
    const says =
      /: no answer from (api|storage)\.invalid \((ENOTFOUND|EAI_AGAIN)\).*; run the job again; .* \(2 tries\)$/
    expect([api.errors.length, api.errors[0]]).toEqual([1, expect.stringMatching(says)])
    expect([storage.errors.length, storage.errors[0]]).toEqual([2, expect.stringMatching(says)])
  })

  test.each([
    [
      'a certificate that nobody vouches for',
      {},
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'the runner does not trust its certificate',
      'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
    ],
    [
      'a certificate for another name',
      { NODE_EXTRA_CA_CERTS: pem },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'its certificate is for another host',
      'check api-url, and what intercepts TLS on the runner',
    ],
  ])('%s', async (_, env, code, says, remedy) => {
    let requests = 0
    const server = createHttpsServer({ key: readFileSync(pem), cert: readFileSync(pem) }, () => {
      requests += 1
    })
    server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const address = `https://127.0.0.1:${port}`
    const [api, storage] = await Promise.all([withApiAt(address, { env }), withStorageAt(address, { env })])
    const why = `no answer from 127.0.0.1:${port} (${code}): ${says}; ${remedy} (2 tries)`
    expect(api.errors).toEqual([`the Source can't be read: ${why}`])
    expect(storage.errors).toEqual([`a.png: not uploaded: ${why}`, '1 of 1 file failed'])
    expect(requests).toBe(0)
  })

  test('a server that knows no TLS', async () => {
    const seen: string[] = []
    const server = await listenTcp((socket) => {
      socket.once('data', (chunk: Buffer) => {
        seen.push(chunk.toString('latin1'))
        socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
      })
    })
    const run = await withApiAt(server.url.replace('http:', 'https:'))
    expect(run.errors).toEqual([
      expect.stringMatching(/: no answer from [\d.:]+ \((EPROTO|ERR_SSL_\w+)\); run the job/),
    ])
    expect([seen.length, seen.some((text) => text.includes('GET'))]).toEqual([2, false])
  })
})
