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
    /** names that the URL may hold and everybody may read */
    readonly own?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    /** is told of a success that need not be the storage's own, and what it is */
    readonly onDoubt?: (answer: string) => void;
};
/** @see Client.put */
export declare function putFile(put: StoragePut, means: PutSettings): Promise<{
    attempts: number;
}>;
export {};
