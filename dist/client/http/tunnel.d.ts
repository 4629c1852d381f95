import { type AgentOptions, Agent as HttpAgent } from 'node:http';
/** What a request through a tunnel has among its options: without a connection yet, it can't end one by itself. */
export type Abandonable = {
    readonly abandoned: AbortSignal;
};
export type Tunnels = {
    /** An agent whose connections, plain ones too, are tunnels through a proxy: it learns host and port and no more.
     *  Its requests have to be `Abandonable`. */
    agent(proxy: URL, secure: boolean, options: AgentOptions): HttpAgent;
    /** @returns a time limit of a request that was waiting for its tunnel as the proxy's failure, any other error as it is */
    explain(error: unknown, abandoned: AbortSignal): unknown;
    /** Ends the tunnels that are not ready yet; the others are their agents'. */
    close(): void;
};
/** There is no tunnel through the proxy, so the request that wanted it has never left. */
export declare class ProxyError extends Error {
    name: string;
    /** the proxy's answer; undefined where there was none */
    readonly status: number | undefined;
    readonly retryable: boolean;
    /** the one that the proxy was taken from */
    readonly variable: 'HTTPS_PROXY' | 'HTTP_PROXY';
    constructor(why: string, { proxy, target, secure, status, cause }: Failure);
}
/** The variable that names the proxy of a request is not valid, so the request does not leave. */
export declare class ProxySettingError extends Error {
    name: string;
}
type Way = {
    proxy: URL /** host:port */;
    target: string /** TLS to the target */;
    secure: boolean;
};
type Failure = Way & {
    status?: number;
    cause?: unknown;
};
export declare function createTunnels(): Tunnels;
export {};
