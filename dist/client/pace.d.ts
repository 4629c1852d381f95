import { type RateLimit } from './http/limiter.js';
export type RateLimits = Readonly<Record<'upload' | 'purge' | 'get' | 'refresh' | 'default', RateLimit>>;
/** `deploy` is for requests that create or update Sources. */
export type LimitClass = keyof RateLimits | 'deploy';
export type Limits = RateLimits & {
    readonly deploy?: RateLimit;
};
/** `default` is for all that has no limit of its own. Read 2026-11 at docs.imgix.com/references/api-rate-limits */
export declare const DOCUMENTED_LIMITS: RateLimits;
export type Pace = ReturnType<typeof createPace>;
type SlowDown = {
    readonly limitClass: LimitClass;
    readonly limit: RateLimit;
    /** 429s */
    readonly refusals: number;
    /** the pace that imgix accepted for a while; before that, the present pace */
    readonly accepted: RateLimit;
};
/** @param isShared other jobs go at their parts of the limits at the same time
 *  @returns a limiter per class: never more than `count` requests in any window of `perMs`, as the server counts */
export declare function createPace(given: Limits, isShared?: boolean): {
    /** Waits for a place in the class, in the order of the calls. With `first`, the call goes before all waiting calls. */
    acquire: (limitClass: LimitClass, { signal, first }?: {
        signal?: AbortSignal | undefined;
        first?: boolean;
    }) => Promise<import("./http/limiter.js").Slot>;
    /** @returns about how many ms from now the last of `requests` more of the class leaves, and how long an answer takes */
    expect: (limitClass: LimitClass, requests: number) => {
        waitMs: number;
        tripMs: number;
    };
    /** how long a 429 of the class holds at least, in ms: where places are minutes apart, seconds are no use */
    refusedMs: (limitClass: LimitClass) => number;
    /** the classes that were refused in spite of their limit */
    slowDowns: () => SlowDown[];
};
export {};
