import { type Hosts } from './http/hosts.js';
/** Refuses a URL that is too long before anything is done with it.
 *  @throws ImgixError */
export declare function refuseLong(text: string, method: 'GET' | 'PUT'): void;
/**
 * Admits a URL of the storage: https, or http on this machine, without a user's name, on a host that may be asked.
 * @param base what a relative one is relative to
 * @throws ImgixError
 */
export declare function admitUrl(text: string, { method, hosts, base }: {
    method: 'GET' | 'PUT';
    hosts: Hosts;
    base?: URL;
}): Promise<URL>;
/** What may be told of a presigned URL: its path can be a secret, as its query is. */
export declare function hostOf({ host }: URL): string;
