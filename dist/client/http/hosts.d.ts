import { type LookupAddress, type LookupOptions } from 'node:dns';
import { type LookupFunction } from 'node:net';
/** Decides whether a request can go to the host of a URL from an answer. */
export type Hosts = {
    /** Looks at the URL alone: a name is resolved only for a connection, or by the proxy. */
    allows(url: URL): Promise<boolean>;
    /** Resolves a name for a connection, and fails with a HostError if the host is not public. */
    readonly lookup: LookupFunction;
};
export type Resolve = (name: string, options: LookupOptions & {
    all: true;
}) => Promise<LookupAddress[]>;
type Kind = 'public' | 'loopback' | 'private' | 'link-local' | 'reserved';
/** Allows public hosts, and those of the kind that the API's own host is of.
 *  @param resolve the system's look-up of a name */
export declare function createHosts(apiUrl: string, resolve?: Resolve): Hosts;
/** Whether a URL's host is this machine, as far as the URL tells. */
export declare function isLoopback(url: URL): boolean;
/** @param address without brackets */
export declare function kindOf(address: string): Kind;
export {};
