import { type AssetPlace, encodeOriginPath, sourcePath } from './assets.ts'
import type { ApiRequest, Client, Ends } from './client.ts'
import { type Attributes, type Resource, requestResource } from './resources.ts'

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

export type SessionPlace = Pick<AssetPlace, 'sourceId'> & { readonly sessionId: string } & Ends

/** Opens an upload session for one asset, of up to 5 GB at a Source of type s3 or gcs. It stays open until it is closed,
 *  cancelled, or 8 hours old. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError (409: the path exists)
 *  @see https://docs.imgix.com/apis/management/assets */
export function openSession(client: Client, place: AssetPlace, form: Form = 'explicit'): Promise<SessionResource> {
  const path = encodeOriginPath(place.originPath)
  // what ends a session goes before what opens another
  return send(client, place, { method: 'POST', route: form === 'explicit' ? `create/${path}` : path, first: false })
}

/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function getSession(client: Client, place: SessionPlace, form: Form = 'explicit'): Promise<SessionResource> {
  return send(client, place, { method: 'GET', route: routeOf(place, form === 'explicit' ? 'status/' : '') })
}

/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function closeSession(client: Client, place: SessionPlace, form: Form = 'explicit'): Promise<SessionResource> {
  return send(client, place, { method: 'POST', route: routeOf(place, form === 'explicit' ? 'close/' : '') })
}

/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
export function cancelSession(client: Client, place: SessionPlace): Promise<SessionResource> {
  return send(client, place, { method: 'DELETE', route: routeOf(place, 'cancel/') })
}

function routeOf({ sessionId }: SessionPlace, verb: string): string {
  return `${verb}${encodeURIComponent(sessionId)}`
}

function send(
  client: Client,
  { sourceId, signal, halt }: Pick<AssetPlace, 'sourceId'> & Ends,
  { route, first = true, method }: Pick<ApiRequest, 'method'> & { route: string; first?: boolean },
): Promise<SessionResource> {
  const path = `${sourcePath(sourceId)}/upload-sessions/${route}`
  return requestResource(client, { method, path, first, permission: 'Asset Manager Edit', signal, halt })
}
