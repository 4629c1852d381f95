import { expect, test } from 'vitest'
import { dayOf, daysOf, parsePeriod, spansOf } from '../../src/download-reports/period.ts'

test.each([
  ['latest', 'latest'],
  ['2026-11-21', { from: '2026-11-21', to: '2026-11-21' }],
  ['2024-02-29', { from: '2024-02-29', to: '2024-02-29' }],
  ['2026-11-01..2026-11-21', { from: '2026-11-01', to: '2026-11-21' }],
  ['2024-01-01..2024-12-31', { from: '2024-01-01', to: '2024-12-31' }],
])('%s is a period', (text, expected) => {
  expect(parsePeriod(text)).toEqual(expected)
})

test.each([
  '',
  'Latest',
  'yesterday',
  '2026-13-01',
  '2026-02-30',
  '2025-02-29',
  '2026-11-1',
  '20261121',
  '2026-11-21T00:00:00Z',
  '+012026-01-01',
  '2026-11-21..',
  '..2026-11-21',
  '2026-11-21...2026-11-22',
  '2026-11-01..2026-11-02..2026-11-03',
  '2026-11-02..2026-11-01',
  '2025-01-01..2026-01-02',
  '0001-01-01..9999-12-31',
])("'%s' is none", (text) => {
  expect(parsePeriod(text)).toEqual({
    allowed: 'latest, a date such as 2026-11-21, or a range of at most 366 days such as 2026-11-01..2026-11-21',
  })
})

const at = (text: string): number => Date.parse(`${text}Z`) / 1000

test.each([
  // imgix's own examples
  ['the midnight that its day begins with', 1_601_769_600, 1_601_769_600, 'image_analytics_20201004', '2020-10-04'],
  ['the same without a key that tells', 1_601_510_400, 1_601_510_400, 'x', '2020-10-01'],
  ['to the midnight after it', at('2026-11-20T00:00'), at('2026-11-21T00:00'), 'x', '2026-11-20'],
  ['to its last second', at('2026-11-20T00:00'), at('2026-11-20T23:59:59'), 'x', '2026-11-20'],
  [
    'cumulative, to the midnight of its last day',
    at('2026-11-01T00:00'),
    at('2026-11-15T00:00'),
    'a_20261115',
    '2026-11-15',
  ],
  ['cumulative, to the midnight after it', at('2026-11-01T00:00'), at('2026-11-15T00:00'), 'a_20261114', '2026-11-14'],
  ['a key of quite another day', at('2026-11-20T00:00'), at('2026-11-21T00:00'), 'a_19990101', '2026-11-20'],
  ['a start after the end', at('2026-11-21T00:00'), at('2026-11-20T00:00'), 'x', undefined],
  ['no start', null, at('2026-11-20T00:00'), 'x', undefined],
  ['text', '1601769600', '1601769600', 'x', undefined],
  ['before 1970', -86_400, -86_400, 'x', undefined],
  ['milliseconds', 1_601_769_600_000, 1_601_769_600_000, 'x', undefined],
  ['no number', Number.NaN, Number.NaN, 'x', undefined],
])('the day of a report: %s', (_, start, end, key, expected) => {
  expect(dayOf({ start, end, key })).toBe(expected)
})

test('the days of a period, over a change of the clocks and the end of a February', () => {
  expect(daysOf({ from: '2026-02-27', to: '2026-03-01' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(daysOf({ from: '2026-03-28', to: '2026-03-30' })).toHaveLength(3)
})

test.each([
  [[], ''],
  [['2026-11-21'], '2026-11-21'],
  [['2026-11-30', '2026-12-01', '2026-11-29', '2026-12-03'], '2026-11-29..2026-12-01, 2026-12-03'],
])('%j as text', (days, expected) => {
  expect(spansOf(days)).toBe(expected)
})
