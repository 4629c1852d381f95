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
     *  @param own names that the URL may hold and everybody may read */
    readonly hide: (url: string, own: string) => void;
    /** takes the caller's secrets out of what imgix says, before it is cut short */
    readonly redact?: (text: string) => string;
    /** looks up the names of hosts that answers name; default the system's look-up */
    readonly resolve?: Resolve;
    /** is told of a long wait before it begins, and of each for the hourly limit of Sources */
    readonly onLongWait: (waitMs: number, reason: Error) => void;
};
type Settable = Omit<ClientSettings, 'apiKey' | 'rateLimits'> & {
    readonly rateLimits: {
        readonly [N in keyof Limits]?: Limits[N] | undefined;
    };
};
/** The key, and what is to differ from the defaults, as what is undefined does not. */
export type ClientOptions = Pick<ClientSettings, 'apiKey'> & {
    readonly [N in keyof Settable]?: Settable[N] | undefined;
};
/** @throws TypeError for what can't work, and for an API that the key is not sent to: it has to be https, or on this machine */
export declare function readSettings(options: ClientOptions): ClientSettings;
export {};
