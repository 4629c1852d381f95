import { expect, test } from 'vitest'
import type { Comparison, Listing } from '../../src/plan/listing.ts'
import { comparedLines, comparedSentence, idlePatternsLine } from '../../src/report/listing-lines.ts'
import { comparison } from '../helpers/plan.ts'

const UNCHANGED = comparison({ isUnchanged: true, reason: 'unchanged' })
const CHANGED = comparison({ change: 'modified', reason: 'the Source holds other bytes' })
const UNKNOWN = comparison({ reason: 'the Source has no record of its bytes' })

function listingOf(comparisons: Record<string, Comparison>, files: number, onlyAtSource: string[] = []): Listing {
  return { comparisons: new Map(Object.entries(comparisons)), hasRecords: false, files, onlyAtSource }
}

test('patterns that match no file, as many as a line holds', () => {
  expect(idlePatternsLine(['a/**', 'b\n::c'])).toBe("metadata: no file matches 'a/**', 'b\\n::c'")
  const many = Array.from({ length: 12 }, (_, at) => `${at}`)
  expect(idlePatternsLine(many)).toMatch(/ '0', '1', .* '9' and 2 patterns more$/)
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
    expect(comparedSentence(listingOf(comparisons, files, left))).toBe(`Compared with the Source: ${expected}`)
  },
)

test('the lines of an listing: why files are taken, and what is left', () => {
  const listing = listingOf({ 'a.png': UNCHANGED, 'b\n.png': CHANGED, 'c.png': UNKNOWN }, 3, ['old\u202e.png'])
  expect(comparedLines(listing)).toEqual([
    '/b\\n.png: the Source holds other bytes',
    '/c.png: the Source has no record of its bytes',
    "/old\\u{202e}.png: only at the Source, left as it is: imgix's API can't delete it",
  ])
})

test('a long listing is cut, and says so', () => {
  const lines = comparedLines(
    listingOf(
      {},
      0,
      Array.from({ length: 250 }, (_, at) => `${at}`),
    ),
  )
  expect([lines.length, lines.at(-1)]).toEqual([201, 'and 50 more'])
})
