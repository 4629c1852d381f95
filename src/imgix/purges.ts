import type { Client, Ends } from './client.ts'
import { contradictsObject } from './contradictions.ts'
import { ImgixError } from './errors.ts'
import { readResource } from './resources.ts'

/** Asks imgix to purge one URL and its derivatives. It resolves when imgix has received that, not when it has done it.
 *  A duplicate within 10 seconds (409) is under way already and counts as received. Permission Purge, limit `purge`.
 *  @param url fully qualified and encoded, its domain one of the account's
 *  @param subImageOf the Source whose images use it as `mark` or `blend`: they are purged with it
 *  @returns imgix's id of the purge, undefined for a duplicate
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/purges */
export async function purge(
  client: Client,
  url: string,
  { subImageOf, ...ends }: Ends & { subImageOf?: string | undefined } = {},
): Promise<{ attempts: number; purgeId?: string | undefined }> {
  const parents = subImageOf === undefined ? {} : { sub_image: true, source_id: subImageOf }
  const json = { data: { attributes: { url, ...parents }, type: 'purges' } }
  const contradiction = contradictsObject('purges', (_, { url: told }) =>
    typeof told === 'string' && told !== url ? `with a purge of another URL, ${told}` : undefined,
  )
  const request = { method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json } as const
  try {
    const { attempts, document } = await client.request({ ...request, contradiction, ...ends })
    return { attempts, purgeId: readResource(document.data)?.id }
  } catch (error) {
    if (error instanceof ImgixError && error.status === 409) return { attempts: error.attempts }
    throw error
  }
}
