import { ImgixError, type ImgixFacts } from './errors.js';
import type { Answer } from './http/transport.js';
type Facts = ImgixFacts & {
    readonly attempts: number;
};
/** `waitMs`: undefined where another try can't help */
type Refusal = {
    readonly error: ImgixError;
    readonly waitMs: number | undefined;
};
/** The storage's refusal, or that of somebody between. */
export declare function refusal(answer: Answer, facts: Facts): Refusal;
/** What an answer to a PUT comes to. Each storage that imgix knows says by an ETag alone that the bytes are stored.
 *  @returns `doubt`: a description of a success that possibly does not come from the storage */
export declare function judgePut(answer: Answer, facts: Facts): Refusal | {
    readonly doubt: string | undefined;
};
export {};
