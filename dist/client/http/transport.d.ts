import { type IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import { type Body } from './body.js';
import { type Receive } from './read-answer.js';
export type Outgoing = {
    readonly method: string;
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Body | undefined;
    readonly signal?: AbortSignal | undefined;
    /** false: on a connection of its own */
    readonly reuse?: boolean;
    /** A kept connection that is closed under the request is no error: it is sent again, on a new one. */
    readonly repeats?: boolean;
    /** looks the host's name up, where no proxy does */
    readonly lookup?: LookupFunction;
    /** reads the headers only, and closes the connection without the body */
    readonly headersOnly?: boolean;
    /** the most bytes that the text of a success can have; a longer text is an error */
    readonly maxBytes?: number | undefined;
    /** takes the body of a 200, of any length; `text` is '' then. The request fails with the error that it throws. */
    readonly receive?: Receive;
    /** called when the connection of the request is open
     *  @param roundTripMs the longest round trip of the last new connections; undefined through a proxy */
    readonly onSent?: (roundTripMs: number | undefined) => void;
    /** called for each part of a body beyond 1 MiB: the request must have reached the server by then */
    readonly onUnderWay?: () => void;
    /** @param bytes of the body that have left in this attempt */
    readonly onProgress?: ((bytes: number) => void) | undefined;
};
export type Answer = {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly text: string;
};
export type Transport = {
    /** Sends one request and reads the whole answer, unless only its headers are wanted. It follows no redirect.
     *  @throws FileError, UnsentError, StaleConnection, or Node's own error where there was no complete answer */
    send(outgoing: Outgoing): Promise<Answer>;
    /** Lets go of idle connections and of those that wait for a proxy, so that the process can end. */
    close(): void;
};
type ProxyFor = (url: URL) => URL | undefined;
/** @param timeoutMs without progress in either direction, after which a request is given up
 *  @param proxyFor the proxy that leads to a URL, with its credentials */
export declare function createTransport(timeoutMs: number, proxyFor?: ProxyFor): Transport;
/** @returns whether the process has too many open files and sockets; then nothing was sent */
export declare function isStarved(error: unknown): boolean;
/** A kept connection was closed under a request. That says nothing of the request: it can go out again on a new one. */
export declare class StaleConnection extends Error {
    name: string;
}
export {};
