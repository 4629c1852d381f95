import type { ClientRequest } from 'node:http';
/** @param timeoutMs of the request, which is long enough for several addresses */
export declare function attemptOptions(timeoutMs?: number): {
    autoSelectFamilyAttemptTimeout: number;
};
/** Watches the connection of a request, and which addresses a new one tries.
 *  @param onReady called when it stands, with what the network's round trip took where it is a new one
 *  @returns a function that makes an AddressError of an error before the connection, if there were several addresses */
export declare function watchConnection(request: ClientRequest, secure?: boolean, onReady?: (roundTripMs?: number) => void): (error: unknown) => unknown;
