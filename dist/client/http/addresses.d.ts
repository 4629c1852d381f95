import type { ClientRequest } from 'node:http';
/** No address of a host takes a connection, so the request has never left. */
export declare class AddressError extends Error {
    name: string;
}
/** @param timeoutMs of the request, which is long enough for several addresses */
export declare function attemptOptions(timeoutMs?: number): {
    autoSelectFamilyAttemptTimeout: number;
};
/** Watches which addresses a new connection tries.
 *  @returns a function that makes an AddressError of an error before the connection, if there were several addresses */
export declare function watchAddresses(request: ClientRequest): (error: unknown) => unknown;
