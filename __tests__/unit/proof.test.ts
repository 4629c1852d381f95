import { describe, expect, test } from 'vitest'
import { isOurs, needsState, noteLost, type Traces } from '../../src/sync/proof.ts'
import { listedAsset } from '../helpers/plan.ts'

const SHA = 'a'.repeat(64)
const NOON_S = 1_800_000_000
const traces = (more: Partial<Traces> = {}): Traces => ({
  holds: 'either',
  route: 'direct',
  before: 'absent',
  beganAtMs: NOON_S * 1000 + 400,
  sent: { sha256: SHA, bytes: 5 },
  ...more,
})
const asset = (more: object = {}) => ({
  ...listedAsset,
  fileSize: 5,
  uploadedByApi: true,
  dateCreated: NOON_S,
  dateModified: NOON_S,
  ...more,
})
const record = (sha256: string) => ({ customFields: { 'imgix-sync': `sha256:${sha256}` } })

describe('whether an asset has the bytes that were sent', () => {
  test.each([
    ['none was there before, and it is of the same second', {}, {}, true],
    ['it is newer', {}, { dateCreated: NOON_S + 60 }, true],
    ['nobody tells when it was made', {}, { dateCreated: undefined }, true],
    ['the clock of the API is not known', { beganAtMs: undefined }, { dateCreated: 1 }, true],
    ['it is of the second before', {}, { dateCreated: NOON_S - 1 }, false],
    ['it is of yesterday', {}, { dateCreated: NOON_S - 86_400 }, false],
    ['nobody tells who uploaded it', {}, { uploadedByApi: undefined }, true],
    ['imgix found it in the bucket', {}, { uploadedByApi: false }, false],
    ['it has another size', {}, { fileSize: 6 }, false],
    ['it has no size', {}, { fileSize: undefined }, false],
    ['one was there before', { before: 'present' }, {}, false],
    ['nobody looked before', { before: 'unknown' }, {}, false],
    ['one was there before, with our own record of these bytes', { before: 'present' }, record(SHA), true],
    ['the same, where imgix found it', { before: 'unknown' }, { ...record(SHA), uploadedByApi: false }, true],
    ['the record is of other bytes', { before: 'present' }, record('b'.repeat(64)), false],
    ['the record was taken back', { before: 'present' }, { customFields: { 'imgix-sync': 'uploading' } }, false],
    ['the record is of these bytes, the size is not', {}, { ...record(SHA), fileSize: 6 }, false],
    ['no try came to its end', { before: 'present', sent: { sha256: '', bytes: 5 } }, record(''), false],
  ] satisfies [string, Partial<Traces>, object, boolean][])('%s: %j %j %s', (_, known, now, expected) => {
    expect(isOurs(asset(now), traces(known))).toBe(expected)
  })

  test('there is none', () => expect(isOurs(undefined, traces())).toBe(false))
})

test('what a path can hold only grows', () => {
  const left = traces({ holds: 'older', route: 'direct' })
  const seen = (['older', 'either', 'older', 'ours', 'either'] as const).map((holds, at) => {
    noteLost(left, holds, at > 2 ? 'session' : 'direct')
    return `${left.holds} ${left.route}`
  })
  expect(seen).toEqual(['older direct', 'either direct', 'either direct', 'ours session', 'ours session'])
})

test.each([
  ['overwrite', ['direct', 'session'], 'unknown', false],
  ['overwrite', ['session'], 'unknown', false],
  ['overwrite', ['direct'], 'unknown', true],
  ['overwrite', ['direct'], 'absent', false],
  ['skip', ['direct', 'session'], 'unknown', true],
  ['skip', ['direct'], 'present', false],
  ['fail', ['session'], 'unknown', true],
] as const)('%s by %j, where it is %s: looked at: %s', (conflictPolicy, routes, known, expected) =>
  expect(needsState({ routes }, { known, conflictPolicy })).toBe(expected),
)
