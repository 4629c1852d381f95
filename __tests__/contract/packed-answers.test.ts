import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { createTestClient, errorsDocument, messageOf } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { createTree } from '../helpers/tree.ts'

waitShortly()

const PURGE = { method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json: {} } as const
const document = { data: { type: 'purges', id: '1', attributes: {} } }

async function ask(body: Buffer, encoding: string, status = 200) {
  const headers = { 'content-encoding': encoding, 'content-type': 'application/vnd.api+json' }
  const server = await listen((_seen, response) => response.writeHead(status, headers).end(body))
  const answer = await createTestClient({ apiUrl: server.url })
    .request(PURGE)
    .catch((error) => error)
  return { answer, seen: server.seen }
}

test.each([
  ['gzip', gzipSync],
  ['X-GZip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['identity', Buffer.from],
] as [string, (text: string) => Buffer][])(
  'an answer that is packed by %s, though none was asked for, is read',
  async (encoding, pack) => {
    const { answer, seen } = await ask(pack(JSON.stringify(document)), encoding)
    expect(answer).toMatchObject({ status: 200, document })
    expect(seen[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' })
    const refused = await ask(pack(errorsDocument(422, 'Title', 'Detail.')), encoding, 422)
    expect(refused.answer.details).toEqual([{ title: 'Title', detail: 'Detail.' }])
  },
)

test.each([
  ['an encoding that nobody knows', 'compress', Buffer.from('x'), "an answer that is packed by 'compress'"],
  ['two of them', 'gzip, br', Buffer.from('x'), "an answer that is packed by 'gzip, br'"],
  ['none, though it says so', 'gzip', Buffer.from('{}'), 'an answer that is not the gzip it is said to be'],
  [
    'one that is cut',
    'br',
    brotliCompressSync('{"data":{}}').subarray(0, -3),
    'an answer that is not the br it is said to be',
  ],
  [
    'far more than an answer may have',
    'gzip',
    gzipSync(Buffer.alloc(64 << 20)),
    'an answer of more than 4194304 bytes',
  ],
])('an answer with %s is named', async (_, encoding, body, reason) => {
  const { answer } = await ask(body, encoding)
  expect(answer).toBeInstanceOf(ImgixError)
  expect(messageOf(answer)).toBe(`POST /api/v1/purge: ${reason}`)
})

test('an empty answer is not packed, whatever it says', async () => {
  expect((await ask(Buffer.alloc(0), 'gzip')).answer).toMatchObject({ status: 200, document: {} })
  expect((await ask(Buffer.alloc(0), 'compress', 202)).answer).toMatchObject({ status: 202, document: {} })
})

test('a refusal that can not be unpacked has its status', async () => {
  expect((await ask(Buffer.from('x'), 'compress', 422)).answer).toMatchObject({ status: 422, details: [] })
})

test("a storage's packed error is read", async () => {
  const body = gzipSync('<?xml version="1.0"?><Error><Code>EntityTooLarge</Code></Error>')
  const server = await listen((_seen, response) => response.writeHead(400, { 'content-encoding': 'gzip' }).end(body))
  const file = join(createTree({ a: 'the bytes' }), 'a')
  const put = createTestClient({ apiUrl: server.url }).put({
    url: `${server.url}/a?sig=1`,
    file,
    contentType: 'image/png',
  })
  await expect(put).rejects.toThrow('400 EntityTooLarge')
})
