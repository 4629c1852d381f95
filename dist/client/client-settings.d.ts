import { type Resolve } from './http/hosts.js';
import { type Limits } from './pace.js';
export type ClientSettings = {
    readonly apiUrl: string;
    /** a key of the Management API */
    readonly apiKey: string;
    readonly rateLimits: Limits;
    /** other jobs go at their parts of the limits at the same time */
    readonly sharesLimits?: boolean;
    /** tries per request, the first included */
    readonly maxAttempts: number;
    /** without progress, after which an attempt is given up */
    readonly timeoutMs: number;
    readonly userAgent: string;
    /** the proxy that leads to a URL, with its credentials; undefined where none does */
    readonly proxyFor: (url: URL) => URL | undefined;
    /** gets every presigned URL before it is used, so that logs can hide it
     *  @param own public names that the URL can contain */
    readonly hide: (url: string, own: string) => void;
    /** takes the caller's secrets out of a text of imgix, before the text is cut */
    readonly redact?: (text: string) => string;
    /** looks up the names of hosts that answers name; default the system's look-up */
    readonly resolve?: Resolve;
    /** is told of a long wait before it begins, and of each for the hourly limit of Sources */
    readonly onLongWait: (waitMs: number, reason: Error) => void;
};
type Options<T> = {
    readonly [N in keyof T]?: T[N] | undefined;
};
/** The key, and the settings that differ from the defaults. undefined means the default. */
export type ClientOptions = Pick<ClientSettings, 'apiKey'> & Options<Omit<ClientSettings, 'apiKey' | 'rateLimits'> & {
    readonly rateLimits: Options<Limits>;
}>;
/** @throws TypeError for a setting that can't work. The API has to be https or on this machine, because it gets the key. */
export declare function readSettings(options: ClientOptions): ClientSettings;
export {};
