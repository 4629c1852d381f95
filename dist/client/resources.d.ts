import type { ApiRequest, Client } from './client.js';
/** One object of a JSON:API document. Its attributes are typed as the reference lists them, and not checked. */
export type Resource<A> = {
    readonly id: string;
    readonly type: string;
    readonly attributes: A;
};
/** The types of the reference's tables. */
type Types = {
    boolean: boolean;
    float: number;
    integer: number;
    list: readonly unknown[];
    object: Readonly<Record<string, unknown>>;
    string: string;
};
/** A table has a type for each name, or the words that are accepted, or a table. */
type Table = {
    readonly [name: string]: keyof Types | readonly string[] | Table;
};
/** One of the words, or a word that is newer than the reference. */
export type Word<Words extends readonly string[]> = Words[number] | (string & Record<never, never>);
type Value<K> = K extends keyof Types ? Types[K] : K extends readonly string[] ? Word<K> : Attributes<Extract<K, Table>>;
/** What the reference lists, each there or not, or null. */
export type Listed<T extends Table> = {
    readonly [N in keyof T]?: Value<T[N]> | null;
};
/** Beside it whatever else imgix has or takes. */
export type Attributes<T extends Table> = Listed<T> & {
    readonly [name: string]: unknown;
};
/** @returns undefined for a value that is not an object with attributes */
export declare function readResource<A>(data: unknown): Resource<A> | undefined;
/** Sends a request, a GET of limit `default` unless it says otherwise, whose answer is one object.
 *  @returns the object; one without attributes for an answer without one that is no contradiction
 *  @throws ImgixError */
export declare function requestResource<A>(client: Client, request: Pick<ApiRequest, 'path' | 'permission'> & Partial<ApiRequest>): Promise<Resource<A>>;
export {};
