import { expect, test } from 'vitest'
import { findLongPaths, isLfsPointer, refuseSize, withoutGuarded } from '../../src/plan/guards/guards.ts'
import { filePlan, planWith, purgeStep, skipped, sourceOf, uploadStep } from '../helpers/plan.ts'

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
  ['s3', 0, 'an empty file: put the real file in its place'],
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
  const files = ['a.png', 'b.png'].map((path) => {
    const originPath = `site/${path}`
    return filePlan(uploadStep(path, { originPath, change: 'modified' }), {
      purges: [purgeStep(`https://a.net/${originPath}`, { path })],
      calls: [{ kind: 'call', path, originPath, call: 'refresh' }],
    })
  })
  const gone = skipped('d.png', { change: 'deleted', result: 'deleted', reason: 'gone' })
  const plan = planWith({ files, purges: [purgeStep('https://a.net/c.png')], skipped: [gone] })
  const bad = { originPath: 'site/a.png', change: 'modified', result: 'failed', reason: 'an empty file' } as const
  expect(withoutGuarded(plan, new Map([['a.png', 'an empty file']]))).toEqual({
    ...plan,
    files: files.slice(1),
    skipped: [gone, skipped('a.png', bad)],
  })
  expect(withoutGuarded(plan, new Map())).toEqual(plan)
})

test('an origin path is measured in bytes, and a bucket takes 1,024 of them', () => {
  const paths = ['x'.repeat(1024), 'x'.repeat(1025), '\u00fc'.repeat(512), `${'\u00fc'.repeat(512)}.`]
  const uploads = paths.map((originPath, index) => uploadStep(`${index}.png`, { originPath }))
  const problem =
    'an origin path of 1025 bytes, more than the 1024 bytes that a bucket takes: give the file or its folders shorter names'
  expect([...findLongPaths(uploads)]).toEqual([
    ['1.png', problem],
    ['3.png', problem],
  ])
})
