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

test('what is as it should be has no line, and what nobody can tell one for each reason', () => {
  expect(verdictLines(report)).toEqual([
    `stale ${url('s.png')}: it answers 404`,
    `still-served ${url('d.png')}: delete it`,
    `unverifiable ${url('a.mp4')} and 1 more: a video`,
    `gone ${url('x.png')}: a 404 before, too`,
  ])
  expect(verdictSentence(report)).toBe('looked at 7 URLs: 1 fresh, 2 gone, 1 stale, 1 still-served, 2 unverifiable')
})

test('only fail fails, and only for what is served as before', () => {
  expect(verdictFailure(report, 'warn')).toBeUndefined()
  expect(verdictFailure(report, 'fail')).toBe('verify: 2 of 7 URLs are not served as the repository has it')
  expect(verdictFailure({ urls: report.urls.slice(4, 6) }, 'fail')).toBeUndefined()
})
