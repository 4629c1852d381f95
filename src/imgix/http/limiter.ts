export type RateLimit = { readonly count: number; readonly perMs: number }

/** The place of one request in its class. It is free again one window after the server counted the request. */
export type Slot = {
  /** the request leaves, on a connection that stands
   *  @param roundTripMs of the network; undefined where it is not known */
  sent(roundTripMs?: number): void
  /** the answer is here: the server counted the request before that */
  answered(): void
  /** so much of a long body has left that the server must have counted the request */
  underWay(): void
  /** a 429: the class waits, and usually continues at half its pace */
  refused(waitMs: number): void
}

export type Limiter = ReturnType<typeof createLimiter>

// How much of a window is added for clocks and timers: 1.5 %, at least this much.
const MARGIN = 0.015
const MARGIN_MS = 5
// The last round trips that are kept, and how many tell the shortest one and the variation.
const TRIPS_MAX = 32
const TRIPS_MIN = 8
// A request that left so long ago has been counted, though its answer takes longer: it is at work, not on its way. Where
// the network's round trip is known, and no 429 has said otherwise, two of those and some time for a busy server.
const ON_ITS_WAY_MAX_MS = 500
const BUSY_SERVER_MS = 100
const SLOWEST_PACE = 1 / 64
const CALM_MS = 10_000
const RECOVERY = 1.25
const DRIFT_MAX = 0.2
const COINCIDENCES = 8

type Waiter = { readonly first: boolean; grant: (slot: Slot) => void }

/** Never lets more than `count` requests into any window of `perMs`, as the server counts them. */
export function createLimiter(limit: RateLimit, isShared = false) {
  const waiters: Waiter[] = []
  const freeAt: number[] = [] // times at which the places of counted requests are free again
  let uncounted = 0 // requests that the server may not have counted yet
  const tripsMs: number[] = [] // the last ones
  let timer: NodeJS.Timeout | undefined
  let pausedUntil = 0
  // the share of the limit in use: a 429 halves it, then it grows slowly, and more slowly after each further 429
  let share = 1
  let calmMs = CALM_MS
  let slowedAt = 0
  let raisedAt = 0
  let refusals = 0
  let calmShare = 0 // the largest share that was not refused for a while, since the first refusal

  function window(used = share): RateLimit {
    const count = limit.count * used
    return { count: Math.max(1, Math.floor(count)), perMs: count < 1 ? limit.perMs / count : limit.perMs }
  }

  /** @returns a random share of a window, up to a fifth, so that several jobs do not send in step */
  function drift(): number {
    return isShared ? Math.random() * DRIFT_MAX : 0
  }

  function pump(): void {
    clearTimeout(timer)
    timer = undefined
    const now = performance.now()
    recover(now)
    while (freeAt.length > 0 && Number(freeAt[0]) <= now) freeAt.shift()
    const { count } = window()
    while (waiters.length > 0 && now >= pausedUntil && uncounted + freeAt.length < count)
      waiters.shift()?.grant(createSlot(now))
    if (waiters.length === 0) return
    // with every place uncounted there is nothing to wait for but an answer, which pumps again
    const next = now < pausedUntil ? pausedUntil : freeAt[Math.max(0, uncounted + freeAt.length - count)]
    if (next !== undefined) timer = setTimeout(pump, Math.max(1, Math.ceil(next - now)))
  }

  function createSlot(startedAt: number): Slot {
    uncounted += 1
    let place: number | undefined // the time at which it is free again; undefined until the request is counted
    let sentAt = startedAt
    let onItsWay: NodeJS.Timeout | undefined
    const count = (countedAt: number): void => {
      clearTimeout(onItsWay)
      const { perMs } = window()
      const free = countedAt + perMs + Math.max(MARGIN_MS, perMs * (MARGIN + drift()))
      const known = place === undefined ? -1 : freeAt.indexOf(place)
      if (place === undefined) uncounted -= 1
      else if (known === -1) return
      else freeAt.splice(known, 1)
      place = free
      freeAt.splice(freeAt.findLastIndex((at) => at <= free) + 1, 0, free)
      pump()
    }
    return {
      sent(roundTripMs) {
        sentAt = performance.now()
        const known = roundTripMs !== undefined && slowedAt === 0
        const onItsWayMs = known ? Math.min(ON_ITS_WAY_MAX_MS, 2 * roundTripMs + BUSY_SERVER_MS) : ON_ITS_WAY_MAX_MS
        onItsWay ??= setTimeout(() => count(performance.now()), onItsWayMs)
      },
      answered() {
        const now = performance.now()
        tripsMs.push(now - sentAt)
        if (tripsMs.length > TRIPS_MAX) tripsMs.shift()
        const steadyMs = steadyTripMs()
        if (steadyMs > 0 || place === undefined) count(now - steadyMs)
      },
      underWay: () => place ?? count(performance.now()),
      refused: (waitMs) => slowDown(startedAt, waitMs),
    }
  }

  /** @returns what a request was counted before its answer and the next one is counted after it leaves, both together: at
   *  least one short trip, where short trips are about alike; 0 where they vary */
  function steadyTripMs(): number {
    if (tripsMs.length < TRIPS_MIN) return 0
    const sorted = tripsMs.toSorted((a, b) => a - b)
    const [shortest = 0, short = 0] = [sorted[0], sorted[sorted.length >> 2]]
    return Math.max(0, shortest - 2 * (short - shortest))
  }

  function slowDown(startedAt: number, waitMs: number): void {
    const now = performance.now()
    refusals += 1
    pausedUntil = Math.max(pausedUntil, now + waitMs + drift() * limit.perMs)
    // a request from before the last slow-down, or from the window after it, says nothing about the present pace
    if (slowedAt > 0 && startedAt < slowedAt + limit.perMs) return
    if (raisedAt > slowedAt) calmMs *= 2
    if (share <= calmShare) calmShare = 0 // it was good for a while, and is no more
    // other jobs sent at the same time: a few refusals do not mean that the pace is too high
    if (isShared && refusals < COINCIDENCES) return
    share = calmShare > 0 ? calmShare : Math.max(share / 2, SLOWEST_PACE / limit.count)
    slowedAt = now
    raisedAt = now
  }

  /** Returns to the largest share that imgix accepted for a while, and later exceeds it. */
  function recover(now: number): void {
    if (share === 1 || now - raisedAt < (share < calmShare ? CALM_MS : calmMs)) return
    calmShare = Math.max(calmShare, share)
    share = share < calmShare ? calmShare : Math.min(1, share * RECOVERY)
    raisedAt = now
  }

  /** Estimates when the last of `requests` further requests can leave, from the times at which places become free. */
  function expect(requests: number): { waitMs: number; tripMs: number } {
    const now = performance.now()
    const { count, perMs } = window()
    const last = waiters.length + requests - 1
    const turn = last % count
    const idle = Math.max(0, count - freeAt.length - uncounted)
    const free = turn < idle ? now : (freeAt[turn - idle] ?? now + perMs)
    const waitMs = Math.max(free, pausedUntil, now) - now + Math.floor(last / count) * perMs
    return { waitMs, tripMs: tripsMs.reduce((sum, trip) => sum + trip, 0) / (tripsMs.length || 1) }
  }

  return {
    expect,
    slowed: () => ({ refusals, accepted: window(calmShare || share) }),
    acquire(signal: AbortSignal | undefined, first: boolean): Promise<Slot> {
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          waiters.splice(waiters.indexOf(waiter), 1)
          pump()
          reject(signal?.reason)
        }
        const waiter: Waiter = {
          first,
          grant(slot) {
            signal?.removeEventListener('abort', abort)
            resolve(slot)
          },
        }
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener('abort', abort, { once: true })
        waiters.splice(first ? waiters.findLastIndex((other) => other.first) + 1 : waiters.length, 0, waiter)
        pump()
      })
    },
  }
}
