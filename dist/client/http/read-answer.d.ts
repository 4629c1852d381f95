import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { Answer, Outgoing } from './transport.js';
import type { Watch } from './watch.js';
/** Takes a body chunk by chunk, as fast as it can use them. */
export type Receive = (body: AsyncIterable<Buffer>, headers: IncomingHttpHeaders) => Promise<void>;
/** @throws Node's own error where the answer ends before it is complete, or what `receive` throws */
export declare function awaitAnswer(request: ClientRequest, watch: Watch, { method, headersOnly, receive, maxBytes }: Expected): Promise<Answer>;
type Expected = Pick<Outgoing, 'method' | 'headersOnly' | 'receive' | 'maxBytes'>;
export {};
