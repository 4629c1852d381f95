import { expect, test } from 'vitest'
import { call, emulate, replyOf } from '../helpers/emulator.ts'

const put = async (url: string) => replyOf(await fetch(url, { method: 'PUT', body: 'bytes' }))

test.each([
  ['explicit', ['create/img/a.png', 'status/ID', 'close/ID']],
  ['plain', ['img/a.png', 'ID', 'ID']],
] as const)('the whole flow in its %s form', async (sessionForms, [create, status, close]) => {
  const emulator = await emulate({ sessionForms })
  const created = await call(emulator, 'POST', `/upload-sessions/${create}`)
  const { id, attributes } = created.json.data
  const { url, ...rest } = attributes
  expect(created.json.data.type).toBe('asset_uploads')
  expect(rest).toEqual({
    date_created: expect.any(Number),
    date_expires: rest.date_created + 28_800,
    date_modified: rest.date_created,
    id,
    origin_path: '/img/a.png',
    source_id: emulator.sourceId,
    status: 'PENDING',
  })
  expect((await put(url)).status).toBe(200)
  expect((await call(emulator, 'GET', '/assets/img/a.png')).status).toBe(404)
  const path = (form: string) => `/upload-sessions/${form.replace('ID', id)}`
  const looked = (await call(emulator, 'GET', path(status))).json.data.attributes
  expect([looked.status, looked.url]).toEqual(['PENDING', undefined])
  expect((await call(emulator, 'POST', path(close))).json.data.attributes.status).toBe('CLOSED')
  expect((await call(emulator, 'GET', path(status))).json.data.attributes.status).toBe('COMPLETE')
  expect((await call(emulator, 'POST', path(close))).json.data.attributes.status).toBe('COMPLETE')
  expect((await call(emulator, 'GET', '/assets/img/a.png')).json.data.attributes.uploaded_by_api).toBe(true)
  expect((await put(url)).status).toBe(403)
})

test('an API that knows only the plain form takes the explicit one for an origin path', async () => {
  const emulator = await emulate({ sessionForms: 'plain' })
  const { json } = await call(emulator, 'POST', '/upload-sessions/create/img/a.png')
  expect(json.data.attributes.origin_path).toBe('/create/img/a.png')
  const stray = await call(emulator, 'POST', `/upload-sessions/close/${json.data.id}`)
  expect(stray.json.data.attributes).toMatchObject({ origin_path: `/close/${json.data.id}`, status: 'PENDING' })
  expect((await call(emulator, 'DELETE', `/upload-sessions/cancel/${json.data.id}`)).status).toBe(405)
})

test('an API that knows only the explicit form has no plain one', async () => {
  const emulator = await emulate({ sessionForms: 'explicit' })
  expect((await call(emulator, 'POST', '/upload-sessions/img/a.png')).status).toBe(404)
})

test('a session that was canceled takes no bytes and cannot be closed', async () => {
  const emulator = await emulate()
  const { id, attributes } = (await call(emulator, 'POST', '/upload-sessions/create/a.png')).json.data
  expect((await call(emulator, 'DELETE', `/upload-sessions/cancel/${id}`)).json.data.attributes.status).toBe('CANCELED')
  expect((await put(attributes.url)).text).toContain('<Code>AccessDenied</Code>')
  expect((await call(emulator, 'POST', `/upload-sessions/close/${id}`)).status).toBe(409)
  expect([...emulator.sessions.values()]).toMatchObject([{ id, originPath: 'a.png', status: 'CANCELED' }])
})

test('a session that is closed without bytes leaves no object', async () => {
  const emulator = await emulate()
  const { id } = (await call(emulator, 'POST', '/upload-sessions/create/a.png')).json.data
  expect((await call(emulator, 'POST', `/upload-sessions/close/${id}`)).json.data.attributes.status).toBe('CLOSED')
  expect([emulator.objects.size, emulator.assets.size]).toEqual([0, 0])
})

test('a URL dies with its lifetime, and its session closes', async () => {
  const emulator = await emulate({ urlLifetimeMs: 30 })
  const { id, attributes } = (await call(emulator, 'POST', '/upload-sessions/create/a.png')).json.data
  await expect.poll(() => Date.now()).toBeGreaterThan((emulator.sessions.get(id)?.expiresAt ?? 0) + 1)
  const reply = await put(attributes.url)
  expect(reply.status).toBe(403)
  expect(reply.text).toContain('Request has expired')
  const status = await call(emulator, 'GET', `/upload-sessions/status/${id}`)
  expect(status.json.data.attributes.status).toBe('CLOSED')
})

test.each([
  [true, 409],
  [false, 200],
])('a session for a path that exists, sessionRefusesExisting %s', async (sessionRefusesExisting, status) => {
  const emulator = await emulate({ sessionRefusesExisting })
  emulator.put('a.png', 'old')
  expect((await call(emulator, 'POST', '/upload-sessions/create/a.png')).status).toBe(status)
})

test('a session takes no document but {}', async () => {
  const emulator = await emulate()
  expect((await call(emulator, 'POST', '/upload-sessions/create/a.png', { body: {} })).status).toBe(200)
  expect((await call(emulator, 'POST', '/upload-sessions/create/a.png', { body: 'bytes' })).status).toBe(400)
})

test('the transcript leaves out what is secret in a presigned URL', async () => {
  const emulator = await emulate()
  await put((await call(emulator, 'POST', '/upload-sessions/create/a%20b.png')).json.data.attributes.url)
  expect(emulator.transcript).toEqual([
    `POST /api/v1/sources/${emulator.sourceId}/upload-sessions/create/a%20b.png -> 200`,
    `PUT /bucket/${emulator.sourceId}/a%20b.png -> 200`,
  ])
})

test('presigned URLs of another storage', async () => {
  const emulator = await emulate({ storageUrl: 'https://storage.invalid:8443' })
  const { json } = await call(emulator, 'POST', '/upload-sessions/create/a.png')
  expect(json.data.attributes.url).toMatch(/^https:\/\/storage\.invalid:8443\/bucket\/\w+\/a\.png\?X-Amz-/)
})
