import { type AssetPlace, EDIT_PERMISSION, encodeOriginPath } from './assets.ts'
import type { ApiAnswer, Client } from './client.ts'

export type AssetCall = 'add' | 'refresh'

/**
 * `add` queues a file of the origin for the Asset Manager: the answer comes before imgix has looked at it. `refresh` has imgix
 * fetch it again, process what changed, and purge it.
 * @throws ImgixError
 * @see https://docs.imgix.com/apis/management/assets
 */
export async function callAsset(
  client: Client,
  { sourceId, originPath, signal, halt }: AssetPlace,
  call: AssetCall,
): Promise<ApiAnswer> {
  return client.request({
    method: 'POST',
    path: `sources/${sourceId}/assets/${call}/${encodeOriginPath(originPath)}`,
    limit: call === 'refresh' ? 'refresh' : 'default',
    permission: EDIT_PERMISSION,
    json: {},
    signal,
    halt,
  })
}
