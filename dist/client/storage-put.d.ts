import { type Sending, type Upload } from './client.js';
export type StoragePut = Upload & {
    readonly url: string;
    /** public names that the URL can contain */
    readonly own?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    /** receives a description of a success that possibly does not come from the storage */
    readonly onDoubt?: (answer: string) => void;
};
/** @see Client.put */
export declare function putFile(put: StoragePut, sending: Sending): Promise<{
    attempts: number;
}>;
