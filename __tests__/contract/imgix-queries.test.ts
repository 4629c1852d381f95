import { expect, test } from 'vitest'
import type { AssetQuery } from '../../src/imgix/asset-attributes.ts'
import { getAsset, listAssets, refreshAsset } from '../../src/imgix/assets.ts'
import { createTestClient, dataDocument, SOURCE_ID } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'

test.each<[string, AssetQuery, string]>([
  ['nothing', {}, ''],
  ['a range', { filter: { face_count: '1:3' } }, '?filter[face_count]=1:3'],
  [
    'a range from, and one to',
    { filter: { warning_adult: '3:', warning_racy: ':2' } },
    '?filter[warning_adult]=3:&filter[warning_racy]=:2',
  ],
  ['a number', { filter: { face_count: 0 } }, '?filter[face_count]=0'],
  ['true and false', { filter: { has_frames: false } }, '?filter[has_frames]=false'],
  ['a custom field with a value', { filter: { 'custom:SKU': '12:34' } }, '?filter[custom:SKU]=12:34'],
  ['a custom field with any value', { filter: { 'custom:SKU': '' } }, '?filter[custom:SKU]='],
  [
    'a custom field whose name and value a URL gives a meaning',
    { filter: { 'custom:Dog [name]&=': 'a&b=c#d+e ä%' } },
    '?filter[custom:Dog%20%5Bname%5D%26%3D]=a%26b%3Dc%23d%2Be%20%C3%A4%25',
  ],
  ['several categories', { filter: { categories: ['a b', 'c,d'] } }, '?filter[categories]=a%20b,c%2Cd'],
  [
    'sorts and nested fields, in the order that they are written in',
    { fields: ['origin_path', 'colors.dominant_colors'], sort: ['-file_size', 'date_created'] },
    '?fields[assets]=origin_path,colors.dominant_colors&sort=-file_size,date_created',
  ],
  ['the page first', { sort: ['file_size'], page: { limit: 5 } }, '?page[limit]=5&sort=file_size'],
  ['a cursor that is no number', { page: { cursor: 'a&b' } }, '?page[cursor]=a%26b'],
])('a list by %s', async (_, query, written) => {
  expect(await requested(query)).toBe(written)
})

test.each<[string, AssetQuery, string]>([
  // @ts-expect-error
  ['a range that is none', { filter: { face_count: 'many' } }, '?filter[face_count]=many'],
  // @ts-expect-error
  ['a filter that imgix would ignore', { filter: { orign_path: 'a' } }, '?filter[orign_path]=a'],
  // @ts-expect-error
  ['a page number of a list that has cursors', { page: { number: 1 } }, ''],
  // @ts-expect-error
  ['a sort that the reference does not have', { sort: ['name'] }, '?sort=name'],
  // @ts-expect-error
  ['an attribute of others', { fields: ['secure_url_token'] }, '?fields[assets]=secure_url_token'],
])('%s is for the compiler to refuse', async (_, query, written) => {
  expect(await requested(query)).toBe(written)
})

test('a word that is newer than the reference', async () => {
  expect(await requested({ filter: { media_kind: 'VIDEO' } })).toBe('?filter[media_kind]=VIDEO')
})

test('one asset with some of its attributes', async () => {
  const server = await listen((_seen, response) => response.end('{"data":{"attributes":{"name":null}}}'))
  const place = { sourceId: SOURCE_ID, originPath: 'a b.png' }
  const asset = await getAsset(createTestClient({ apiUrl: server.url }), place, { fields: ['name', 'tags.Dog'] })
  expect(asset).toEqual({ id: '', type: '', attributes: { name: null } })
  expect(server.seen.map(({ request }) => request)).toEqual([
    `GET /api/v1/sources/${SOURCE_ID}/assets/a%20b.png?fields[assets]=name,tags.Dog`,
  ])
})

test.each([
  ['nothing', ''],
  ['an asset without a path', dataDocument('assets', `${SOURCE_ID}/a.png`, { origin_path: null })],
])('an answer that holds %s has no asset', async (_, answer) => {
  const server = await listen((_seen, response) => response.end(answer))
  const place = { sourceId: SOURCE_ID, originPath: 'a.png' }
  expect((await refreshAsset(createTestClient({ apiUrl: server.url }), place)).asset).toBeUndefined()
})

/** @returns the query with which assets are listed */
async function requested(query: AssetQuery): Promise<string> {
  const server = await listen((_seen, response) => response.end('{"data":[]}'))
  const client = createTestClient({ apiUrl: server.url })
  for await (const _ of listAssets(client, { sourceId: SOURCE_ID }, query)) throw new Error('an empty page')
  expect(server.seen).toHaveLength(1)
  return String(server.seen[0]?.request.slice(`GET /api/v1/sources/${SOURCE_ID}/assets`.length))
}
