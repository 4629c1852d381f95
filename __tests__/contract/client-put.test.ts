import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { isExpired } from '../../src/imgix/storage-answers.ts'
import { createTestClient, messageOf, namesLeadTo } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { createTree } from '../helpers/tree.ts'

waitShortly()

const SIGNED = '/bucket/a%20b.png?X-Amz-Expires=28800&X-Amz-Signature=0123abcd'

function storageError(code: string): string {
  return `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>secret</Message><RequestId>1</RequestId></Error>`
}

async function put(
  url: string,
  settings: Parameters<typeof createTestClient>[0] = {},
  onDoubt: (answer: string) => void = () => {},
) {
  const file = join(createTree({ a: 'the bytes' }), 'a')
  const client = createTestClient({ apiUrl: 'http://127.0.0.1:1', ...settings })
  return { client, done: client.put({ url, file, contentType: 'image/png', onDoubt }) }
}

test('the bytes go to the presigned URL with nothing of imgix', async () => {
  const server = await listen((_seen, response) => response.end())
  const { client, done } = await put(`${server.url}${SIGNED}`)
  expect(await done).toEqual({ attempts: 1 })
  const [seen] = server.seen
  expect({ ...seen, body: String(seen?.body) }).toEqual({
    request: `PUT ${SIGNED}`,
    headers: {
      'content-type': 'image/png',
      'content-length': '9',
      Host: server.url.slice('http://'.length),
      Connection: 'close',
    },
    body: 'the bytes',
    complete: true,
  })
  expect(client.hidden).toEqual([`${server.url}${SIGNED}`])
})

test('a signature of Azure has the kind of blob with it', async () => {
  const server = await listen((_seen, response) => response.writeHead(201, { etag: '"1"' }).end())
  const { done } = await put(`${server.url}/container/a?sv=2022-11-02&sr=b&sp=cw&se=2026-11-30T00%3A00%3A00Z&sig=x%3D`)
  expect([await done, server.seen[0]?.headers['x-ms-blob-type']]).toEqual([{ attempts: 1 }, 'BlockBlob'])
})

test.each([1, 5])('a type that was not signed is left out, once, with %i tries', async (maxAttempts) => {
  const server = await listen((seen, response) =>
    'content-type' in seen.headers
      ? response.writeHead(403).end(storageError('SignatureDoesNotMatch'))
      : response.end(),
  )
  const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts })
  expect(await done).toEqual({ attempts: 2 })
})

test.each([
  ['a signature that does not match either way', 403, 'SignatureDoesNotMatch', 2],
  ['a URL that has expired', 403, 'AccessDenied', 1],
  ['a bucket that is gone', 404, 'NoSuchBucket', 1],
  ['a file that is too large', 400, 'EntityTooLarge', 1],
  ['a redirect', 307, 'TemporaryRedirect', 1],
])('%s', async (_, status, code, tries) => {
  const headers = { location: 'https://elsewhere.example/' }
  const server = await listen((_seen, response) => response.writeHead(status, headers).end(storageError(code)))
  const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts: 5 })
  const error = await done.catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  const host = server.url.slice('http://'.length)
  expect([messageOf(error), error.permission, server.seen.length]).toEqual([
    `PUT ${host}: ${status} ${code}${tries > 1 ? `, ${tries} tries` : ''}`,
    undefined,
    tries,
  ])
  expect(JSON.stringify([error, error.message])).not.toMatch(/Signature=|secret/)
})

test.each([408, 425, 429, 500, 502, 503, 504, 520, 530])('%i is tried again', async (status) => {
  const server = await listen((_seen, response) =>
    server.seen.length === 1 ? response.writeHead(status, { 'retry-after': '0' }).end() : response.end(),
  )
  const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts: 2 })
  expect(await done).toEqual({ attempts: 2 })
  expect(server.seen.map(({ body }) => String(body))).toEqual(['the bytes', 'the bytes'])
})

const page = '<!DOCTYPE html><html><body>Wait</body></html>'
const html = { 'content-type': 'text/html' }

describe("the storage's own transient errors are tried again with a fresh body", () => {
  test.each([
    [400, 'RequestTimeout'],
    [400, 'IncompleteBody'],
    [400, 'BadDigest'],
    [403, 'SlowDown'],
    [403, 'InternalError'],
    [409, 'OperationAborted'],
    [400, 'CrcMismatch'],
    [412, 'TransactionInProgressException'],
    [400, 'Md5Mismatch'],
    [200, 'InternalError'],
  ])('%i %s', async (status, code) => {
    const server = await listen((_seen, response) =>
      server.seen.length < 3 ? response.writeHead(status).end(storageError(code)) : response.end(),
    )
    const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts: 3 })
    expect(await done).toEqual({ attempts: 3 })
    expect(server.seen.map(({ body }) => String(body))).toEqual(Array(3).fill('the bytes'))
  })

  test.each(['', storageError('Conflict'), page, '{"errors":[]}'])('409, whoever says it: %s', async (text) => {
    const server = await listen((_seen, response) =>
      server.seen.length < 2 ? response.writeHead(409).end(text) : response.end(),
    )
    expect(await (await put(`${server.url}${SIGNED}`, { maxAttempts: 2 })).done).toEqual({ attempts: 2 })
  })

  test('not before Retry-After says so', async () => {
    const arrivals: number[] = []
    const server = await listen((_seen, response) => {
      arrivals.push(performance.now())
      if (arrivals.length > 1) return response.end()
      return response.writeHead(400, { 'retry-after': '30' }).end(storageError('SlowDown'))
    })
    await (await put(`${server.url}${SIGNED}`, { maxAttempts: 2 })).done
    expect(Number(arrivals[1]) - Number(arrivals[0])).toBeGreaterThan(590) // a fiftieth of 30 s
  })

  test('until the tries are over', async () => {
    const server = await listen((_seen, response) => response.writeHead(400).end(storageError('RequestTimeout')))
    const error = await (await put(`${server.url}${SIGNED}`, { maxAttempts: 2 })).done.catch((cause) => cause)
    expect([error.message, isExpired(error)]).toEqual([expect.stringMatching(/^400 RequestTimeout, 2 tries$/), false])
  })
})

describe('an answer of somebody between', () => {
  test.each<[number, Record<string, string>, string, string, number]>([
    [200, html, page, '200 text/html', 3],
    [202, { ...html, etag: '"of the page"' }, page, '202 text/html', 3],
    [200, {}, page, '200 without a content type', 3],
    [200, { 'content-type': 'application/json' }, '{"ok":true}', '200 application/json', 3],
    [403, html, page, '403 text/html', 1],
    [404, html, '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html/>', '404 text/html', 1],
    [401, { 'content-type': 'application/json' }, '{"errors":[]}', '401 application/json', 1],
  ])('%i %o %s', async (status, headers, body, said, tries) => {
    const server = await listen((_seen, response) => response.writeHead(status, headers).end(body))
    const error = await (await put(`${server.url}${SIGNED}`, { maxAttempts: 3 })).done.catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    const host = server.url.slice('http://'.length)
    const count = tries > 1 ? `, ${tries} tries` : ''
    expect([messageOf(error), error.status, isExpired(error)]).toEqual([
      `PUT ${host}: something between the storage and the runner answered ${said}${count}`,
      undefined,
      false,
    ])
    expect(server.seen).toHaveLength(tries)
  })
})

test.each<[string, number, Record<string, string>, string, string | undefined]>([
  ['S3', 200, { etag: '"1"' }, '', undefined],
  ["Google's storage", 200, { etag: '"1"', ...html }, '', undefined],
  ['Azure', 201, { etag: '"1"' }, '', undefined],
  ['a storage that says it in XML', 200, { etag: '"1"' }, '<?xml version="1.0"?><PostResponse/>', undefined],
  ['nobody that is known', 200, {}, '', '200 without a document, and no ETag'],
  ['a gateway that takes it', 202, {}, '', '202 without a document, and no ETag'],
  ['a storage that says OK', 200, { etag: '"1"', 'content-type': 'text/plain' }, 'OK', '200 text/plain'],
])('what %s answers is a success, and its doubt is told', async (_, status, headers, body, doubt) => {
  const server = await listen((_seen, response) => response.writeHead(status, headers).end(body))
  const doubts: string[] = []
  const { done } = await put(`${server.url}${SIGNED}`, {}, (said) => doubts.push(said))
  expect([await done, doubts]).toEqual([{ attempts: 1 }, doubt === undefined ? [] : [doubt]])
})

describe('a presigned URL that leads elsewhere than to a public host', () => {
  const refusal = (host: string): string =>
    `files are not sent to the address ${host}: only https on a public host is allowed`
  const apiUrl = 'https://api.imgix.com'

  test.each([
    ['http://storage.example.com/a?X-Amz-Signature=1', 'storage.example.com'],
    ['https://10.0.0.7/a?X-Amz-Signature=1', '10.0.0.7'],
    ['https://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['https://[::ffff:127.0.0.1]:8443/a', '[::ffff:7f00:1]:8443'],
    ['https://[64:ff9b::10.0.0.1]/a', '[64:ff9b::a00:1]'],
    ['https://localhost/a', 'localhost'],
    ['https://intranet/a', 'intranet'],
    ['https://key:secret@storage.example.com/a', 'storage.example.com'],
    ['file:///etc/passwd', 'of a file'],
    ['$PRESIGNED_UPLOAD_URL', 'of a file'],
  ])('nothing is sent to %s', async (url, name) => {
    const { done } = await put(url, { apiUrl, maxAttempts: 3 })
    const error = await done.catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect([messageOf(error), error.permission]).toEqual([`PUT ${name}: ${refusal(name)}`, undefined])
  })

  test('nor is one that is far too long sent to, or kept to be hidden', async () => {
    const hidden: string[] = []
    const url = `https://storage.example.com/a?X-Amz-Signature=${'1'.repeat(8192)}`
    const client = createTestClient({ apiUrl, hide: (text) => hidden.push(text) })
    const done = [
      client.put({ url, file: '/nonexistent', contentType: 'image/png' }),
      client.get({ url, receive: async () => {} }),
    ]
    const errors = await Promise.all(done.map((each) => each.catch((cause: unknown) => (cause as Error).message)))
    expect(errors).toEqual(Array(2).fill(`the URL of the file has ${url.length} characters`))
    expect(hidden).toEqual([])
  })

  test.each(['http://127.0.0.1', 'http://[::1]', 'http://localhost'])('nor from another host to %s', async (host) => {
    const server = await listen((_seen, response) => response.end())
    const { done } = await put(`${host}:${new URL(server.url).port}/a`, { apiUrl, maxAttempts: 3 })
    await expect(done).rejects.toThrow(/^files are not sent to the address/)
    expect(server.seen).toEqual([])
  })

  test.each(['127.0.0.1', '10.0.0.7', '::1', '::ffff:169.254.169.254'])('nor to a name of %s', async (address) => {
    const resolve = namesLeadTo(address)
    const { done } = await put('https://bucket.example.com/a', { apiUrl, resolve, maxAttempts: 3 })
    const error = await done.catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    const why = `nothing was sent to bucket.example.com: its name leads to ${address}, which is not a public address`
    expect([messageOf(error), error.attempts]).toEqual([`PUT bucket.example.com: ${why}`, 1])
    expect(resolve.asked).toEqual(['bucket.example.com'])
  })

  test('a storage beside an API on this machine is asked, by name, too', async () => {
    const server = await listen((_seen, response) => response.end())
    const resolve = namesLeadTo('127.0.0.1')
    const url = server.url.replace('127.0.0.1', 'localhost')
    const { done } = await put(`${url}${SIGNED}`, { apiUrl: 'http://127.0.0.1:1', resolve })
    expect([await done, server.seen.length]).toEqual([{ attempts: 1 }, 1])
  })

  test('a proxy looks names up itself, so only addresses are refused', async () => {
    const proxied: string[] = []
    const resolve = namesLeadTo('10.0.0.7')
    const proxyFor = (url: URL): URL => {
      proxied.push(url.host)
      return new URL('http://127.0.0.1:1')
    }
    const named = await put('https://bucket.example.com/a', { apiUrl, resolve, proxyFor })
    await expect(named.done).rejects.toThrow('no tunnel to bucket.example.com:443')
    const addressed = await put('https://10.0.0.7/a', { apiUrl, resolve, proxyFor })
    await expect(addressed.done).rejects.toThrow(refusal('10.0.0.7'))
    expect([proxied, resolve.asked]).toEqual([['bucket.example.com'], []])
  })
})
