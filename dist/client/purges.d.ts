import type { Client, Ends } from './client.js';
/** Asks imgix to purge one URL and its derivatives. It resolves when imgix has received that, not when it has done it.
 *  A duplicate within 10 seconds (409) is under way already and counts as received. Permission Purge, limit `purge`.
 *  @param url fully qualified and encoded, its domain one of the account's
 *  @param subImageOf the Source whose images use it as `mark` or `blend`: they are purged with it
 *  @returns imgix's id of the purge, undefined for a duplicate
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/purges */
export declare function purge(client: Client, url: string, { subImageOf, ...ends }?: Ends & {
    subImageOf?: string | undefined;
}): Promise<{
    attempts: number;
    purgeId?: string | undefined;
}>;
