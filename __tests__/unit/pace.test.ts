import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { RateLimit } from '../../src/imgix/http/limiter.ts'
import { createPace, DOCUMENTED_LIMITS, type Pace, type RateLimits } from '../../src/imgix/pace.ts'

const NONE: RateLimit = { count: 1e6, perMs: 1000 }

function limits(upload: RateLimit, more: Partial<RateLimits> = {}): RateLimits {
  return { upload, purge: NONE, get: NONE, refresh: NONE, default: NONE, ...more }
}

/** A server that counts requests as they arrive, and refuses those that a sliding window has no place for. */
function createServer({ count, perMs }: RateLimit) {
  const admitted: number[] = []
  let most = 0
  return {
    most: () => most,
    admitted,
    admit(): boolean {
      const now = performance.now()
      const inWindow = admitted.filter((at) => now - at < perMs).length + 1
      most = Math.max(most, inWindow)
      if (inWindow > count) return false
      admitted.push(now)
      return true
    },
  }
}

/** Time that only passes when the test says so. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** mulberry32: the same latencies in every run */
function createRandom(seed: number): (min: number, max: number) => number {
  let state = seed
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return min + (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * (max - min)
  }
}

const pass = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

// The way there and the way back, each from and to so many ms
test.each([
  ['an even latency', [20, 20], [20, 20]],
  ['none', [0, 0], [0, 0]],
  ['a way there that varies', [5, 60], [10, 10]],
  ['a way back that varies, as a server that takes its time', [10, 10], [10, 500]],
  ['both ways that vary', [10, 60], [10, 60]],
  ['both ways that vary much', [5, 300], [5, 300]],
  ['answers slower than the window', [10, 10], [1200, 2500]],
])('the limit holds in every window as the server counts, with %s', async (_, up, down) => {
  stopTime()
  const limit = { count: 4, perMs: 1000 }
  const most: number[] = []
  for (let seed = 0; seed < 20; seed += 1) {
    const random = createRandom(seed)
    const server = createServer(limit)
    const pace = createPace(limits(limit))
    const send = async (): Promise<void> => {
      const slot = await pace.acquire('upload')
      slot.sent()
      await pass(random(up[0] ?? 0, up[1] ?? 0))
      server.admit()
      await pass(random(down[0] ?? 0, down[1] ?? 0))
      slot.answered()
    }
    const all = Promise.all(Array.from({ length: 60 }, send))
    await vi.advanceTimersByTimeAsync(90_000)
    await all
    most.push(server.most())
  }
  expect(most).toEqual(most.map(() => 4))
})

test('places are given in the order of the calls, one that is tried again first', async () => {
  const pace = createPace(limits({ count: 1, perMs: 20 }))
  const order: string[] = []
  const take = async (name: string, first = false): Promise<void> => {
    const slot = await pace.acquire('upload', { first })
    order.push(name)
    slot.answered()
  }
  await Promise.all([take('a'), take('b'), take('c'), take('again', true)])
  expect(order).toEqual(['a', 'again', 'b', 'c'])
})

test('classes do not wait for each other', async () => {
  const pace = createPace(limits({ count: 1, perMs: 60_000 }, { purge: { count: 1, perMs: 60_000 } }))
  const [upload] = await Promise.all([pace.acquire('upload'), pace.acquire('purge'), pace.acquire('get')])
  upload.answered()
  const winner = await Promise.race([
    pace.acquire('upload').then(() => 'upload'),
    pace.acquire('get').then(() => 'get'),
  ])
  expect(winner).toBe('get')
})

test('a request that is not counted yet keeps its place, one that is under way does not', async () => {
  const pace = createPace(limits({ count: 1, perMs: 20 }))
  const slot = await pace.acquire('upload')
  const next = pace.acquire('upload').then(() => 'next')
  expect(await Promise.race([next, sleep(80, 'nothing')])).toBe('nothing')
  slot.underWay()
  expect(await Promise.race([next, sleep(2000, 'nothing')])).toBe('next')
})

test('only the first word on a request counts', async () => {
  const pace = createPace(limits({ count: 2, perMs: 30 }))
  const [one, two] = await Promise.all([pace.acquire('upload'), pace.acquire('upload')])
  for (const say of [one.underWay, one.answered, one.underWay]) say()
  const third = pace.acquire('upload')
  const fourth = pace.acquire('upload').then(() => 'fourth')
  await third
  // `two` still holds its place: three words on `one` freed one place, not three
  expect(await Promise.race([fourth, sleep(100, 'nothing')])).toBe('nothing')
  two.answered()
  expect(await Promise.race([fourth, sleep(2000, 'nothing')])).toBe('fourth')
})

test('an abort while waiting gives up the place in the queue only', async () => {
  const pace = createPace(limits({ count: 1, perMs: 20 }))
  const slot = await pace.acquire('upload')
  const abort = new AbortController()
  const aborted = pace.acquire('upload', { signal: abort.signal })
  const next = pace.acquire('upload')
  abort.abort(new Error('stop here'))
  await expect(aborted).rejects.toThrow(new Error('stop here'))
  slot.answered()
  await expect(next).resolves.toBeDefined()
})

test('an abort before the call takes no place', async () => {
  const pace = createPace(limits({ count: 1, perMs: 60_000 }))
  const signal = AbortSignal.abort(new Error('stop here'))
  await expect(pace.acquire('upload', { signal })).rejects.toThrow(new Error('stop here'))
  await expect(pace.acquire('upload')).resolves.toBeDefined()
})

test('an abort after the place was given changes nothing', async () => {
  const pace = createPace(limits({ count: 1, perMs: 20 }))
  const abort = new AbortController()
  const slot = await pace.acquire('upload', { signal: abort.signal })
  abort.abort(new Error('stop here'))
  slot.answered()
  await expect(pace.acquire('upload')).resolves.toBeDefined()
})

/** How many places can be had in `ms`, each answered at once. */
async function countWithin(pace: Pace, ms: number): Promise<number> {
  const stop = new AbortController()
  let taken = 0
  const worker = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const slot = await pace.acquire('upload', { signal: stop.signal }).catch(() => undefined)
      if (slot === undefined) return
      taken += 1
      slot.answered()
    }
  }
  const workers = Array.from({ length: 20 }, worker)
  await vi.advanceTimersByTimeAsync(ms)
  stop.abort()
  await Promise.all(workers)
  return taken
}

test('a refusal halves the pace of its class, several of the same moment halve it once, and it recovers', async () => {
  stopTime()
  const pace = createPace(limits({ count: 8, perMs: 1000 }))
  const slots = await Promise.all(Array.from({ length: 8 }, () => pace.acquire('upload')))
  await vi.advanceTimersByTimeAsync(1)
  for (const slot of slots) {
    slot.answered()
    slot.refused(0)
  }
  await vi.advanceTimersByTimeAsync(1010)
  // windows are 1010 ms long, and the last is not over: 4 of 8, then 5 after ten calm seconds, 6 (of 6.25) after ten more
  const perSecond: number[] = []
  for (let second = 0; second < 60; second += 1) perSecond.push(await countWithin(pace, 1010))
  expect([perSecond[1], perSecond[5], perSecond[12], perSecond[22], perSecond[59]]).toEqual([4, 4, 5, 6, 8])
})

test('a refusal soon after the pace was raised: back to what was good, and longer there', async () => {
  stopTime()
  const pace = createPace(limits({ count: 8, perMs: 1000 }))
  const refuse = async (): Promise<void> => {
    const slot = await pace.acquire('upload')
    slot.answered()
    slot.refused(0)
  }
  await refuse()
  await vi.advanceTimersByTimeAsync(11_000)
  await countWithin(pace, 1015) // raised to 5
  await vi.advanceTimersByTimeAsync(2000)
  await refuse() // back to 4
  await vi.advanceTimersByTimeAsync(2000)
  for (let second = 0; second < 15; second += 3) {
    expect(await countWithin(pace, 1000)).toBe(4)
    await vi.advanceTimersByTimeAsync(2000)
  }
  await vi.advanceTimersByTimeAsync(3000)
  expect(await countWithin(pace, 1000)).toBe(5)
})

test('a server that allows half: a few refusals, and the pace that it allows', async () => {
  stopTime()
  const server = createServer({ count: 10, perMs: 1000 })
  const pace = createPace(limits({ count: 20, perMs: 1000 }))
  let left = 1000
  const worker = async (): Promise<void> => {
    while (left > 0) {
      const slot = await pace.acquire('upload')
      slot.sent(1)
      await pass(10)
      const admitted = server.admit()
      await pass(290)
      slot.answered()
      if (admitted) left -= 1
      else slot.refused(500)
    }
  }
  const all = Promise.all(Array.from({ length: 8 }, worker))
  await vi.advanceTimersByTimeAsync(130_000) // at the server's pace 100 s
  await all
  const [slowDown, ...more] = pace.slowDowns()
  expect(slowDown).toMatchObject({ limitClass: 'upload', limit: { count: 20 }, accepted: { count: 10, perMs: 1000 } })
  expect(more).toEqual([])
  expect(slowDown?.refusals).toBeLessThanOrEqual(20)
})

test.each([
  ['that always take the same', 300, 300, 1],
  ['that vary a little', 300, 310, 1],
  ['that vary a little, with requests that arrive late now and then', 300, 310, 90],
])(
  '200 requests over the documented limit with answers %s: no request too many, little time lost',
  async (_, min, max, lateMs) => {
    stopTime()
    const limit = { count: 2, perMs: 1000 }
    const server = createServer(limit)
    const pace = createPace(limits(limit))
    const random = createRandom(1)
    const startedAt = performance.now()
    const send = async (): Promise<void> => {
      const slot = await pace.acquire('upload')
      slot.sent(1)
      await pass(random(0, 10) < 1 ? lateMs : 1)
      server.admit()
      await pass(random(min, max))
      slot.answered()
    }
    const all = Promise.all(Array.from({ length: 200 }, send))
    await vi.advanceTimersByTimeAsync(120_000)
    await all
    expect(server.most()).toBe(2)
    expect((Number(server.admitted.at(-1)) - startedAt) / 99_000).toBeLessThan(1.05)
  },
)

test('what is expected of a class is what then comes', async () => {
  stopTime()
  const pace = createPace(limits({ count: 2, perMs: 1000 }))
  const came: number[] = []
  const expected: number[] = []
  const work = async (): Promise<void> => {
    for (let turn = 0; turn < 9; turn += 1) {
      const { waitMs, tripMs } = pace.expect('upload', 1)
      expected.push(performance.now() + waitMs + tripMs)
      const slot = await pace.acquire('upload')
      slot.sent(1)
      await pass(50)
      slot.answered()
      came.push(performance.now())
    }
  }
  const done = work()
  await vi.advanceTimersByTimeAsync(6000)
  await done
  const off = came.map((at, turn) => Math.abs(at - Number(expected[turn])))
  expect(Math.max(...off.slice(1))).toBeLessThan(5)
  expect(pace.expect('upload', 6).waitMs - pace.expect('upload', 2).waitMs).toBeCloseTo(2000, -2)
})

test('a refusal holds its class back as long as the server says, others not', async () => {
  stopTime()
  const pace = createPace(limits({ count: 8, perMs: 1000 }))
  const slot = await pace.acquire('upload')
  slot.answered()
  slot.refused(30_000)
  expect(await countWithin(pace, 29_999)).toBe(0)
  expect(await countWithin(pace, 2)).toBeGreaterThan(0)
  await expect(pace.acquire('get')).resolves.toBeDefined()
})

test('a pace that is refused again and again never stops', async () => {
  stopTime()
  const pace = createPace(limits({ count: 2, perMs: 1000 }))
  for (let refusals = 0; refusals < 30; refusals += 1) {
    const slot = pace.acquire('upload')
    await vi.advanceTimersByTimeAsync(65_000)
    const granted = await slot
    granted.answered()
    granted.refused(0)
  }
  expect(await countWithin(pace, 65_000)).toBe(1)
})

test('the documented limits', () => {
  expect(DOCUMENTED_LIMITS).toEqual({
    upload: { count: 2, perMs: 1000 },
    purge: { count: 10, perMs: 1000 },
    get: { count: 10, perMs: 1000 },
    refresh: { count: 10, perMs: 60_000 },
    default: { count: 4, perMs: 1000 },
  })
})
