import type { Facts, Refusal } from './answers.js';
import { type ErrorDetail, ImgixError } from './errors.js';
import type { Answer } from './http/transport.js';
/** Whether the storage itself says that another try can help. At a PUT, 409 says that another request for the
 *  object is under way. */
export declare function isPassing({ method, status, details }: Pick<ImgixError, 'method' | 'status' | 'details'>): boolean;
/** The URL was good for a while, and is no more. S3 and Azure call it 403, Google's storage and R2 400. */
export declare function isExpired(error: unknown): boolean;
/** A storage's error is XML, and its code a word. */
export declare function storageDetails({ text }: Answer): ErrorDetail[];
export declare function codeOf(xml: string): string | undefined;
/** The storage's refusal, or that of somebody between. */
export declare function refusal(answer: Answer, facts: Facts): Refusal;
/** What an answer to a PUT comes to. Each storage that imgix knows says by an ETag alone that the bytes are stored.
 *  @returns `doubt`: a description of a success that possibly does not come from the storage */
export declare function judgePut(answer: Answer, facts: Facts): Refusal | {
    readonly doubt: string | undefined;
};
