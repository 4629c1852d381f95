import { expect, test } from 'vitest'
import type { Outcome, RecordStep, UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { Comparison, Listing } from '../../src/plan/listing.ts'
import * as assetsLog from '../../src/report/assets-log.ts'
import { outcomeLine } from '../../src/report/log.ts'
import { comparison } from '../helpers/plan.ts'

const UNCHANGED = comparison({ isUnchanged: true, reason: 'unchanged' })
const CHANGED = comparison({ change: 'modified', reason: 'the Source holds other bytes' })
const UNKNOWN = comparison({ reason: 'the Source has no record of its bytes' })

function listingOf(comparisons: Record<string, Comparison>, files: number, onlyAtSource: string[] = []): Listing {
  return { comparisons: new Map(Object.entries(comparisons)), hasRecords: false, files, onlyAtSource }
}

test('patterns that match no file, as many as a line holds', () => {
  expect(assetsLog.idlePatternsLine(['a/**', 'b\n::c'])).toBe("metadata: no file matches 'a/**', 'b\\n::c'")
  const many = Array.from({ length: 12 }, (_, at) => `${at}`)
  expect(assetsLog.idlePatternsLine(many)).toMatch(/ '0', '1', .* '9' and 2 patterns more$/)
})

test.each([
  ['an empty Source', {}, 2, [], '0 unchanged, 0 changed, 2 new'],
  ['all unchanged', { a: UNCHANGED, b: UNCHANGED }, 2, [], '2 unchanged, 0 changed, 0 new'],
  [
    'some of each',
    { a: UNCHANGED, b: CHANGED, c: UNKNOWN },
    5,
    ['old', 'older'],
    '1 unchanged, 1 changed, 2 new, 1 without a record of their bytes, 2 only at the Source',
  ],
] satisfies [string, Record<string, Comparison>, number, string[], string][])(
  'a listing: %s',
  (_, comparisons, files, left, expected) => {
    expect(assetsLog.comparedSentence(listingOf(comparisons, files, left))).toBe(
      `Compared with the Source: ${expected}`,
    )
  },
)

test('the lines of an listing: why files are taken, and what is left', () => {
  const listing = listingOf({ 'a.png': UNCHANGED, 'b\n.png': CHANGED, 'c.png': UNKNOWN }, 3, ['old\u202e.png'])
  expect(assetsLog.comparedLines(listing)).toEqual([
    '/b\\n.png: the Source holds other bytes',
    '/c.png: the Source has no record of its bytes',
    "/old\\u{202e}.png: only at the Source, left as it is: imgix's API can't delete it",
  ])
})

test('a long listing is cut, and says so', () => {
  const lines = assetsLog.comparedLines(
    listingOf(
      {},
      0,
      Array.from({ length: 250 }, (_, at) => `${at}`),
    ),
  )
  expect([lines.length, lines.at(-1)]).toEqual([201, 'and 50 more'])
})

const refusal = new ImgixError({ method: 'PATCH', path: '/x', status: 403, permission: 'Asset Manager Edit' })
const error = new ImgixError({ method: 'PATCH', path: '/x', status: 400, permission: 'Asset Manager Edit' })

type Changed = UpdateStep | RecordStep
type Result = { result: 'done' } | { result: 'skipped'; reason: string } | { result: 'failed'; error: Error }

const place = { path: 'a\n.png', originPath: 'a\n.png' }
const UPDATE: UpdateStep = { kind: 'update', ...place, attributes: { ...NO_ATTRIBUTES, name: 'A' } }
const RECORD: RecordStep = { kind: 'record', ...place, record: 'always' }

function outcomeOf<S extends Changed>(step: S, more: Result = { result: 'failed', error }): Outcome<S> {
  return { step, attempts: 1, seconds: 0, ...more }
}

test.each<[string, Outcome, string | undefined]>([
  ['done', outcomeOf(UPDATE, { result: 'done' }), 'updated the attributes of a\\n.png'],
  ['nothing to do', outcomeOf(UPDATE, { result: 'skipped', reason: 'the asset has it all' }), undefined],
  ['failed', outcomeOf(UPDATE), 'did not update the attributes of a\\n.png: PATCH /x: 400'],
  [
    'not done',
    { step: UPDATE, result: 'not-done', reason: 'the run ended before it was done', attempts: 0, seconds: 0 },
    'did not update the attributes of a\\n.png: the run ended before it was done',
  ],
  ['of a record alone', outcomeOf(RECORD), undefined],
])('the line of an update: %s', (_, outcome, expected) => {
  expect(outcomeLine(outcome)).toBe(expected)
})

test('attributes that were not set are failures; records, and what ended the run, are not', () => {
  const outcomes = [outcomeOf(UPDATE, { result: 'done' }), outcomeOf(RECORD), outcomeOf(UPDATE)]
  expect(assetsLog.failedUpdates(outcomes, [])).toEqual([
    { file: 'a\n.png', title: 'imgix sync', line: 'a\n.png: its attributes were not set: PATCH /x: 400' },
  ])
  expect(assetsLog.failedUpdates(outcomes, ['PATCH /x: 400'])).toEqual([])
})

test('a record of older bytes that stands is a failure', () => {
  expect(assetsLog.failedUpdates([outcomeOf({ ...RECORD, record: 'renew' })], [])).toEqual([
    {
      file: 'a\n.png',
      title: 'imgix sync',
      line: 'a\n.png: the record of its older bytes stands at imgix; run again, for the next full sync may believe it: PATCH /x: 400',
    },
  ])
})

test('of many failures the first have a line', () => {
  const lines = assetsLog.failedUpdates(Array(60).fill(outcomeOf(UPDATE)), [])
  expect([lines.length, lines.at(-1)]).toEqual([51, { line: 'and 10 more assets: see the log' }])
})

test('records that could not be made', () => {
  const records = (count: number, cause: Error): Outcome<RecordStep>[] =>
    Array(count).fill(outcomeOf(RECORD, { result: 'failed', error: cause }))
  expect(assetsLog.unrecordedSentence([outcomeOf(UPDATE)])).toBeUndefined()
  expect([assetsLog.unrecordedSentence(records(1, error)), assetsLog.unrecordedSentence(records(2, refusal))]).toEqual([
    'the bytes of 1 file could not be recorded, so that the next full sync uploads it again: PATCH /x: 400',
    expect.stringMatching(
      /^the bytes of 2 files could not be recorded, .* uploads them again: api-key: the key lacks the permission Asset Manager Edit /,
    ),
  ])
})

test('a Source whose assets can not be listed', () => {
  expect(assetsLog.unlistedSentence({ because: error })).toBe(
    "the Source's assets can't be listed to compare with: PATCH /x: 400",
  )
})
