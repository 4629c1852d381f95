/** The request has never left. */
export declare class UnsentError extends Error {
    name: string;
    /** another try can help */
    readonly retryable: boolean;
}
/** The host is not public. */
export declare class HostError extends UnsentError {
    name: string;
}
/** No address of the host takes a connection. */
export declare class AddressError extends UnsentError {
    name: string;
    readonly retryable = true;
}
/** The variable that names the proxy of the request is not valid. */
export declare class ProxySettingError extends UnsentError {
    name: string;
}
/** To a host through a proxy. */
export type Way = {
    readonly proxy: URL;
    /** host:port */
    readonly target: string;
    /** TLS to the target */
    readonly secure: boolean;
};
/** There is no tunnel through the proxy. */
export declare class ProxyError extends UnsentError {
    name: string;
    /** the proxy's answer; undefined where there was none */
    readonly status: number | undefined;
    readonly retryable: boolean;
    /** the variable that names the proxy */
    readonly variable: 'HTTPS_PROXY' | 'HTTP_PROXY';
    constructor(why: string, { proxy, target, secure, status, cause }: Way & {
        status?: number;
        cause?: unknown;
    });
}
/** @param to ` to ` and a host, where the text has to name it */
export declare function whyUnsent(error: UnsentError, to?: string): string;
export declare function portOf({ port, protocol }: URL): string;
