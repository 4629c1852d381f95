import type { OnWait } from './client.js';
import type { ClientSettings } from './client-settings.js';
import type { Hosts } from './http/hosts.js';
import { type Transport } from './http/transport.js';
export type StorageGet = {
    readonly url: string;
    /** public names that the URL can contain */
    readonly own?: string | undefined;
    /** Takes the file, from its start with each attempt. It throws a FileError where it can't. */
    readonly receive: (body: AsyncIterable<Buffer>) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
};
type GetSettings = {
    settings: Pick<ClientSettings, 'maxAttempts' | 'userAgent' | 'hide'>;
    transport: Transport;
    hosts: Hosts;
    onWait: OnWait;
};
/**
 * Gets one file from a presigned URL; neither the key nor any header of imgix goes there. A file that the storage keeps
 * packed by gzip arrives unpacked, unless it is called `.gz`.
 * @throws ImgixError, FileError
 */
export declare function getFile(get: StorageGet, { settings, transport, hosts, onWait }: GetSettings): Promise<{
    attempts: number;
}>;
/** @throws BodyError for a body that is too long for a part of a report */
export declare function limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
export {};
