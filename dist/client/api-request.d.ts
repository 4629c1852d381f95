import { type ApiAnswer, type ApiRequest, type Sending } from './client.js';
/** @see Client.request */
export declare function requestApi(request: ApiRequest, sending: Sending): Promise<ApiAnswer>;
