import type { ApiAnswer, Client, FileUpload } from './client.ts'
import { ImgixError, isRecord } from './errors.ts'
import { BY_CURSOR, listPages } from './lists.ts'

export type Asset = {
  readonly fileSize: number | undefined
  readonly uploadedByApi: boolean | undefined
  // what users set, as the API lists it: undefined where it doesn't, null where it is not set, perhaps of another type
  readonly categories: unknown
  readonly customFields: unknown
  readonly description: unknown
  readonly name: unknown
  readonly tags: unknown
}

export type ListedAsset = Asset & { /** no leading slash */ readonly originPath: string }

/** The attributes that a PATCH sets; lists and objects are replaced whole, the others stay. */
export type AssetChange = {
  readonly categories?: readonly unknown[]
  readonly customFields?: Readonly<Record<string, unknown>>
  readonly description?: string | null
  readonly name?: string | null
  readonly tags?: Readonly<Record<string, unknown>>
}

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

const NAMES = {
  categories: 'categories',
  customFields: 'custom_fields',
  description: 'description',
  fileSize: 'file_size',
  name: 'name',
  tags: 'tags',
  uploadedByApi: 'uploaded_by_api',
} as const satisfies Record<keyof Asset, string>

// the reference names no maximum; a server that gives less a page is asked for more pages
const PAGE_LIMIT = 100

/** The origin path as the Management API takes it: percent-encoded per segment. */
export function encodeOriginPath(originPath: string): string {
  return originPath.split('/').map(encodeURIComponent).join('/')
}

/** Stores one file at the Source by direct upload, streamed. With `overwrite` it may replace what is there.
 *  @returns the asset too, where the answer holds it
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
export async function uploadAsset(
  client: Client,
  place: AssetPlace,
  { overwrite, ...upload }: { overwrite: boolean } & FileUpload,
): Promise<ApiAnswer & { asset: Asset | undefined }> {
  const answer = await client.request({
    method: 'POST',
    path: `sources/${place.sourceId}/upload/${encodeOriginPath(place.originPath)}${overwrite ? '?overwrite=true' : ''}`,
    limit: 'upload',
    permission: overwrite ? OVERWRITE_PERMISSION : EDIT_PERMISSION,
    upload,
    signal: place.signal,
    halt: place.halt,
  })
  const { originPath, ...asset } = readListed(answer.document.data)
  return { ...answer, asset: originPath === place.originPath ? asset : undefined }
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
    return readAsset(document.data)
  } catch (error) {
    if (error instanceof ImgixError && error.status === 404) return undefined
    throw error
  }
}

/** Sets attributes of one asset. Not atomic with the reading before it: a change by others in between is lost.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export async function updateAsset(client: Client, place: AssetPlace, change: AssetChange): Promise<ApiAnswer> {
  const attributes = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [NAMES[name as keyof AssetChange], value]),
  )
  return client.request({
    method: 'PATCH',
    path: `sources/${place.sourceId}/assets/${encodeOriginPath(place.originPath)}`,
    limit: 'default',
    permission: EDIT_PERMISSION,
    json: { data: { attributes, id: `${place.sourceId}/${place.originPath}`, type: 'assets' } },
    signal: place.signal,
    halt: place.halt,
  })
}

/**
 * Lists a Source's assets page by page, with the attributes that are asked for. It ends where the API says that there is
 * no more, or has no more to give: what is on no page need not be missing at the Source.
 * @throws ImgixError, also for pages that lead in a circle
 * @see https://docs.imgix.com/apis/management/assets
 */
export async function* listAssets(
  client: Client,
  {
    sourceId,
    fields,
    signal,
  }: { sourceId: string; fields: readonly (keyof Asset)[]; signal?: AbortSignal | undefined },
): AsyncGenerator<readonly ListedAsset[]> {
  const path = `sources/${sourceId}/assets`
  const query = {
    page: { limit: PAGE_LIMIT },
    // The cursor is an offset. The oldest first: what is added meanwhile comes last, and moves nothing to another page.
    sort: ['date_created'],
    fields: ['origin_path', ...fields.map((field) => NAMES[field])],
  }
  const list = { path, type: 'assets', permission: BROWSE_PERMISSION, paging: BY_CURSOR, query }
  for await (const page of listPages(client, list, { signal })) {
    const assets = page.map(readListed)
    if (assets.some(({ originPath }) => originPath === '')) {
      const reason = 'with an asset that has no origin_path'
      throw new ImgixError({ method: 'GET', path: `/api/v1/${path}`, status: 200, reason })
    }
    yield assets
  }
}

function readListed(data: unknown): ListedAsset {
  const attributes = isRecord(data) && isRecord(data.attributes) ? data.attributes : {}
  const originPath = typeof attributes.origin_path === 'string' ? attributes.origin_path.replace(/^\//, '') : ''
  return { ...readAsset(data), originPath }
}

function readAsset(data: unknown): Asset {
  const attributes = isRecord(data) && isRecord(data.attributes) ? data.attributes : {}
  return {
    fileSize: /^\d+$/.test(String(attributes.file_size)) ? Number(attributes.file_size) : undefined,
    uploadedByApi: typeof attributes.uploaded_by_api === 'boolean' ? attributes.uploaded_by_api : undefined,
    categories: attributes.categories,
    customFields: attributes.custom_fields,
    description: attributes.description,
    name: attributes.name,
    tags: attributes.tags,
  }
}
