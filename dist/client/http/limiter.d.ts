export type RateLimit = {
    readonly count: number;
    readonly perMs: number;
};
/** The place of one request in its class. It is free again one window after the server counted the request. */
export type Slot = {
    /** the request leaves, on a connection that stands
     *  @param roundTripMs of the network; undefined where it is not known */
    sent(roundTripMs?: number): void;
    /** the answer is here: the server counted the request before that */
    answered(): void;
    /** so much of a long body has left that the server must have counted the request */
    underWay(): void;
    /** a 429: the class waits, and usually continues at half its pace */
    refused(waitMs: number): void;
};
export type Limiter = ReturnType<typeof createLimiter>;
/** Never lets more than `count` requests into any window of `perMs`, as the server counts them. */
export declare function createLimiter(limit: RateLimit, isShared?: boolean): {
    expect: (requests: number) => {
        waitMs: number;
        tripMs: number;
    };
    slowed: () => {
        refusals: number;
        accepted: RateLimit;
    };
    acquire(signal: AbortSignal | undefined, first: boolean): Promise<Slot>;
};
