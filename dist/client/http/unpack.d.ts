/** An answer is packed in a way that can't be read. */
export declare class PackingError extends Error {
    name: string;
}
/** Unpacks a body that arrives packed although nobody requested that. The reader bounds its length.
 *  @throws PackingError */
export declare function unpacked(body: AsyncIterable<Buffer>, contentEncoding?: string): AsyncGenerator<Buffer>;
