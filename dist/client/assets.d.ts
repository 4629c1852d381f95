import type { AssetAttributes, AssetQuery, AssetResource } from './asset-attributes.js';
import type { ApiAnswer, Client, Ends, Upload } from './client.js';
import { type Pages } from './lists.js';
export type AssetPlace = {
    readonly sourceId: string;
    /** no leading slash, not encoded */
    readonly originPath: string;
} & Ends;
/** `older`: of older examples of the reference, `assets/:source_id`. Its tables have `sources/:source_id/assets`. */
type Route = {
    readonly route?: 'older';
};
/** @returns the asset, if the answer contains the requested one */
type AssetAnswer = ApiAnswer & {
    readonly asset: AssetResource | undefined;
};
/** Lists a Source's assets page by page. Permission Asset Manager Browse, limit `default`. It ends where the API has no
 *  more to give: an asset on no page can still be at the Source.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function listAssets(client: Client, { sourceId, route, ...ends }: Pick<AssetPlace, 'sourceId'> & Route & Ends, query?: AssetQuery): Pages<AssetResource>;
/** Reads one asset. Permission Asset Manager Browse, limit `get`.
 *  @throws ImgixError (404: the Source has none at that path)
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function getAsset(client: Client, { sourceId, originPath, route, ...ends }: AssetPlace & Route, query?: Pick<AssetQuery, 'fields'>): Promise<AssetResource>;
/** Sets attributes of one asset; the others stay. Permission Asset Manager Edit, limit `default`. Not atomic with the
 *  reading before it: a change by others in between is lost.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function updateAsset(client: Client, { route, ...place }: AssetPlace & Route, attributes: AssetAttributes): Promise<AssetAnswer>;
/** Stores one file at the Source by direct upload, streamed. With `overwrite` it can replace an existing file.
 *  Permission Asset Manager Edit, to overwrite Purge too, limit `upload`.
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function uploadAsset(client: Client, place: AssetPlace, { overwrite, ...upload }: {
    readonly overwrite?: boolean;
} & Upload): Promise<AssetAnswer>;
/** Queues a file of the origin for the Asset Manager: the answer (202) comes before imgix has looked at it. Permission
 *  Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function addAsset(client: Client, place: AssetPlace): Promise<ApiAnswer>;
/** Makes imgix fetch a file of the origin again, process the changes, and purge it. Permission Asset Manager Edit, limit
 *  `refresh`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function refreshAsset(client: Client, place: AssetPlace): Promise<AssetAnswer>;
/** @returns its origin path without the leading slash, '' where it is not listed */
export declare function originPathOf({ attributes }: {
    attributes: {
        readonly origin_path?: unknown;
    };
}): string;
/** The origin path as the Management API takes it: percent-encoded per segment. */
export declare function encodeOriginPath(originPath: string): string;
export declare function sourcePath(sourceId: string): string;
export {};
