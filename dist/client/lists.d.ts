import type { ApiAnswer, ApiRequest, Client, Ends } from './client.js';
import { type Type } from './contradictions.js';
import { type Resource, type Word } from './resources.js';
/** What a list is asked for. Its parameters go out in the order in which they are written, after those of the page. */
export type ListQuery<Field extends string, Sort extends string, Filter, Page> = {
    /** the attributes that are wanted; dots reach into objects */
    readonly fields?: readonly (Field | `${Field}.${string}`)[] | undefined;
    /** the first counts most; `-` is descending */
    readonly sort?: readonly (Sort | `-${Sort}`)[];
    /** all of them hold; texts are found within texts */
    readonly filter?: Filter;
    readonly page?: Page;
};
/** A number, or a range with both its ends: `1:3`, `1:`, `:3` */
type Range = number | `${number}:${number}` | `${number}:` | `:${number}`;
type Wanted = {
    boolean: boolean;
    integer: Range;
    string: string | readonly string[];
};
/** By the types of the reference's tables. */
export type Filters<T extends Readonly<Record<string, keyof Wanted | readonly string[]>>> = {
    readonly [N in keyof T]?: T[N] extends keyof Wanted ? Wanted[T[N]] : Word<Extract<T[N], readonly string[]>>;
};
/** Page numbers are from 0. */
export type NumberPage = {
    readonly number?: number;
    readonly size?: number;
};
export type CursorPage = {
    readonly cursor?: string;
    readonly limit?: number;
};
export type Pages<R> = AsyncGenerator<readonly R[]>;
type AnyQuery = ListQuery<string, string, object, NumberPage & CursorPage>;
type List = Pick<ApiRequest, 'path' | 'permission'> & {
    type: Type;
    paging: Paging;
    query: AnyQuery;
};
/** Lists objects page by page. It ends where the API says that there is no more, whatever it counts.
 *  @throws ImgixError, also for pages that lead in a circle */
export declare function listPages<A>(client: Client, { path, permission, type, paging, query }: List, ends?: Ends): Pages<Resource<A>>;
/** @returns a query with its question mark, without undefined parameters */
export declare function writeQuery(type: string, query: {
    readonly [part in keyof AnyQuery]?: unknown;
}): string;
/** How a list is cut into pages: the names of the parameters, and what an answer tells about the next page. */
type Paging = {
    readonly at: keyof NumberPage | keyof CursorPage;
    readonly size: keyof NumberPage | keyof CursorPage;
    /** @param page `asked`: the number or cursor that it was asked for with; `emptyPages`: in turn before it */
    readonly turn: (document: ApiAnswer['document'], page: {
        emptyPages: number;
        asked: string | undefined;
    }) => Turn;
};
type Turn = {
    readonly current?: string | undefined;
    /** undefined on the last page */
    readonly next?: string | undefined;
    readonly problem?: string;
};
export declare const BY_NUMBER: Paging;
export declare const BY_CURSOR: Paging;
export {};
