import { expect, test } from 'vitest'
import { call, emulate } from '../helpers/emulator.ts'
import { CSV, record } from '../helpers/reports.ts'

const LIST = '/api/v1/reports'

async function filled(options = {}) {
  const emulator = await emulate(options)
  for (const day of ['2026-11-19', '2026-11-21', '2026-11-20']) emulator.reports.push(record(day))
  emulator.reports.push(record('2026-11-21', { type: 'mild_errors', completed: false }))
  return emulator
}

const keysOf = (json: { data: { attributes: { report_key: string } }[] }): string[] =>
  json.data.map(({ attributes }) => attributes.report_key)

test("a list is sorted, filtered and thinned out, as in imgix's example", async () => {
  const emulator = await filled()
  const query = 'sort=-period_end&fields[reports]=report_key,files&filter[report_type]=cdn_logs'
  const { json } = await call(emulator, 'GET', `${LIST}?${query}`)
  expect(keysOf(json)).toEqual(['cdn_logs_20261121', 'cdn_logs_20261120', 'cdn_logs_20261119'])
  expect(Object.keys(json.data[0].attributes).sort()).toEqual(['files', 'report_key'])
  expect(json.data[0]).toMatchObject({ id: 'id-cdn_logs_20261121', type: 'reports' })
})

test('a filter finds part of a type, and one that nobody knows is ignored', async () => {
  const emulator = await filled()
  const count = async (filter: string) => (await call(emulator, 'GET', `${LIST}?${filter}`)).json.data.length
  expect(await count('filter[report_type]=logs')).toBe(3)
  expect(await count('filter[completed]=false')).toBe(1)
  expect(await count('filter[period]=x')).toBe(4)
})

test('the first of several sorts counts most', async () => {
  const { json } = await call(await filled(), 'GET', `${LIST}?sort=-period_start,report_type`)
  expect(keysOf(json).slice(0, 2)).toEqual(['cdn_logs_20261121', 'mild_errors_20261121'])
})

test('pages have numbers from 0', async () => {
  const emulator = await filled()
  const first = await call(emulator, 'GET', `${LIST}?page[size]=3`)
  expect(first.json.meta.pagination).toEqual({
    ...{ currentPage: 0, hasNextPage: true, hasPreviousPage: false, nextPage: 1, pageSize: 3, previousPage: 0 },
    ...{ totalPages: 2, totalRecords: 4 },
  })
  const second = await call(emulator, 'GET', `${LIST}?page[number]=1&page[size]=3`)
  expect([second.json.data.length, second.json.meta.pagination.hasNextPage]).toEqual([1, false])
})

test.each([
  ['a report that is not there', '/none', 404],
  ['a sort that is none', '?sort=files', 400],
  ['a page that is none', '?page[number]=-1', 400],
])('%s', async (_, path, status) => {
  expect((await call(await filled(), 'GET', `${LIST}${path}`)).status).toBe(status)
})

test('reports need a permission of their own', async () => {
  const emulator = await filled({ permissions: ['sources', 'purge', 'edit'] })
  expect((await call(emulator, 'GET', LIST)).status).toBe(403)
})

test('a report that is not complete has no files', async () => {
  const { json } = await call(await filled(), 'GET', `${LIST}/id-mild_errors_20261121`)
  expect(json.data.attributes).toMatchObject({ completed: false, files: [] })
})

async function fileOf(options = {}): Promise<string> {
  const { json } = await call(await filled(options), 'GET', `${LIST}/id-cdn_logs_20261121`)
  return json.data.attributes.files[0]
}

test('its URLs lead to its files, for a while and for nobody who says twice who asks', async () => {
  const url = await fileOf()
  const status = async (target: string, init = {}) => (await fetch(target, init)).status
  expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(CSV)
  expect(await status(url, { headers: { authorization: 'Bearer x' } })).toBe(400)
  expect(await status(url, { headers: { 'x-imgix-plugin': 'x' } })).toBe(400)
  expect(await status(url, { method: 'POST' })).toBe(405)
  expect(await status(url.replace('part-1', 'part-2'))).toBe(403)
  expect(await status(url.replace(/Expires=\d+/, 'Expires=9999999999999'))).toBe(403)
  const expired = await fetch(await fileOf({ urlLifetimeMs: 0 }))
  expect([expired.status, await expired.text()]).toEqual([400, expect.stringContaining('<Code>ExpiredToken</Code>')])
})

test('a body that stalls', async () => {
  const emulator = await filled()
  emulator.fault({ on: { path: /part-1/ }, do: { stallAnswer: 4 } })
  const { json } = await call(emulator, 'GET', `${LIST}/id-cdn_logs_20261121`)
  const { body } = await fetch(json.data.attributes.files[0])
  const reader = body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('path')
  await reader?.cancel()
})
