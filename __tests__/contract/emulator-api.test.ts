import { expect, test } from 'vitest'
import { accountTag } from '../../emulator/documents.ts'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { call, emulate, purgeDocument } from '../helpers/emulator.ts'

const url = 'https://assets-demo.imgix.net/a.png'
const image = { body: 'bytes', headers: { 'content-type': 'image/png' } }

type Row = [name: string, status: number, method: string, path: string, more?: Parameters<typeof call>[3]]
const rows: Row[] = [
  ['another key', 401, 'GET', '', { headers: { authorization: 'Bearer ak_other' } }],
  ['no key', 401, 'GET', '', { headers: { authorization: '' } }],
  ['another scheme', 401, 'GET', '', { headers: { authorization: 'bearer ak_emulator_0123456789abcdef' } }],
  ['an unknown Source', 404, 'GET', '/api/v1/sources/0000'],
  ['an unknown route', 404, 'GET', '/folders'],
  ['another version', 404, 'GET', '/api/v2/sources'],
  ['a wrong method', 405, 'GET', '/upload/a.png'],
  ['a wrong method on an asset', 405, 'POST', '/assets/a.png', { body: {} }],
  ['an upload of nothing', 404, 'POST', '/upload', image],
  ['an empty segment', 400, 'POST', '/upload//a.png', image],
  ['a trailing slash', 400, 'POST', '/upload/a/', image],
  ['bad percent-encoding', 400, 'POST', '/upload/50%.png', image],
  ['bytes that are no UTF-8', 400, 'POST', '/upload/%e9.png', image],
  ['an encoded slash', 400, 'POST', '/upload/a%2Fb.png', image],
  ['a character that must be encoded', 400, 'POST', '/upload/a|b.png', image],
  [
    'an upload as a form',
    400,
    'POST',
    '/upload/a.png',
    { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
  ],
  ['an asset that is not there', 404, 'GET', '/assets/none.png'],
  ['a page that is no number', 400, 'GET', '/assets?page[cursor]=x'],
  ['a page of nothing', 400, 'GET', '/assets?page[limit]=0'],
  ['a refresh of what is not there', 404, 'POST', '/assets/refresh/none.png', { body: {} }],
  ['a session that is not there', 404, 'GET', '/upload-sessions/status/none'],
  ['a purge without a document', 400, 'POST', '/api/v1/purge'],
  [
    'a purge as plain JSON',
    400,
    'POST',
    '/api/v1/purge',
    { body: purgeDocument({ url }), headers: { 'content-type': 'application/json' } },
  ],
  ['a purge of another type', 400, 'POST', '/api/v1/purge', { body: { data: { type: 'purge', attributes: { url } } } }],
  [
    'a purge that is no JSON',
    400,
    'POST',
    '/api/v1/purge',
    { body: '{', headers: { 'content-type': 'application/vnd.api+json' } },
  ],
  ['a purge without a URL', 400, 'POST', '/api/v1/purge', { body: purgeDocument({}) }],
  ['a purge over http', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url: url.replace('https', 'http') }) }],
  ['a purge of a path', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url: '/a.png' }) }],
  [
    'a purge elsewhere',
    400,
    'POST',
    '/api/v1/purge',
    { body: purgeDocument({ url: 'https://other.imgix.net/a.png' }) },
  ],
  ['a purge with a raw space', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url: `${url} b` }) }],
  ['a purge with a raw ä', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url: `${url}ä` }) }],
  ['a purge with a fragment', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url: `${url}#b` }) }],
  ['a sub-image without a Source', 400, 'POST', '/api/v1/purge', { body: purgeDocument({ url, sub_image: true }) }],
  [
    'a sub-image of another Source',
    404,
    'POST',
    '/api/v1/purge',
    { body: purgeDocument({ url, sub_image: true, source_id: '0' }) },
  ],
]
test.each(rows)('%s is refused with %i', async (_, status, method, path, more) => {
  const emulator = await emulate()
  const reply = await call(emulator, method, path, more)
  expect(reply.status).toBe(status)
  expect(reply.error).toMatchObject({ status: String(status), id: expect.stringMatching(/^[0-9a-f]{32}$/), meta: {} })
  expect(reply.json.data).toBeUndefined()
  expect([emulator.objects.size, emulator.purges]).toEqual([0, []])
})

test.each([
  ['sources', 'GET', '', 'browse'],
  ['browse', 'GET', '/assets', 'purge'],
  ['edit', 'POST', '/upload/a.png', 'browse'],
  ['edit', 'POST', '/upload-sessions/create/a.png', 'browse'],
  ['purge', 'POST', '/api/v1/purge', 'edit'],
  ['purge', 'POST', '/upload/a.png?overwrite=true', 'edit'],
] as const)('without %s, %s %s is refused', async (_, method, path, permission) => {
  const emulator = await emulate({ permissions: [permission] })
  const { status, error } = await call(emulator, method, path, method === 'POST' ? image : {})
  expect([status, error.title, error.detail]).toEqual([403, 'Forbidden', 'API key is missing required permissions.'])
})

test('edit includes browse', async () => {
  const emulator = await emulate({ permissions: ['edit'] })
  expect((await call(emulator, 'GET', '/assets')).status).toBe(200)
})

test.each([
  ['a Web Folder', { source: { type: 'webfolder' } }, 'not supported'],
  ['a Web Proxy', { source: { type: 'webproxy' } }, 'not supported'],
  ['a Source without upload_credentials', { source: { allowsUpload: false } }, 'upload_credentials'],
] satisfies [string, EmulatorOptions, string][])(
  '%s takes neither uploads nor sessions',
  async (_, options, detail) => {
    const emulator = await emulate(options)
    for (const path of ['/upload/a.png', '/upload-sessions/create/a.png']) {
      const { status, error } = await call(emulator, 'POST', path, path.startsWith('/upload/') ? image : {})
      expect([status, error.detail]).toEqual([400, expect.stringContaining(detail)])
    }
  },
)

test('Azure takes 30 MB and no sessions', async () => {
  const emulator = await emulate({ source: { type: 'azure' } })
  const upload = (bytes: number) => call(emulator, 'POST', `/upload/${bytes}.bin`, { body: 'x'.repeat(bytes) })
  expect((await upload(30_000_000)).status).toBe(200)
  expect((await upload(30_000_001)).status).toBe(413)
  expect((await call(emulator, 'POST', '/upload-sessions/create/a.png')).status).toBe(400)
})

test('an S3 Source takes 50 MB directly', async () => {
  const emulator = await emulate({ keepBodies: false, hashBodies: false })
  const upload = (bytes: number) => call(emulator, 'POST', `/upload/${bytes}.bin`, { body: 'x'.repeat(bytes) })
  expect((await upload(50_000_000)).status).toBe(200)
  expect((await upload(50_000_001)).status).toBe(413)
  expect([...emulator.objects.values()]).toMatchObject([{ bytes: 50_000_000, sha256: '', body: undefined }])
})

test('an upload is an asset at once, and its answer is that of a GET', async () => {
  const emulator = await emulate()
  const uploaded = await call(emulator, 'POST', '/upload/sub/a%20b.png', image)
  const got = await call(emulator, 'GET', '/assets/sub/a%20b.png')
  expect(uploaded.json.data).toEqual(got.json.data)
  expect(got.json).toMatchObject({
    data: {
      type: 'assets',
      id: `${emulator.sourceId}/sub/a b.png`,
      attributes: {
        origin_path: '/sub/a b.png',
        file_size: 5,
        content_type: 'image/png',
        uploaded_by_api: true,
        custom_fields: null,
      },
    },
    included: [],
    jsonapi: { version: '1.0' },
    meta: { authentication: { tag: accountTag }, server: { version: '3.120.0' } },
  })
})

test.each([
  [true, 200, 'new!!'],
  [false, 409, 'bytes'],
])('overwrite=true where the API knows it: %s', async (overwrite, status, body) => {
  const emulator = await emulate({ overwrite })
  await call(emulator, 'POST', '/upload/a.png', image)
  expect((await call(emulator, 'POST', '/upload/a.png', image)).status).toBe(409)
  expect((await call(emulator, 'POST', '/upload/a.png?overwrite=true', { ...image, body: 'new!!' })).status).toBe(
    status,
  )
  expect(emulator.objects.get('a.png')?.body?.toString()).toBe(body)
})

const purgeIt = (emulator: Emulator, attributes: Record<string, unknown> = { url }) =>
  call(emulator, 'POST', '/api/v1/purge', { body: purgeDocument(attributes) })

test('a purge answers with its id, the same URL again with 409; both are in order', async () => {
  const emulator = await emulate({ source: { customDomains: ['img.example.com'] } })
  const first = await purgeIt(emulator)
  expect(first.json.data).toEqual({
    type: 'purges',
    id: first.json.data.id,
    attributes: { purge_id: first.json.data.id },
  })
  const spelt = await purgeIt(emulator, { url: `${url.replace('a.png', '%61.png')}?w=1` })
  expect([spelt.status, spelt.error.title]).toEqual([409, 'Conflict'])
  const sub = { url: 'https://img.example.com/logo.png', sub_image: true, source_id: emulator.sourceId }
  expect((await purgeIt(emulator, sub)).status).toBe(200)
  expect(emulator.purges.map(({ status, subImage }) => [status, subImage])).toEqual([
    [200, false],
    [409, false],
    [200, true],
  ])
})

test.each([
  [true, 409],
  [false, 200],
])('a purge right after an overwrite, overwritePurges %s', async (overwritePurges, status) => {
  const emulator = await emulate({ overwritePurges })
  emulator.put('a.png', 'old')
  await call(emulator, 'POST', '/upload/a.png?overwrite=true', image)
  expect((await purgeIt(emulator)).status).toBe(status)
  expect(emulator.objects.get('a.png')?.storedAt).toBeLessThan(emulator.purges[0]?.sequence ?? 0)
})

test('an upload over the limit is a violation and stores nothing', async () => {
  const emulator = await emulate({ rateLimits: 'documented' })
  const replies = await Promise.all([1, 2, 3].map((each) => call(emulator, 'POST', `/upload/${each}.png`, image)))
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 429])
  expect([emulator.violations, emulator.objects.size]).toEqual([1, 2])
  expect(replies.find(({ status }) => status === 429)?.headers.has('retry-after')).toBe(false)
})
