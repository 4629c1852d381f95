import { expect, test } from 'vitest'
import type { Choice, Report } from '../../src/download-reports/choose.ts'
import type { Inputs } from '../../src/download-reports/inputs.ts'
import { formatSummary } from '../../src/download-reports/report.ts'
import type { PartOutcome, RunState } from '../../src/download-reports/run-state.ts'
import * as sentences from '../../src/download-reports/sentences.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { report } from '../helpers/reports.ts'

const DAY = report('2026-11-20')
const NEXT = report('2026-11-21')
const AT_THREE = Date.parse('2026-11-22T03:00Z') / 1000
const failed = new ImgixError({ method: 'GET', path: 'storage.example.com/a.csv', status: 500, attempts: 5 })
const explained = 'the storage of the report failed; run the job again in some minutes (500, 5 tries)'

function state(choice: Partial<Choice>, inputs: Partial<Inputs> = {}): RunState {
  const chosen = { complete: [], incomplete: [], missing: [], listed: 9, ...choice }
  const plain = { type: 'cdn_logs', period: { from: '2026-11-20', to: '2026-11-21' }, folder: 'imgix-reports' } as const
  const given = { ...plain, onIncomplete: 'skip', onMissing: 'fail', waitTimeoutMs: 1_800_000, ...inputs } as Inputs
  return { inputs: given, choice: chosen, cancelled: false, fetched: new Map() }
}

/** @param sizes of its files; undefined for one that failed */
function fetched(run: RunState, of: Report, ...sizes: (number | undefined)[]): RunState {
  const parts = sizes.map((bytes, index): PartOutcome => {
    const part = { number: index + 1, name: `${of.key}-0${index + 1}.csv` }
    return bytes === undefined
      ? { ...part, ok: false, error: failed }
      : { ...part, ok: true, bytes, attempts: 1, seconds: 1 }
  })
  run.fetched.set(of.id, { report: of, of: sizes.length, parts })
  return run
}

test.each([
  ['nothing', state({}), 'nothing fetched'],
  ['a report', fetched(state({ complete: [DAY] }), DAY, 5, 1_000_000), '1 report fetched (2 files, 1.0 MB)'],
  [
    'all sorts',
    fetched(
      fetched(
        state({
          complete: [DAY, NEXT],
          incomplete: [report('2026-11-22', { completed: false })],
          missing: ['2026-11-19'],
        }),
        DAY,
        5,
      ),
      NEXT,
      7,
      undefined,
    ),
    '1 report fetched (2 files, 12 B), 1 failed, 1 not complete, 1 day without a report',
  ],
  ['a report without files', fetched(state({ complete: [DAY] }), DAY), 'nothing fetched, 1 without files'],
  ['cancelled', { ...state({ complete: [DAY] }), cancelled: true }, 'cancelled: nothing fetched, 1 not done'],
])('the result of %s', (_, run, expected) => {
  expect(sentences.resultSentence(run)).toBe(expected)
})

test('one line for each part that failed, and for each report that could not be asked', () => {
  const run = fetched(state({ complete: [DAY, NEXT] }), DAY, undefined, 7, undefined)
  const error = new ImgixError({ method: 'GET', path: '/api/v1/reports/x', status: 404, permission: 'Analytics' })
  run.fetched.set(NEXT.id, { report: NEXT, error, parts: [] })
  run.fetched.get(DAY.id)?.parts.reverse() // as they may come
  expect(sentences.failureLines(run)).toEqual([
    `cdn_logs_20261120, part 1 of 3: ${explained}`,
    `cdn_logs_20261120, part 3 of 3: ${explained}`,
    'cdn_logs_20261121: imgix does not find it; check api-url, and source-id if it is set, or run the job again later (404)',
  ])
})

const NONE =
  "imgix lists no cdn_logs report: ask imgix's support, which enables reports, a premium feature, for an account"

test.each([
  ['an account without reports', state({ listed: 0, missing: ['2026-11-20'] }), [NONE]],
  ['no latest one', state({ listed: 0 }, { period: 'latest' }), [NONE]],
  [
    'none that can be read',
    { ...state({ listed: 0 }, { period: 'latest' }), unreadable: 2 },
    ["imgix lists 2 cdn_logs reports, none with a key and a valid period: tell imgix's support"],
  ],
  [
    'some that can be read',
    { ...state({ listed: 1, missing: ['2026-11-19'] }), unreadable: 2 },
    ['no cdn_logs report of 2026-11-19: imgix lists none: choose another period, or let on-missing be warn'],
  ],
  [
    'none complete',
    state({ incomplete: [DAY] }, { period: 'latest' }),
    ['no cdn_logs report is complete: run the job again later, or set on-incomplete to wait'],
  ],
  ['one is waited for', state({ incomplete: [DAY] }, { period: 'latest', onIncomplete: 'wait' }), []],
  ['nothing missing', fetched(state({ complete: [DAY] }), DAY, 5), []],
  [
    'no files',
    fetched(state({ complete: [DAY] }), DAY),
    ['cdn_logs_20261120 is complete and has no files: let on-missing be warn if that is right'],
  ],
  [
    'days of many kinds',
    state({ missing: ['2026-08-23', '2026-08-24', '2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22'] }),
    [
      'no cdn_logs report of 2026-08-23: imgix keeps reports for 90 days: choose a later period',
      'no cdn_logs report of 2026-08-24, 2026-11-18..2026-11-19: imgix lists none: choose another period, or let on-missing be warn',
      'no cdn_logs report of 2026-11-21: imgix makes the report of a day by 04:00 UTC of the next day: run the job again later',
      'no cdn_logs report of 2026-11-22: the day is not over in UTC: run the job again after it',
    ],
  ],
  [
    'a day that was waited for',
    state({ missing: ['2026-11-21'] }, { onIncomplete: 'wait' }),
    [
      'no cdn_logs report of 2026-11-21: imgix makes the report of a day by 04:00 UTC of the next day, and waiting 30 min was not enough: run the job again later',
    ],
  ],
])('what is missing: %s', (_, run, expected) => {
  expect(sentences.missingLines(run, AT_THREE)).toEqual(expected)
})

test.each([
  ['skip', 'cdn_logs_20261121 is skipped: it is not complete yet'],
  ['wait', 'cdn_logs_20261121 was not complete after 30 min; run the job again later, or raise wait-timeout'],
] as const)('a report that is not complete, under %s', (onIncomplete, line) => {
  expect(sentences.incompleteLines(state({ incomplete: [NEXT] }, { onIncomplete }))).toEqual([line])
})

test.each([
  [
    '2026-11-18',
    'the newest complete cdn_logs report is of 2026-11-18, 4 days ago: check whether imgix still makes reports',
  ],
  ['2026-11-19', undefined],
])('the latest report is of %s', (day, line) => {
  const run = state({ complete: [report(day)] }, { period: 'latest' })
  expect(sentences.oldLines(run, AT_THREE)).toEqual(line === undefined ? [] : [line])
  expect(sentences.oldLines(state({ complete: [report(day)] }), AT_THREE)).toEqual([])
})

test('what imgix has, and what is waited for', () => {
  const choice = { complete: [DAY], incomplete: [NEXT], missing: ['2026-11-19'], listed: 3 }
  expect(sentences.choiceSentence(choice)).toBe(
    '1 complete report (cdn_logs_20261120), 1 not complete yet, 1 day without a report',
  )
  expect(sentences.waitSentence(['a', 'b', 'c', 'd', 'e'], 60_000)).toBe('waits for a, b, c and 2 more, 60 s at most')
})

test('the summary: a table of reports, in which nothing of a key is markup', () => {
  const hostile = report('2026-11-21', { id: 'x', key: '</code><script>|`\n## a', since: '2026-11-01' })
  const run = fetched(fetched(state({ complete: [DAY, hostile] }), DAY, 5, 7), hostile, undefined, 3)
  expect(formatSummary(run, true, ['a <b>'])).toBe(`### ❌ imgix reports: 1 report fetched (3 files, 15 B), 1 failed

<p>a &#60;b&#62;</p>

<table>
<tr><th align="left">Report</th><th align="left">State</th><th align="left">Period (UTC)</th><th align="left">Files</th></tr>
<tr><td><code>cdn_&#8203;logs_&#8203;20261120</code></td><td>fetched</td><td>2026-11-20</td><td>2, 12 B</td></tr>
<tr><td><code>&#60;/&#8203;code&#62;&#60;script&#8203;&#62;|&#96;\\n## a</code></td><td>failed</td><td>2026-11-01 to 2026-11-21</td><td>1 of 2, 3 B</td></tr>
</table>
`)
})

test('a summary of many reports stays below what GitHub takes', () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    report('2026-11-21', { id: String(index), key: '<'.repeat(999) }),
  )
  const lines = Array.from({ length: 1000 }, () => '<'.repeat(999))
  const summary = formatSummary(state({ complete: many }), true, lines)
  expect(Buffer.byteLength(summary)).toBeLessThan(1 << 20)
  expect(summary).toContain('and 900 more: the log has them all')
  expect(summary).toContain('and 800 more: the log has them all</td>')
})
