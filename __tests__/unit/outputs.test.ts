import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readJobLog, readOutputs } from '../../emulator/workflow-commands.ts'
import type { Report } from '../../src/report/json-report.ts'
import { setOutputs } from '../../src/report/outputs.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

/** Sets the outputs as a runner would have it. @returns the outputs, and the log */
function outputsOf(report: Report) {
  const file = join(createTree(), 'output')
  writeFileSync(file, '')
  const before = process.env.GITHUB_OUTPUT
  process.env.GITHUB_OUTPUT = file
  onTestFinished(() => {
    if (before === undefined) delete process.env.GITHUB_OUTPUT
    else process.env.GITHUB_OUTPUT = before
  })
  const printed = captureStdout()
  setOutputs(report, { report: '/tmp/report.json', summary: '/tmp/summary.md' })
  return { outputs: readOutputs(readFileSync(file, 'utf8')), log: readJobLog(printed()) }
}

const EMPTY = {
  ...{ uploaded: '[]', skipped: '[]', purged: '[]', failed: '[]', stale: '[]', planned: '[]' },
  ...{ 'uploaded-count': '0', 'skipped-count': '0', 'purged-count': '0', 'failed-count': '0', 'planned-count': '0' },
  ...{ base: '1'.repeat(40), head: '2'.repeat(40), 'base-strategy': 'event' },
  ...{ report: '/tmp/report.json', summary: '/tmp/summary.md' },
}

test('every output, of a run that did nothing', () => {
  expect(outputsOf(reportOf()).outputs).toEqual(EMPTY)
})

test('every output: origin paths of what was done, paths and URLs of what failed', () => {
  const files = [
    fileReport('public/a.png', { originPath: 'site/a.png' }),
    fileReport('public/b\n::error::.png', { originPath: 'site/b\n::error::.png' }),
    fileReport('public/c.png', { originPath: 'site/c.png', result: 'skipped' }),
    fileReport('public/d.png', { originPath: 'site/d.png', result: 'failed' }),
    fileReport('public/e.png', { originPath: 'site/e.png', result: 'deleted' }),
    fileReport('public/f.png', { originPath: 'site/f.png', result: 'planned' }),
  ]
  const urls = [
    urlReport('https://a/1'),
    urlReport('https://a/2', { result: 'failed' }),
    urlReport('https://a/3', { result: 'planned' }),
  ]
  expect(outputsOf(reportOf({ files, urls })).outputs).toEqual({
    ...EMPTY,
    uploaded: JSON.stringify(['site/a.png', 'site/b\n::error::.png']),
    skipped: '["site/c.png"]',
    purged: '["https://a/1"]',
    failed: '["public/d.png","https://a/2"]',
    ...{ 'uploaded-count': '2', 'skipped-count': '1', 'purged-count': '1', 'failed-count': '2' },
  })
})

test('what a dry run would upload', () => {
  const files = [
    fileReport('public/a.png', { originPath: 'site/a.png', result: 'planned' }),
    fileReport('public/b.png', { originPath: 'site/b.png', result: 'failed' }),
  ]
  expect(outputsOf(reportOf({ dryRun: true, files })).outputs).toMatchObject({
    ...{ planned: '["site/a.png"]', 'planned-count': '1', uploaded: '[]', 'failed-count': '1' },
  })
})

test('a list over 200 kB is left empty, with a notice', () => {
  const files = Array.from({ length: 3000 }, (_, index) => fileReport(`${'画'.repeat(30)}${index}`))
  const { outputs, log } = outputsOf(reportOf({ files }))
  expect([outputs.uploaded, outputs['uploaded-count'], outputs.skipped]).toEqual(['', '3000', '[]'])
  expect(log.annotations).toEqual([
    {
      level: 'notice',
      message:
        'over 200 kB, so these outputs are left empty: uploaded (3000); the output report names a file that has them',
      properties: {},
    },
  ])
})
