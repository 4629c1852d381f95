import { createLimiter, type Limiter, type RateLimit } from './http/limiter.ts'

export type RateLimits = Readonly<Record<'upload' | 'purge' | 'get' | 'refresh' | 'default', RateLimit>>
/** `deploy` is for requests that create or update Sources. */
export type LimitClass = keyof RateLimits | 'deploy'
export type Limits = RateLimits & { readonly deploy?: RateLimit }

/** `default` is for all that has no limit of its own. Read 2026-11 at docs.imgix.com/references/api-rate-limits */
export const DOCUMENTED_LIMITS: RateLimits = {
  upload: { count: 2, perMs: 1000 },
  purge: { count: 10, perMs: 1000 },
  get: { count: 10, perMs: 1000 },
  refresh: { count: 10, perMs: 60_000 },
  default: { count: 4, perMs: 1000 },
}

/** By the same page, for each of the two: taken together they stay below it. */
const DEPLOY_LIMIT: RateLimit = { count: 60, perMs: 3_600_000 }

export type Pace = ReturnType<typeof createPace>

type SlowDown = {
  readonly limitClass: LimitClass
  readonly limit: RateLimit
  /** 429s */
  readonly refusals: number
  /** the pace that imgix accepted for a while; before that, the present pace */
  readonly accepted: RateLimit
}

/** @param isShared other jobs go at their parts of the limits at the same time
 *  @returns a limiter per class: never more than `count` requests in any window of `perMs`, as the server counts */
export function createPace(given: Limits, isShared = false) {
  const limits = { deploy: DEPLOY_LIMIT, ...given }
  const classes = new Map<LimitClass, Limiter>()
  const limiterOf = (limitClass: LimitClass): Limiter => {
    const limiter = classes.get(limitClass) ?? createLimiter(limits[limitClass], isShared)
    classes.set(limitClass, limiter)
    return limiter
  }
  return {
    /** Waits for a place in the class, in the order of the calls. With `first`, the call goes before all waiting calls. */
    acquire: (
      limitClass: LimitClass,
      { signal, first = false }: { signal?: AbortSignal | undefined; first?: boolean } = {},
    ) => limiterOf(limitClass).acquire(signal, first),
    /** @returns about how many ms from now the last of `requests` more of the class leaves, and how long an answer takes */
    expect: (limitClass: LimitClass, requests: number) => limiterOf(limitClass).expect(requests),
    /** how long a 429 of the class holds at least, in ms: where places are minutes apart, seconds are no use */
    refusedMs: (limitClass: LimitClass) => (limitClass === 'deploy' ? limits.deploy.perMs / limits.deploy.count : 0),
    /** the classes that were refused in spite of their limit */
    slowDowns: (): SlowDown[] =>
      [...classes].flatMap(([limitClass, limiter]) => {
        const { refusals, accepted } = limiter.slowed()
        return refusals === 0 || isShared ? [] : [{ limitClass, limit: limits[limitClass], refusals, accepted }]
      }),
  }
}
