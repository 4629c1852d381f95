import { expect, test } from 'vitest'
import { isLfsPointer, refuseSize, withoutGuarded } from '../../src/plan/guards/guards.ts'
import { purgeStep, sourceOf, uploadStep } from '../helpers/plan.ts'

const OID = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393'
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 12345\n`

test.each<[string, string, boolean]>([
  ['a pointer', POINTER, true],
  ['one of Hawser', POINTER.replace('git-lfs', 'hawser'), true],
  ['one of Git Media', POINTER.replace('https://git-lfs.github.com/spec/v1', 'http://git-media.io/v/2'), true],
  ['one with an extension', POINTER.replace('oid', `ext-0-foo sha256:${OID}\noid`), true],
  ['one with the line ends of Windows', POINTER.replaceAll('\n', '\r\n'), true],
  ['one without its last line end', POINTER.trimEnd(), true],
  ['another version', POINTER.replace('v1', 'v9'), false],
  ['a version alone', 'version https://git-lfs.github.com/spec/v1\n', false],
  ['one that was cut off', POINTER.slice(0, -40), true],
  ['no oid', POINTER.replace('oid', 'aid'), false],
  ['text that tells of one', `A pointer:\n${POINTER}`, false],
  ['nothing', '', false],
])('a Git LFS pointer: %s', (_, text, isOne) => {
  expect(isLfsPointer(text)).toBe(isOne)
})

const tooLarge = (bytes: number, maxBytes: number, taker: string) =>
  `${bytes} bytes, more than the ${maxBytes} bytes that ${taker} takes: make it smaller, or leave it out by \`files\``

test.each([
  ['s3', 0, 'an empty file: put the real one in its place'],
  ['s3', 1, undefined],
  ['azure', 30_000_000, undefined],
  ['azure', 30_000_001, tooLarge(30_000_001, 30_000_000, 'a Source of type azure')],
  ['s3', 5_368_709_120, undefined],
  ['s3', 5_368_709_121, tooLarge(5_368_709_121, 5_368_709_120, 'a Source of type s3')],
  ['gcs', 5_368_709_121, tooLarge(5_368_709_121, 5_368_709_120, 'a Source of type gcs')],
  [undefined, 30_000_001, undefined],
  [undefined, 5_368_709_121, tooLarge(5_368_709_121, 5_368_709_120, 'any Source')],
])('a Source of type %s and a file of %i bytes', (type, bytes, problem) => {
  expect(refuseSize(bytes, type === undefined ? undefined : sourceOf({ type }))).toBe(problem)
})

test('a plan without what has a problem: it fails, with its purges and its refresh gone, and all else as it was', () => {
  const uploads = ['a.png', 'b.png'].map((path) => uploadStep(path, { originPath: `site/${path}`, change: 'modified' }))
  const own = uploads.map(({ path }) => purgeStep(`https://a.net/site/${path}`, { path, afterUpload: true }))
  const purges = [...own, purgeStep('https://a.net/c.png')]
  const gone = { path: 'd.png', originPath: 'd.png', change: 'deleted', result: 'deleted', reason: 'gone' } as const
  const assets = uploads.map(
    ({ path, originPath }) => ({ path, originPath, call: 'refresh', afterUpload: true }) as const,
  )
  const plan = { uploads, updates: [], purges, assets, skipped: [gone] }
  expect(withoutGuarded(plan, new Map([['a.png', 'an empty file']]))).toEqual({
    uploads: [uploads[1]],
    updates: [],
    purges: purges.slice(1),
    assets: assets.slice(1),
    skipped: [
      gone,
      { path: 'a.png', originPath: 'site/a.png', change: 'modified', result: 'failed', reason: 'an empty file' },
    ],
  })
  expect(withoutGuarded(plan, new Map())).toEqual(plan)
})
