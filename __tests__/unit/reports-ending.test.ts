import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readJobLog, readOutputs } from '../../emulator/workflow-commands.ts'
import type { Report } from '../../src/download-reports/choose.ts'
import type { Inputs } from '../../src/download-reports/inputs.ts'
import { reportEnding } from '../../src/download-reports/report.ts'
import type { PartOutcome, RunState } from '../../src/download-reports/run-state.ts'
import { report } from '../helpers/reports.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

const [FIRST, SECOND] = [report('2026-11-20'), report('2026-11-21')]

/** A run whose reports have come in the order given, their parts in that of their numbers here. */
function state(arrived: readonly (readonly [Report, ...number[]])[], folder = 'imgix-reports'): RunState {
  const inputs = { type: 'cdn_logs', period: { from: FIRST.day, to: SECOND.day }, folder } as Inputs
  const complete = arrived.map(([each]) => each)
  const run: RunState = { inputs, cancelled: false, fetched: new Map() }
  for (const [of, ...numbers] of arrived) {
    const parts = numbers.map((number): PartOutcome => {
      return { number, name: `${of.key}-0${number}.csv`, ok: true, bytes: 1, attempts: 1, seconds: 1 }
    })
    run.fetched.set(of.id, { report: of, of: numbers.length, parts })
  }
  return { ...run, choice: { complete, incomplete: [], missing: [], listed: complete.length } }
}

/** Tells the ending as a runner would have it. @returns the outputs, and the log */
async function endingOf(run: RunState) {
  const file = join(createTree(), 'output')
  writeFileSync(file, '')
  const { env, exitCode } = process
  process.env = { ...env, GITHUB_OUTPUT: file, GITHUB_STEP_SUMMARY: '' }
  onTestFinished(() => {
    process.env = env
    process.exitCode = exitCode
  })
  const printed = captureStdout()
  await reportEnding(run, undefined)
  const { exitCode: code } = process
  return { outputs: readOutputs(readFileSync(file, 'utf8')), code, ...readJobLog(printed()) }
}

test('files are told by their days and numbers, whatever came first', async () => {
  const { outputs } = await endingOf(
    state([
      [SECOND, 1],
      [FIRST, 2, 1],
    ]),
  )
  expect(JSON.parse(String(outputs.files))).toEqual([
    'imgix-reports/cdn_logs_20261120-01.csv',
    'imgix-reports/cdn_logs_20261120-02.csv',
    'imgix-reports/cdn_logs_20261121-01.csv',
  ])
  expect(outputs['report-keys']).toBe(JSON.stringify([FIRST.key, SECOND.key]))
})

test('files of the workspace itself are told without a folder', async () => {
  const { outputs } = await endingOf(state([[FIRST, 1]], '.'))
  expect([outputs.files, outputs.count]).toEqual(['["cdn_logs_20261120-01.csv"]', '1'])
})

test('a list over 200 kB is left empty, with a notice', async () => {
  const { outputs, annotations } = await endingOf(state([[{ ...FIRST, key: 'a'.repeat(200_000) }, 1]]))
  expect([outputs['report-keys'], outputs.failed]).toEqual(['', '[]'])
  expect(annotations.map(({ level, message }) => [level, message])).toContainEqual([
    'notice',
    'over 200 kB, so these outputs are left empty: files (1), report-keys (1)',
  ])
})

test('of many failures the first are annotations, and the log has the others', async () => {
  const many = Array.from({ length: 60 }, (_, index) => report('2026-11-21', { id: String(index), key: `k${index}` }))
  const run = state(many.map((each) => [each] as const))
  for (const each of many) run.fetched.set(each.id, { report: each, error: new Error('404'), parts: [] })
  const { annotations, log, code } = await endingOf(run)
  expect([annotations.filter(({ level }) => level === 'error').length, code]).toEqual([51, 1])
  expect(log).toContain('k59: 404')
})
