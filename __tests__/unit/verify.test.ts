import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Plan, PurgeStep, RunEvent, Step } from '../../src/events.ts'
import type { Look, Served } from '../../src/verify/rendering.ts'
import { createVerification } from '../../src/verify/verify.ts'
import { filePlan, planWith, purgeStep, uploadStep } from '../helpers/plan.ts'

type LookAt = (url: string, signal: AbortSignal) => Promise<Look>

const noAnswer: Look = { problem: 'no answer (ECONNRESET)', final: false }
const url = (path: string): string => `https://a.imgix.net/${path}`
const uploadedStep = (path: string): PurgeStep => purgeStep(url(path), { path })

function served(etag: string, more: Partial<Served> = {}): Served {
  return { status: 200, lastModified: undefined, etag, clockAheadMs: 0, ...more }
}

/** Purges of files that this run uploads. */
function uploadedPlan(purges: readonly PurgeStep[]): Plan {
  return planWith({ files: purges.map((step) => filePlan(uploadStep(step.path ?? ''), { purges: [step] })) })
}

/** A verification of a plan by looks that the test makes up. */
function verify(
  plan: Plan,
  look: LookAt,
  timeoutMs = 1000,
  purgeAgain: (url: string, signal: AbortSignal) => Promise<void> = async () => {},
) {
  return createVerification(plan, {
    rendering: { look, close() {} },
    timeoutMs,
    signal: new AbortController().signal,
    whyNot: () => undefined,
    mayRepeat: () => false,
    purgeAgain,
    emit() {},
  })
}

function ended(step: Step, more: { result: 'not-done' | 'done' | 'failed' } = { result: 'done' }): RunEvent {
  const facts = { step, attempts: 1, seconds: 1, reason: '', error: new Error('x') }
  return { kind: 'ended', outcome: { ...facts, ...more } }
}

/** Answers of a URL in turn, the last one for ever. */
function inTurn(answers: Readonly<Record<string, readonly Look[]>>): LookAt {
  const looks = new Map<string, number>()
  return async (text) => {
    const nth = looks.get(text) ?? 0
    looks.set(text, nth + 1)
    return answers[text]?.at(Math.min(nth, (answers[text]?.length ?? 0) - 1)) ?? noAnswer
  }
}

describe('before', () => {
  test('a host that stays silent keeps nobody waiting who has not had his turn yet', async () => {
    let looks = 0
    const steps = Array.from({ length: 40 }, (_, at) => uploadedStep(`${at}.png`))
    const verification = verify(uploadedPlan(steps), (_, signal) => {
      looks += 1
      // the others wait for their turns behind these
      return looks <= 3
        ? Promise.resolve(noAnswer)
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve(noAnswer)))
    })
    await verification.lookBefore(steps.slice(0, 32))
    await verification.lookBefore(steps.slice(32))
    expect(looks).toBe(32)
  })

  test('a purge as a sub-image waits for the look at its URL, too, and there is one', async () => {
    const step = purgeStep(url('m.svg'), { path: 'm.svg' })
    const order: string[] = []
    const verification = verify(planWith({ purges: [step, { ...step, subImage: true }] }), async () => {
      order.push('looks')
      await new Promise(setImmediate)
      order.push('looked')
      return served('"a"')
    })
    await Promise.all(
      [step, { ...step, subImage: true }].map((one) => verification.lookBefore([one]).then(() => order.push('purges'))),
    )
    expect(order).toEqual(['looks', 'looked', 'purges', 'purges'])
  })
})

describe('rounds', () => {
  afterEach(() => void vi.useRealTimers())

  test('what was not purged is not looked at', async () => {
    const [step, other] = ['a.png', 'b.png'].map(uploadedStep) as [PurgeStep, PurgeStep]
    const verification = verify(uploadedPlan([step, other]), () => expect.unreachable())
    verification.hear(ended(step, { result: 'failed' }))
    verification.hear(ended(other, { result: 'not-done' }))
    await verification.carryOut()
    expect([...verification.verdicts]).toEqual([])
  })

  test('a host that hangs does not keep another from being asked again', async () => {
    const hanging = Array.from({ length: 30 }, (_, at) => purgeStep(`https://hangs.test/${at}.png`, { path: `${at}` }))
    const other = uploadedStep('a.png')
    const looks = { hanging: 0, other: 0 }
    const verification = verify(
      uploadedPlan([...hanging, other]),
      (text, signal) => {
        if (text === other.url) {
          looks.other += 1
          return Promise.resolve(served(looks.other < 3 ? '"old"' : '"new"'))
        }
        looks.hanging += 1
        return looks.hanging % 30 < 4
          ? Promise.resolve(noAnswer)
          : new Promise((resolve) =>
              signal.addEventListener('abort', () => resolve({ ...noAnswer, problem: 'aborted' })),
            )
      },
      3000,
    )
    await verification.lookBefore([other])
    for (const step of [...hanging, other]) verification.hear(ended(step))
    await verification.carryOut()
    expect(verification.verdicts.get(other.url)?.verdict).toBe('fresh')
    const reasons = hanging.map(({ url: text }) => verification.verdicts.get(text)?.reason)
    expect([...new Set(reasons)]).toEqual(['no answer (ECONNRESET)'])
  })

  test('what was stale stays so when the host does not answer any more', async () => {
    const steps = ['gone-silent.png', 'busy.png', 'late.png'].map(uploadedStep)
    const old = served('"old"')
    const verification = verify(
      uploadedPlan(steps),
      inTurn({
        [url('gone-silent.png')]: [old, old, noAnswer],
        [url('busy.png')]: [old, old, served('', { status: 503 })],
        [url('late.png')]: [old, noAnswer, old],
      }),
      2300,
    )
    await verification.lookBefore(steps)
    for (const step of steps) verification.hear(ended(step))
    await verification.carryOut()
    expect([...verification.verdicts].map(([text, { verdict }]) => [text, verdict])).toEqual(
      ['gone-silent.png', 'busy.png', 'late.png'].map((path) => [url(path), 'stale']),
    )
  })

  test('what stays stale is purged once more after 10 seconds, while the looks go on, and what was not says so', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const [old, fresh] = [served('"old"'), served('"new"')]
    const answers = { again: [old], waits: [old], mended: [old, old, fresh], soon: [old] }
    const again: string[] = []
    const verification = verify(
      uploadedPlan(Object.keys(answers).map(uploadedStep)),
      inTurn(Object.fromEntries(Object.entries(answers).map(([path, looks]) => [url(path), looks]))),
      2300,
      async (text, signal) => {
        again.push(text)
        if (text === url('waits')) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    )
    await verification.lookBefore(Object.keys(answers).map(uploadedStep))
    for (const path of ['again', 'waits', 'mended']) verification.hear(ended(uploadedStep(path)))
    vi.advanceTimersByTime(10_500)
    verification.hear(ended(uploadedStep('soon')))
    await verification.carryOut()
    expect(again).toEqual(['again', 'waits', 'mended'].map(url))
    const reason = 'its ETag is the one from before the upload'
    expect(Object.fromEntries(verification.verdicts)).toEqual({
      [url('again')]: { verdict: 'stale', reason, settled: false },
      [url('waits')]: {
        verdict: 'stale',
        reason: `${reason}, and there was no time to purge it again`,
        settled: false,
      },
      [url('mended')]: { verdict: 'fresh', settled: true },
      [url('soon')]: { verdict: 'stale', reason, settled: false },
    })
  })

  test('a file that the Asset Manager refreshed has just been purged', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const steps = ['a.png', 'b.png'].map((path) => purgeStep(url(path), { path }))
    const answers = [served('"old"'), served('"old"'), served('"new"')]
    const verification = verify(
      planWith({ purges: steps }),
      inTurn({ [url('a.png')]: answers, [url('b.png')]: answers }),
      2300,
    )
    await verification.lookBefore(steps)
    for (const step of steps) verification.hear(ended(step))
    vi.advanceTimersByTime(60_000)
    verification.hear(ended({ kind: 'call', path: 'a.png', originPath: 'a.png', call: 'refresh' }))
    await verification.carryOut()
    expect([...verification.verdicts].map(([text, { verdict }]) => [text, verdict])).toEqual([
      [url('b.png'), 'unverifiable'],
      [url('a.png'), 'fresh'],
    ])
  })
})
