import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Look, Served } from '../../src/imgix/rendering.ts'
import type { PurgeStep } from '../../src/plan.ts'
import { createVerification } from '../../src/verify.ts'
import { purgeStep } from '../helpers/plan.ts'

type LookAt = (url: string, signal: AbortSignal) => Promise<Look>

const noAnswer: Look = { problem: 'no answer (ECONNRESET)', final: false }
const url = (path: string): string => `https://a.imgix.net/${path}`
const uploadedStep = (path: string): PurgeStep => purgeStep(url(path), { path, afterUpload: true })

function served(etag: string, more: Partial<Served> = {}): Served {
  return { status: 200, lastModified: undefined, etag, clockAheadMs: 0, ...more }
}

/** A verification of these steps by looks that the test makes up. */
function verify(purges: PurgeStep[], look: LookAt, timeoutMs = 1000, purgedAgain: string[] = []) {
  return createVerification(
    { uploads: [], updates: [], purges, skipped: [] },
    {
      rendering: { look, close() {} },
      timeoutMs,
      signal: new AbortController().signal,
      whyNot: () => undefined,
      mayRepeat: () => false,
      purgeAgain: async (text) => void purgedAgain.push(text),
      onRound() {},
    },
  )
}

function purged(step: PurgeStep) {
  return { step, result: 'purged', attempts: 1 } as const
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
    const verification = verify(steps, (_, signal) => {
      looks += 1
      // the others wait for their turns behind these
      return looks <= 3
        ? Promise.resolve(noAnswer)
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve(noAnswer)))
    })
    await verification.before(steps.slice(0, 32))
    await verification.before(steps.slice(32))
    expect(looks).toBe(32)
  })

  test('a purge as a sub-image waits for the look at its URL, too, and there is one', async () => {
    const step = purgeStep(url('m.svg'), { path: 'm.svg', afterUpload: false })
    const order: string[] = []
    const verification = verify([step, { ...step, subImage: true }], async () => {
      order.push('looks')
      await new Promise(setImmediate)
      order.push('looked')
      return served('"a"')
    })
    await Promise.all(
      [step, { ...step, subImage: true }].map((one) => verification.before([one]).then(() => order.push('purges'))),
    )
    expect(order).toEqual(['looks', 'looked', 'purges', 'purges'])
  })
})

describe('rounds', () => {
  afterEach(() => void vi.useRealTimers())

  test('what was stale stays so when the host does not answer any more', async () => {
    const steps = ['gone-silent.png', 'busy.png', 'late.png'].map(uploadedStep)
    const old = served('"old"')
    const verification = verify(
      steps,
      inTurn({
        [url('gone-silent.png')]: [old, old, noAnswer],
        [url('busy.png')]: [old, old, served('', { status: 503 })],
        [url('late.png')]: [old, noAnswer, old],
      }),
      2300,
    )
    await verification.before(steps)
    for (const step of steps) verification.purged(purged(step))
    await verification.carryOut()
    expect([...verification.verdicts].map(([text, { verdict }]) => [text, verdict])).toEqual(
      ['gone-silent.png', 'busy.png', 'late.png'].map((path) => [url(path), 'stale']),
    )
  })

  test('what stays stale is purged once more, when its purge was 10 seconds ago, and never again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const steps = ['a.png', 'b.png'].map(uploadedStep)
    const old = served('"old"')
    const again: string[] = []
    const looks = inTurn({ [url('a.png')]: [old], [url('b.png')]: [old] })
    const verification = verify(steps, looks, 3300, again)
    await verification.before(steps)
    verification.purged(purged(uploadedStep('a.png')))
    vi.advanceTimersByTime(10_500)
    verification.purged(purged(uploadedStep('b.png')))
    await verification.carryOut()
    expect(again).toEqual([url('a.png')])
    expect([...verification.verdicts.values()].map(({ verdict }) => verdict)).toEqual(['stale', 'stale'])
  })

  test('a file that the Asset Manager refreshed has just been purged', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const steps = ['a.png', 'b.png'].map((path) => purgeStep(url(path), { path, afterUpload: false }))
    const answers = [served('"old"'), served('"old"'), served('"new"')]
    const verification = verify(steps, inTurn({ [url('a.png')]: answers, [url('b.png')]: answers }), 2300)
    await verification.before(steps)
    for (const step of steps) verification.purged(purged(step))
    vi.advanceTimersByTime(60_000)
    const refresh = { path: 'a.png', originPath: 'a.png', call: 'refresh', afterUpload: false } as const
    verification.refreshed({ step: refresh, result: 'done' })
    await verification.carryOut()
    expect([...verification.verdicts].map(([text, { verdict }]) => [text, verdict])).toEqual([
      [url('b.png'), 'unverifiable'],
      [url('a.png'), 'fresh'],
    ])
  })
})
