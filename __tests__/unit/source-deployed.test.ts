import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { waitUntilDeployed } from '../../src/configure-source/deployed.ts'
import { SourceError } from '../../src/configure-source/requests.ts'
import { captureStdout } from '../helpers/stdout.ts'

type Answer = { deployment_status?: string; date_deployed?: number }
const was: Answer = { deployment_status: 'deployed', date_deployed: 1 }

/** Fake timers reach the global ones only: those of the module go by them until the test ends. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const sleep = vi.spyOn(timers, 'setTimeout')
  sleep.mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const end = new AbortController()
    setTimeout(() => end.abort(), ms)
    return end.signal
  })
  syncBuiltinESMExports()
  onTestFinished(() => {
    sleep.mockRestore()
    timeout.mockRestore()
    syncBuiltinESMExports()
    vi.useRealTimers()
  })
}

/** Waits by a clock of its own. @returns the states that were told, and how many times imgix was asked */
async function wait(
  answers: Answer[],
  { before, isEnabled = true, timeoutMs = 600_000 }: { before?: Answer; isEnabled?: boolean; timeoutMs?: number } = {},
) {
  fakeTimers()
  const [now = {}, ...later] = answers
  const printed = captureStdout()
  let asked = 0
  const read = async (): Promise<Answer> => later[Math.min(asked++, later.length - 1)] ?? now
  const { signal } = new AbortController()
  const ending = waitUntilDeployed(now, { read, before, isEnabled, timeoutMs, signal }).then(
    () => undefined,
    (error) => error,
  )
  await vi.advanceTimersByTimeAsync(timeoutMs + 20_000)
  const told = [...printed().matchAll(/^deployment_status: (.*?)(, waits up to \d.*)?$/gm)]
  return { told: told.map(([, status, waits]) => `${status}${waits ? ' …' : ''}`), asked, error: await ending }
}

const disabled = { deployment_status: 'disabled' }
const deploying = { deployment_status: 'deploying' }
const deployed = { deployment_status: 'deployed', date_deployed: 2 }

test.each<[string, Answer[], Parameters<typeof wait>[1], string[], number]>([
  ['a Source that was not changed', [was], {}, ['deployed'], 0],
  ['one that is deployed at once', [deployed], { before: was }, ['deployed'], 0],
  [
    'one that is deployed in a while',
    [deploying, deploying, deployed],
    { before: was },
    ['deploying …', 'deployed'],
    2,
  ],
  [
    'one that is soon deployed',
    [was, was, deploying, deployed],
    { before: was },
    ['deployed …', 'deploying …', 'deployed'],
    3,
  ],
  ['one that goes by the same date', [deploying, was], { before: was }, ['deploying …', 'deployed'], 1],
  [
    'one that is enabled',
    [{ deployment_status: 'disabled' }, deployed],
    { before: { deployment_status: 'disabled' } },
    ['disabled …', 'deployed'],
    1,
  ],
  [
    'one that is not',
    [deploying, { deployment_status: 'disabled' }],
    { before: was, isEnabled: false },
    ['deploying …', 'disabled'],
    1,
  ],
  [
    'one that is not, of which imgix says no more than deployed',
    [was, deploying, deployed],
    { before: was, isEnabled: false },
    ['deployed …', 'deploying …', 'deployed'],
    2,
  ],
  [
    'one that is disabled at once',
    [{ deployment_status: 'disabled' }],
    { before: was, isEnabled: false },
    ['disabled'],
    0,
  ],
  ['a state that no document names', [{ deployment_status: 'queued' }, deployed], {}, ['queued …', 'deployed'], 1],
  ['no state', [{}, deployed], {}, [' …', 'deployed'], 1],
])('%s', async (_, answers, options, told, asked) => {
  expect(await wait(answers, options)).toEqual({ told, asked, error: undefined })
})

test('what is said of the deployment before is not believed until its date has moved', async () => {
  const { told, asked, error } = await wait([was, ...Array<Answer>(20).fill(was), deployed], { before: was })
  expect([told, asked, error]).toEqual([['deployed …'], 21, undefined])
})

test('a date that does not move within the time limit is told as the reason', async () => {
  const { error } = await wait([was], { before: was, timeoutMs: 60_000 })
  expect(error).toBeInstanceOf(SourceError)
  expect(error.message).toBe(
    "deploy-timeout: the Source is 'deployed', and its date_deployed is that from before the change after 60 s; imgix may still serve the older configuration: run again to wait longer, or see imgix's dashboard",
  )
})

test('without any date, the same status is believed after a while', async () => {
  const undated = { deployment_status: 'deployed' }
  const { told, asked, error } = await wait([undated], { before: undated })
  expect([told, asked, error]).toEqual([['deployed …'], 4, undefined])
  expect((await wait([undated], { before: undated, timeoutMs: 1000 })).error).toBeUndefined()
})

test.each<[string, Parameters<typeof wait>[1], number]>([
  ['that was not changed', {}, 4],
  ['that was deployed before', { before: was }, 4],
  ['that was disabled before', { before: disabled }, 7],
])('an enabled Source %s, and that imgix has disabled, ends the wait soon', async (_, options, asks) => {
  const { told, error, asked } = await wait([disabled], options)
  expect(error).toBeInstanceOf(SourceError)
  expect([told, error.message]).toEqual([
    ['disabled …'],
    "the Source is enabled, and imgix still has it 'disabled'; see imgix's dashboard",
  ])
  expect(asked).toBe(asks)
})

test('a deployment that takes too long', async () => {
  const { error, asked } = await wait([deploying], { timeoutMs: 60_000 })
  expect(error).toBeInstanceOf(SourceError)
  expect(error.message).toBe(
    "deploy-timeout: the Source is 'deploying' and not 'deployed' after 60 s; imgix continues the deployment: run again to wait longer, or see imgix's dashboard",
  )
  expect(asked).toBe(10)
})

test('imgix does not answer: no longer is waited for it than for the deployment', async () => {
  fakeTimers()
  captureStdout()
  const stopped: number[] = []
  const read = (signal: AbortSignal): Promise<Answer> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped.push(Math.round(performance.now() - startedAt))
        reject(new Error('stopped'))
      })
    })
  const startedAt = performance.now()
  const rest = { before: was, isEnabled: true, timeoutMs: 60_000, signal: new AbortController().signal }
  const ending = waitUntilDeployed(deploying, { read, ...rest }).catch((error) => error)
  await vi.advanceTimersByTimeAsync(80_000)
  const error = await ending
  expect(error).toBeInstanceOf(SourceError)
  expect(error.message).toMatch(/^deploy-timeout: the Source is 'deploying' and not 'deployed' after 60 s; /)
  expect(stopped).toEqual([60_000])
})

test('a read that fails is not taken for a deployment that is late', async () => {
  captureStdout()
  const read = async (): Promise<Answer> => {
    throw new TypeError('no answer')
  }
  const { signal } = new AbortController()
  const waiting = { read, before: was, isEnabled: true, timeoutMs: 60_000, signal }
  const error = await waitUntilDeployed(deploying, waiting).catch((cause) => cause)
  expect(error).toBeInstanceOf(TypeError)
  expect(error.message).toBe('no answer')
})

test.each(['deleted', 'deploy_failed', 'ERROR'])('a deployment that is %s', async (status) => {
  const { error, told } = await wait([deploying, { deployment_status: status }])
  expect(error).toBeInstanceOf(SourceError)
  expect([error.message, told]).toEqual([
    `the Source has the status '${status}'; see imgix's dashboard`,
    ['deploying …', status],
  ])
})
