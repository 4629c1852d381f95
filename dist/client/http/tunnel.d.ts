import { type AgentOptions, Agent as HttpAgent } from 'node:http';
/** What a request through a tunnel has among its options: without a connection yet, it can't end one by itself. */
export type Abandonable = {
    readonly abandoned: AbortSignal;
};
export declare function createTunnels(): {
    /** An agent whose connections, plain ones too, are tunnels through a proxy: it learns host and port and no more.
     *  Its requests have to be `Abandonable`. */
    agent(proxy: URL, secure: boolean, options: AgentOptions): HttpAgent;
    /** @returns a time limit of a request that was waiting for its tunnel as the proxy's failure, any other error as it is */
    explain(error: unknown, abandoned: AbortSignal): unknown;
    /** Ends the tunnels that are not ready yet; the others are their agents'. */
    close: () => void;
};
