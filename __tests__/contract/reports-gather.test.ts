import { expect, test } from 'vitest'
import type { Report } from '../../src/download-reports/choose.ts'
import { type Gathering, gatherReports } from '../../src/download-reports/gather.ts'
import type { RunState } from '../../src/download-reports/run-state.ts'
import { daysAgo, report } from '../helpers/reports.ts'
import { captureStdout } from '../helpers/stdout.ts'

const [YESTERDAY, BEFORE] = [report(daysAgo(1)), report(daysAgo(2))]
const pending: Report = { ...YESTERDAY, completed: false }

type Settings = Partial<Gathering['inputs'] & Pick<Gathering, 'signal'>>

/** @param answers what imgix lists, the last one from then on */
async function gather(answers: readonly (readonly Report[])[], { signal, ...settings }: Settings = {}) {
  const printed = captureStdout()
  const state: RunState = { cancelled: false, fetched: new Map() }
  const yielded: string[] = []
  let asked = 0
  const reports = gatherReports({
    inputs: { type: 'cdn_logs', period: 'latest', onIncomplete: 'wait', waitTimeoutMs: 30, ...settings },
    state,
    signal: signal ?? new AbortController().signal,
    list: async () => {
      asked += 1
      return { reports: answers[asked - 1] ?? answers.at(-1) ?? [], unreadable: 0 }
    },
  })
  for await (const { key } of reports) yielded.push(key)
  const waits = [...printed().matchAll(/^waits for (.*), .* at most$/gm)].map(([, awaited]) => awaited)
  return { yielded, waits, asked, choice: state.choice }
}

const yesterday = { from: YESTERDAY.day, to: YESTERDAY.day }

test('what is complete is there at once', async () => {
  expect(await gather([[BEFORE, YESTERDAY]])).toMatchObject({ yielded: [YESTERDAY.key], waits: [], asked: 1 })
})

test('a report is waited for until it is complete', async () => {
  const { yielded, waits, asked } = await gather([
    [BEFORE, pending],
    [BEFORE, YESTERDAY],
  ])
  expect([yielded, waits, asked]).toEqual([[YESTERDAY.key], [YESTERDAY.key], 2])
})

test('what is complete does not wait, and comes once', async () => {
  const period = { from: BEFORE.day, to: YESTERDAY.day }
  const { yielded, asked } = await gather(
    [
      [BEFORE, pending],
      [BEFORE, YESTERDAY],
    ],
    { period },
  )
  expect([yielded, asked]).toEqual([[BEFORE.key, YESTERDAY.key], 2])
})

test('a report that is not listed yet, of a day that is just over, is waited for', async () => {
  const { yielded, waits } = await gather([[BEFORE], [BEFORE, YESTERDAY]], { period: yesterday })
  expect([yielded, waits]).toEqual([[YESTERDAY.key], [`the report of ${YESTERDAY.day}`]])
})

test('the wait ends', async () => {
  const { yielded, asked, choice } = await gather([[BEFORE, pending]])
  expect([yielded, asked, choice?.incomplete]).toEqual([[], 2, [pending]])
})

test.each([
  ['an old day', { from: '2026-01-01', to: '2026-01-01' }, [[BEFORE]]],
  ['a day to come', { from: '9999-01-01', to: '9999-01-01' }, [[BEFORE]]],
  ['an account without reports', yesterday, [[]]],
  ['no latest report', 'latest', [[]]],
] as const)('nothing waits for %s', async (_, period, answers) => {
  expect(await gather(answers, { period })).toMatchObject({ yielded: [], waits: [], asked: 1 })
})

test('under skip nothing waits', async () => {
  const { yielded, waits, asked } = await gather([[BEFORE, pending]], { onIncomplete: 'skip' })
  expect([yielded, waits, asked]).toEqual([[BEFORE.key], [], 1])
})

test('a cancelled run does not wait on', async () => {
  const signal = AbortSignal.abort()
  await expect(gather([[pending]], { signal, waitTimeoutMs: 60_000 })).rejects.toThrow('aborted')
})
