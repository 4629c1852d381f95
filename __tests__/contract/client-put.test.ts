import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { createTestClient } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const SIGNED = '/bucket/a%20b.png?X-Amz-Expires=28800&X-Amz-Signature=0123abcd'

function storageError(code: string): string {
  return `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>secret</Message><RequestId>1</RequestId></Error>`
}

async function put(url: string, settings: Parameters<typeof createTestClient>[0] = {}) {
  const file = join(createTree({ a: 'the bytes' }), 'a')
  const client = createTestClient(settings)
  return { client, done: client.put({ url, file, contentType: 'image/png' }) }
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
      Connection: 'keep-alive',
    },
    body: 'the bytes',
    complete: true,
  })
  expect(client.hidden).toEqual([`${server.url}${SIGNED}`])
})

test('a type that was not signed is left out, once', async () => {
  const server = await listen((seen, response) =>
    'content-type' in seen.headers
      ? response.writeHead(403).end(storageError('SignatureDoesNotMatch'))
      : response.end(),
  )
  const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts: 5 })
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
  expect([error.message, error.permission, server.seen.length]).toEqual([
    `PUT ${host}/bucket/a%20b.png: ${status} ${code}${tries > 1 ? `, ${tries} tries` : ''}`,
    undefined,
    tries,
  ])
  expect(JSON.stringify([error, error.message])).not.toMatch(/Signature=|secret/)
})

test.each([408, 429, 500, 502, 503, 504])('%i is tried again', async (status) => {
  const server = await listen((_seen, response) =>
    server.seen.length === 1 ? response.writeHead(status, { 'retry-after': '0' }).end() : response.end(),
  )
  const { done } = await put(`${server.url}${SIGNED}`, { maxAttempts: 2 })
  expect(await done).toEqual({ attempts: 2 })
  expect(server.seen.map(({ body }) => String(body))).toEqual(['the bytes', 'the bytes'])
})
