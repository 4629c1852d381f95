/** A document that came with a success. */
type Document = Readonly<Record<string, unknown>>;
/** What in a success contradicts its request, in words that follow the status; undefined where nothing does. */
export type Contradiction = (document: Document) => string | undefined;
declare const TYPES: readonly ['assets', 'asset_uploads', 'purges', 'reports', 'sources'];
export type Type = (typeof TYPES)[number];
type Attributes = Readonly<Record<string, unknown>>;
type Named = {
    readonly sourceId: string;
    readonly originPath: string;
};
/** Whether the document is about one object of this type. A document without `data` contradicts nothing. */
export declare function contradictsObject(document: Document, type: Type, contradicts?: (data: Document, attributes: Attributes) => string | undefined): string | undefined;
/** Whether the document is a list of objects of this type. */
export declare function contradictsList(document: Document, type: Type): string | undefined;
/** @param what the name of the object, such as 'Source' */
export declare function contradictsId({ id }: Document, expected: string, what: string): string | undefined;
/** @param bytes of the file; undefined where they are not known */
export declare function contradictsAsset(document: Document, { sourceId, originPath }: Named, bytes?: number): string | undefined;
/** Slashes before it and percent-encoding are the API's own affair. */
export declare function isSamePath(told: string, originPath: string): boolean;
/** Whether an asset has other texts than it was given. Numbers and lists can come back in another form. */
export declare function contradictsChange(document: Document, set: Attributes): string | undefined;
export {};
