import { expect, test } from 'vitest'
import type { Choice, Report } from '../../src/download-reports/choose.ts'
import { type Gathering, gatherReports } from '../../src/download-reports/gather.ts'
import { daysAgo, report } from '../helpers/reports.ts'

const [YESTERDAY, BEFORE] = [report(daysAgo(1)), report(daysAgo(2))]
const pending: Report = { ...YESTERDAY, completed: false }

/** @param answers what imgix lists, the last one from then on */
async function gather(answers: readonly (readonly Report[])[], settings: Partial<Gathering> = {}) {
  const seen = { yielded: [] as string[], waits: [] as string[][], asked: 0, choices: [] as Choice[] }
  const reports = gatherReports({
    ...{ period: 'latest', onIncomplete: 'wait', waitTimeoutMs: 30, signal: new AbortController().signal },
    list: async () => {
      seen.asked += 1
      return answers[seen.asked - 1] ?? answers.at(-1) ?? []
    },
    onChoice: (choice) => void seen.choices.push(choice),
    onWait: (awaited) => void seen.waits.push([...awaited]),
    ...settings,
  })
  for await (const { key } of reports) seen.yielded.push(key)
  return seen
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
  expect([yielded, waits, asked]).toEqual([[YESTERDAY.key], [[YESTERDAY.key]], 2])
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
  expect([yielded, waits]).toEqual([[YESTERDAY.key], [[`the report of ${YESTERDAY.day}`]]])
})

test('the wait ends', async () => {
  const { yielded, asked, choices } = await gather([[BEFORE, pending]])
  expect([yielded, asked, choices.at(-1)?.incomplete]).toEqual([[], 2, [pending]])
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
