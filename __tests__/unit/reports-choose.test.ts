import { expect, test } from 'vitest'
import { chooseReports, readReport } from '../../src/download-reports/choose.ts'
import { report } from '../helpers/reports.ts'

const [first, second, third] = [report('2026-11-19'), report('2026-11-20'), report('2026-11-21')]
const pending = { ...third, completed: false }
const range = { from: '2026-11-18', to: '2026-11-20' }

test.each([
  ['the newest', [second, third, first], 'latest', 'wait', { complete: [third] }],
  ['the newest, to be waited for', [pending, second], 'latest', 'wait', { incomplete: [pending] }],
  [
    'the newest complete one',
    [pending, second, first],
    'latest',
    'skip',
    { complete: [second], incomplete: [pending] },
  ],
  ['none that is complete', [pending], 'latest', 'skip', { incomplete: [pending] }],
  ['none at all', [], 'latest', 'wait', {}],
  [
    'a range, oldest first',
    [third, second, first],
    range,
    'wait',
    { complete: [first, second], missing: ['2026-11-18'] },
  ],
  ['a day', [third, second], { from: '2026-11-20', to: '2026-11-20' }, 'skip', { complete: [second] }],
  [
    'a day that is not complete',
    [pending],
    { from: '2026-11-21', to: '2026-11-21' },
    'skip',
    { incomplete: [pending] },
  ],
  [
    'two of one day',
    [second, { ...second, id: 'other' }],
    { from: '2026-11-20', to: '2026-11-20' },
    'skip',
    { complete: [second, { ...second, id: 'other' }] },
  ],
  [
    'one that is on two pages, as it was last',
    [pending, first, third],
    { from: '2026-11-21', to: '2026-11-21' },
    'wait',
    { complete: [third], listed: 2 },
  ],
] as const)('%s', (_, reports, period, onIncomplete, expected) => {
  const nothing = { complete: [], incomplete: [], missing: [], listed: reports.length }
  expect(chooseReports(reports, { period, onIncomplete })).toEqual({ ...nothing, ...expected })
})

const attributes = {
  completed: true,
  period_end: 1_601_769_600,
  period_start: 1_601_769_600,
  report_key: 'image_analytics_20201004',
  report_type: 'image_analytics',
}
const read = (more: object, id = '5f7a6ab42528f162276c5584') =>
  readReport({ id, type: 'reports', attributes: { ...attributes, ...more } }, 'image_analytics')

test("a report is read as imgix's example has it", () => {
  const day = '2020-10-04'
  const key = 'image_analytics_20201004'
  expect(read({})).toEqual({ id: '5f7a6ab42528f162276c5584', key, day, since: day, completed: true })
})

test.each([
  ['another type, which a filter by part of a text lets through', { report_type: 'image_analytics_2' }],
  ['no type', { report_type: null }],
  ['no key', { report_key: null }],
  ['a key that is no text', { report_key: 7 }],
  ['a key that is no name', { report_key: 'a'.repeat(1001) }],
  ['no period', { period_start: null, period_end: null }],
  ['a period that is none', { period_start: 'soon' }],
])('left out: %s', (_, more) => {
  expect(read(more)).toBeUndefined()
})

test('left out: no id', () => {
  expect(read({}, '')).toBeUndefined()
})

test.each([false, null, undefined, 'true', 1])('completed: %s is not complete', (completed) => {
  expect(read({ completed })?.completed).toBe(false)
})
