import { type AssetPlace } from './assets.js';
import type { Client } from './client.js';
/** What `upload-sessions.ts` says of each holds here, whatever the form. */
export type UploadSessions = {
    /** @returns its presigned URL (a secret), too
     *  @throws ImgixError (409: the path exists) */
    open(place: AssetPlace): Promise<Pick<Session, 'id' | 'url'>>;
    /** @throws ImgixError, also where the session turns out to be cancelled */
    close(place: AssetPlace, sessionId: string): Promise<void>;
    /** @returns whether imgix has nothing left to do for it
     *  @throws ImgixError */
    isComplete(place: AssetPlace, sessionId: string): Promise<boolean>;
    /** @throws ImgixError */
    cancel(place: AssetPlace, sessionId: string): Promise<void>;
};
type Session = Readonly<Record<'id' | 'url' | 'status' | 'originPath' | 'sourceId', string>>;
/** Upload sessions of one client. Which form of their routes a server has shows in its answers, and is remembered. */
export declare function createUploadSessions(client: Client): UploadSessions;
export {};
