/** The end of a request, and what tells of its progress. */
export type Watch = ReturnType<typeof watchProgress>;
/** Ends a request that is aborted, fails, does not move for `timeoutMs`, or takes too long for its whole answer. Whatever
 *  waits for the request has to wait for `ended`, too. */
export declare function watchProgress(timeoutMs: number, signal: AbortSignal | undefined): {
    /** aborted with what ended the request */
    ended: AbortSignal;
    fail: (error: unknown) => void;
    /** @param bytes of the body that have left */
    progress(bytes: number): void;
    sentBytes: () => number;
    /** Extends the time limit by `ms`, for bytes that the system still sends. */
    allow(ms: number): void;
    /** From the headers of an answer on. A body that comes by drops makes progress and may never end, so the answer as a
     *  whole has ten times `timeoutMs`; one of them was for its headers. A download has that time for each MiB.
     *  @returns what to call with the size of each part of the body as it comes */
    answered(isDownload: boolean): (bytes: number) => void;
    /** @returns what ended the request, whatever its connection made of it */
    reason: (error: unknown) => unknown;
    stop(): void;
};
