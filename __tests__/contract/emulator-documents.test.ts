import { describe, expect, test } from 'vitest'
import { call, emulate } from '../helpers/emulator.ts'

describe('assets', () => {
  test('a list is paged by a cursor of strings under meta', async () => {
    const emulator = await emulate()
    for (const name of ['a', 'b', 'c']) emulator.put(`${name}.png`, name)
    const first = await call(emulator, 'GET', '/assets?page[limit]=2&fields[assets]=origin_path')
    expect(first.json.meta.cursor).toEqual({
      current: '0',
      estimatedRecords: null,
      hasMore: true,
      next: '2',
      totalRecords: '3',
    })
    expect(first.json.data.map((each: { attributes: unknown }) => each.attributes)).toEqual([
      { origin_path: '/a.png' },
      { origin_path: '/b.png' },
    ])
    const second = await call(emulator, 'GET', '/assets?page%5Bcursor%5D=2&page%5Blimit%5D=2')
    expect(second.json.meta.cursor).toMatchObject({ current: '2', hasMore: false, next: null })
    expect(second.json.data).toHaveLength(1)
  })

  test('the total stops at 1001 and a page at 100', async () => {
    const emulator = await emulate()
    for (let each = 0; each < 1100; each += 1) emulator.put(`${each}.png`, '')
    const { json } = await call(emulator, 'GET', '/assets?page[limit]=500')
    expect([json.data.length, json.meta.cursor.totalRecords]).toEqual([100, '1001'])
  })

  test('PATCH keeps what is absent and replaces objects whole', async () => {
    const emulator = await emulate()
    emulator.put('a.png', 'x')
    const id = `${emulator.sourceId}/a.png`
    const patch = (attributes: unknown) =>
      call(emulator, 'PATCH', '/assets/a.png', { body: { data: { type: 'assets', id, attributes } } })
    await patch({ categories: ['x'], custom_fields: { a: '1', b: '2' } })
    const { json } = await patch({ custom_fields: { b: '3' } })
    expect(json.data.attributes).toMatchObject({ categories: ['x'], custom_fields: { b: '3' } })
    expect((await patch({ file_size: 1 })).status).toBe(400)
    expect((await patch({ tags: ['x'] })).status).toBe(400)
    const other = { data: { type: 'assets', id: 'other', attributes: {} } }
    expect((await call(emulator, 'PATCH', '/assets/a.png', { body: other })).status).toBe(400)
  })

  test('add answers 202 and nothing else', async () => {
    const emulator = await emulate()
    const reply = await call(emulator, 'POST', '/assets/add/a.png', { body: {} })
    expect([reply.status, reply.text]).toEqual([202, ''])
  })
})

test('a Source carries its secrets, and allows_upload only when it is known', async () => {
  const emulator = await emulate({
    source: { allowsUpload: null, secureUrlToken: 't0ken', customDomains: ['img.example.com'] },
  })
  const { json } = await call(emulator, 'GET', '')
  expect(json.data).toMatchObject({
    type: 'sources',
    id: emulator.sourceId,
    attributes: {
      secure_url_token: 't0ken',
      deployment: {
        type: 's3',
        s3_access_key: expect.any(String),
        imgix_subdomains: ['assets-demo'],
        custom_domains: ['img.example.com'],
      },
    },
  })
  expect(json.data.attributes.deployment).not.toHaveProperty('allows_upload')
  const list = await call(
    emulator,
    'GET',
    '/api/v1/sources?page[number]=0&page[size]=1&fields[sources]=name,deployment.type',
  )
  expect(list.json.data[0].attributes).toEqual({ name: 'Emulated Source', deployment: { type: 's3' } })
  expect(list.json.meta.pagination).toMatchObject({ currentPage: 0, hasNextPage: false, totalRecords: 1 })
})
