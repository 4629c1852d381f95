import { join } from 'node:path'
import { expect, test } from 'vitest'
import { uploadAsset } from '../../src/imgix/assets.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { API_KEY, createTestClient, dataDocument, errorsDocument, messageOf, SOURCE_ID } from '../helpers/imgix.ts'
import { listen, type Seen } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { createTree } from '../helpers/tree.ts'

waitShortly()

// S4: the answer of "upload an asset to a Source"
const LOGO = dataDocument('assets', `${SOURCE_ID}/marketing/logo.png`, {
  origin_path: '/marketing/logo.png',
  tags: { Brand: 0.772368848323822, Logo: 0.9082068800926208 },
})

function lowered({ headers }: Seen): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

test.each([
  ['that may replace', true, '?overwrite=true'],
  ['that may not', false, ''],
])('POST sources/:source_id/upload/:origin_path %s', async (_, overwrite, query) => {
  const file = join(createTree({ 'logo.png': 'the bytes' }), 'logo.png')
  const server = await listen((_seen, response) => response.end(LOGO))
  const client = createTestClient({ apiUrl: server.url })
  const place = { sourceId: SOURCE_ID, originPath: 'marketing/logo.png' }
  const answer = await uploadAsset(client, place, { file, contentType: 'image/png', overwrite })
  expect({ status: answer.status, attempts: answer.attempts }).toEqual({ status: 200, attempts: 1 })
  const [seen] = server.seen
  expect({ ...seen, headers: seen === undefined ? {} : lowered(seen), body: String(seen?.body) }).toEqual({
    request: `POST /api/v1/sources/${SOURCE_ID}/upload/marketing/logo.png${query}`,
    headers: {
      accept: 'application/vnd.api+json',
      'accept-encoding': 'identity',
      authorization: `Bearer ${API_KEY}`,
      'user-agent': 'imgix-sync/1',
      'content-type': 'image/png',
      'content-length': '9',
      host: server.url.slice('http://'.length),
      connection: 'close',
    },
    body: 'the bytes',
    complete: true,
  })
})

test('a path with everything that a URL gives a meaning', async () => {
  const file = join(createTree({ a: 'x' }), 'a')
  const place = { sourceId: SOURCE_ID, originPath: 'a b/100%/c?d#e+f&g\n.png' }
  const answer = dataDocument('assets', `${SOURCE_ID}/${place.originPath}`, { origin_path: `/${place.originPath}` })
  const server = await listen((_seen, response) => response.end(answer))
  await uploadAsset(createTestClient({ apiUrl: server.url }), place, { file, contentType: 'a/b', overwrite: true })
  expect(server.seen.map(({ request }) => request)).toEqual([
    `POST /api/v1/sources/${SOURCE_ID}/upload/a%20b/100%25/c%3Fd%23e%2Bf%26g%0A.png?overwrite=true`,
  ])
})

test.each([
  ['an empty file', ''],
  ['a small file', 'x'],
])('%s to a path that is taken', async (_, content) => {
  const file = join(createTree({ a: content }), 'a')
  const document = errorsDocument(409, 'Conflict', 'Asset already exists at origin.')
  const server = await listen((_seen, response) => response.writeHead(409).end(document))
  const place = { sourceId: SOURCE_ID, originPath: 'a' }
  const settings = { file, contentType: 'image/png', overwrite: false }
  const error = await uploadAsset(createTestClient({ apiUrl: server.url }), place, settings).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.permission, error.perhapsDone]).toEqual([
    `POST /api/v1/sources/${SOURCE_ID}/upload/a: 409 Conflict: Asset already exists at origin, request id 56ba72bdd33d4395b464fae69f0d31c7`,
    'Asset Manager Edit',
    false,
  ])
})

test('a file of several chunks that is tried again is sent from its start', async () => {
  const content = Buffer.alloc(3 << 20, 'abcdefg')
  const file = join(createTree({ a: content }), 'a')
  const server = await listen((_seen, response) =>
    server.seen.length === 1 ? response.writeHead(503, { 'retry-after': '0' }).end() : response.end(),
  )
  const client = createTestClient({ apiUrl: server.url, maxAttempts: 2 })
  const place = { sourceId: SOURCE_ID, originPath: 'a' }
  const answer = await uploadAsset(client, place, { file, contentType: 'image/png', overwrite: true })
  expect([answer.attempts, answer.perhapsDone]).toEqual([2, true])
  expect(server.seen.map(({ body, complete }) => [complete, body.equals(content)])).toEqual([
    [true, true],
    [true, true],
  ])
})
