import { expect, test } from 'vitest'
import { findRefusals } from '../../src/plan/refusals.ts'
import { SOURCE_ID } from '../helpers/imgix.ts'
import { inputsOf, planOf, planWith, skipped, sourceOf } from '../helpers/plan.ts'

const NO_UPLOAD = 'use a Source on a bucket, or set upload to false to purge only'

test.each([
  ['s3', { type: 's3' }, []],
  ['one that does not say whether it takes uploads', { allowsUpload: undefined }, []],
  [
    'a web folder',
    { type: 'webfolder' },
    [`source-id: Source ${SOURCE_ID} is a web folder, and imgix can't upload to those: ${NO_UPLOAD}`],
  ],
  [
    'a web proxy',
    { type: 'webproxy' },
    [`source-id: Source ${SOURCE_ID} is a web proxy, and imgix can't upload to those: ${NO_UPLOAD}`],
  ],
  [
    'one without credentials',
    { allowsUpload: false },
    [
      `source-id: Source ${SOURCE_ID} has no credentials to upload with: add them to the Source ("upload credentials" in its settings), or set upload to false to purge only`,
    ],
  ],
  [
    'one without domains',
    { domains: [] },
    [`source-id: Source ${SOURCE_ID} has no domains: name the ones to purge on in domains, or set purge to false`],
  ],
])('a Source that is %s', (_, more, refusals) => {
  const source = sourceOf(more)
  expect(findRefusals(planOf({ 'a.png': 1 }, { source }), source, inputsOf())).toEqual(refusals)
})

const UNKNOWN = [
  'api-key: the key may not read the Source, so the domains to purge on are unknown: give it the permission Sources, or name them in domains',
]

test.each([
  ['nothing else', {}, UNKNOWN],
  ['domains', { domains: 'a.net' }, []],
  ['purge: false', { purge: 'false' }, []],
  ['urls only', { purge: 'false', urls: 'https://a.net/a.png' }, []],
])('a Source that could not be read, with %s', (_, more, refusals) => {
  const inputs = inputsOf(more)
  const plan = planOf({ 'a.png': 1 }, { inputs })
  expect(findRefusals(plan, undefined, inputs)).toEqual(refusals)
})

test('a plan without files needs nothing of a Source', () => {
  const source = sourceOf({ type: 'webfolder', domains: [] })
  expect(findRefusals(planWith(), source, inputsOf())).toEqual([])
})

test('deleted files alone need no uploads, but domains', () => {
  const plan = planWith({ skipped: [skipped('a', { change: 'deleted', result: 'deleted' })] })
  expect(findRefusals(plan, sourceOf({ type: 'webfolder' }), inputsOf())).toEqual([])
  expect(findRefusals(plan, undefined, inputsOf())).toEqual(UNKNOWN)
  expect(findRefusals(plan, undefined, inputsOf({ deleted: 'ignore' }))).toEqual([])
})

test.each([
  ['50 refreshes', 50, {}, []],
  [
    '51',
    51,
    {},
    [
      'asset-manager: 51 files would be refreshed, which takes about 5 min by the rate limits: set force to true to do that, or asset-manager to off to do without',
    ],
  ],
  ['51 with force', 51, { force: 'true' }, []],
  ['51 new files to add', 51, { 'asset-manager': 'add' }, []],
])('%s', (_, files, more, refusals) => {
  const inputs = inputsOf({ 'asset-manager': 'refresh', ...more })
  const plan = planOf(Object.fromEntries(Array.from({ length: files }, (_item, at) => [`${at}.png`, 1])), { inputs })
  expect(findRefusals(plan, sourceOf(), inputs)).toEqual(refusals)
})
