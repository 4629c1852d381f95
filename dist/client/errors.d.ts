export type ErrorDetail = {
    title: string;
    detail: string;
};
/** A request that imgix, or the storage behind a presigned URL, did not answer with 2xx. It holds no secret and no raw
 *  answer. */
export declare class ImgixError extends Error {
    name: string;
    readonly method: string;
    readonly path: string;
    /** undefined where there was no answer, or none of the server's own */
    readonly status: number | undefined;
    /** the status of an answer that does not come from imgix or the storage, so it says nothing about the request */
    readonly strangersStatus: number | undefined;
    readonly details: readonly ErrorDetail[];
    /** what failed, if the status does not tell it */
    readonly reason: string | undefined;
    /** what to do, if the maker of the error knows it best */
    readonly remedy: string | undefined;
    /** imgix's own id of the request, for its support */
    readonly requestId: string | undefined;
    /** the key's permission that the request needs, by the name in imgix's dashboard */
    readonly permission: string | undefined;
    readonly attempts: number;
    /** imgix can have carried out an earlier attempt whose answer was lost */
    readonly perhapsDone: boolean;
    constructor(facts: ImgixFacts);
}
type Optional = Omit<ImgixError, keyof Error | 'method' | 'path'>;
export type ImgixFacts = Pick<ImgixError, 'method' | 'path'> & {
    readonly [N in keyof Optional]?: Optional[N] | undefined;
} & {
    readonly cause?: unknown;
    /** of the server, if the path is not its host */
    readonly host?: string;
};
/**
 * What is known of a failure, without its request: `422 Invalid: too many pixels, 5 tries, request id abc`.
 * @param told a text that comes before it: what that has is left out, but for the status
 */
export declare function describe({ status, reason, details, requestId, attempts }: Omit<ImgixFacts, 'method' | 'path'>, told?: string): string;
/** The errors of a JSON:API document, whatever came instead of one. */
export declare function readErrors(document: unknown, redact: (text: string) => string): {
    details: ErrorDetail[];
    requestId: string | undefined;
};
export declare function withoutPrivate(text: string): string;
/** A text of an answer for a message: one line, not long. It is cut before `redact` too, which takes its time.
 *  @param redact takes secrets out of a text */
export declare function shorten(text: string, redact: (text: string) => string): string;
/** A value of an answer as text. Hostile objects, and numbers that JavaScript can't hold, have no String(). */
export declare function textOf(value: unknown): string;
export declare function isRecord(value: unknown): value is Record<string, unknown>;
export {};
