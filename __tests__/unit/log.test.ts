import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { Report } from '../../src/report/json-report.ts'
import * as log from '../../src/report/log.ts'
import type { Changes } from '../../src/select/by-git.ts'
import { changesOf, filePlan, planOf, planWith, purgeStep, skipped, sourceOf, uploadStep } from '../helpers/plan.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'

const FILE = { path: 'a.png', change: 'added' } as const

test.each([
  [
    'one of one',
    { files: [FILE], considered: 1 },
    '1 of 1 changed file between 1111111 and 2222222 match the files patterns',
  ],
  [
    'one of two',
    { files: [FILE], considered: 2 },
    '1 of 2 changed files between 1111111 and 2222222 match the files patterns',
  ],
  [
    'none of two, below a root',
    { considered: 2, rootPath: 'public/' },
    '0 of 2 changed files below public/ between 1111111 and 2222222 match the files patterns',
  ],
  ['nothing', {}, 'nothing changed between 1111111 and 2222222'],
  ['nothing below a root', { rootPath: 'public/' }, 'nothing changed below public/ between 1111111 and 2222222'],
  ['one commit', { base: '2'.repeat(40) }, 'base and head are the same commit: nothing changed'],
  ['no base', { base: '', baseStrategy: 'all', files: [FILE], considered: 3 }, '1 of 3 files match the files patterns'],
  [
    'a base whose commit is not known: the pull request of the API',
    { base: '', baseStrategy: 'merge-base', files: [FILE], considered: 3 },
    '1 of 3 changed files between the base and 2222222 match the files patterns',
  ],
  [
    'a shard of all files',
    { base: '', baseStrategy: 'all', files: [FILE], matching: 2, considered: 3 },
    '2 of 3 files match the files patterns, 1 of those in this shard',
  ],
  [
    'a shard without changed files',
    { matching: 2, considered: 3, rootPath: 'public/' },
    '2 of 3 changed files below public/ between 1111111 and 2222222 match the files patterns, none of those in this shard',
  ],
  [
    'a deleted branch',
    { steps: ['nothing to do: the push deleted its branch or tag'] },
    'nothing to do: the push deleted its branch or tag',
  ],
] satisfies [string, Partial<Changes>, string][])('changes: %s', (_, more, expected) => {
  const changes: Changes = { ...changesOf([]), ...more }
  expect(log.changesSentence(changes)).toBe(expected)
})

test('the lines of changes, escaped', () => {
  const changes: Changes = { ...changesOf([]), steps: ['base: a\n::error::b'] }
  expect(log.changesLines(changes)).toEqual([
    'base: a\\n::error::b',
    `head: ${'2'.repeat(40)}`,
    'nothing changed between 1111111 and 2222222',
  ])
})

test.each([
  ['nothing', {}, 0, '0 uploads (0 B), 0 purges'],
  ['one', { 'a.png': 1500 }, 0, '1 upload (1.5 kB), 1 purge, about 1 s by the rate limits'],
  [
    'two, one by session',
    { 'a.png': 1, 'b.mp4': 40_000_000 },
    3,
    '2 uploads (40.0 MB, 1 by upload session), 2 purges, about 4 s by the rate limits',
  ],
  [
    'many, and much',
    Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`${at}.png`, 1e6])),
    99.5,
    '400 uploads (400 MB, 400 by direct upload or session), 400 purges, about 101 s by the rate limits and the time that 400 MB take',
  ],
])('the plan: %s', (_, files, seconds, expected) => {
  expect(log.planSentence(planOf(files), seconds)).toBe(expected)
})

test('the lines of a plan', () => {
  const first = uploadStep('a\n.png', { originPath: 'site/a\n.png', bytes: 1500 })
  const plan = planWith({
    files: [
      filePlan(first, { purges: [purgeStep('https://a.imgix.net/site/a%0A.png', { path: first.path })] }),
      filePlan(uploadStep('c.png', { change: 'modified' }), {
        calls: [{ kind: 'call', path: 'c.png', originPath: 'c.png', call: 'refresh' }],
      }),
      filePlan(uploadStep('d.png', { change: 'present', eitherLane: true })),
    ],
    updates: [{ kind: 'update', path: 'e\n.png', originPath: 'e\n.png', attributes: NO_ATTRIBUTES }],
    calls: [{ kind: 'call', path: 'f.png', originPath: 'f.png', call: 'add' }],
    purges: [purgeStep('https://a.imgix.net/b.png', { path: 'b.png' }), purgeStep('https://a.imgix.net/of-inputs')],
    skipped: [skipped('b.png', { change: 'deleted', result: 'deleted', reason: 'gone' })],
  })
  expect(log.planLines(plan)).toEqual([
    'upload a\\n.png to /site/a\\n.png (1.5 kB, new, direct, image/png)',
    '    purge https://a.imgix.net/site/a%0A.png',
    'upload c.png to /c.png (1 B, changed, direct, image/png)',
    'upload d.png to /d.png (1 B, direct or session, image/png)',
    'refresh c.png',
    'queue f.png for the Asset Manager',
    'update the attributes of e\\n.png',
    'deleted b.png: gone',
    '    purge https://a.imgix.net/b.png',
    '    purge https://a.imgix.net/of-inputs',
  ])
})

test('a folder without a commit has no line for it', () => {
  const changes: Changes = { ...changesOf([FILE]), head: '', base: '', baseStrategy: 'all', steps: ['mode: all'] }
  expect(log.changesLines(changes)).toEqual(['mode: all', '1 of 1 file match the files patterns'])
})

test('a long plan is cut, and says so', () => {
  const files = Array.from({ length: 250 }, (_, index) => filePlan(uploadStep(`${index}`)))
  const lines = log.planLines(planWith({ files }))
  expect([lines.length, lines.at(-1)]).toEqual([201, 'and 50 more lines: the report has all of it'])
})

test('the Source', () => {
  expect([log.sourceLine(sourceOf(), ['a.net', 'b.net']), log.sourceLine(undefined, [])]).toEqual([
    'Source 5b81e81539ddc50001a5d955 (s3), domains: a.net, b.net',
    'Source of unknown type (not read), domains: none',
  ])
})

const step = uploadStep('a\n.png', { bytes: 1500 })
const error = new ImgixError({ method: 'POST', path: '/x', status: 400, permission: 'Purge' })

test.each([
  ['at once', { result: 'done', route: 'direct', attempts: 1 }, 'uploaded a\\n.png (1.5 kB, direct, 0.5 s)'],
  [
    'after tries',
    { result: 'done', route: 'session', attempts: 3 },
    'uploaded a\\n.png (1.5 kB, session, 0.5 s, 3 tries)',
  ],
  ['skipped', { result: 'skipped', reason: 'there', attempts: 1 }, 'skipped a\\n.png: there'],
  ['failed', { result: 'failed', error, attempts: 1 }, 'failed a\\n.png: POST /x: 400'],
  ['not done', { result: 'not-done', reason: 'ended', attempts: 0 }, 'not uploaded a\\n.png: ended'],
] as const)('an upload: %s', (_, outcome, expected) => {
  expect(log.outcomeLine({ step, seconds: 0.5, ...outcome })).toBe(expected)
})

test.each([
  ['at once', { result: 'done', attempts: 1 }, 'purged https://a/b'],
  ['after tries', { result: 'done', attempts: 2 }, 'purged https://a/b (2 tries)'],
  ['failed', { result: 'failed', error, attempts: 1 }, 'failed to purge https://a/b: POST /x: 400'],
  [
    'not done',
    { result: 'not-done', reason: 'its upload was not done', attempts: 0 },
    'not purged https://a/b: its upload was not done',
  ],
] as const)('a purge: %s', (_, outcome, expected) => {
  expect(log.outcomeLine({ step: purgeStep('https://a/b'), seconds: 0.5, ...outcome })).toBe(expected)
})

const limited = { limitClass: 'upload', limit: { count: 20, perMs: 1000 }, refusals: 12 } as const

test.each([
  ['half', { count: 10, perMs: 1000 }, 'upload=10/s'],
  ['less than one a second', { count: 1, perMs: 1500 }, 'upload=40/m'],
  ['less than one a minute', { count: 1, perMs: 100_000 }, 'upload=36/h'],
  ['hardly any', { count: 1, perMs: 1e8 }, 'upload=1/h'],
])('limits that are lower than assumed: %s', (_, accepted, setting) => {
  expect(log.slowDownLine({ ...limited, accepted })).toBe(
    `imgix refused 12 upload requests (429), though rate-limits allows 20/s: the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits: ${setting}`,
  )
})

test('a long wait', () => {
  expect(log.waitLine(90_000, error)).toBe('waits 90 s before it tries again: POST /x: 400')
})

const uploaded = fileReport('a')
const failed = fileReport('b', { result: 'failed' })
const badUrl = urlReport('https://a/b', { result: 'failed' })

test.each([
  ['nothing', {}, '0 uploaded, 0 purged, 0 failed in 2.5 s', undefined],
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
  [
    'a cancelled run',
    { cancelled: true, files: [uploaded] },
    'cancelled: 1 uploaded, 0 purged, 0 failed in 2.5 s',
    undefined,
  ],
  [
    'a dry run',
    { dryRun: true, files: [fileReport('a', { result: 'planned' })] },
    'dry run: 1 file would be uploaded, 0 URLs purged; nothing was changed',
    undefined,
  ],
  [
    'a dry run of what would fail',
    { dryRun: true, files: [fileReport('a', { result: 'planned' }), failed] },
    'dry run: 1 file would be uploaded, 0 URLs purged; nothing was changed',
    '1 of 2 files failed',
  ],
] satisfies [string, Partial<Report>, string, string | undefined][])('the end: %s', (_, more, result, failure) => {
  const report = reportOf(more)
  expect([log.resultSentence(report, false), log.failureSentence(report)]).toEqual([result, failure])
})

test('the end of a run that was stopped', () => {
  expect(log.resultSentence(reportOf(), true)).toBe('stopped: 0 uploaded, 0 purged, 0 failed in 2.5 s')
})
