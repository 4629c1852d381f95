import { type AssetPlace, encodeOriginPath, sourcePath } from './assets.ts'
import type { ApiRequest, Client, Ends } from './client.ts'
import { type Contradiction, contradictsId, contradictsObject, isSamePath } from './contradictions.ts'
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
export function openSession(client: Client, place: AssetPlace, form?: Form): Promise<SessionResource> {
  // a request that ends a session goes before a request that opens another
  return send(client, place, { method: 'POST', verb: 'create', form, first: false, contradiction: contradictsOpening })
}

/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function getSession(client: Client, place: SessionPlace, form?: Form): Promise<SessionResource> {
  return send(client, place, { method: 'GET', verb: 'status', form, contradiction: contradictsSession(place) })
}

/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function closeSession(client: Client, place: SessionPlace, form?: Form): Promise<SessionResource> {
  return send(client, place, { method: 'POST', verb: 'close', form, contradiction: contradictsClose(place) })
}

/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function cancelSession(client: Client, place: SessionPlace): Promise<SessionResource> {
  return send(client, place, { method: 'DELETE', verb: 'cancel' })
}

const contradictsOpening: Contradiction = (document) => {
  const { id, attributes }: Partial<SessionResource> = readResource<SessionResource['attributes']>(document.data) ?? {}
  const isSession = Boolean(id || attributes?.id) && typeof attributes?.origin_path === 'string'
  return isSession ? contradictsObject('asset_uploads')(document) : 'with an answer that is no upload session'
}

function contradictsSession({ sessionId, originPath }: SessionPlace): Contradiction {
  return contradictsObject('asset_uploads', (data, { origin_path: path }) => {
    const isAnother = typeof path === 'string' && originPath !== undefined && !isSamePath(path, originPath)
    return contradictsId(data, sessionId, 'session') ?? (isAnother ? `with a session of ${path}` : undefined)
  })
}

function contradictsClose(place: SessionPlace): Contradiction {
  return contradictsObject('asset_uploads', (data, { status }) => {
    // the server read the close as the opening of a session: the caller knows the other form
    if (contradictsId(data, place.sessionId, 'session') !== undefined) return undefined
    return status === 'PENDING' ? 'with a session that is still PENDING' : contradictsSession(place)({ data })
  })
}

type SessionRequest = Pick<ApiRequest, 'method' | 'first' | 'contradiction'> & { verb: string; form?: Form | undefined }

function send(
  client: Client,
  { sourceId, signal, halt, ...place }: AssetPlace | SessionPlace,
  { verb, form = 'explicit', ...asked }: SessionRequest,
): Promise<SessionResource> {
  const target = 'sessionId' in place ? encodeURIComponent(place.sessionId) : encodeOriginPath(place.originPath)
  const path = `${sourcePath(sourceId)}/upload-sessions/${form === 'explicit' ? `${verb}/` : ''}${target}`
  return requestResource(client, { first: true, ...asked, path, permission: 'Asset Manager Edit', signal, halt })
}
