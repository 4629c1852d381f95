import { expect, onTestFinished, test } from 'vitest'
import { readJobLog } from '../../emulator/workflow-commands.ts'
import { type Ending, runAction } from '../../src/runner/run.ts'
import { joinSections, table } from '../../src/runner/summary.ts'
import { captureStdout } from '../helpers/stdout.ts'

/** Runs an action of two functions. @returns its ending, the annotations and the exit code */
async function run(carryOut: () => Promise<void>, reportEnding = async (): Promise<void> => {}) {
  const { exitCode } = process
  onTestFinished(() => {
    process.exitCode = exitCode
  })
  const printed = captureStdout()
  let ending: Ending | undefined
  await runAction(() => ({
    carryOut,
    reportEnding(value) {
      ending = value
      return reportEnding()
    },
  }))
  const annotations = readJobLog(printed()).annotations.map(({ level, message }) => `${level}: ${message}`)
  return { ending, annotations, exitCode: process.exitCode }
}

const error = new Error('no\n::set-output name=a::b')
const rejects = (..._: unknown[]): Promise<never> => Promise.reject(error)

test.each([
  ['is done', async () => {}, { cancelled: false, error: undefined }],
  ['fails', rejects, { cancelled: false, error }],
  ['is cancelled', async () => void process.emit('SIGTERM'), { cancelled: true, error: undefined }],
  ['fails after a cancellation', () => rejects(process.emit('SIGINT')), { cancelled: true, error: undefined }],
])('a run that %s has one ending', async (_, carryOut, ending) => {
  const listeners = process.listenerCount('SIGTERM')
  expect(await run(carryOut)).toEqual({ ending, annotations: [], exitCode: undefined })
  expect(process.listenerCount('SIGTERM')).toBe(listeners)
})

test('a result that can not be reported is one line and exit code 1', async () => {
  const { annotations, exitCode } = await run(async () => {}, rejects)
  expect([annotations, exitCode]).toEqual([
    [
      "error: the result can't be written: no\\n::set-output name=a::b; check the disk, and that the runner's files can be written",
    ],
    1,
  ])
})

test('a summary ends before it is too long for GitHub', () => {
  const section = 'é'.repeat(100_000)
  const summary = joinSections([section, '', ...Array.from({ length: 9 }, () => section)])
  expect(Buffer.byteLength(summary)).toBeLessThan(2 ** 20)
  expect(summary.split('\n\n')).toEqual([
    ...Array.from({ length: 5 }, () => section),
    'Parts that are too long for a job summary are left out: the log has them.\n',
  ])
  expect(joinSections(['a', '', 'b'])).toBe('a\n\nb\n')
})

test.each([
  [200, 1, 200],
  [201, 1, 200],
  [100, 10_000, 14],
])('a table of %i rows of %i bytes has %i, and says how many it left out', (count, bytes, expected) => {
  const items = Array.from({ length: count }, () => 'x'.repeat(bytes))
  const rows = table(items, { head: ['A', 'B'], row: (item) => [item], source: 'log' }).match(/<tr><td.*/g) ?? []
  const more =
    count > expected ? [`<tr><td colspan="2">and ${count - expected} more: the log has them all</td></tr>`] : []
  expect(rows.slice(expected)).toEqual(more)
})
