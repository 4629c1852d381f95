/** The end of a request, and what tells of its progress. */
export type Watch = {
    /** aborted with what ended the request */
    readonly ended: AbortSignal;
    fail(error: unknown): void;
    /** @param bytes of the body that have left */
    progress(bytes?: number): void;
    sentBytes(): number;
    /** Extends the time limit by `ms`, for bytes that the system still sends. */
    allow(ms: number): void;
    /** From the headers of an answer on.
     *  @returns what to call with the size of each part of the body as it comes */
    answered(isDownload: boolean): (bytes: number) => void;
    /** @returns what ended the request, whatever its connection made of it */
    reason(error: unknown): unknown;
    stop(): void;
};
/**
 * Ends a request when nothing moves in either direction for `timeoutMs`, when its answer as a whole takes too long, when
 * it is aborted, and when it fails. Whatever waits for the request has to wait for `ended`, too.
 */
export declare function watchProgress(timeoutMs: number, signal: AbortSignal | undefined): Watch;
