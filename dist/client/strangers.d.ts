import { ImgixError, type ImgixFacts } from './errors.js';
import type { Answer } from './http/transport.js';
/** A refusal of another status can be without a document of the server's own, but is no page.
 *  @param isOwn whether the server itself can have given the answer */
export declare function isStrangers(answer: Answer, isOwn: boolean): boolean;
/** An error for the answer of somebody between, such as an egress gateway. It has no status, as that means nothing here.
 *  @param server whose answer it is not */
export declare function strangersError(answer: Answer, facts: ImgixFacts, server: 'imgix' | 'the storage'): ImgixError;
/** Status and type of an answer, such as `403 text/html`. */
export declare function describeAnswer({ status, headers, text }: Answer): string;
/** @param document of the answer; undefined for one that is no JSON object */
export declare function isImgixs({ headers, text }: Answer, document: Readonly<Record<string, unknown>> | undefined): boolean;
/** A page for people, whatever its type says. Google's storage calls an answer without a body HTML, too. */
export declare function isPage({ headers, text }: Answer): boolean;
export declare function isHtml(headers: Answer['headers']): boolean;
