import type { Attributes } from '../events.ts'
import type { AssetQuery, AssetResource } from '../imgix/asset-attributes.ts'
import { type AssetPlace, getAsset, listAssets, originPathOf, updateAsset } from '../imgix/assets.ts'
import type { ApiAnswer, Client } from '../imgix/client.ts'
import { ImgixError, textOf } from '../imgix/errors.ts'

/** The attributes that users set, as the API gives them: undefined if absent, null if not set, possibly of another type. */
export type UserAttributes = Readonly<Record<keyof Attributes, unknown>>

/** The facts about an asset that a run needs. */
export type Asset = UserAttributes & {
  readonly fileSize: number | undefined
  readonly uploadedByApi: boolean | undefined
  /** in s since 1970, by the API's clock */
  readonly dateCreated: number | undefined
  readonly dateModified: number | undefined
}

export type ListedAsset = Asset & { /** no leading slash */ readonly originPath: string }

/** The attributes that a PATCH sets. It replaces lists and objects as a whole; absent attributes stay. */
export type AssetChange = Partial<UserAttributes>

export const NAMES = {
  categories: 'categories',
  customFields: 'custom_fields',
  dateCreated: 'date_created',
  dateModified: 'date_modified',
  description: 'description',
  fileSize: 'file_size',
  name: 'name',
  tags: 'tags',
  uploadedByApi: 'uploaded_by_api',
} as const satisfies Record<keyof Asset, string>

// the reference names no maximum; if a server gives fewer, there are more pages
const PAGE_LIMIT = 100

/** @returns the asset; undefined if the Source has none at the path
 *  @throws ImgixError */
export async function findAsset(client: Client, place: AssetPlace): Promise<Asset | undefined> {
  try {
    return viewAsset(await getAsset(client, place))
  } catch (error) {
    if (error instanceof ImgixError && error.status === 404) return undefined
    throw error
  }
}

/** @throws ImgixError */
export function changeAsset(client: Client, place: AssetPlace, change: AssetChange): Promise<ApiAnswer> {
  const named = Object.entries(change).map(([name, value]) => [NAMES[name as keyof AssetChange], value])
  return updateAsset(client, place, Object.fromEntries(named))
}

type Listing = Pick<AssetQuery, 'filter' | 'page'> & {
  readonly sourceId: string
  readonly fields: readonly (keyof Asset)[]
  readonly signal?: AbortSignal | undefined
}

/** The assets of a Source, page by page, with the requested attributes.
 *  @throws ImgixError */
export async function* listStored(
  client: Client,
  { sourceId, fields, signal, ...query }: Listing,
): AsyncGenerator<readonly ListedAsset[]> {
  const source = { sourceId, signal }
  const pages = listAssets(client, source, {
    page: { limit: PAGE_LIMIT },
    // The cursor is an offset. With the oldest first, an asset that is added meanwhile moves no other to another page.
    sort: ['date_created'],
    fields: ['origin_path', ...fields.map((field) => NAMES[field])],
    ...query,
  })
  for await (const page of pages) {
    const assets = page.map((asset) => ({ ...viewAsset(asset), originPath: originPathOf(asset) }))
    if (assets.some(({ originPath }) => originPath === '')) {
      throw unusable(sourceId, 'with an asset that has no origin_path')
    }
    yield assets
  }
}

/** The error of a list that can't be used. */
export function unusable(sourceId: string, reason: string): ImgixError {
  const path = `/api/v1/sources/${sourceId}/assets`
  return new ImgixError({ method: 'GET', path, permission: 'Asset Manager Browse', status: 200, reason })
}

export function viewAsset({ attributes }: Pick<AssetResource, 'attributes'>): Asset {
  const size = textOf(attributes.file_size)
  return {
    fileSize: /^\d+$/.test(size) ? Number(size) : undefined,
    uploadedByApi: typeof attributes.uploaded_by_api === 'boolean' ? attributes.uploaded_by_api : undefined,
    dateCreated: typeof attributes.date_created === 'number' ? attributes.date_created : undefined,
    dateModified: typeof attributes.date_modified === 'number' ? attributes.date_modified : undefined,
    categories: attributes.categories,
    customFields: attributes.custom_fields,
    description: attributes.description,
    name: attributes.name,
    tags: attributes.tags,
  }
}
