import type { ClientRequest } from 'node:http';
import { type BodySource } from './body.js';
import type { Outgoing } from './transport.js';
import type { Watch } from './watch.js';
export declare const SLICE_BYTES: number;
/** Sends a body slice by slice, and stops where the request ends or is refused. */
export declare function sendBody(request: ClientRequest, source: BodySource, { watch, onUnderWay, onProgress }: {
    watch: Watch;
} & Pick<Outgoing, 'onUnderWay' | 'onProgress'>): Promise<void>;
/** @returns the status of the answer; undefined before it */
export declare function statusOf(request: ClientRequest): number | undefined;
