import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { ProxyError } from '../../src/imgix/http/unsent.ts'
import { readProxies } from '../../src/inputs/proxies.ts'
import { createTestClient, messageOf } from '../helpers/imgix.ts'
import { startProxy, type TestProxy } from '../helpers/proxy.ts'
import { listen } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const PURGE = { method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json: {} } as const
const SIGNED = '/bucket/a.png?X-Amz-Signature=0123abcd'

async function setUp(instead?: TestProxy['instead'], maxAttempts = 3) {
  const server = await listen((_seen, response) => response.end())
  const proxy = await startProxy(instead)
  const client = createTestClient({ apiUrl: server.url, maxAttempts, proxyFor: () => new URL(proxy.url) })
  const file = join(createTree({ a: 'the bytes' }), 'a')
  const put = () => client.put({ url: `${server.url}${SIGNED}`, file, contentType: 'image/png' })
  return { server, proxy, client, put }
}

test('requests to imgix and to a presigned URL both go through the proxy', async () => {
  const { server, proxy, client, put } = await setUp()
  expect([(await client.request(PURGE)).status, await put()]).toEqual([200, { attempts: 1 }])
  expect(server.seen.map(({ request }) => request)).toEqual(['POST /api/v1/purge', `PUT ${SIGNED}`])
  expect(proxy.asked).toEqual([`CONNECT ${new URL(server.url).host}`])
})

test.each(['407 Proxy Authentication Required', '403 Forbidden', '400 Bad Request'])(
  'a proxy that answers %s is asked once',
  async (status) => {
    const { proxy, server, client, put } = await setUp(`HTTP/1.1 ${status}\r\n\r\n`)
    for (const sending of [client.request(PURGE), put()]) {
      const error = await sending.catch((cause) => cause)
      expect(error).toBeInstanceOf(ImgixError)
      expect(error).toMatchObject({ status: undefined, attempts: 1, perhapsDone: false })
      expect(error.cause).toBeInstanceOf(ProxyError)
    }
    expect([proxy.asked.length, server.seen]).toEqual([2, []])
  },
)

test.each([
  ['502', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', '502'],
  ['nothing', 'reset', 'ECONNRESET'],
])('a proxy that answers %s is asked again, and nothing was sent', async (_, instead, why) => {
  const { proxy, server, client } = await setUp(instead, 2)
  const error = await client.request(PURGE).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(error).toMatchObject({ attempts: 2, perhapsDone: false })
  const { host } = new URL(server.url)
  expect(messageOf(error)).toBe(
    `POST /api/v1/purge: no tunnel to ${host} through the proxy ${proxy.host} (${why}), 2 tries`,
  )
  expect([proxy.asked.length, server.seen]).toEqual([2, []])
})

test('a variable that is not valid ends the request that would use it, and no other', async () => {
  const server = await listen((_seen, response) => response.end())
  const { proxyFor } = readProxies({ HTTPS_PROXY: 'socks5h://u:secret@proxy.example' })
  const client = createTestClient({ apiUrl: server.url, maxAttempts: 3, proxyFor })
  const file = join(createTree({ a: 'the bytes' }), 'a')
  expect((await client.request(PURGE)).status).toBe(200)
  const url = 'https://127.0.0.1:1/a.png?X-Amz-Signature=0123abcd'
  const error = await client.put({ url, file, contentType: 'image/png' }).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.attempts, error.perhapsDone, messageOf(error)]).toEqual([
    1,
    false,
    expect.stringMatching(
      /^PUT 127\.0\.0\.1:1: nothing was sent to 127\.0\.0\.1:1: HTTPS_PROXY: its value is not allowed; (?!.*secret)/,
    ),
  ])
})

test('a proxy that recovers', async () => {
  const { proxy, client } = await setUp('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  const sending = client.request(PURGE)
  await expect.poll(() => proxy.asked.length).toBe(1)
  proxy.instead = undefined
  expect(await sending).toMatchObject({ status: 200, attempts: 2, perhapsDone: false })
})
