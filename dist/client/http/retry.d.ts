import type { Answer } from './transport.js';
export type Attempt<T> = {
    done: T;
} | {
    error: Error;
    /** undefined: trying again can't help */
    waitMs: number | undefined;
    /** nothing was sent, because the process has too many open files and sockets */
    starved?: boolean;
    /** a kept connection was closed under it: the next try needs one of its own */
    stale?: boolean;
};
type Limits = {
    maxAttempts: number;
    /** what is sent can be read once, so there is one try */
    isStream?: boolean;
    signal: AbortSignal | undefined;
    onWait?: (waitMs: number, reason: Error) => void;
};
/** Repeats `attempt` until it succeeds, until another try can't help, or `maxAttempts` times.
 *  @param attempt `reuse`: whether it can take a kept connection
 *  @throws the last attempt's error */
export declare function retry<T>(attempt: (attempts: number, reuse: boolean) => Promise<Attempt<T>>, { maxAttempts, isStream, signal, onWait }: Limits): Promise<T>;
/** Whether the same request can have another answer soon: the one table of statuses, for imgix and for storages. */
export declare function isTransient(status: number): boolean;
/** @param refusedMs the shortest wait after a 429 that does not say how long to wait; 0, which edges send, says nothing
 *  @returns our own back-off, or longer, in ms; undefined where the same request would get the same answer */
export declare function retryDelay(answer: Answer, attempts: number, refusedMs?: number): number | undefined;
/** @returns ms since 1970; undefined for a text that is not an HTTP date */
export declare function parseDate(text?: string): number | undefined;
/** Exponential, with jitter: half to all of 1, 2, 4 … s */
export declare function backOff(attempts: number): number;
export {};
