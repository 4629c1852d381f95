/** The body of an answer can't be taken, for a reason that is not the network's. */
export declare class BodyError extends Error {
    name: string;
    /** another try can bring another body */
    readonly retryable: boolean;
    constructor(message: string, { retryable, cause }?: {
        retryable?: boolean;
        cause?: unknown;
    });
}
/** Unpacks a body that arrives packed although nobody requested that. The reader bounds its length.
 *  @throws BodyError */
export declare function unpacked(body: AsyncIterable<Buffer>, contentEncoding?: string): AsyncGenerator<Buffer>;
