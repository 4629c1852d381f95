/** To a host through a proxy. */
export type Way = {
    readonly proxy: URL;
    /** host:port */
    readonly target: string;
    /** TLS to the target */
    readonly secure: boolean;
};
type Failure = Way & {
    readonly status?: number;
    readonly cause?: unknown;
};
/** There is no tunnel through the proxy, so the request that wanted it has never left. */
export declare class ProxyError extends Error {
    name: string;
    /** the proxy's answer; undefined where there was none */
    readonly status: number | undefined;
    readonly retryable: boolean;
    /** the variable that names the proxy */
    readonly variable: 'HTTPS_PROXY' | 'HTTP_PROXY';
    constructor(why: string, { proxy, target, secure, status, cause }: Failure);
}
/** The variable that names the proxy of a request is not valid, so the request does not leave. */
export declare class ProxySettingError extends Error {
    name: string;
}
export declare function portOf({ port, protocol }: URL): string;
export {};
