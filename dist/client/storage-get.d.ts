import type { Sending } from './client.js';
export type StorageGet = {
    readonly url: string;
    /** public names that the URL can contain */
    readonly own?: string | undefined;
    /** Takes the file, from its start with each attempt. Where it can't, it throws. */
    readonly receive: (body: AsyncIterable<Buffer>) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
};
/** A file that the storage keeps packed by gzip arrives unpacked, unless it is called `.gz`.
 *  @see Client.get */
export declare function getFile(get: StorageGet, sending: Sending): Promise<{
    attempts: number;
}>;
/** @throws BodyError for a body that is too long for a part of a report */
export declare function limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
