import { type BigIntStats } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import { type BytesBody, type StreamBody } from './given-body.js';
/** What a request sends: a file by its real path, bytes, or a stream. */
export type Body = FileBody | BytesBody | StreamBody;
export type FileBody = {
    readonly file: string;
    /** identifies the file that was found: no other file is read. `ctimeNs`: the last change of its bytes or names */
    readonly identity?: {
        readonly dev: bigint;
        readonly ino: bigint;
        readonly ctimeNs: bigint;
    } | undefined;
    /** Checks the bytes of a file that changed since then. @returns the problem */
    readonly inspect?: ((file: FileHandle, bytes: number) => Promise<string | undefined>) | undefined;
    /** receives the digest each time that the file has been read to its end */
    readonly onDigest?: ((digest: Digest) => void) | undefined;
};
/** `sha256` in hexadecimal digits */
export type Digest = {
    readonly sha256: string;
    readonly bytes: number;
};
export type BodySource = {
    readonly bytes: number;
    /** Each chunk's memory is used again when the next one is asked for. */
    chunks(): AsyncIterable<Buffer> | Iterable<Buffer>;
    close(): Promise<void>;
};
export declare const CHUNK_BYTES: number;
/** A file can't be sent or written: it is gone, it changed while it was sent, or it can't be opened. */
export declare class FileError extends Error {
    name: string;
    /** sending it again from its start can succeed */
    readonly retryable: boolean;
    constructor(message: string, options: {
        retryable: boolean;
        cause?: unknown;
    });
}
/** @param buffers two buffers of CHUNK_BYTES, from a caller that opens many files in turn
 *  @throws FileError */
export declare function openBody(body: Body | undefined, buffers?: readonly Buffer[]): Promise<BodySource>;
export declare function twoBuffers(bytes?: number): Buffer[];
/** Opens a file by its real path, and only the one that was seen there.
 *  @throws FileError */
export declare function openFile({ file: path, identity, }: Pick<FileBody, 'file' | 'identity'>): Promise<{
    file: FileHandle;
    stats: BigIntStats;
}>;
export declare function digested(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, onDigest: FileBody['onDigest']): AsyncGenerator<Buffer>;
