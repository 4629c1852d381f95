import { type ErrorDetail, type ImgixFacts } from './errors.js';
import { type Attempt } from './http/retry.js';
import { type Answer } from './http/transport.js';
type Reading = {
    /** the JSON object of an answer, {} for an empty answer; undefined for another body */
    readonly document?: Record<string, unknown>;
    /** why it can't be the body of a success */
    readonly problem?: string | undefined;
};
export declare function readDocument({ text }: Answer): Reading;
/** A storage's error is XML, and its code a word. */
export declare function storageDetails({ text }: Answer): ErrorDetail[];
export declare function asError(cause: unknown): Error;
type Facts = ImgixFacts & {
    readonly attempts: number;
};
type Failure = Exclude<Attempt<never>, {
    done: never;
}> & {
    perhapsDone: boolean;
};
/** What an attempt without a complete answer comes to. */
export declare function withoutAnswer(cause: Error, facts: Facts): Failure;
export {};
