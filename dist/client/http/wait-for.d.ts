import type { EventEmitter } from 'node:events';
/** Waits for one event of a request or a socket, which can also close without 'error' or do nothing any more.
 *  @param ended is aborted when the time limit is over, or nobody wants the event any more
 *  @returns the event's arguments
 *  @throws the emitter's error, ECONNRESET where it closes without one, or the reason of `ended` */
export declare function waitFor<T extends unknown[]>(emitter: EventEmitter, event: string, ended: AbortSignal): Promise<T>;
