import { expect, test } from 'vitest'
import type { Attributes } from '../../src/events.ts'
import {
  attributesFor,
  type Metadata,
  matchAll,
  NO_ATTRIBUTES,
  RECORD_FIELD,
  rulesTouched,
  wantsNothing,
} from '../../src/inputs/metadata.ts'
import { parseMetadata } from '../../src/inputs/metadata-file.ts'
import { describeChange } from '../../src/plan/asset-change.ts'
import { expectSameVerdict } from '../helpers/schema.ts'

function metadataOf(text: string): Metadata {
  const metadata = parseMetadata(text)
  if ('problems' in metadata) throw new Error(metadata.problems.join('\n'))
  expectSameVerdict('metadata', text, [])
  return metadata
}

const RULES = `
"**":
  categories: [site]
  name: Any
  custom_fields: { owner: web, campaign: none }
"images/products/**":
  categories: [product, site]
  custom_fields: { campaign: summer, "2024": yes }
  tags: { Dog: 1, Cat: 0.2 }
images/products/luke.jpg:
  categories: [pets]
  name: Luke
  description: A dog
  custom_fields: { owner: null }
  tags: { Cat: null }
docs:
  description: A document
`

const SITE = {
  ...NO_ATTRIBUTES,
  categories: ['site'],
  name: 'Any',
  customFields: { owner: 'web', campaign: 'none' },
}

const never = new AbortController().signal

test('patterns that match no file are known', async () => {
  const metadata = metadataOf('"a/**": { name: x }\n"b*.png": { name: x }\nc.png: { name: x }')
  const found = await matchAll(metadata, ['a/x.png', 'c.png', 'd/b.png'], never)
  expect(found.idle).toEqual(['b*.png'])
  expect(attributesFor(found.metadata, 'c.png')).toEqual(attributesFor(metadata, 'c.png'))
  expect((await matchAll(metadata, [], never)).idle).toEqual(['a/**', 'b*.png', 'c.png'])
})

test('a signal is heard while rules that take long are matched with many files', async () => {
  const slow = (): boolean => {
    for (const start = performance.now(); performance.now() - start < 60; );
    return false
  }
  const rule = { line: 1, pattern: 'a', matches: slow, attributes: NO_ATTRIBUTES }
  const cancel = new AbortController()
  setImmediate(() => cancel.abort(new Error('cancelled')))
  await expect(matchAll({ rules: [rule] }, Array(10_000).fill('a.png'), cancel.signal)).rejects.toThrow('cancelled')
})

test.each([
  ['a file of one rule', 'a.png', SITE],
  ['a file in a folder that is named', 'docs/a/b.pdf', { ...SITE, description: 'A document' }],
  [
    'a file of three rules',
    'images/products/luke.jpg',
    {
      categories: ['site', 'product', 'pets'],
      customFields: { owner: null, campaign: 'summer', '2024': 'yes' },
      description: 'A dog',
      name: 'Luke',
      tags: { Dog: 1, Cat: null },
    },
  ],
  ['case matters', 'images/Products/a.jpg', SITE],
])('attributes for %s', (_, path, expected) => {
  expect(attributesFor(metadataOf(RULES), path)).toEqual(expected)
})

test('no attributes for a file that no rule matches', () => {
  const attributes = attributesFor(metadataOf('"*.png": { name: x }'), 'a.jpg')
  expect([attributes, wantsNothing(attributes)]).toEqual([NO_ATTRIBUTES, true])
})

test.each([
  ['the same file', 'a: { name: x }', 'a: { name: x }', false],
  ['a rule for others', 'a: { name: x }', 'a: { name: x }\nb: { name: y }', false],
  [
    'another pattern, order, spelling and comment',
    '{ a: { categories: [x, y], tags: { b: 1.0, c: 0 } } }',
    '# c\n"*":\n  tags: { c: 0, b: 1 }\n  categories: [y, x]',
    false,
  ],
  ['no file before', '', 'a: { name: x }', true],
  ['no file before, a rule for others', '', 'b: { name: x }', false],
  ['another name', 'a: { name: x }', 'a: { name: y }', true],
  ['a name that is cleared', 'a: { name: x }', 'a: { name: null }', true],
  ['one more category', 'a: { categories: [x] }', 'a: { categories: [x, y] }', true],
  ['one field of other text', 'a: { custom_fields: { x: 1 } }', 'a: { custom_fields: { x: 01 } }', true],
  ['a later rule', 'a: { name: x }', 'a: { name: x }\n"**": { name: y }', true],
  ['a later rule that says the same', 'a: { name: x }', 'a: { name: x }\n"**": { name: x }', false],
  ['a rule that is gone', 'a: { name: x }', '', false],
])('the asset of a after a change of the file to %s: %#', (_, before, after, touched) => {
  expect(rulesTouched(metadataOf(before), metadataOf(after), 'a')).toBe(touched)
})

// S0: the asset of "Retrieving details for a single asset", less its other tags
const LUKE = {
  categories: ['Summer Photos'],
  customFields: { 'Dog name': 'Luke' },
  description: null,
  name: null,
  tags: { Canidae: 0.9813780188560486, Havanese: 1, Schnoodle: 0 },
}
const BARE = { categories: null, customFields: null, description: null, name: null, tags: null }

type Row = [name: string, current: object, wanted: Partial<Attributes>, change: unknown]
const rows: Row[] = [
  ['nothing wanted', LUKE, {}, undefined],
  [
    'a category beside those of others',
    LUKE,
    { categories: ['Pet Photos'] },
    { categories: ['Summer Photos', 'Pet Photos'] },
  ],
  ['a category that is there', LUKE, { categories: ['Summer Photos'] }, undefined],
  ['categories in another order', { ...BARE, categories: ['b', 'a'] }, { categories: ['a', 'b'] }, undefined],
  [
    'a category in another case',
    LUKE,
    { categories: ['summer photos'] },
    { categories: ['Summer Photos', 'summer photos'] },
  ],
  ['a first category', BARE, { categories: ['a'] }, { categories: ['a'] }],
  [
    'categories that are no texts',
    { ...BARE, categories: [1, null] },
    { categories: ['1'] },
    { categories: [1, null, '1'] },
  ],
  [
    'a field beside those of others',
    LUKE,
    { customFields: { SKU: '1' } },
    { customFields: { 'Dog name': 'Luke', SKU: '1' } },
  ],
  ['a field that is there', LUKE, { customFields: { 'Dog name': 'Luke' } }, undefined],
  [
    'a field in another order',
    { ...BARE, customFields: { b: '1', a: '2' } },
    { customFields: { a: '2', b: '1' } },
    undefined,
  ],
  ['a field of other text', LUKE, { customFields: { 'Dog name': 'Leia' } }, { customFields: { 'Dog name': 'Leia' } }],
  ['a first field', BARE, { customFields: { SKU: '1' } }, { customFields: { SKU: '1' } }],
  [
    'a field that others stored as a number',
    { ...BARE, customFields: { SKU: 1234 } },
    { customFields: { SKU: '1234' } },
    undefined,
  ],
  [
    'a field that others stored as another number',
    { ...BARE, customFields: { SKU: 1234 } },
    { customFields: { SKU: '01234' } },
    { customFields: { SKU: '01234' } },
  ],
  [
    'a field that others stored as true',
    { ...BARE, customFields: { sold: true } },
    { customFields: { sold: 'true' } },
    undefined,
  ],
  [
    'a field that others stored as a list',
    { ...BARE, customFields: { a: ['b'] } },
    { customFields: { a: 'b' } },
    { customFields: { a: 'b' } },
  ],
  [
    'a field that is null',
    { ...BARE, customFields: { a: null } },
    { customFields: { a: 'null' } },
    { customFields: { a: 'null' } },
  ],
  [
    'fields of others, whatever they hold',
    { ...BARE, customFields: { n: 1.5, o: { p: [null, true] }, z: null } },
    { customFields: { a: 'b' } },
    { customFields: { n: 1.5, o: { p: [null, true] }, z: null, a: 'b' } },
  ],
  [
    'a field taken away',
    { ...BARE, customFields: { a: 'b', c: 'd' } },
    { customFields: { a: null } },
    { customFields: { c: 'd' } },
  ],
  [
    'the last field taken away',
    { ...BARE, customFields: { a: 'b' } },
    { customFields: { a: null } },
    { customFields: {} },
  ],
  [
    'a field taken away that is not there',
    LUKE,
    { customFields: { a: null, constructor: null, __proto__: null } },
    undefined,
  ],
  ['a field taken away that is null', { ...BARE, customFields: { a: null } }, { customFields: { a: null } }, undefined],
  ['a field called constructor', BARE, { customFields: { constructor: 'x' } }, { customFields: { constructor: 'x' } }],
  ['a tag beside those of imgix', LUKE, { tags: { Dog: 1 } }, { tags: { ...LUKE.tags, Dog: 1 } }],
  ['a tag that is there', LUKE, { tags: { Havanese: 1, Schnoodle: 0 } }, undefined],
  [
    'a tag that is there in single precision',
    { ...BARE, tags: { Dog: Math.fround(0.9) } },
    { tags: { Dog: 0.9 } },
    undefined,
  ],
  ['a tag of another confidence', LUKE, { tags: { Schnoodle: 0.1 } }, { tags: { ...LUKE.tags, Schnoodle: 0.1 } }],
  ['a tag of 0 that is not there', BARE, { tags: { Dog: 0 } }, { tags: { Dog: 0 } }],
  ['a tag taken away', LUKE, { tags: { Canidae: null } }, { tags: { Havanese: 1, Schnoodle: 0 } }],
  ['a name', LUKE, { name: 'Luke' }, { name: 'Luke' }],
  ['a name that is there', { ...BARE, name: 'Luke' }, { name: 'Luke' }, undefined],
  ['a name of another type', { ...BARE, name: 12 }, { name: '12' }, { name: '12' }],
  ['a name cleared', { ...BARE, name: 'Luke' }, { name: null }, { name: null }],
  ['a name cleared that is not set', LUKE, { name: null }, undefined],
  ['a description cleared that is empty', { ...BARE, description: '' }, { description: null }, undefined],
  [
    'all at once',
    LUKE,
    { categories: ['a'], customFields: { b: 'c' }, description: 'd', name: 'e', tags: { f: 1 } },
    {
      categories: ['Summer Photos', 'a'],
      customFields: { 'Dog name': 'Luke', b: 'c' },
      description: 'd',
      name: 'e',
      tags: { ...LUKE.tags, f: 1 },
    },
  ],
]

test.each(rows)('%s', (_, current, wanted, change) => {
  const asset = current as typeof BARE
  const described = describeChange(asset, { ...NO_ATTRIBUTES, ...wanted })
  expect(described).toEqual(change)
  // what was patched is as wanted: the next run has nothing to do
  expect(describeChange({ ...asset, ...described }, { ...NO_ATTRIBUTES, ...wanted })).toBeUndefined()
})

test.each([
  ['beside the fields of others', LUKE, {}, { customFields: { 'Dog name': 'Luke', 'imgix-sync': 'r2' } }],
  [
    'in place of the old one',
    { ...BARE, customFields: { a: 'b', [RECORD_FIELD]: 'r1' } },
    {},
    { customFields: { a: 'b', 'imgix-sync': 'r2' } },
  ],
  ['with fields that are wanted', BARE, { a: 'b' }, { customFields: { a: 'b', 'imgix-sync': 'r2' } }],
  ['that is there', { ...BARE, customFields: { a: 'b', [RECORD_FIELD]: 'r2' } }, { a: 'b' }, undefined],
])('a record %s', (_, current, customFields: Record<string, string>, change) => {
  expect(describeChange(current, { ...NO_ATTRIBUTES, customFields }, 'r2')).toEqual(change)
})

test('the record stays where only fields are wanted', () => {
  const current = { ...BARE, customFields: { [RECORD_FIELD]: 'r1' } }
  const change = describeChange(current, { ...NO_ATTRIBUTES, customFields: { a: 'b' } })
  expect(change).toEqual({ customFields: { 'imgix-sync': 'r1', a: 'b' } })
})

test.each([
  ['custom_fields that are not listed', { customFields: undefined }, 'custom_fields'],
  ['custom_fields that are a text', { customFields: 'a' }, 'custom_fields'],
  ['custom_fields that are a list', { customFields: ['a'] }, 'custom_fields'],
  ['categories that are not listed', { categories: undefined }, 'categories'],
  ['categories that are an object', { categories: {} }, 'categories'],
  ['tags that are a list, and no categories', { categories: undefined, tags: ['a'] }, 'categories and tags'],
])('nothing is merged into %s', (_, current, names) => {
  const wanted = { ...NO_ATTRIBUTES, categories: ['a'], customFields: { b: 'c' }, name: 'd', tags: { e: 1 } }
  expect(describeChange({ ...BARE, ...current }, wanted)).toEqual({
    problem: `imgix's answer has no ${names} that could be kept, so nothing was changed`,
  })
})

test('what is not wanted may be listed in any shape', () => {
  const current = { categories: 1, customFields: 'a', description: 2, name: undefined, tags: [] }
  expect(describeChange(current, { ...NO_ATTRIBUTES, name: 'x' })).toEqual({ name: 'x' })
})

test('keys called __proto__, of both sides', () => {
  const current = { ...BARE, customFields: JSON.parse('{ "__proto__": { "a": 1 }, "b": "c" }') }
  const wanted = { ...NO_ATTRIBUTES, customFields: JSON.parse('{ "d": "e" }'), tags: JSON.parse('{ "__proto__": 1 }') }
  expect(JSON.stringify(describeChange(current, wanted))).toBe(
    '{"customFields":{"__proto__":{"a":1},"b":"c","d":"e"},"tags":{"__proto__":1}}',
  )
  const merged = attributesFor(
    metadataOf('"*": { custom_fields: { __proto__: x } }\na: { custom_fields: { b: c } }'),
    'a',
  )
  expect(JSON.stringify(merged.customFields)).toBe('{"__proto__":"x","b":"c"}')
})
