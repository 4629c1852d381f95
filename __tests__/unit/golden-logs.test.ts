import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readJobLog } from '../../emulator/workflow-commands.ts'
import type { RunEvent } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { reportEnding } from '../../src/report/ending.ts'
import { createLedger } from '../../src/report/ledger.ts'
import { createLog } from '../../src/report/log.ts'
import { filePlan, planWith, purgeStep, uploadStep } from '../helpers/plan.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { scenes } from '../helpers/summary.ts'
import { createTree } from '../helpers/tree.ts'

/** What a runner prints of a run, its end included. Debug lines are left out, as the runner leaves them out. */
async function logOf(events: readonly RunEvent[]): Promise<{ log: string; files: string[] }> {
  const { state, hear } = createLedger(performance.now())
  const log = createLog(state)
  const report = join(createTree(), 'imgix-sync-report-0a.json')
  const exitCode = process.exitCode
  const printed = captureStdout()
  try {
    for (const event of events) {
      hear(event)
      log.hear(event)
    }
    await reportEnding(state, report)
  } finally {
    process.exitCode = exitCode
  }
  const lines = printed()
    .split('\n')
    .filter((line) => !/^$|^::(debug|add-mask|set-output)/.test(line))
    .map((line) => line.replace(report, 'RUNNER_TEMP/report.json').replace(/ in \d[\d.]* s$/, ' in 0.1 s'))
  return { log: lines.join('\n'), files: [report, report.replace('-report-0a.json', '-summary-0a.md')] }
}

test.each(scenes().filter(({ name }) => !['one', 'many', 'dry-run-all'].includes(name)))(
  'the log of $name',
  async ({ name, events }) => {
    const { log } = await logOf(events)
    await expect(log).toMatchFileSnapshot(`golden/log-${name}.txt`)
  },
)

test.each(scenes())('no message of $name comes twice', async ({ events }) => {
  const { annotations, log } = readJobLog((await logOf(events)).log)
  const messages = annotations.map(({ message }) => message)
  const lines = log.split('\n').filter((line) => line !== '')
  expect([messages, lines]).toEqual([[...new Set(messages)], [...new Set(lines)]])
  for (const message of messages) expect(lines.filter((line) => line.includes(message))).toEqual([])
})

test('the log of thousands of files is bounded, and its report has them all', async () => {
  const huge = scenes().find(({ name }) => name === 'huge')
  const { log, files } = await logOf(huge?.events ?? [])
  expect(log.split('\n').length).toBeLessThan(300)
  const [report = '', summary = ''] = files
  expect(JSON.parse(readFileSync(report, 'utf8')).files).toHaveLength(10_000)
  expect(readFileSync(summary, 'utf8')).toMatch(/^### ✅ imgix: 10,000 files published/)
})

test('the failures of thousands of files are bounded, too: annotations, lines, and one for the rest', async () => {
  const huge = scenes().find(({ name }) => name === 'huge')?.events ?? []
  const failed = huge.map((event): RunEvent => {
    if (event.kind !== 'ended') return event
    const { step } = event.outcome
    const error = new Error(`${step.kind === 'upload' ? step.path : ''} is no picture`)
    return { kind: 'ended', outcome: { step, result: 'failed', error, attempts: 1, seconds: 0 } }
  })
  const { annotations, log } = readJobLog((await logOf(failed)).log)
  const errors = annotations.filter(({ level }) => level === 'error')
  expect(errors).toHaveLength(51) // 50 failures, and what the run came to
  expect(log.match(/^error: /gm)).toHaveLength(150)
  expect(log.match(/^more failures are in the report alone$/gm)).toHaveLength(1)
})

test('a sub-image has its URL purged twice, and counted once', async () => {
  const step = uploadStep('mark.svg')
  const purges = [true, false].map((subImage) => purgeStep('https://a/mark.svg', { subImage, path: step.path }))
  const plan = planWith({ files: [filePlan(step, { purges })] })
  const done = { result: 'done', attempts: 1, seconds: 0.2 } as const
  const events = [step, ...purges].map((each): RunEvent => ({ kind: 'ended', outcome: { step: each, ...done } }))
  const { log } = await logOf([{ kind: 'planned', plan, seconds: 1, forecast: () => 0 }, ...events])
  expect(log).toContain('\npublished mark.svg (1 B, 0.2 s, 1 URL purged)\n')
})

test('the error that ended the run stands for the steps that it ended', async () => {
  const error = new ImgixError({ method: 'PATCH', path: '/x', status: 403, permission: 'Asset Manager Edit' })
  const steps = [uploadStep('a.png'), { kind: 'record', path: 'a.png', originPath: 'a.png', record: 'renew' }] as const
  const failed = steps.map((step): RunEvent => {
    return { kind: 'ended', outcome: { step, result: 'failed', error, attempts: 1, seconds: 0 } }
  })
  const { annotations } = readJobLog((await logOf([...failed, { kind: 'finished', cancelled: false, error }])).log)
  expect(annotations).toMatchObject([{ message: expect.stringMatching(/^api-key: the key lacks the permission/) }])
})
