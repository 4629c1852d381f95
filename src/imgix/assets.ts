import type { ApiAnswer, ApiRequest, Client } from './client.ts'
import { ImgixError, isRecord } from './errors.ts'

export type Asset = { readonly fileSize: number | undefined; readonly uploadedByApi: boolean | undefined }

export type AssetPlace = {
  readonly sourceId: string
  /** no leading slash, not encoded */
  readonly originPath: string
  /** ends a request, also while it is under way */
  readonly signal?: AbortSignal | undefined
  /** no further request starts after it */
  readonly halt?: AbortSignal | undefined
}

export const EDIT_PERMISSION = 'Asset Manager Edit'
const OVERWRITE_PERMISSION = 'Asset Manager Edit and Purge'
const BROWSE_PERMISSION = 'Asset Manager Browse'

/** The origin path as the Management API takes it: percent-encoded per segment. */
export function encodeOriginPath(originPath: string): string {
  return originPath.split('/').map(encodeURIComponent).join('/')
}

/** Stores one file at the Source by direct upload, streamed. With `overwrite` it may replace what is there.
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
export async function uploadAsset(
  client: Client,
  place: AssetPlace,
  { overwrite, ...upload }: { overwrite: boolean } & NonNullable<ApiRequest['upload']>,
): Promise<ApiAnswer> {
  return client.request({
    method: 'POST',
    path: `sources/${place.sourceId}/upload/${encodeOriginPath(place.originPath)}${overwrite ? '?overwrite=true' : ''}`,
    limit: 'upload',
    permission: overwrite ? OVERWRITE_PERMISSION : EDIT_PERMISSION,
    upload,
    signal: place.signal,
    halt: place.halt,
  })
}

/** @returns the asset, undefined where the Source has none at that path
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export async function getAsset(client: Client, place: AssetPlace): Promise<Asset | undefined> {
  const path = `sources/${place.sourceId}/assets/${encodeOriginPath(place.originPath)}`
  try {
    const { document } = await client.request({
      method: 'GET',
      path,
      limit: 'get',
      permission: BROWSE_PERMISSION,
      signal: place.signal,
      halt: place.halt,
    })
    const data = isRecord(document.data) ? document.data : {}
    const attributes = isRecord(data.attributes) ? data.attributes : {}
    return {
      fileSize: /^\d+$/.test(String(attributes.file_size)) ? Number(attributes.file_size) : undefined,
      uploadedByApi: typeof attributes.uploaded_by_api === 'boolean' ? attributes.uploaded_by_api : undefined,
    }
  } catch (error) {
    if (error instanceof ImgixError && error.status === 404) return undefined
    throw error
  }
}
