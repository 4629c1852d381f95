import { expect, test } from 'vitest'
import type { CallStep, RecordStep, UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { failureOf, outcomeLine, publishedLine, storedLine } from '../../src/report/step-lines.ts'
import { purgeStep, uploadStep } from '../helpers/plan.ts'

const step = uploadStep('a\n.png', { bytes: 1500 })
const error = new ImgixError({ method: 'POST', path: '/x', status: 200, reason: 'why', remedy: 'do it' })
const done = { result: 'done', attempts: 1, seconds: 0.5 } as const
const times = { attempts: 1, seconds: 0.5 }

test.each([
  ['at once', done, { done: 2, of: 2 }, 'published a\\n.png (1.5 kB, 0.5 s, 2 URLs purged)'],
  ['without a URL', done, { done: 0, of: 0 }, 'published a\\n.png (1.5 kB, 0.5 s)'],
  [
    'after tries',
    { ...done, attempts: 3 },
    { done: 1, of: 1 },
    'published a\\n.png (1.5 kB, 0.5 s, 3 tries, 1 URL purged)',
  ],
  ['with a purge that failed', done, { done: 1, of: 2 }, 'uploaded a\\n.png (1.5 kB, 0.5 s, 1 of 2 URLs purged)'],
])('a file: %s', (_, outcome, purges, expected) => {
  expect(publishedLine({ step, ...outcome }, purges)).toBe(expected)
})

test('what is stored, for whoever debugs', () => {
  expect(storedLine({ step, ...done, route: 'direct' })).toBe('uploaded a\\n.png (1.5 kB, direct, 0.5 s)')
  expect(storedLine({ step, result: 'failed', error, ...times })).toBeUndefined()
})

const place = { path: 'a\n.png', originPath: 'a\n.png' }
const UPDATE: UpdateStep = { kind: 'update', ...place, attributes: { ...NO_ATTRIBUTES, name: 'A' } }
const RECORD: RecordStep = { kind: 'record', ...place, record: 'always' }
const CALL: CallStep = { kind: 'call', ...place, call: 'add' }
const PURGE = purgeStep('https://a/b')
const notDone = { result: 'not-done', reason: 'ended', ...times } as const

test.each([
  ['an upload', step, done, undefined],
  ['an upload that is skipped', step, { result: 'skipped', reason: 'there', ...times }, 'skipped a\\n.png: there'],
  ['a purge', PURGE, done, 'purged https://a/b'],
  ['a purge after tries', PURGE, { ...done, attempts: 2 }, 'purged https://a/b (2 tries)'],
  ['attributes', UPDATE, done, 'updated the metadata of a\\n.png'],
  ['attributes that are there', UPDATE, { result: 'skipped', reason: 'the asset has it all', ...times }, undefined],
  ['a record', RECORD, done, undefined],
  ['a file that is queued', CALL, done, 'queued for the Asset Manager: a\\n.png'],
  ['a file that is refreshed', { ...CALL, call: 'refresh' }, done, 'refreshed a\\n.png'],
  ['what was not done', PURGE, notDone, undefined],
  ['what failed', PURGE, { result: 'failed', error, ...times }, undefined],
] as const)('%s', (_, of, outcome, expected) => {
  expect(outcomeLine({ step: of, ...outcome })).toBe(expected)
})

const at = { file: 'a\n.png' }

test.each([
  ['an upload', step, { ...at, line: 'a\n.png: why; do it (200)', title: 'imgix sync: file failed' }],
  ['a purge', PURGE, { line: 'https://a/b: why; do it (200)', title: 'imgix sync: purge failed' }],
  [
    'a sub-image',
    { ...PURGE, subImage: true },
    { line: 'https://a/b as a sub-image: why; do it (200)', title: 'imgix sync: purge failed' },
  ],
  ['attributes', UPDATE, { ...at, line: 'a\n.png: its metadata was not set: why; do it (200)', title: 'imgix sync' }],
  ['a call', CALL, { ...at, line: 'a\n.png: not queued for the Asset Manager: why; do it (200)', title: 'imgix sync' }],
  [
    'a record',
    RECORD,
    {
      ...at,
      line: 'a\n.png: imgix still has the record of its older bytes, and the next full sync can trust that record; run again: why; do it (200)',
      title: 'imgix sync',
    },
  ],
] as const)('the failure of %s', (_, of, expected) => {
  expect(failureOf({ step: of, result: 'failed', error, ...times })).toEqual(expected)
})
