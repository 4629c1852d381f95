import { type ImgixFacts } from './errors.js';
import { type Answer } from './http/transport.js';
type Reading = {
    /** the JSON object of an answer, {} for an empty answer; undefined for another body */
    readonly document?: Record<string, unknown>;
    /** why it can't be the body of a success */
    readonly problem?: string | undefined;
};
export declare function readDocument({ text }: Answer): Reading;
export declare function asError(cause: unknown): Error;
export type Facts = ImgixFacts & {
    readonly attempts: number;
};
/** `waitMs`: undefined where another try can't help */
export type Refusal = {
    readonly error: Error;
    readonly waitMs: number | undefined;
};
/** `perhapsDone`: the server can have carried out the request; the others: see `Attempt` */
type Failure = Refusal & {
    readonly perhapsDone: boolean;
    readonly starved?: boolean;
    readonly stale?: boolean;
};
/** What an attempt without a complete answer comes to. */
export declare function withoutAnswer(thrown: Error, facts: Facts): Failure;
export {};
