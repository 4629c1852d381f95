import { type AssetPlace } from './assets.js';
import type { Client, Ends } from './client.js';
import { type Attributes, type Resource } from './resources.js';
export declare const SESSION_STATES: readonly ['PENDING', 'CLOSED', 'COMPLETE', 'CANCELED'];
/** Dates are in s since 1970. */
export declare const SESSION_ATTRIBUTES: {
    readonly date_created: 'integer';
    readonly date_expires: 'integer';
    readonly date_modified: 'integer';
    readonly id: 'string';
    readonly origin_path: 'string';
    readonly source_id: 'string';
    readonly status: readonly ["PENDING", "CLOSED", "COMPLETE", "CANCELED"];
    /** presigned, for one PUT of the bytes (a secret); only where the session was opened */
    readonly url: 'string';
};
export type SessionResource = Resource<Attributes<typeof SESSION_ATTRIBUTES>>;
/** imgix documents two forms of the routes, with a verb in the path and without. */
export type Form = 'explicit' | 'plain';
export type SessionPlace = Pick<AssetPlace, 'sourceId'> & Partial<Pick<AssetPlace, 'originPath'>> & {
    readonly sessionId: string;
} & Ends;
/** Opens an upload session for one asset, of up to 5 GB at a Source of type s3 or gcs. It stays open until it is closed,
 *  cancelled, or 8 hours old. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError (409: the path exists)
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function openSession(client: Client, place: AssetPlace, form?: Form): Promise<SessionResource>;
/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function getSession(client: Client, place: SessionPlace, form?: Form): Promise<SessionResource>;
/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function closeSession(client: Client, place: SessionPlace, form?: Form): Promise<SessionResource>;
/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export declare function cancelSession(client: Client, place: SessionPlace): Promise<SessionResource>;
