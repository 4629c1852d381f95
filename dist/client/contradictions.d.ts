/** A document that came with a success. */
type Document = Readonly<Record<string, unknown>>;
/** What in a success contradicts its request, in words that follow the status; undefined where nothing does. */
export type Contradiction = (document: Document) => string | undefined;
declare const TYPES: readonly ['assets', 'asset_uploads', 'purges', 'reports', 'sources'];
export type Type = (typeof TYPES)[number];
type Named = {
    readonly sourceId: string;
    readonly originPath: string;
};
/** The document is about one object of this type. A document without `data` contradicts nothing. */
export declare function contradictsObject(type: Type, contradicts?: (data: Document, attributes: Document) => string | undefined): Contradiction;
/** The document is about an object of this type, and this one.
 *  @param id of the object; undefined where it is new */
export declare function contradictsResource(type: Type, noun: string, id?: string): Contradiction;
/** The document is a list of objects of this type. */
export declare function contradictsList(type: Type): Contradiction;
/** @param what the name of the object, such as 'Source' */
export declare function contradictsId({ id }: Document, expected: string, what: string): string | undefined;
/** The document is about this asset, or about none.
 *  @param bytesOf the file; undefined where they are not known */
export declare function contradictsAsset({ sourceId, originPath }: Named, bytesOf?: () => number | undefined): Contradiction;
/** Slashes before it and percent-encoding are the API's own affair. */
export declare function isSamePath(told: string, originPath: string): boolean;
/** An asset has the texts that it was given. Numbers and lists can come back in another form. */
export declare function contradictsChange(set: Document): Contradiction;
export {};
