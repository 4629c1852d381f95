import type { Admitted, Call } from './call.ts'
import { asObject, dataAnswer, readDocument, refuse, sparse } from './documents.ts'
import { readWhole, type SortKeys, sorted } from './lists.ts'
import { withoutBody } from './sources.ts'
import { type AssetRecord, nowSeconds, recordAsset, type State } from './state.ts'

/** @see https://docs.imgix.com/apis/management/assets ("a maximum count of 1,001") */
const maxTotal = 1001

type Listed = { path: string; record: AssetRecord; bytes: number }

const SORTS: SortKeys<Listed> = {
  date_created: ({ record }) => record.dateCreated,
  date_modified: ({ record }) => record.dateModified,
  file_size: ({ bytes }) => bytes,
}

export function getAsset(state: State, call: Call, originPath: string): Admitted {
  return withoutBody(call, () => dataAnswer(assetDocument(state, call, originPath)))
}

/** Lists the Source's assets by cursor. imgix's own apps page by number and size and read the cursor of the answer, so both are
 *  accepted; a cursor is an offset. */
export function listAssets(state: State, call: Call): Admitted {
  const query = new URLSearchParams(call.query)
  const size = readWhole(query, 'page[size]', { min: 1, default: 20 })
  const limit = Math.min(state.settings.listLimit, readWhole(query, 'page[limit]', { min: 1, default: size }))
  const first = limit * readWhole(query, 'page[number]', { min: 0, default: 0 })
  const start = readWhole(query, 'page[cursor]', { min: 0, default: first })
  const wanted = query.get('filter[origin_path]') ?? ''
  const field = [...query.keys()]
    .map((name) => /^filter\[custom:(.+)\]$/.exec(name)?.[1])
    .find((name) => name !== undefined)
  return withoutBody(call, () => {
    const found = [...state.assets]
      .filter(([, { updatable }]) => field === undefined || hasField(updatable.custom_fields, field, query))
      .filter(([path]) => `/${path}`.includes(wanted))
      .map(([path, record]): Listed => ({ path, record, bytes: state.objects.get(path)?.bytes ?? 0 }))
    const paths = sorted(found, SORTS, query).map(({ path }) => path)
    const end = start + limit
    const cursor = {
      current: String(start),
      estimatedRecords: null,
      hasMore: end < paths.length,
      next: end < paths.length ? String(end) : null,
      totalRecords: String(Math.min(maxTotal, paths.length)),
    }
    return dataAnswer(
      paths.slice(start, end).map((path) => assetDocument(state, call, path)),
      { cursor },
    )
  })
}

/** A filter without a value matches every asset with the field. */
function hasField(fields: unknown, name: string, query: URLSearchParams): boolean {
  const value = query.get(`filter[custom:${name}]`)
  const own = asObject(fields)?.[name]
  return own !== undefined && (value === '' || String(own) === value)
}

/** Absent attributes stay. Lists and objects are replaced whole. */
export function patchAsset(state: State, call: Call, originPath: string): Admitted {
  const record = state.assets.get(originPath) ?? refuse(404, 'Resource not found.')
  return {
    keep: true,
    finish: ({ buffer }) => {
      const data = readDocument(call, buffer, 'assets')
      const id = `${state.settings.source.id}/${originPath}`
      if (data.id !== id) refuse(400, `data.id must be '${id}'.`)
      update(record, asObject(data.attributes) ?? {})
      return dataAnswer(assetDocument(state, call, originPath))
    },
  }
}

/** Queues a path for the Asset Manager. Like imgix, it also accepts a path without an object, and drops it silently. */
export function addAsset(state: State, call: Call, originPath: string): Admitted {
  return withoutBody(call, () => {
    if (state.objects.has(originPath)) recordAsset(state, originPath, false)
    return { status: 202, headers: {}, body: '' }
  })
}

export function refreshAsset(state: State, call: Call, originPath: string): Admitted {
  return withoutBody(call, () => {
    if (!state.objects.has(originPath)) refuse(404, 'Resource not found.')
    recordAsset(state, originPath, false)
    return dataAnswer(assetDocument(state, call, originPath))
  })
}

/** @throws Refusal 404 for a path that is not in the Asset Manager */
export function assetDocument(state: State, call: Call, originPath: string): Record<string, unknown> {
  const record = state.assets.get(originPath)
  const object = state.objects.get(originPath)
  if (!record || !object) return refuse(404, 'Resource not found.')
  const contentType = object.contentType ?? 'application/octet-stream'
  const attributes = {
    ...analysis,
    ...record.updatable,
    content_type: contentType,
    date_created: record.dateCreated,
    date_modified: record.dateModified,
    file_size: object.bytes,
    media_kind: mediaKind(contentType),
    origin_path: `/${originPath}`,
    source_id: state.settings.source.id,
    uploaded_by: null,
    uploaded_by_api: record.uploadedByApi,
  }
  const fields = new URLSearchParams(call.query).get('fields[assets]')
  return {
    attributes: sparse(attributes, fields),
    id: `${state.settings.source.id}/${originPath}`,
    type: 'assets',
  }
}

/** Attributes that imgix finds in the pixels. The emulator reads no pixels. */
const analysis = {
  analyzed_content_warnings: false,
  analyzed_faces: false,
  analyzed_tags: false,
  color_model: 'RGB',
  color_profile: null,
  colors: { dominant_colors: {} },
  dpi_height: 72,
  dpi_width: 72,
  face_count: 0,
  has_frames: false,
  media_height: 1,
  media_width: 1,
  warning_adult: 0,
  warning_medical: 0,
  warning_racy: 0,
  warning_spoof: 0,
  warning_violence: 0,
}

function update(record: AssetRecord, attributes: Record<string, unknown>): void {
  const { categories } = attributes
  if (categories !== undefined && !Array.isArray(categories)) refuse(400, 'categories must be a list.')
  for (const name of ['custom_fields', 'tags']) {
    const value = attributes[name]
    if (value !== undefined && value !== null && !asObject(value)) refuse(400, `${name} must be an object.`)
  }
  for (const name of Object.keys(attributes)) {
    if (!(name in record.updatable)) refuse(400, `${name} cannot be updated.`)
  }
  Object.assign(record.updatable, attributes)
  record.dateModified = nowSeconds()
}

function mediaKind(contentType: string): string {
  if (contentType === 'image/svg+xml') return 'VECTOR'
  if (contentType === 'application/pdf') return 'DOCUMENT'
  return contentType === 'image/gif' || contentType.startsWith('video/') ? 'ANIMATION' : 'IMAGE'
}
