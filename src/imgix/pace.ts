export type RateLimit = { readonly count: number; readonly perMs: number }
export type LimitClass = 'upload' | 'purge' | 'get' | 'refresh' | 'default'
export type RateLimits = Readonly<Record<LimitClass, RateLimit>>

/** imgix's limits; `default` is for all that has none of its own. Read 2026-11 at docs.imgix.com/references/api-rate-limits */
export const DOCUMENTED_LIMITS: RateLimits = {
  upload: { count: 2, perMs: 1000 },
  purge: { count: 10, perMs: 1000 },
  get: { count: 10, perMs: 1000 },
  refresh: { count: 10, perMs: 60_000 },
  default: { count: 4, perMs: 1000 },
}

/** One request's place in its class. It is freed, a window later, by the first of the two calls. */
type Slot = {
  /** the request leaves, on a connection that stands
   *  @param roundTripMs of the network; undefined where it is not known */
  sent(roundTripMs?: number): void
  /** the answer is here: the server counted the request before that */
  answered(): void
  /** so much of a long body has left that the server must have counted the request */
  underWay(): void
  /** a 429: the class waits and goes on at half its pace */
  refused(waitMs: number): void
}

export type Pace = {
  /** Waits for a place in the class, in the order of the calls; a request that is tried again goes first. */
  acquire(limitClass: LimitClass, options?: { signal?: AbortSignal | undefined; first?: boolean }): Promise<Slot>
}

// How much of a window is added for clocks and timers: 1 %, at least this much.
const MARGIN_MS = 5
// So many of the last round trips tell how long a trip takes at least, and how much it varies; fewer tell nothing.
const TRIPS_MAX = 32
const TRIPS_MIN = 8
// A request that left so long ago has been counted, though its answer takes longer: it is at work, not on its way. Where
// the network's round trip is known, and no 429 has said otherwise, two of those and some time for a busy server.
const ON_ITS_WAY_MAX_MS = 500
const BUSY_SERVER_MS = 100
const SLOWEST_PACE = 1 / 64
const CALM_MS = 10_000
const RECOVERY = 1.25

/** A limiter per endpoint class that never exceeds `count` requests in any window of `perMs`, as the server counts them. */
export function createPace(limits: RateLimits): Pace {
  const classes = new Map<LimitClass, ReturnType<typeof createClass>>()
  return {
    acquire(limitClass, options = {}) {
      const known = classes.get(limitClass)
      const limiter = known ?? createClass(limits[limitClass])
      if (known === undefined) classes.set(limitClass, limiter)
      return limiter.acquire(options.signal, options.first ?? false)
    },
  }
}

type Waiter = { grant: (slot: Slot) => void }

function createClass(limit: RateLimit) {
  const waiters: Waiter[] = []
  const freeAt: number[] = [] // times at which the places of counted requests are free again
  let uncounted = 0 // requests that the server may not have counted yet
  const tripsMs: number[] = [] // the last ones
  let timer: NodeJS.Timeout | undefined
  let pausedUntil = 0
  // the share of the limit that is used; after a 429 half, then slowly more, ever more slowly if that is refused again
  let share = 1
  let calmMs = CALM_MS
  let slowedAt = 0
  let raisedAt = 0

  function window(): { count: number; perMs: number } {
    const count = limit.count * share
    return { count: Math.max(1, Math.floor(count)), perMs: count < 1 ? limit.perMs / count : limit.perMs }
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
    let counted = false
    let sentAt = startedAt
    let onItsWay: NodeJS.Timeout | undefined
    const count = (creditMs: number): void => {
      if (counted) return
      counted = true
      clearTimeout(onItsWay)
      uncounted -= 1
      const { perMs } = window()
      insert(freeAt, performance.now() - creditMs + perMs + Math.max(MARGIN_MS, perMs / 100))
      pump()
    }
    return {
      sent(roundTripMs) {
        sentAt = performance.now()
        const known = roundTripMs !== undefined && slowedAt === 0
        const onItsWayMs = known ? Math.min(ON_ITS_WAY_MAX_MS, 2 * roundTripMs + BUSY_SERVER_MS) : ON_ITS_WAY_MAX_MS
        // with steady trips the answer itself frees the place sooner
        if (credit() > onItsWayMs) return
        onItsWay ??= setTimeout(() => count(0), onItsWayMs)
      },
      answered() {
        tripsMs.push(Math.min(performance.now() - sentAt, ON_ITS_WAY_MAX_MS))
        if (tripsMs.length > TRIPS_MAX) tripsMs.shift()
        count(credit())
      },
      underWay: () => count(0),
      refused: (waitMs) => slowDown(startedAt, waitMs),
    }
  }

  /**
   * The server counted a request some time before its answer came, and will count the one that takes its place some time
   * after it leaves. With trips that always take the same, both together are one trip; what they vary is taken off.
   */
  function credit(): number {
    if (tripsMs.length < TRIPS_MIN) return 0
    const longest = Math.max(...tripsMs)
    if (longest >= ON_ITS_WAY_MAX_MS) return 0 // how long it really was is not known
    return Math.max(0, 2 * Math.min(...tripsMs) - longest)
  }

  function slowDown(startedAt: number, waitMs: number): void {
    const now = performance.now()
    pausedUntil = Math.max(pausedUntil, now + waitMs)
    if (startedAt < slowedAt) return // sent before the class slowed down: says nothing of the pace it has now
    if (raisedAt > slowedAt) calmMs *= 2
    share = Math.max(share / 2, SLOWEST_PACE / limit.count)
    slowedAt = now
    raisedAt = now
  }

  function recover(now: number): void {
    if (share === 1 || now - raisedAt < calmMs) return
    share = Math.min(1, share * RECOVERY)
    raisedAt = now
  }

  return {
    acquire(signal: AbortSignal | undefined, first: boolean): Promise<Slot> {
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          waiters.splice(waiters.indexOf(waiter), 1)
          pump()
          reject(signal?.reason)
        }
        const waiter: Waiter = {
          grant(slot) {
            signal?.removeEventListener('abort', abort)
            resolve(slot)
          },
        }
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener('abort', abort, { once: true })
        if (first) waiters.unshift(waiter)
        else waiters.push(waiter)
        pump()
      })
    },
  }
}

function insert(sorted: number[], value: number): void {
  let index = sorted.length
  while (index > 0 && Number(sorted[index - 1]) > value) index -= 1
  sorted.splice(index, 0, value)
}
