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
/** Why an answer to a PUT stored nothing. A page in place of the storage's answer can be temporary. */
export declare function refusalOfPut(answer: Answer, facts: Facts): Refusal;
/**
 * Whether an answer to a PUT says that the bytes are stored. Each storage that imgix knows says so by an ETag, and has
 * nothing else to say. A page does not, with or without an ETag.
 * @returns `doubt`: a description of an answer that possibly does not come from the storage
 */
export declare function readStored(answer: Answer): {
    isStored: boolean;
    doubt?: string;
};
export {};
