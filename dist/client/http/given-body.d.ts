import { type BodySource, type Digest } from './body.js';
type Heard = {
    /** receives the digest each time that the body was sent to its end */
    readonly onDigest?: ((digest: Digest) => void) | undefined;
};
/** Bytes in memory. */
export type BytesBody = Heard & {
    readonly bytes: Uint8Array;
};
/** A stream with its length. It can be read once, so the request is not tried again. */
export type StreamBody = Heard & {
    readonly stream: AsyncIterable<Uint8Array>;
    readonly size: number;
};
export declare function isStream(body: object | undefined): boolean;
/** @throws FileError for a stream that was read before */
export declare function openGiven(body: BytesBody | StreamBody): BodySource;
export {};
