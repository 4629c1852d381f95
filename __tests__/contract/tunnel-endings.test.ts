import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Body, FileError } from '../../src/imgix/http/body.ts'
import { createTransport } from '../../src/imgix/http/transport.ts'
import { ProxyError } from '../../src/imgix/http/unsent.ts'
import { startProxy, type TestProxy } from '../helpers/proxy.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

function through(proxy: TestProxy, timeoutMs = 60_000) {
  const transport = createTransport(timeoutMs, () => new URL(proxy.url))
  onTestFinished(transport.close)
  return transport
}

const large = () => ({ file: join(createTree({ 'a.bin': Buffer.alloc(2_000_000, 7) }), 'a.bin') })
const bodies = [
  ['without a body', () => undefined],
  ['with a small body', () => ({ bytes: Buffer.from('{}') })],
  ['with a large file', large],
] as const

async function silentServer(): Promise<URL> {
  const { url } = await listenTcp(() => {})
  return new URL(url.replace('http:', 'https:'))
}

/** A request whose tunnel, or TLS in it, is never answered. */
function wait(proxy: TestProxy, url: URL, body: Body | undefined) {
  const abort = new AbortController()
  const transport = through(proxy)
  const outgoing = { method: 'PUT', url, headers: {}, signal: abort.signal, body }
  return { abort, transport, sending: transport.send(outgoing).catch((error) => error as Error) }
}

test.each(bodies)('a CONNECT that hangs is given up, %s', async (_, body) => {
  const proxy = await startProxy('hang')
  const bytes = body()
  const outgoing = { method: 'PUT', url: new URL('https://api.example/'), headers: {} }
  const error = await through(proxy, 200)
    .send({ ...outgoing, body: bytes })
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(ProxyError)
  expect(error).toMatchObject({ status: undefined, retryable: true })
  expect(error.message).toBe(`no tunnel to api.example:443 through the proxy ${proxy.host} (no progress for 0.2 s)`)
  await expect.poll(proxy.open).toBe(0)
})

test('TLS that hangs in a tunnel is the server, not the proxy', async () => {
  const proxy = await startProxy()
  let left = false
  const onSent = () => {
    left = true
  }
  const sending = through(proxy, 200).send({ method: 'GET', url: await silentServer(), headers: {}, onSent })
  await expect(sending).rejects.toMatchObject({ name: 'Error', code: 'ETIMEDOUT' })
  expect(left).toBe(false)
  await expect.poll(proxy.open).toBe(0)
})

test.each(bodies)('an abort while the CONNECT hangs, %s', async (_, body) => {
  const proxy = await startProxy('hang')
  const { abort, sending } = wait(proxy, new URL('https://api.example/'), body())
  await expect.poll(() => proxy.asked.length).toBe(1)
  abort.abort(new Error('stop here'))
  expect(await sending).toEqual(new Error('stop here'))
  await expect.poll(proxy.open).toBe(0)
})

test('an abort while TLS hangs in the tunnel', async () => {
  const proxy = await startProxy()
  const { abort, sending } = wait(proxy, await silentServer(), undefined)
  await expect.poll(() => proxy.through().length).toBeGreaterThan(0)
  abort.abort(new Error('stop here'))
  expect(await sending).toEqual(new Error('stop here'))
  await expect.poll(proxy.open).toBe(0)
})

test('an abort of one request leaves the tunnels of the others', async () => {
  const proxy = await startProxy()
  const server = await listen(async (seen, response) => {
    if (seen.request.endsWith('slow')) await sleep(100)
    if (!seen.request.endsWith('never')) response.end('done')
  })
  const abort = new AbortController()
  const transport = through(proxy)
  const get = (path: string, signal?: AbortSignal) =>
    transport.send({ method: 'GET', url: new URL(`${server.url}/${path}`), headers: {}, signal })
  const [never, slow] = [get('never', abort.signal).catch((error) => error), get('slow')]
  await expect.poll(() => server.seen.length).toBe(2)
  abort.abort(new Error('stop here'))
  expect([await never, (await slow).text]).toEqual([new Error('stop here'), 'done'])
  expect((await get('next')).text).toBe('done')
  expect(proxy.asked).toHaveLength(2)
})

test.each(['hang', undefined] as const)('closing ends what waits for a tunnel (%s)', async (instead) => {
  const proxy = await startProxy(instead)
  const { transport, sending } = wait(proxy, await silentServer(), undefined)
  await expect.poll(() => (instead === 'hang' ? proxy.asked.length : proxy.through().length)).toBeGreaterThan(0)
  transport.close()
  expect(await sending).toBeInstanceOf(Error)
  await expect.poll(proxy.open).toBe(0)
})

test('a file that vanishes while the CONNECT hangs', async () => {
  const proxy = await startProxy('hang')
  const { sending } = wait(proxy, new URL('https://api.example/'), { file: '/nowhere/a.png' })
  expect(await sending).toBeInstanceOf(FileError)
  expect(proxy.asked).toEqual([])
})
