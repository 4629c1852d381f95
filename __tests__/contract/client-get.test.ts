import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ClientSettings } from '../../src/imgix/client-settings.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { FileError } from '../../src/imgix/http/body.ts'
import { isExpired } from '../../src/imgix/storage-answers.ts'
import { limited } from '../../src/imgix/storage-get.ts'
import { API_KEY, createTestClient, messageOf, namesLeadTo } from '../helpers/imgix.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'

waitShortly()

const CSV = Buffer.from('path,requests\n/a.png,7\n'.repeat(20_000))
const SIGNED = '/imgix-reports/cdn_logs.csv?Expires=1&Signature=abc'

const xml = (code: string): string =>
  `<?xml version='1.0'?><Error><Code>${code}</Code><Message>a secret</Message></Error>`

/** Gets a file into memory as a caller would write it: from its start with each attempt. */
async function getFrom(url: string, settings: Partial<ClientSettings> = {}) {
  const client = createTestClient({ apiUrl: 'http://127.0.0.1:1', ...settings })
  const taken = { bytes: Buffer.alloc(0), attempts: 0, hidden: client.hidden }
  const receive = async (body: AsyncIterable<Buffer>): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk))
    taken.bytes = Buffer.concat(chunks)
  }
  taken.attempts = (await client.get({ url, receive })).attempts
  return taken
}

test.each([
  ['a full disk', (body: AsyncIterable<Buffer>) => pipeline(body, createWriteStream('/dev/full')), 'ENOSPC'],
  ['no folder', (body: AsyncIterable<Buffer>) => pipeline(body, createWriteStream('/dev/null/a.csv')), 'ENOTDIR'],
  ['its own reason', async () => Promise.reject(new RangeError('own')), 'own'],
])('a receiver that fails by %s is told as that, and after one try', async (_, receive, reason) => {
  const server = await listen((_seen, response) => response.end(CSV))
  const client = createTestClient({ apiUrl: 'http://127.0.0.1:1', maxAttempts: 3 })
  const error = await client.get({ url: `${server.url}${SIGNED}`, receive }).catch((cause) => cause)
  expect(error).toBeInstanceOf(FileError)
  expect([error.message, error.retryable, server.seen.length]).toEqual([
    `the file can't be written (${reason})`,
    false,
    1,
  ])
})

async function failureOf(getting: Promise<unknown>): Promise<ImgixError> {
  const error = await getting.then(
    () => expect.fail('it got a file'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ImgixError)
  return error as ImgixError
}

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('a file arrives whole, asked for without a key, and its URL is hidden first', async () => {
  const server = await listen((_seen, response) => response.end(CSV))
  const got = await getFrom(`${server.url}${SIGNED}`)
  expect([sha(got.bytes), got.attempts]).toEqual([sha(CSV), 1])
  expect(server.seen.map(({ request, headers }) => [request, headers])).toEqual([
    [
      `GET ${SIGNED}`,
      {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'imgix-sync/1',
        Host: server.url.slice('http://'.length),
        Connection: 'close',
      },
    ],
  ])
  expect(got.hidden).toContain(`${server.url}${SIGNED}`)
  expect(JSON.stringify(server.seen)).not.toContain(API_KEY)
})

test('a URL is hidden as it was told, and as it is asked for', async () => {
  const server = await listen((_seen, response) => response.end())
  const { hidden } = await getFrom(`${server.url}/a b.csv?Signature=a"b`)
  expect(hidden).toEqual([`${server.url}/a%20b.csv?Signature=a%22b`, `${server.url}/a b.csv?Signature=a"b`])
})

test('an empty file', async () => {
  const server = await listen((_seen, response) => response.end())
  expect((await getFrom(`${server.url}/a.csv`)).bytes).toEqual(Buffer.alloc(0))
})

/** What happens to the first request; the second gets the file. */
const passing: [name: string, (response: ServerResponse) => void][] = [
  ['a body that is cut off', cut],
  ['a body in chunks that is cut off', (response) => response.write(CSV.subarray(0, 1000), () => response.destroy())],
  ['a body that stalls', (response) => response.writeHead(200, { 'content-length': CSV.length }).write('path')],
  ['no answer at all', (response) => response.destroy()],
  ['500', (response) => response.writeHead(500, { 'retry-after': '0' }).end()],
  ['503 with a time to wait', (response) => response.writeHead(503, { 'retry-after': '0' }).end()],
  ['429', (response) => response.writeHead(429, { 'retry-after': '0' }).end()],
  ['400 with a transient error', (response) => response.writeHead(400).end(xml('RequestTimeout'))],
  ['403 with a transient error', (response) => response.writeHead(403).end(xml('SlowDown'))],
  ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>wait</html>')],
  ['gzip that is none', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(CSV)],
]

function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': CSV.length }).write(CSV.subarray(0, 1000), () => response.destroy())
}

test.each(passing)('%s: it is got again, from its start', async (_, spoil) => {
  const server = await listen((_seen, response) => (server.seen.length === 1 ? spoil(response) : response.end(CSV)))
  const got = await getFrom(`${server.url}${SIGNED}`, { maxAttempts: 2, timeoutMs: 400 })
  expect([sha(got.bytes), got.attempts, server.seen.length]).toEqual([sha(CSV), 2, 2])
})

test.each([
  ['a cut body', cut, 'with a body that did not arrive whole (ECONNRESET)'],
  [
    'a page',
    (response: ServerResponse) => response.writeHead(200, { 'content-type': 'Text/HTML;charset=x' }).end('<html>'),
    'with a page of HTML, from something between the storage and the runner',
  ],
  [
    'a page that is called a table',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/csv' }).end('\uFEFF\n<!DOCTYPE html>'),
    'with a page of HTML, from something between the storage and the runner',
  ],
  [
    'an error of the storage in a success',
    (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/csv' }).end(xml('SlowDown')),
    'with an error of the storage in the place of the file: SlowDown',
  ],
  [
    'an error without a code, packed',
    (response: ServerResponse) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync('<Error>\n<Message>a secret</Message></Error>')),
    'with an error of the storage in the place of the file',
  ],
  ['no body', (response: ServerResponse) => response.destroy(), 'no answer from HOST (ECONNRESET)'],
  [
    'a body that stalls',
    (response: ServerResponse) => response.writeHead(200, { 'content-length': 9 }).write('path'),
    'with a body that did not arrive whole (no progress for 0.4 s)',
  ],
  [
    'broken gzip',
    (response: ServerResponse) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('path'),
    'with an answer that is not the gzip it is said to be',
  ],
  [
    'gzip that is cut off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(CSV).subarray(0, 99)),
    'with an answer that is not the gzip it is said to be',
  ],
])('%s, each time', async (_, spoil, reason) => {
  const server = await listen((_seen, response) => spoil(response))
  const error = await failureOf(getFrom(`${server.url}${SIGNED}`, { timeoutMs: 400 }))
  const status = reason.startsWith('with') ? '200 ' : ''
  const host = server.url.slice(7)
  expect(messageOf(error)).toBe(`GET ${host}: ${status}${reason.replace('HOST', host)}`)
})

test.each([
  ['that is short', '<'],
  ['that tells of pages', 'agent\n<html>\n<Error><Code>SlowDown</Code></Error>\n'],
  ['of another name', '<Errors>1</Errors>'],
  ['without anything', ''],
])('a file %s is one, also byte by byte', async (_, text) => {
  const server = await listen(async (_seen, response) => {
    response.writeHead(200, { 'content-length': text.length })
    for (const byte of Buffer.from(text)) await new Promise((done) => response.write(Buffer.of(byte), done))
    response.end()
  })
  expect((await getFrom(`${server.url}${SIGNED}`)).bytes.toString()).toBe(text)
})

test.each([
  [403, 'AccessDenied', true],
  [403, 'SignatureDoesNotMatch', true],
  [400, 'ExpiredToken', true],
  [400, 'ExpiredRequest', true],
  [400, 'InvalidArgument', false],
  [404, 'NoSuchKey', false],
  [409, 'BlobArchived', false],
  [206, '', false],
])('%i %s is final; expired: %s', async (status, code, expired) => {
  const server = await listen((_seen, response) => response.writeHead(status).end(code && xml(code)))
  const error = await failureOf(getFrom(`${server.url}${SIGNED}`, { maxAttempts: 3 }))
  const said = status === 206 ? 'which is no file' : code
  expect(messageOf(error)).toBe(`GET ${server.url.slice(7)}: ${status} ${said}`)
  expect([isExpired(error), server.seen.length]).toEqual([expired, 1])
})

test.each([
  ['a path', (host: string) => `${host}/${'a'.repeat(9000)}?Signature=abc`],
  ['a host', () => `https://${'a.'.repeat(4500)}example.com/?Signature=abc`],
])('%s of 9 kB is told in part', async (_, urlOf) => {
  const server = await listen((_seen, response) => response.writeHead(404).end())
  const error = await failureOf(getFrom(urlOf(server.url)))
  expect(error.message).not.toContain('Signature')
  expect(error.message.length).toBeLessThan(500)
})

test('a body that would fill the disk is not taken to its end', async () => {
  const chunk = Buffer.alloc(100e6)
  async function* body() {
    for (let chunks = 0; chunks < 30; chunks += 1) yield chunk
  }
  let bytes = 0
  const taking = async () => {
    for await (const { length } of limited(body())) bytes += length
  }
  await expect(taking()).rejects.toMatchObject({ name: 'BodyError', message: 'a body of more than 2 GB' })
  expect(bytes).toBe(2e9)
})

describe('sizes', () => {
  test('a body without one is not taken, as nobody could tell whether it is whole', async () => {
    const server = await listenTcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npath,requests\n'))
    })
    const error = await failureOf(getFrom(`${server.url}/a.csv`))
    expect(messageOf(error)).toBe(`GET ${server.url.slice(7)}: 200 with a body whose size it does not tell`)
  })

  test('more than is announced is not taken', async () => {
    const server = await listenTcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npath,requests\n'))
    })
    const error = await failureOf(getFrom(`${server.url}/a.csv`))
    expect(messageOf(error)).toBe(
      `GET ${server.url.slice(7)}: 200 with a body that did not arrive whole (HPE_INVALID_CONSTANT)`,
    )
  })
})

describe('packed files', () => {
  test.each([
    ['/a.csv', 'gzip', CSV],
    ['/a.csv', 'X-GZIP', CSV],
    ['/a.csv.gz', 'gzip', gzipSync(CSV)],
    ['/a.csv.gz', 'identity', gzipSync(CSV)],
  ])('%s, packed by %s', async (path, encoding, expected) => {
    const server = await listen((_seen, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync(CSV)),
    )
    expect(sha((await getFrom(`${server.url}${path}`)).bytes)).toBe(sha(expected))
  })

  test('another encoding than was asked for, and one that nobody knows', async () => {
    const server = await listen(({ request }, response) =>
      response
        .writeHead(200, { 'content-encoding': request.includes('/b') ? 'br' : 'compress' })
        .end(brotliCompressSync(CSV)),
    )
    expect(sha((await getFrom(`${server.url}/b.csv.gz`)).bytes)).toBe(sha(CSV))
    const error = await failureOf(getFrom(`${server.url}/c.csv`, { maxAttempts: 3 }))
    expect(messageOf(error)).toBe(`GET ${server.url.slice(7)}: 200 with an answer that is packed by 'compress'`)
    expect(server.seen.length).toBe(2) // the storage keeps the file like that, so it is not asked again
  })
})

describe('addresses', () => {
  const refused = /^files are not taken from the address \S+( \S+){0,2}: only https on a public host is allowed$/

  test.each([
    'http://storage.example.com/a.csv',
    'https://127.0.0.1/a.csv',
    'https://0x7f.1/a.csv',
    'https://10.0.0.7/a.csv',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/a.csv',
    'https://[fd00::1]/a.csv',
    'https://localhost/a.csv',
    'https://a.localhost./a.csv',
    'https://intranet/a.csv',
    'https://user:password@storage.example.com/a.csv',
    'file:///etc/passwd',
    'data:text/csv,a',
    'a.csv',
    '',
  ])('nothing is sent to %s', async (url) => {
    const error = await failureOf(getFrom(url, { apiUrl: 'https://api.imgix.com' }))
    expect(error.message).toMatch(refused)
    expect(error.message).not.toMatch(/password|a\.csv/)
  })

  test('nothing is sent to a public name that leads to a private address, not even after a redirect', async () => {
    const resolve = namesLeadTo('10.0.0.7')
    const apiUrl = 'https://api.imgix.com'
    const error = await failureOf(getFrom('https://storage.example.com/a.csv', { apiUrl, resolve, maxAttempts: 3 }))
    const why = 'its name leads to 10.0.0.7, which is not a public address'
    expect(messageOf(error)).toBe(`GET storage.example.com: nothing was sent to storage.example.com: ${why}`)
    const server = await listen((_seen, response) =>
      response.writeHead(302, { location: 'https://elsewhere.example.com/b.csv' }).end(),
    )
    const redirected = await failureOf(getFrom(`${server.url}/a.csv`, { resolve, maxAttempts: 3 }))
    expect([messageOf(redirected), server.seen.length]).toEqual([
      `GET elsewhere.example.com: nothing was sent to elsewhere.example.com: ${why}`,
      1,
    ])
  })

  test('https on a public host name is asked', async () => {
    const proxied: string[] = []
    const proxyFor = (url: URL): URL => {
      proxied.push(url.host)
      return new URL('http://127.0.0.1:1')
    }
    await failureOf(getFrom('https://storage.googleapis.com/a.csv', { apiUrl: 'https://api.imgix.com', proxyFor }))
    expect(proxied).toEqual(['storage.googleapis.com'])
  })

  test('a redirect is followed to where a file may be, and hidden too', async () => {
    const server = await listen(({ request }, response) =>
      request.includes('/there')
        ? response.end('here')
        : response.writeHead(302, { location: '/there.csv?Signature=def' }).end(),
    )
    const got = await getFrom(`${server.url}/a.csv`)
    expect(got.bytes.toString()).toBe('here')
    expect(got.hidden).toEqual([`${server.url}/a.csv`, `${server.url}/there.csv?Signature=def`])
  })

  test.each(['http://storage.example.com/a.csv', 'https://10.0.0.7/a.csv', 'https://[fd00::1]/', 'ftp://127.0.0.1/a'])(
    'no redirect is followed to %s',
    async (location) => {
      const server = await listen((_seen, response) => response.writeHead(307, { location }).end())
      const error = await failureOf(getFrom(`${server.url}/a.csv`, { maxAttempts: 3 }))
      expect([error.message, server.seen.length]).toEqual([expect.stringMatching(refused), 1])
    },
  )

  test('redirects in a circle end', async () => {
    const server = await listen((_seen, response) => response.writeHead(302, { location: '/a.csv' }).end())
    const error = await failureOf(getFrom(`${server.url}/a.csv`, { maxAttempts: 3 }))
    expect([messageOf(error), server.seen.length]).toEqual([`GET ${server.url.slice(7)}: 302 which is no file`, 4])
  })
})

test('what can not be written ends the request, and is not tried again', async () => {
  const server = await listen((_seen, response) => response.end(Buffer.alloc(20 << 20)))
  const client = createTestClient({ apiUrl: server.url, maxAttempts: 3 })
  const receive = async (body: AsyncIterable<Buffer>): Promise<void> => {
    for await (const _ of body) throw new FileError('no space is left', { retryable: false })
  }
  const getting = client.get({ url: `${server.url}/a.csv`, receive })
  await expect(getting).rejects.toThrow(FileError)
  await expect(getting).rejects.toThrow('no space is left')
  expect(server.seen).toHaveLength(1)
})
