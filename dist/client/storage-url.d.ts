import { type Hosts } from './http/hosts.js';
/** @throws ImgixError */
export declare function refuseLong(text: string, method: 'GET' | 'PUT'): void;
/**
 * Admits a URL of the storage: https, or http on this machine, without a user name, on an allowed host.
 * @param base the URL that a relative URL is relative to
 * @throws ImgixError
 */
export declare function admitUrl(text: string, { method, hosts, base }: {
    method: 'GET' | 'PUT';
    hosts: Hosts;
    base?: URL | undefined;
}): Promise<URL>;
/** The part of a presigned URL that can be shown: the path can be secret, and the query is. */
export declare function hostOf({ host }: URL): string;
