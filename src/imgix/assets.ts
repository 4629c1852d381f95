import type { AssetAttributes, AssetQuery, AssetResource } from './asset-attributes.ts'
import type { ApiAnswer, ApiRequest, Client, Ends, Upload } from './client.ts'
import { type Contradiction, contradictsAsset, contradictsChange } from './contradictions.ts'
import type { Digest } from './http/body.ts'
import { BY_CURSOR, listPages, type Pages, writeQuery } from './lists.ts'
import { readResource, requestResource } from './resources.ts'

export type AssetPlace = {
  readonly sourceId: string
  /** no leading slash, not encoded */
  readonly originPath: string
} & Ends

/** `older`: of older examples of the reference, `assets/:source_id`. Its tables have `sources/:source_id/assets`. */
type Route = { readonly route?: 'older' }

/** @returns the asset, if the answer contains the requested one */
type AssetAnswer = ApiAnswer & { readonly asset: AssetResource | undefined }

const EDIT_PERMISSION = 'Asset Manager Edit'
const BROWSE_PERMISSION = 'Asset Manager Browse'

/** Lists a Source's assets page by page. Permission Asset Manager Browse, limit `default`. It ends where the API has no
 *  more to give: an asset on no page can still be at the Source.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function listAssets(
  client: Client,
  { sourceId, route, ...ends }: Pick<AssetPlace, 'sourceId'> & Route & Ends,
  query: AssetQuery = {},
): Pages<AssetResource> {
  const path = assetsPath(sourceId, route)
  return listPages(client, { path, type: 'assets', permission: BROWSE_PERMISSION, paging: BY_CURSOR, query }, ends)
}

/** Reads one asset. Permission Asset Manager Browse, limit `get`.
 *  @throws ImgixError (404: the Source has none at that path)
 *  @see https://docs.imgix.com/apis/management/assets */
export function getAsset(
  client: Client,
  { sourceId, originPath, route, ...ends }: AssetPlace & Route,
  query: Pick<AssetQuery, 'fields'> = {},
): Promise<AssetResource> {
  const path = `${assetsPath(sourceId, route)}/${encodeOriginPath(originPath)}${writeQuery('assets', query)}`
  const contradiction = contradictsAsset({ sourceId, originPath })
  return requestResource(client, { path, limit: 'get', permission: BROWSE_PERMISSION, contradiction, ...ends })
}

/** Sets attributes of one asset; the others stay. Permission Asset Manager Edit, limit `default`. Not atomic with the
 *  reading before it: a change by others in between is lost.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function updateAsset(
  client: Client,
  { route, ...place }: AssetPlace & Route,
  attributes: AssetAttributes,
): Promise<AssetAnswer> {
  const { sourceId, originPath } = place
  const json = { data: { attributes, type: 'assets', id: `${sourceId}/${originPath}` } }
  const contradiction: Contradiction = (document) =>
    contradictsAsset(place)(document) ?? contradictsChange(attributes)(document)
  return askFor(client, place, { method: 'PATCH', route: assetsPath(sourceId, route), json, contradiction })
}

/** Stores one file at the Source by direct upload, streamed. With `overwrite` it can replace an existing file.
 *  Permission Asset Manager Edit, to overwrite Purge too, limit `upload`.
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
export function uploadAsset(
  client: Client,
  place: AssetPlace,
  { overwrite = false, ...upload }: { readonly overwrite?: boolean } & Upload,
): Promise<AssetAnswer> {
  let sentBytes: number | undefined
  const onDigest = (digest: Digest): void => {
    sentBytes = digest.bytes
    upload.onDigest?.(digest)
  }
  return askFor(client, place, {
    route: `${sourcePath(place.sourceId)}/upload`,
    ...(overwrite && { query: '?overwrite=true', permission: 'Asset Manager Edit and Purge' as const }),
    limit: 'upload',
    upload: { ...upload, onDigest },
    contradiction: contradictsAsset(place, () => sentBytes),
  })
}

/** Queues a file of the origin for the Asset Manager: the answer (202) comes before imgix has looked at it. Permission
 *  Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function addAsset(client: Client, place: AssetPlace): Promise<ApiAnswer> {
  return askFor(client, place, { route: `${assetsPath(place.sourceId)}/add`, json: {} })
}

/** Makes imgix fetch a file of the origin again, process the changes, and purge it. Permission Asset Manager Edit, limit
 *  `refresh`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function refreshAsset(client: Client, place: AssetPlace): Promise<AssetAnswer> {
  return askFor(client, place, { route: `${assetsPath(place.sourceId)}/refresh`, limit: 'refresh', json: {} })
}

type AssetRequest = Partial<
  Pick<ApiRequest, 'method' | 'limit' | 'permission' | 'json' | 'upload' | 'contradiction'>
> & {
  /** to the asset's own path */
  readonly route: string
  readonly query?: string
}

async function askFor(
  client: Client,
  { sourceId, originPath, ...ends }: AssetPlace,
  { route, query = '', ...asked }: AssetRequest,
): Promise<AssetAnswer> {
  const path = `${route}/${encodeOriginPath(originPath)}${query}`
  const contradiction = contradictsAsset({ sourceId, originPath })
  const usual = { method: 'POST', limit: 'default', permission: EDIT_PERMISSION, contradiction } as const
  const answer = await client.request({ ...usual, ...asked, path, ...ends })
  const asset: AssetResource | undefined = readResource(answer.document.data)
  return { ...answer, asset: asset !== undefined && originPathOf(asset) === originPath ? asset : undefined }
}

/** @returns its origin path without the leading slash, '' where it is not listed */
export function originPathOf({ attributes }: { attributes: { readonly origin_path?: unknown } }): string {
  return typeof attributes.origin_path === 'string' ? attributes.origin_path.replace(/^\//, '') : ''
}

/** The origin path as the Management API takes it: percent-encoded per segment. */
export function encodeOriginPath(originPath: string): string {
  return originPath.split('/').map(encodeURIComponent).join('/')
}

export function sourcePath(sourceId: string): string {
  return `sources/${encodeURIComponent(sourceId)}`
}

function assetsPath(sourceId: string, route?: 'older'): string {
  return route === 'older' ? `assets/${encodeURIComponent(sourceId)}` : `${sourcePath(sourceId)}/assets`
}
