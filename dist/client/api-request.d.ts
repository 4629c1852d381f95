import { type ApiAnswer, type ApiRequest, type OnWait } from './client.js';
import type { ClientSettings } from './client-settings.js';
import { type Answer, type Transport } from './http/transport.js';
import type { Pace } from './pace.js';
type Sending = {
    settings: ClientSettings;
    transport: Transport;
    pace: Pace;
    /** takes secrets out of a text */
    redact: (text: string) => string;
    onWait: OnWait;
    clock: {
        read(headers: Answer['headers']): void;
    };
};
/** @see Client.request */
export declare function requestApi(request: ApiRequest, sending: Sending): Promise<ApiAnswer>;
export {};
