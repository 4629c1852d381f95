import type { ApiRequest, Client } from './client.ts'
import { ImgixError } from './errors.ts'

const PURGE_PERMISSION = 'Purge'

/** Asks imgix to purge one URL and its derivatives. It resolves when imgix has received that, not when it has done it.
 *  A duplicate within 10 seconds (409) is under way already and counts as received.
 *  @param url fully qualified and encoded, its domain one of the account's
 *  @param subImageOf the Source whose images use it as `mark` or `blend`: they are purged with it
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/purges */
export async function purge(
  client: Client,
  url: string,
  { subImageOf, ...ends }: Pick<ApiRequest, 'signal' | 'halt'> & { subImageOf?: string | undefined } = {},
): Promise<{ attempts: number }> {
  const parents = subImageOf === undefined ? {} : { sub_image: true, source_id: subImageOf }
  const json = { data: { attributes: { url, ...parents }, type: 'purges' } }
  try {
    return await client.request({
      method: 'POST',
      path: 'purge',
      limit: 'purge',
      permission: PURGE_PERMISSION,
      json,
      ...ends,
    })
  } catch (error) {
    if (error instanceof ImgixError && error.status === 409) return { attempts: error.attempts }
    throw error
  }
}
