import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLedger } from '../../src/report/ledger.ts'
import {
  createReportFile,
  reportPath,
  summaryPath,
  writeReport,
  writeSummaryFile,
} from '../../src/report/report-file.ts'
import { changesOf, planWith } from '../helpers/plan.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

test('the report is written whole, over an older one, with nothing beside it', () => {
  const folder = createTree()
  const path = reportPath(folder)
  writeReport(reportOf(), path)
  const report = reportOf({ files: [fileReport('é\n.png')] })
  writeReport(report, path)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(report)
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path])
})

test('a link that somebody puts in its place is not followed', () => {
  const folder = createTree({ other: 'mine' })
  const path = reportPath(folder)
  for (const link of [`${path}.tmp`, path]) symlinkSync(join(folder, 'other'), link)
  writeReport(reportOf(), path)
  expect([readFileSync(join(folder, 'other'), 'utf8'), lstatSync(path).isFile()]).toEqual(['mine', true])
})

test("nor one in the summary's place", () => {
  const folder = createTree({ other: 'mine' })
  const path = summaryPath(reportPath(folder))
  for (const link of [`${path}.tmp`, path]) symlinkSync(join(folder, 'other'), link)
  writeSummaryFile('text', path)
  expect([readFileSync(join(folder, 'other'), 'utf8'), readFileSync(path, 'utf8')]).toEqual(['mine', 'text'])
})

test('two steps do not share a report', () => {
  expect(reportPath('/tmp')).not.toBe(reportPath('/tmp'))
  expect(reportPath('/tmp')).toMatch(/^\/tmp\/imgix-sync-report-[0-9a-f]{8}\.json$/)
})

test('a report that can not be written is an error', () => {
  const path = join(createTree(), 'none', 'report.json')
  expect(() => writeReport(reportOf(), path)).toThrow(/ENOENT/)
  expect(existsSync(path)).toBe(false)
})

test.each([0, 1, 99, 100, 101, 250])('a report of %i files is the JSON that it would be in one piece', (count) => {
  const files = Array.from({ length: count }, (_, at) => fileReport(`a\n"${at}`, at % 2 ? { reason: '\n}, [' } : {}))
  const urls = Array.from({ length: Math.floor(count / 2) }, (_, at) => urlReport(`https://a/${at}`))
  const report = reportOf({ files, urls })
  const path = join(createTree(), 'report.json')
  writeReport(report, path)
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(report, null, 2)}\n`)
})

test('each stage leaves a report, so that a run that is killed has one', () => {
  const { state, hear } = createLedger(0)
  const file = createReportFile(state, createTree())
  const written = (event: Parameters<typeof hear>[0]): unknown => {
    hear(event)
    file.hear(event)
    return existsSync(file.path) ? JSON.parse(readFileSync(file.path, 'utf8')) : undefined
  }
  expect(written({ kind: 'idle', reason: '' })).toBeUndefined()
  expect(written({ kind: 'selected', changes: changesOf([]) })).toMatchObject({ base: '1'.repeat(40), files: [] })
  const purges = [{ kind: 'purge', url: 'https://a/b', path: undefined, subImage: false }] as const
  const plan = planWith({ purges })
  expect(written({ kind: 'planned', plan, seconds: 0, forecast: () => 0 })).toMatchObject({
    urls: [{ url: 'https://a/b', result: 'planned' }],
  })
  const done = { step: purges[0], result: 'done', attempts: 1, seconds: 1 } as const
  expect(written({ kind: 'ended', outcome: done })).toMatchObject({ urls: [{ result: 'planned' }] })
  expect(written({ kind: 'sync-ended' })).toMatchObject({ urls: [{ result: 'purged' }] })
})

test('a report that can not be written between the stages is no failure yet', () => {
  const printed = captureStdout()
  const { state } = createLedger(0)
  createReportFile(state, join(createTree(), 'none')).hear({ kind: 'sync-ended' })
  expect(printed()).toMatch(/^::debug::ENOENT/)
})
