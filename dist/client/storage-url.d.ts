import type { Sending } from './client.js';
type Asked = {
    readonly method: 'GET' | 'PUT';
    /** public names that the URL can contain */
    readonly own?: string | undefined;
    /** the URL that a relative URL is relative to */
    readonly base?: URL | undefined;
};
/** Hides a URL of the storage, and admits it: https, or http on this machine, without a user name, on an allowed host.
 *  @throws ImgixError */
export declare function admitUrl(text: string, { method, own, base }: Asked, { hosts, settings }: Pick<Sending, 'hosts' | 'settings'>): Promise<URL>;
/** The part of a presigned URL that can be shown: the path can be secret, and the query is. */
export declare function hostOf({ host }: URL): string;
export {};
