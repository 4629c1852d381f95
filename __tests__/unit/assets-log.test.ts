import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { Inventory, Standing } from '../../src/plan/inventory.ts'
import * as assetsLog from '../../src/report/assets-log.ts'
import type { UpdateOutcome } from '../../src/sync/outcomes.ts'
import { standing } from '../helpers/plan.ts'

const UNCHANGED = standing({ isUnchanged: true, reason: 'unchanged' })
const CHANGED = standing({ change: 'modified', reason: 'the Source holds other bytes' })
const UNKNOWN = standing({ reason: 'the Source has no record of its bytes' })

function inventoryOf(standings: Record<string, Standing>, files: number, onlyAtSource: string[] = []): Inventory {
  return { standings: new Map(Object.entries(standings)), hasRecords: false, files, onlyAtSource }
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
] satisfies [string, Record<string, Standing>, number, string[], string][])(
  'an inventory: %s',
  (_, standings, files, left, expected) => {
    expect(assetsLog.inventorySentence(inventoryOf(standings, files, left))).toBe(
      `Compared with the Source: ${expected}`,
    )
  },
)

test('the lines of an inventory: why files are taken, and what is left', () => {
  const inventory = inventoryOf({ 'a.png': UNCHANGED, 'b\n.png': CHANGED, 'c.png': UNKNOWN }, 3, ['old\u202e.png'])
  expect(assetsLog.inventoryLines(inventory)).toEqual([
    '/b\\n.png: the Source holds other bytes',
    '/c.png: the Source has no record of its bytes',
    "/old\\u{202e}.png: only at the Source, left as it is: imgix's API can't delete it",
  ])
})

test('a long inventory is cut, and says so', () => {
  const lines = assetsLog.inventoryLines(
    inventoryOf(
      {},
      0,
      Array.from({ length: 250 }, (_, at) => `${at}`),
    ),
  )
  expect([lines.length, lines.at(-1)]).toEqual([201, 'and 50 more'])
})

const WANTED = { ...NO_ATTRIBUTES, name: 'A' }
const refusal = new ImgixError({ method: 'PATCH', path: '/x', status: 403, permission: 'Asset Manager Edit' })
const error = new ImgixError({ method: 'PATCH', path: '/x', status: 400, permission: 'Asset Manager Edit' })

function outcomeOf(more: Partial<UpdateOutcome> = {}, attributes = WANTED): UpdateOutcome {
  return { step: { path: 'a\n.png', originPath: 'a\n.png', attributes }, result: 'updated', ...more }
}

test.each([
  ['done', outcomeOf(), 'updated the attributes of a\\n.png'],
  ['nothing to do', outcomeOf({ result: 'same' }), undefined],
  ['failed', outcomeOf({ result: 'failed', error }), 'did not update the attributes of a\\n.png: PATCH /x: 400'],
  ['not done', outcomeOf({ result: 'planned' }), 'did not update the attributes of a\\n.png: the run ended before it'],
  ['of a record alone', outcomeOf({ result: 'failed', error }, NO_ATTRIBUTES as typeof WANTED), undefined],
])('the line of an update: %s', (_, outcome, expected) => {
  expect(assetsLog.updateLine(outcome)).toBe(expected)
})

test('attributes that were not set are failures; records, and what ended the run, are not', () => {
  const record = outcomeOf({ result: 'failed', error }, NO_ATTRIBUTES as typeof WANTED)
  const outcomes = [outcomeOf(), record, outcomeOf({ result: 'failed', error })]
  expect(assetsLog.failedUpdates(outcomes, [])).toEqual([
    { file: 'a\n.png', title: 'imgix sync', line: 'a\n.png: its attributes were not set: PATCH /x: 400' },
  ])
  expect(assetsLog.failedUpdates(outcomes, ['PATCH /x: 400'])).toEqual([])
})

test('of many failures the first have a line', () => {
  const lines = assetsLog.failedUpdates(
    Array.from({ length: 60 }, () => outcomeOf({ result: 'failed', error })),
    [],
  )
  expect([lines.length, lines.at(-1)]).toEqual([51, { line: 'and 10 more assets: see the log' }])
})

test('records that could not be made', () => {
  const records = (count: number, cause: Error): UpdateOutcome[] =>
    Array.from({ length: count }, () => outcomeOf({ result: 'failed', error: cause }, NO_ATTRIBUTES as typeof WANTED))
  expect(assetsLog.unrecordedSentence([outcomeOf({ result: 'failed', error })])).toBeUndefined()
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
