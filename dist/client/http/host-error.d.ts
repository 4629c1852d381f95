/** Nothing is sent: the host is not public. */
export declare class HostError extends Error {
    name: string;
}
