import { expect, test } from 'vitest'
import { verdictFailure, verdictLines, verdictSentence } from '../../src/report/verdicts.ts'
import { reportOf, urlReport } from '../helpers/report.ts'

const url = (path: string): string => `https://a.imgix.net/${path}`
const report = reportOf({
  urls: [
    urlReport(url('f.png'), { verdict: 'fresh' }),
    urlReport(url('g.png'), { verdict: 'gone' }),
    urlReport(url('x.png'), { verdict: 'gone', reason: 'a 404 before, too' }),
    urlReport(url('s.png'), { verdict: 'stale', reason: 'it answers 404' }),
    urlReport(url('a.mp4'), { verdict: 'unverifiable', reason: 'a video' }),
    urlReport(url('b.mp4'), { verdict: 'unverifiable', reason: 'a video' }),
    urlReport(url('d.png'), { verdict: 'still-served', reason: 'delete it' }),
    urlReport(url('m.svg'), { subImage: true }),
  ],
})

test('what nobody can tell has a line for each reason; what needs somebody has an annotation', () => {
  expect(verdictLines(report)).toEqual([
    `unverifiable ${url('a.mp4')} and 1 more: a video`,
    `gone ${url('x.png')}: a 404 before, too`,
  ])
  expect(verdictSentence(report)).toBe('looked at 7 URLs: 1 fresh, 2 gone, 1 stale, 1 still-served, 2 unverifiable')
})

test('only fail fails, and only for what is stale: no run can make a deleted file go', () => {
  expect(verdictFailure(report, 'warn')).toBeUndefined()
  expect(verdictFailure(report, 'fail')).toBe('verify: 1 of 7 URLs is not served as the repository has it')
  expect(verdictFailure({ urls: report.urls.slice(4) }, 'fail')).toBeUndefined()
})
