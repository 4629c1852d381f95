import { expect, test } from 'vitest'
import type { RecordStep, Step, UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { Report } from '../../src/report/json-report.ts'
import type { Failed } from '../../src/report/ledger.ts'
import { failedSteps, failureSentence, resultSentence, unrecordedSentence } from '../../src/report/result-lines.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'

const refusal = new ImgixError({ method: 'PATCH', path: '/x', status: 403, permission: 'Asset Manager Edit' })
const error = new ImgixError({ method: 'PATCH', path: '/x', status: 400, reason: 'why', remedy: 'do it' })

const place = { path: 'a\n.png', originPath: 'a\n.png' }
const UPDATE: UpdateStep = { kind: 'update', ...place, attributes: { ...NO_ATTRIBUTES, name: 'A' } }
const RECORD: RecordStep = { kind: 'record', ...place, record: 'always' }
const fail = (step: Step, error: Error): Failed => ({ step, result: 'failed', error, attempts: 1, seconds: 0 })
const at = { file: 'a\n.png', title: 'imgix sync' }

test.each([
  ['attributes', UPDATE, [{ ...at, line: 'a\n.png: its metadata was not set: why; do it (400)' }]],
  [
    'a call',
    { kind: 'call', ...place, call: 'refresh' } as const,
    [{ ...at, line: 'a\n.png: not refreshed: why; do it (400)' }],
  ],
  [
    'a record of older bytes that stands',
    { ...RECORD, record: 'renew' } as const,
    [
      {
        ...at,
        line: 'a\n.png: imgix still has the record of its older bytes, and the next full sync can trust that record; run again: why; do it (400)',
      },
    ],
  ],
])('a failure beside files and URLs: %s', (_, step, expected) => {
  expect(failedSteps([fail(step, error)])).toEqual(expected)
})

test('of many failures the first have a line', () => {
  const lines = failedSteps(Array(60).fill(fail(UPDATE, error)))
  expect([lines.length, lines.at(-1)]).toEqual([51, { line: 'and 10 more assets' }])
})

test('records that could not be made', () => {
  const records = (count: number, cause: Error) => Array(count).fill(fail(RECORD, cause))
  expect(unrecordedSentence([])).toBeUndefined()
  expect([unrecordedSentence(records(1, error)), unrecordedSentence(records(2, refusal))]).toEqual([
    'the bytes of 1 file could not be recorded, so that the next full sync uploads it again: why; do it (400)',
    expect.stringMatching(
      /^the bytes of 2 files could not be recorded, .* uploads them again: api-key: the key lacks the permission Asset Manager Edit /,
    ),
  ])
})

const uploaded = fileReport('a')
const failed = fileReport('b', { result: 'failed' })
const badUrl = urlReport('https://a/b', { result: 'failed' })

test.each([
  ['nothing', {}, '0 uploaded, 0 purged in 2.5 s', undefined],
  [
    'one of each',
    { files: [uploaded, fileReport('c', { result: 'skipped' }), failed], urls: [urlReport('https://a/a')] },
    '1 uploaded, 1 skipped, 1 purged, 1 failed in 2.5 s',
    '1 of 3 files failed',
  ],
  ['one of one', { files: [failed] }, '0 uploaded, 0 purged, 1 failed in 2.5 s', '1 of 1 file failed'],
  ['purges', { urls: [badUrl] }, '0 uploaded, 0 purged, 1 failed in 2.5 s', '1 of 1 purge failed'],
  [
    'both',
    { files: [failed, uploaded], urls: [badUrl, badUrl] },
    '1 uploaded, 0 purged, 3 failed in 2.5 s',
    '1 of 2 files failed, 2 of 2 purges failed',
  ],
  ['a cancelled run', { cancelled: true, files: [uploaded] }, 'cancelled: 1 uploaded, 0 purged in 2.5 s', undefined],
  ['a cancelled dry run', { dryRun: true, cancelled: true }, 'dry run, cancelled: nothing was changed', undefined],
  [
    'a dry run',
    { dryRun: true, files: [fileReport('a', { result: 'planned' })] },
    'dry run: 1 file would be uploaded; nothing was changed',
    undefined,
  ],
  [
    'a dry run of what would fail',
    { dryRun: true, files: [fileReport('a', { result: 'planned' }), failed] },
    'dry run: 1 file would be uploaded; nothing was changed',
    '1 of 2 files failed',
  ],
] satisfies [string, Partial<Report>, string, string | undefined][])('the end: %s', (_, more, result, failure) => {
  const report = reportOf(more)
  expect([resultSentence(report, false), failureSentence(report)]).toEqual([result, failure])
})

test('the end of a run that was stopped', () => {
  expect(resultSentence(reportOf(), true)).toBe('stopped: 0 uploaded, 0 purged in 2.5 s')
})
