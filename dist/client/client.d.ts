import { type ClientOptions, type ClientSettings } from './client-settings.js';
import type { Contradiction } from './contradictions.js';
import type { FileBody } from './http/body.js';
import type { BytesBody, StreamBody } from './http/given-body.js';
import { type Hosts } from './http/hosts.js';
import { type Answer, type Outgoing, type Transport } from './http/transport.js';
import { type LimitClass, type Pace } from './pace.js';
import { type StorageGet } from './storage-get.js';
import { type StoragePut } from './storage-put.js';
/** By the names in imgix's dashboard: its older document has Image for Asset, newer ones leave Manager out. */
export declare const PERMISSIONS: readonly ['Account Admin', 'Analytics', 'Billing', 'Sources', 'Purge', 'Asset Manager Browse', 'Asset Manager Edit'];
type Permission = (typeof PERMISSIONS)[number];
export type ApiRequest = {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    /** below api/v1/, its segments encoded */
    readonly path: string;
    readonly limit: LimitClass;
    readonly permission: Permission | 'Asset Manager Edit and Purge';
    readonly json?: unknown;
    readonly upload?: Upload;
    /** the most bytes that its answer can have; default as for one object */
    readonly maxBytes?: number;
    /** goes before the others of its class */
    readonly first?: boolean;
    /** no further try after a try that imgix can have carried out */
    readonly once?: boolean;
    /** finds a contradiction between the request and a success; such a success is an error, and the request is repeated */
    readonly contradiction?: Contradiction;
} & Ends;
export type Ends = {
    /** ends the request, also while it is under way */
    readonly signal?: AbortSignal | undefined;
    /** no further try starts after it; it is aborted with `signal` at the latest */
    readonly halt?: AbortSignal | undefined;
};
export type ApiAnswer = {
    readonly status: number;
    readonly document: Record<string, unknown>;
    readonly attempts: number;
    /** imgix can have carried out an earlier attempt, whose answer was lost */
    readonly perhapsDone: boolean;
};
type Sent = {
    /** default application/octet-stream */
    readonly contentType?: string;
} & Pick<Outgoing, 'onProgress'>;
/** A file that a request sends, and who is told of it. */
export type FileUpload = FileBody & Sent;
/** What a request sends: a file by its path, bytes in memory, or a stream with its length. */
export type Upload = FileUpload | ((BytesBody | StreamBody) & Sent);
export declare const ANY_TYPE = "application/octet-stream";
export type Client = {
    /** Sends one request of the Management API, paced and tried again as its answers demand.
     *  @throws ImgixError, FileError */
    request(request: ApiRequest): Promise<ApiAnswer>;
    /** Puts one file to a presigned URL; neither the key nor any header of imgix goes there.
     *  @throws ImgixError, FileError */
    put(put: StoragePut): Promise<{
        attempts: number;
    }>;
    /** Gets one file from a presigned URL; neither the key nor any header of imgix goes there.
     *  @throws ImgixError, FileError */
    get(get: StorageGet): Promise<{
        attempts: number;
    }>;
    /** @returns the time by the API's own clock, in ms since 1970, or a moment before; undefined before its first answer */
    now(): number | undefined;
    close(): void;
} & Pick<Pace, 'expect' | 'slowDowns'>;
/** Adds the key, keeps the rate limits, repeats requests and reads answers. It holds connections open until `close`.
 *  @param options the key is needed; by default requests keep to imgix's documented limits
 *  @throws TypeError for an API that the key is not sent to: it has to be https, or on this machine */
export declare function createClient(options: ClientOptions): Client;
type OnWait = ClientSettings['onLongWait'];
/** What a client's requests share. */
export type Sending = {
    readonly settings: ClientSettings;
    readonly transport: Transport;
    readonly hosts: Hosts;
    readonly pace: Pace;
    readonly clock: ReturnType<typeof createClock>;
    readonly onWait: OnWait;
    /** takes secrets out of a text */
    readonly redact: (text: string) => string;
};
/** The clock of a server, from the `date` header of its last answer: whole seconds. */
declare function createClock(): {
    now: () => number | undefined;
    read({ date }: Answer['headers']): void;
};
export {};
