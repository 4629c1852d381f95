import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, test } from 'vitest'
import { bucketCredentials } from '../../emulator/bucket.ts'
import type { Emulator } from '../../emulator/server.ts'
import { call, emulate, replyOf } from '../helpers/emulator.ts'

/** A URL from the SDK: a signer that shares no line with the emulator. */
async function sdkUrl(emulator: Emulator, key: string, options: { expiresIn?: number; signingDate?: Date } = {}) {
  const client = new S3Client({
    endpoint: `${emulator.apiUrl}/bucket`,
    region: bucketCredentials.region,
    credentials: bucketCredentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  const command = new PutObjectCommand({ Bucket: emulator.sourceId, Key: key })
  return new URL(await getSignedUrl(client, command, { expiresIn: 60, ...options }))
}

async function put(url: URL | string, headers: Record<string, string> = {}) {
  return replyOf(await fetch(url, { method: 'PUT', body: 'bytes', headers }))
}

test.each(['a.png', "sub/ä b+c&d=e'(1)!*~.png", '日本/#1?.jpg', 'e\u0301.png'])(
  'the SDK signs %s as we verify it',
  async (key) => {
    const emulator = await emulate()
    const reply = await put(await sdkUrl(emulator, key), { 'content-type': 'image/png' })
    expect(reply.status).toBe(200)
    expect(emulator.objects.get(key)).toMatchObject({ bytes: 5, contentType: 'image/png', via: 'session' })
  },
)

test.each(["img/ä b+c&d=e'(1)!*.png", 'a.png'])('a session URL for %s is signed as the SDK signs it', async (key) => {
  const emulator = await emulate()
  const path = key.split('/').map(encodeURIComponent).join('/')
  const { json } = await call(emulator, 'POST', `/upload-sessions/create/${path}`)
  expect((await put(json.data.attributes.url)).status).toBe(200)
})

const signature = 'X-Amz-Signature'
describe('refuses', () => {
  test.each([
    ['another key', (url: URL) => url.pathname.replace('a.png', 'b.png'), 'SignatureDoesNotMatch'],
    ['a longer life', (url: URL) => void url.searchParams.set('X-Amz-Expires', '61'), 'SignatureDoesNotMatch'],
    ['one more parameter', (url: URL) => void url.searchParams.set('x', '1'), 'SignatureDoesNotMatch'],
    ['another signature', (url: URL) => void url.searchParams.set(signature, '0'.repeat(64)), 'SignatureDoesNotMatch'],
    ['no signature', (url: URL) => void url.searchParams.delete(signature), 'AccessDenied'],
  ])('%s', async (_, tamper, code) => {
    const emulator = await emulate()
    const url = await sdkUrl(emulator, 'a.png')
    url.pathname = tamper(url) ?? url.pathname
    const reply = await put(url)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'application/xml'])
    expect(reply.text).toContain(`<Code>${code}</Code>`)
    expect(emulator.objects.size).toBe(0)
  })

  test.each([
    ['expired', -3600_000, 'Request has expired'],
    ['not valid yet', 3600_000, 'Request is not valid yet'],
  ])('a URL that is %s', async (_, offsetMs, message) => {
    const emulator = await emulate()
    const reply = await put(await sdkUrl(emulator, 'a.png', { signingDate: new Date(Date.now() + offsetMs) }))
    expect(reply.status).toBe(403)
    expect(reply.text).toContain(`<Code>AccessDenied</Code><Message>${message}</Message>`)
  })

  test.each([
    ['the Authorization header', { authorization: 'Bearer x' }, 400, 'Only one auth mechanism allowed'],
    ['a header of imgix', { 'x-imgix-plugin': 'x' }, 400, 'x-imgix-plugin'],
    ['an x-amz header that is not signed', { 'x-amz-acl': 'public-read' }, 403, 'were not signed: x-amz-acl'],
  ])('%s', async (_, headers, status, message) => {
    const emulator = await emulate()
    const reply = await put(await sdkUrl(emulator, 'a.png'), headers as Record<string, string>)
    expect(reply.status).toBe(status)
    expect(reply.text).toContain(message)
  })

  test('a body without a length', async () => {
    const emulator = await emulate()
    const body = new Blob(['bytes']).stream()
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit
    const reply = await replyOf(await fetch(await sdkUrl(emulator, 'a.png'), init))
    expect(reply.status).toBe(501)
    expect(reply.text).toContain('<Code>NotImplemented</Code>')
  })
})
