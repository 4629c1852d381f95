import { createHash } from 'node:crypto'
import { rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { compareWithList, type ListingSettings, readRecord } from '../../src/plan/listing.ts'
import { emulate } from '../helpers/emulator.ts'
import { identityOf } from '../helpers/plan.ts'
import { apiOf } from '../helpers/sync.ts'
import { createTree } from '../helpers/tree.ts'

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex')
const recordOf = (content: string): string => `sha256:${sha256(content)}`
const never = new AbortController().signal

/** Puts an asset at the Source with this in the field of the record. */
function seed(imgix: Emulator, path: string, content: string, record?: unknown): void {
  imgix.put(path, content)
  const { updatable } = imgix.assets.get(path) ?? {}
  if (updatable && record !== undefined) updatable.custom_fields = { 'Dog name': 'Luke', 'imgix-sync': record }
}

async function listingOf(
  imgix: Emulator,
  files: Record<string, string>,
  more: Partial<ListingSettings> & { root?: string } = {},
) {
  const { root = createTree(files), ...settings } = more
  const local = Object.keys(files).map((path) => ({
    originPath: path,
    absolutePath: join(root, path),
    identity: identityOf(join(root, path)),
    bytes: Buffer.byteLength(String(files[path])),
  }))
  const defaults = { isOurs: () => true, withAttributes: false, signal: never, onListed: () => {} }
  return compareWithList(apiOf(imgix), local, { ...defaults, ...settings })
}

const BYTES = 'the Source holds other bytes'
const NOT_ENDED = 'its last upload or purge did not end'
const SIZE = 'the Source holds another size'
const NO_RECORD = 'the Source has no record of its bytes'

describe('a file stands to the asset at its path', () => {
  test.each([
    [
      'the same size and record',
      'abc',
      'abc',
      recordOf('abc'),
      'present',
      'unchanged: the Source holds these bytes',
      [true, true],
    ],
    [
      'an empty one, recorded',
      '',
      '',
      recordOf(''),
      'present',
      'unchanged: the Source holds these bytes',
      [true, true],
    ],
    ['the same size, the record of other bytes', 'abc', 'xyz', recordOf('xyz'), 'modified', BYTES, [false, true]],
    ['another size than the record', 'abc', 'abcd', recordOf('abc'), 'modified', SIZE, [false, true]],
    ['another size, no record', 'abc', 'abcd', undefined, 'modified', SIZE, [false, false]],
    ['the same size, no record', 'abc', 'abc', undefined, 'present', NO_RECORD, [false, false]],
    ['an upload that was not recorded to its end', 'abc', 'abc', 'uploading', 'modified', NOT_ENDED, [false, true]],
    ['a record in upper case', 'abc', 'abc', recordOf('abc').toUpperCase(), 'modified', BYTES, [false, true]],
    ['a record that is no text', 'abc', 'abc', 7, 'modified', BYTES, [false, true]],
    ['a record of null', 'abc', 'abc', null, 'modified', BYTES, [false, true]],
  ])('%s', async (_, local, stored, record, change, reason, [isUnchanged, hasRecord]) => {
    const imgix = await emulate()
    seed(imgix, 'a.png', stored, record)
    const { comparisons, onlyAtSource, files } = await listingOf(imgix, { 'a.png': local })
    expect(comparisons.get('a.png')).toMatchObject({ change, reason, isUnchanged, hasRecord })
    expect([comparisons.size, onlyAtSource, files]).toEqual([1, [], 1])
  })

  test('none: it has no comparison', async () => {
    const { comparisons, hasRecords } = await listingOf(await emulate(), { 'a.png': 'x' })
    expect([comparisons.size, hasRecords]).toEqual([0, false])
  })

  test.each([
    ['another asset has a record', recordOf('x'), true],
    ['another asset has none', undefined, false],
  ])('none, though %s', async (_, record, expected) => {
    const imgix = await emulate()
    seed(imgix, 'other.png', 'x', record)
    expect(await listingOf(imgix, { 'a.png': 'x' })).toMatchObject({ hasRecords: expected })
  })

  test('only by its whole path, to the letter', async () => {
    const imgix = await emulate()
    for (const path of ['A.png', 'x/a.png', 'a.png/x', 'e\u0301.png']) seed(imgix, path, 'x', recordOf('x'))
    const { comparisons, onlyAtSource } = await listingOf(imgix, { 'a.png': 'x', '\u00e9.png': 'x' })
    expect([comparisons.size, onlyAtSource]).toEqual([0, ['A.png', 'a.png/x', 'e\u0301.png', 'x/a.png']])
  })
})

test('what only the Source has counts where it is ours', async () => {
  const imgix = await emulate()
  for (const path of ['z.png', 'b.png', 'other.txt']) seed(imgix, path, 'x')
  const { onlyAtSource } = await listingOf(imgix, { 'a.png': 'x' }, { isOurs: (path) => path.endsWith('.png') })
  expect(onlyAtSource).toEqual(['b.png', 'z.png'])
})

test.each([
  ['sizes and custom fields alone', false, 'origin_path,file_size,custom_fields'],
  [
    'with attributes to compare, those too',
    true,
    'origin_path,file_size,custom_fields,categories,description,name,tags',
  ],
])('the list is asked for %s, 100 at a time', async (_, withAttributes, fields) => {
  const imgix = await emulate()
  for (let at = 0; at < 101; at += 1) seed(imgix, `${at}.png`, 'x')
  const listed: number[] = []
  await listingOf(imgix, {}, { withAttributes, onListed: (assets) => listed.push(assets) })
  const query = `page[limit]=100&sort=date_created&fields[assets]=${fields}`
  const list = `GET /api/v1/sources/${imgix.sourceId}/assets`
  expect(imgix.transcript).toEqual([`${list}?${query} -> 200`, `${list}?page[cursor]=100&${query} -> 200`])
  expect(listed).toEqual([100, 101])
})

test('an asset keeps what was listed of it, for a merge', async () => {
  const imgix = await emulate()
  seed(imgix, 'a.png', 'x', recordOf('x'))
  const { comparisons } = await listingOf(imgix, { 'a.png': 'x' }, { withAttributes: true })
  expect(comparisons.get('a.png')?.asset).toMatchObject({
    customFields: { 'Dog name': 'Luke', 'imgix-sync': recordOf('x') },
    categories: [],
    tags: {},
  })
})

test.each([
  ['none', 'abc', undefined, false],
  ['a record of these bytes', 'abc', recordOf('abc'), true],
  ['a record of others', 'abc', recordOf('xyz'), true],
  ['others beside, and another size', 'abcd', 'x', true],
])('whether an asset has custom fields is known without its attributes: %s', async (_, stored, recorded, expected) => {
  const imgix = await emulate()
  seed(imgix, 'a.png', stored, recorded)
  const { comparisons } = await listingOf(imgix, { 'a.png': 'abc' })
  expect(comparisons.get('a.png')).toMatchObject({ hasFields: expected, asset: undefined })
})

test('a list that repeats an asset counts it once', async () => {
  const imgix = await emulate()
  const asset = (path: string) => ({ type: 'assets', id: path, attributes: { origin_path: path, file_size: 1 } })
  const body = JSON.stringify({
    data: [asset('/b.png'), asset('/a.png'), asset('/b.png'), asset('/a.png')],
    meta: { cursor: { hasMore: false } },
  })
  imgix.fault({ on: { method: 'GET' }, do: { answerBody: { body } } })
  const { comparisons, onlyAtSource } = await listingOf(imgix, { 'a.png': 'x' })
  expect([[...comparisons.keys()], onlyAtSource]).toEqual([['a.png'], ['b.png']])
})

test('files that can not be hashed are not unchanged', async () => {
  const imgix = await emulate()
  for (const path of ['gone.png', 'cut.png', 'ok.png']) seed(imgix, path, 'abc', recordOf('abc'))
  const files = { 'gone.png': 'abc', 'cut.png': 'abc', 'ok.png': 'abc' }
  const root = createTree(files)
  rmSync(join(root, 'gone.png'))
  truncateSync(join(root, 'cut.png'), 1)
  const { comparisons } = await listingOf(imgix, files, { root })
  expect([...comparisons].map(([path, { isUnchanged }]) => [path, isUnchanged])).toEqual([
    ['gone.png', false],
    ['cut.png', false],
    ['ok.png', true],
  ])
  expect(statSync(join(root, 'ok.png')).size).toBe(3)
})

describe('what ends it', () => {
  async function failing(options: EmulatorOptions, more: Partial<ListingSettings> = {}): Promise<unknown> {
    const imgix = await emulate(options)
    for (let at = 0; at < 3; at += 1) seed(imgix, `${at}.png`, 'x', recordOf('x'))
    return listingOf(imgix, { '0.png': 'x', '1.png': 'x' }, more).catch((cause) => cause)
  }

  test('a key that may not browse', async () => {
    const error = (await failing({ permissions: ['sources', 'purge'] })) as ImgixError
    expect(error).toBeInstanceOf(ImgixError)
    expect([error.status, error.permission]).toEqual([403, 'Asset Manager Browse'])
  })

  test('a page that fails: no file is hashed any more', async () => {
    const imgix = await emulate({ listLimit: 100 })
    const files = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`${at}.png`, 'x']))
    for (const path of Object.keys(files)) seed(imgix, path, 'x', recordOf('x'))
    imgix.fault({ on: { path: /\/assets$/ }, after: 1, do: { answer: { status: 400 } } })
    const error = await listingOf(imgix, files).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect(error.status).toBe(400)
  })

  test('a cancellation between pages, without another request', async () => {
    const controller = new AbortController()
    const reason = new Error('the run was cancelled')
    const onListed = (): void => controller.abort(reason)
    expect(await failing({ listLimit: 1 }, { onListed, signal: controller.signal })).toBe(reason)
  })
})

test.each([
  [{ 'imgix-sync': 'x' }, 'x'],
  [{ 'imgix-sync': '' }, ''],
  [{ 'imgix-sync': 1 }, ''],
  [{ 'Imgix-Sync': 'x' }, undefined],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
  ['imgix-sync', undefined],
  [JSON.parse('{"__proto__":{"imgix-sync":"x"}}'), undefined],
])('the record in %j', (customFields, expected) => {
  expect(readRecord({ customFields })).toBe(expected)
})

test('a list that leaves sizes out: nothing is unchanged, and that is the reason', async () => {
  const imgix = await emulate()
  seed(imgix, 'a.png', 'abc', recordOf('abc'))
  const attributes = { origin_path: '/a.png', file_size: null, custom_fields: { 'imgix-sync': recordOf('abc') } }
  const body = JSON.stringify({ data: [{ attributes, id: 'x', type: 'assets' }], cursor: { hasMore: false } })
  imgix.fault({ on: { method: 'GET' }, do: { answerBody: { body } } })
  const { comparisons } = await listingOf(imgix, { 'a.png': 'abc' })
  expect(comparisons.get('a.png')).toMatchObject({ isUnchanged: false, reason: 'the Source does not say its size' })
})

test.each([
  ['paths', false, { 'a.png': 'x' }],
  ['attributes', true, Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${at}.png`, 'x']))],
])('a list of more %s than a run can keep is refused, and names the remedy', async (_, withAttributes, files) => {
  const imgix = await emulate()
  for (let at = 0; at < 40; at += 1) seed(imgix, `${at}.png`, 'x', recordOf('x'))
  const listing = listingOf(imgix, files, { withAttributes, keptMax: 200 })
  await expect(listing).rejects.toThrow(/with more assets than a run can keep; set prefix and files to a part of them$/)
})

test('a text that is longer than any record is none', () => {
  expect(readRecord({ customFields: { 'imgix-sync': 'x'.repeat(101) } })).toBe('')
})
