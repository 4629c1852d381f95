import { type ErrorDetail } from './errors.js';
import { type Answer } from './http/transport.js';
export declare function isSuccess({ status }: Answer): boolean;
/** @returns the JSON object of an answer, {} for an empty answer; for another body, a description of it */
type Reading = {
    readonly document: Record<string, unknown>;
} | {
    readonly document: undefined;
    readonly problem: string;
};
export declare function readDocument({ text }: Answer): Reading;
/** @returns the problem of an answer whose status does not tell it */
export declare function unusable(answer: Answer, reading: Reading): string | undefined;
/** A storage's error is XML, and its code a word. */
export declare function storageDetails({ text }: Answer): ErrorDetail[];
export declare function asError(cause: unknown): Error;
/** What an attempt without a complete answer comes to. */
export declare function withoutAnswer(cause: Error, facts: {
    method: string;
    path: string;
    permission?: string;
    attempts: number;
    perhapsDone?: boolean;
}): {
    error: Error;
    waitMs: number | undefined;
    perhapsDone: boolean;
    starved?: boolean;
};
export {};
