import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTransport, type Outgoing } from '../../src/imgix/http/transport.ts'
import { ProxyError } from '../../src/imgix/http/unsent.ts'
import { AUTHORIZATION, CERTIFICATE_FILE, serveTls, startProxy, type TestProxy } from '../helpers/proxy.ts'
import { listen } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const KEY = 'ak_0123456789abcdef'
const headers = { authorization: `Bearer ${KEY}` }

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), readFileSync(CERTIFICATE_FILE, 'utf8')]))

function through(proxy: TestProxy | undefined, { timeoutMs = 5000, url = proxy?.url } = {}) {
  const transport = createTransport(timeoutMs, () => (url === undefined ? undefined : new URL(url)))
  onTestFinished(transport.close)
  const get = (to: string, more: Partial<Outgoing> = {}) =>
    transport.send({ method: 'GET', url: new URL(to), headers, ...more })
  return { ...transport, get }
}

async function serve({ tls = false } = {}) {
  const ports = new Set<number | undefined>()
  const server = await listen((_seen, response, request) => {
    ports.add(request.socket.remotePort)
    response.end('done')
  })
  const url = tls ? await serveTls(server.url) : server.url
  return { ...server, url, host: new URL(url).host, connections: () => ports.size }
}

const both = [
  ['http', false],
  ['https', true],
] as const

describe.each(both)('to a server of %s', (_, tls) => {
  test.each(both)('through a proxy of %s: a tunnel, which many requests share', async (_scheme, secure) => {
    const proxy = await startProxy(undefined, { secure })
    const server = await serve({ tls })
    const { get, send } = through(proxy)
    const url = new URL(`${server.url}/a.png?signature=0123`)
    const file = join(createTree({ 'a.png': Buffer.alloc(3_000_000, 1) }), 'a.png')
    for (let sent = 0; sent < 3; sent += 1) expect((await get(`${server.url}/${sent}`)).text).toBe('done')
    expect((await send({ method: 'PUT', url, headers: {}, body: { file } })).status).toBe(200)
    expect(server.seen.map(({ request }) => request)).toEqual([
      'GET /0',
      'GET /1',
      'GET /2',
      'PUT /a.png?signature=0123',
    ])
    expect(server.seen.at(-1)?.body).toHaveLength(3_000_000)
    expect([proxy.asked, server.connections()]).toEqual([[`CONNECT ${server.host}`], 1])
    expect(proxy.headers).toEqual([{ host: server.host, connection: 'close', 'proxy-authorization': AUTHORIZATION }])
    expect(proxy.through().includes(KEY)).toBe(!tls)
    expect(server.seen.flatMap((seen) => Object.keys(seen.headers)).join()).not.toMatch(/proxy/i)
  })

  test('a request that may not share a connection has a tunnel of its own', async () => {
    const proxy = await startProxy()
    const server = await serve({ tls })
    const { get } = through(proxy)
    await get(server.url)
    await get(server.url, { reuse: false })
    await get(server.url)
    expect(proxy.asked).toEqual([`CONNECT ${server.host}`, `CONNECT ${server.host}`])
    await expect.poll(proxy.open).toBe(1)
  })

  test('requests at a time have a tunnel each', async () => {
    const proxy = await startProxy()
    const server = await serve({ tls })
    const { get, close } = through(proxy)
    await Promise.all([get(server.url), get(server.url), get(server.url)])
    expect([proxy.asked.length, proxy.open()]).toEqual([3, 3])
    close()
    await expect.poll(proxy.open).toBe(0)
  })

  test('no round trip is known, though one of a direct connection is', async () => {
    const proxy = await startProxy()
    const server = await serve({ tls })
    const { send, close } = createTransport(5000, ({ pathname }) =>
      pathname === '/direct' ? undefined : new URL(proxy.url),
    )
    onTestFinished(close)
    const trips: unknown[] = []
    for (const path of ['direct', 'first', 'second']) {
      const url = new URL(`${server.url}/${path}`)
      await send({ method: 'GET', url, headers, onSent: (tripMs) => trips.push(tripMs) })
    }
    expect(trips).toEqual([expect.any(Number), undefined, undefined])
  })

  test('a request on a kept tunnel that was closed is told from a server that does not answer', async () => {
    const proxy = await startProxy()
    const server = await listen((_seen, response, request) => {
      if (server.seen.length === 2) request.socket.destroy()
      else response.end()
    })
    const url = tls ? await serveTls(server.url) : server.url
    const { get } = through(proxy)
    await get(url)
    await expect(get(url)).rejects.toMatchObject({ name: 'StaleConnection' })
    await get(url, { reuse: false })
    expect(proxy.asked).toHaveLength(2)
  })

  test('a request that can be repeated is sent once more, in a tunnel of its own', async () => {
    const proxy = await startProxy()
    const server = await listen((_seen, response, request) => {
      if (server.seen.length === 2) request.socket.destroy()
      else response.end()
    })
    const url = tls ? await serveTls(server.url) : server.url
    const { get } = through(proxy)
    await get(url, { repeats: true })
    await get(url, { repeats: true })
    expect([proxy.asked.length, server.seen.length]).toEqual([2, 3])
  })

  test('what proxyFor gives no proxy for goes there directly', async () => {
    const server = await serve({ tls })
    expect((await through(undefined).get(server.url)).text).toBe('done')
  })
})

const refusal = (status: string) => `HTTP/1.1 ${status}\r\nContent-Length: 12\r\n\r\n<h1>raw</h1>`

test.each([
  ['407', refusal('407 Proxy Authentication Required'), '407', 407, false],
  ['403', refusal('403 Forbidden'), '403', 403, false],
  ['429', refusal('429 Too Many Requests'), '429', 429, false],
  ['a redirect', refusal('302 Found'), '302', 302, false],
  ['502', refusal('502 Bad Gateway'), '502', 502, true],
  ['a reset', 'reset', 'ECONNRESET', undefined, true],
  ['an answer that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'its answer is not HTTP', undefined, true],
  ['a tunnel that talks first', 'HTTP/1.1 200 OK\r\n\r\nhello', 'its answer is not HTTP', undefined, true],
  ['a close', '', 'ECONNRESET', undefined, true],
])('a proxy that answers a CONNECT with %s', async (_, instead, why, status, retryable) => {
  const proxy = await startProxy(instead)
  const server = await serve()
  const sent: unknown[] = []
  const error = await through(proxy)
    .get(server.url, { onSent: (tripMs) => sent.push(tripMs) })
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ProxyError)
  expect(error).toMatchObject({ status, retryable, variable: 'HTTP_PROXY' })
  expect(error.message).toBe(`no tunnel to ${server.host} through the proxy ${proxy.host} (${why})`)
  expect([server.seen, sent]).toEqual([[], []])
  await expect.poll(proxy.open).toBe(0)
})

test('a proxy that does not take the credentials', async () => {
  const proxy = await startProxy()
  const server = await serve({ tls: true })
  const { get } = through(proxy, { url: `http://jane:wrong@${proxy.host}` })
  const error = await get(server.url).catch((cause) => cause)
  expect(error).toBeInstanceOf(ProxyError)
  expect(error).toMatchObject({ status: 407, retryable: false, variable: 'HTTPS_PROXY' })
  expect(error.message).toBe(`no tunnel to ${server.host} through the proxy ${proxy.host} (407)`)
})

test('a proxy without credentials gets none', async () => {
  const proxy = await startProxy(refusal('403 Forbidden'))
  const { get } = through(proxy, { url: `http://${proxy.host}` })
  await expect(get('http://127.0.0.1:9/')).rejects.toThrow(ProxyError)
  expect(proxy.headers).toEqual([{ host: '127.0.0.1:9', connection: 'close' }])
})

test.each([
  ['https', 443],
  ['http', 80],
])('the default port of %s', async (scheme, port) => {
  const proxy = await startProxy(refusal('403 Forbidden'))
  await expect(through(proxy).get(`${scheme}://[::1]/`)).rejects.toThrow(ProxyError)
  expect(proxy.asked).toEqual([`CONNECT [::1]:${port}`])
})

test('a proxy where nobody listens', async () => {
  const error = await through(undefined, { url: 'http://127.0.0.1:9' })
    .get('https://api.example/')
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ProxyError)
  expect(error).toMatchObject({ status: undefined, retryable: true })
  expect(error.message).toBe('no tunnel to api.example:443 through the proxy 127.0.0.1:9 (ECONNREFUSED)')
})

test('the certificate of a proxy is checked for the name of the proxy', async () => {
  const proxy = await startProxy(undefined, { secure: true })
  const { port } = new URL((await serve()).url)
  const url = proxy.url.replace('127.0.0.1', 'localhost')
  expect((await through(proxy, { url }).get(`http://api.example:${port}`)).text).toBe('done')
})

test('the certificate of a server is checked for the name of the server', async () => {
  const proxy = await startProxy()
  const { port } = new URL(await serveTls('http://127.0.0.1:9'))
  await expect(through(proxy).get(`https://api.example:${port}/`)).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  await expect.poll(proxy.open).toBe(0)
})
