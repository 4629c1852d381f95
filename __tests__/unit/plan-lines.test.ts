import { expect, test } from 'vitest'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { planLines, planSentence, sourceLine } from '../../src/report/plan-lines.ts'
import { filePlan, planOf, planWith, purgeStep, skipped, uploadStep } from '../helpers/plan.ts'

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
  expect(planSentence(planOf(files), seconds)).toBe(expected)
})

test('the plan: a verification follows only where something is purged', () => {
  expect(planSentence(planOf({ 'a.png': 1 }), 0, 60)).toMatch(/, then 60 s at most to verify$/)
  const unpurged = planWith({ files: [filePlan(uploadStep('a.png'))] })
  expect(planSentence(unpurged, 0, 60)).toBe('1 upload (1 B), 0 purges, about 1 s by the rate limits')
})

test('the lines of a plan', () => {
  const first = uploadStep('a\n.png', { originPath: 'site/a\n.png', bytes: 1500 })
  const plan = planWith({
    files: [
      filePlan(first, { purges: [purgeStep('https://a.imgix.net/site/a%0A.png', { path: first.path })] }),
      filePlan(uploadStep('c.png', { change: 'modified' }), {
        calls: [{ kind: 'call', path: 'c.png', originPath: 'c.png', call: 'refresh' }],
      }),
      filePlan(uploadStep('d.png', { change: 'present', route: 'any' })),
    ],
    updates: [{ kind: 'update', path: 'e\n.png', originPath: 'e\n.png', attributes: NO_ATTRIBUTES }],
    calls: [{ kind: 'call', path: 'f.png', originPath: 'f.png', call: 'add' }],
    purges: [purgeStep('https://a.imgix.net/b.png', { path: 'b.png' }), purgeStep('https://a.imgix.net/of-inputs')],
    skipped: [skipped('b.png', { change: 'deleted', result: 'deleted', reason: 'gone' })],
  })
  expect(planLines(plan)).toEqual([
    'upload a\\n.png to /site/a\\n.png (1.5 kB, new, direct, image/png)',
    '    purge https://a.imgix.net/site/a%0A.png',
    'upload c.png to /c.png (1 B, changed, direct, image/png)',
    'upload d.png to /d.png (1 B, direct or session, image/png)',
    'refresh c.png',
    'queue f.png for the Asset Manager',
    'update the metadata of e\\n.png',
    'deleted b.png: gone',
    '    purge https://a.imgix.net/b.png',
    '    purge https://a.imgix.net/of-inputs',
  ])
})

test('a long plan is cut, and says so', () => {
  const files = Array.from({ length: 250 }, (_, index) => filePlan(uploadStep(`${index}`)))
  const lines = planLines(planWith({ files }))
  expect([lines.length, lines.at(-1)]).toEqual([201, 'and 50 more lines: the report has all of it'])
})

test('the Source', () => {
  expect([sourceLine({ id: 'SRC', type: 's3' }, ['a.net', 'b.net']), sourceLine({ id: 'SRC', type: '' }, [])]).toEqual([
    'Source SRC (s3), domains: a.net, b.net',
    'Source not read, domains: none',
  ])
})
