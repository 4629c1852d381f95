import { type OnWait, type Upload } from './client.js';
import type { ClientSettings } from './client-settings.js';
import type { Hosts } from './http/hosts.js';
import { type Transport } from './http/transport.js';
type PutSettings = Pick<ClientSettings, 'maxAttempts'> & {
    transport: Transport;
    hosts: Hosts;
    onWait: OnWait;
};
export type StoragePut = Upload & {
    readonly url: string;
    /** public names that the URL can contain */
    readonly own?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    /** receives a description of a success that possibly does not come from the storage */
    readonly onDoubt?: (answer: string) => void;
};
/** @see Client.put */
export declare function putFile(put: StoragePut, means: PutSettings): Promise<{
    attempts: number;
}>;
export {};
