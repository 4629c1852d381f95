import { type LookupAddress, type LookupOptions } from 'node:dns';
import { type LookupFunction } from 'node:net';
/** Decides which hosts a request may go to whose URL came in an answer. */
export type Hosts = {
    /** Checks what the URL itself tells: a name is looked up only when a connection is made, or by the proxy.
     *  @throws HostError */
    check(url: URL): Promise<void>;
    /** Looks a name up for a connection, and fails with a HostError where it leads to a host that is not public. */
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
