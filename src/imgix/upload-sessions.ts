import { type AssetPlace, encodeOriginPath, sourcePath } from './assets.ts'
import type { ApiAnswer, ApiRequest, Client, Ends } from './client.ts'
import { contradictsId, contradictsObject, isSamePath } from './contradictions.ts'
import { type Attributes, type Resource, readResource, requestResource } from './resources.ts'

export const SESSION_STATES = ['PENDING', 'CLOSED', 'COMPLETE', 'CANCELED'] as const

/** Dates are in s since 1970. */
export const SESSION_ATTRIBUTES = {
  date_created: 'integer',
  date_expires: 'integer',
  date_modified: 'integer',
  id: 'string',
  origin_path: 'string',
  source_id: 'string',
  status: SESSION_STATES,
  /** presigned, for one PUT of the bytes (a secret); only where the session was opened */
  url: 'string',
} as const

export type SessionResource = Resource<Attributes<typeof SESSION_ATTRIBUTES>>

/** imgix documents two forms of the routes, with a verb in the path and without. */
export type Form = 'explicit' | 'plain'

export type SessionPlace = Pick<AssetPlace, 'sourceId'> &
  Partial<Pick<AssetPlace, 'originPath'>> & { readonly sessionId: string } & Ends

/** Opens an upload session for one asset, of up to 5 GB at a Source of type s3 or gcs. It stays open until it is closed,
 *  cancelled, or 8 hours old. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError (409: the path exists)
 *  @see https://docs.imgix.com/apis/management/assets */
export function openSession(client: Client, place: AssetPlace, form: Form = 'explicit'): Promise<SessionResource> {
  const path = encodeOriginPath(place.originPath)
  // a request that ends a session goes before a request that opens another
  const route = form === 'explicit' ? `create/${path}` : path
  return send(client, place, { method: 'POST', route, first: false, contradiction: contradictsOpening })
}

/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function getSession(client: Client, place: SessionPlace, form: Form = 'explicit'): Promise<SessionResource> {
  const route = routeOf(place, form === 'explicit' ? 'status/' : '')
  return send(client, place, { method: 'GET', route, contradiction: (document) => contradictsSession(document, place) })
}

/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function closeSession(client: Client, place: SessionPlace, form: Form = 'explicit'): Promise<SessionResource> {
  const route = routeOf(place, form === 'explicit' ? 'close/' : '')
  return send(client, place, { method: 'POST', route, contradiction: (document) => contradictsClose(document, place) })
}

/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function cancelSession(client: Client, place: SessionPlace): Promise<SessionResource> {
  return send(client, place, { method: 'DELETE', route: routeOf(place, 'cancel/') })
}

function contradictsOpening(document: ApiAnswer['document']): string | undefined {
  const { data } = document
  const { id, attributes }: Partial<SessionResource> = readResource<SessionResource['attributes']>(data) ?? {}
  const isSession = Boolean(id || attributes?.id) && typeof attributes?.origin_path === 'string'
  return isSession ? contradictsObject(document, 'asset_uploads') : 'with an answer that is no upload session'
}

function contradictsSession(document: ApiAnswer['document'], place: SessionPlace): string | undefined {
  const { sessionId, originPath } = place
  return contradictsObject(document, 'asset_uploads', (data, { origin_path: path }) => {
    const isAnother = typeof path === 'string' && originPath !== undefined && !isSamePath(path, originPath)
    return contradictsId(data, sessionId, 'session') ?? (isAnother ? `with a session of ${path}` : undefined)
  })
}

function contradictsClose(document: ApiAnswer['document'], place: SessionPlace): string | undefined {
  return contradictsObject(document, 'asset_uploads', (data, { status }) => {
    // the server read the close as the opening of a session: the caller knows the other form
    if (contradictsId(data, place.sessionId, 'session') !== undefined) return undefined
    return status === 'PENDING' ? 'with a session that is still PENDING' : contradictsSession(document, place)
  })
}

function routeOf({ sessionId }: SessionPlace, verb: string): string {
  return `${verb}${encodeURIComponent(sessionId)}`
}

function send(
  client: Client,
  { sourceId, signal, halt }: Pick<AssetPlace, 'sourceId'> & Ends,
  { route, first = true, ...asked }: Pick<ApiRequest, 'method' | 'first' | 'contradiction'> & { route: string },
): Promise<SessionResource> {
  const path = `${sourcePath(sourceId)}/upload-sessions/${route}`
  return requestResource(client, { ...asked, path, first, permission: 'Asset Manager Edit', signal, halt })
}
