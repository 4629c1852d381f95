import { type AssetPlace, EDIT_PERMISSION, encodeOriginPath } from './assets.ts'
import type { ApiAnswer, Client } from './client.ts'
import { ImgixError, isRecord } from './errors.ts'

type UploadSession = {
  readonly id: string
  /** presigned, for one PUT of the bytes (a secret) */
  readonly url: string
}

export type UploadSessions = {
  /** Opens an upload session for one asset. It stays open until it is closed, cancelled, or 8 hours old.
   *  @throws ImgixError (409: the path exists)
   *  @see https://docs.imgix.com/apis/management/assets */
  open(place: AssetPlace): Promise<UploadSession>
  /** Closes a session, so that imgix processes the bytes now.
   *  @throws ImgixError, also where the session turns out to be cancelled */
  close(place: AssetPlace, sessionId: string): Promise<void>
  /** Cancels a session, so that nothing more can be put there.
   *  @throws ImgixError */
  cancel(place: AssetPlace, sessionId: string): Promise<void>
}

type Form = 'explicit' | 'plain'
/** A server need not have the same form for each: imgix's own documents mix them. */
type Step = 'open' | 'close' | 'status'
type Session = { id: string; url: string; status: string; originPath: string }

/**
 * Upload sessions of one client. imgix documents two forms of their routes, with and without a verb in the path; which
 * of them a server has shows in its answers, and is remembered.
 */
export function createUploadSessions(client: Client): UploadSessions {
  const forms = new Map<Step, Form>()

  async function open(place: AssetPlace): Promise<UploadSession> {
    const { id, url } = await eitherForm('open', (current) => create(client, place, current))
    return { id, url }
  }

  async function close(place: AssetPlace, sessionId: string): Promise<void> {
    const closed = await eitherForm('close', (current) => closeIn(client, place, { sessionId, form: current })).catch(
      (error) => {
        // a close whose answer was lost may be refused the second time: the state says whether it was done
        if (!(error instanceof ImgixError && (error.perhapsDone || error.status === 409) && Number(error.status) < 500))
          throw error
        return eitherForm('status', (current) => status(client, place, { sessionId, form: current, refusal: error }))
      },
    )
    if (closed.status === 'CANCELED') {
      throw unexpected('POST', place, 'the upload session was cancelled before it was closed')
    }
  }

  async function cancel(place: AssetPlace, sessionId: string): Promise<void> {
    await send(client, place, { method: 'DELETE', route: `cancel/${encodeURIComponent(sessionId)}` })
  }

  /** Falls back to the other form only where the answer means that the server does not know this one. */
  async function eitherForm<T>(step: Step, attempt: (current: Form) => Promise<T | undefined>): Promise<T> {
    let refusal: unknown
    const known = forms.get(step) ?? forms.get('open') ?? 'explicit'
    for (const current of known === 'explicit' ? (['explicit', 'plain'] as const) : (['plain', 'explicit'] as const)) {
      try {
        const result = await attempt(current)
        if (result !== undefined) {
          forms.set(step, current)
          return result
        }
      } catch (error) {
        if (!(error instanceof ImgixError && (error.status === 404 || error.status === 405))) throw error
        refusal ??= error
      }
    }
    throw (
      refusal ??
      new ImgixError({ method: 'POST', path: 'upload-sessions', reason: 'opens sessions for other paths than asked' })
    )
  }

  return { open, close, cancel }
}

/** @returns undefined where the server took the verb for a part of the origin path */
async function create(client: Client, place: AssetPlace, form: Form): Promise<Session | undefined> {
  const path = encodeOriginPath(place.originPath)
  const session = readSession(
    await send(client, place, { method: 'POST', route: form === 'explicit' ? `create/${path}` : path, first: false }),
  )
  const { id, url, originPath } = session
  if (id === '' || originPath === '') throw unexpected('POST', place, 'an answer that is no upload session')
  if (originPath === place.originPath && isStorageUrl(url)) return session
  await cancelStray(client, place, id)
  if (originPath === place.originPath) throw unexpected('POST', place, 'an upload session without an https URL')
  return undefined
}

/** @returns undefined where the server took the close for the opening of another session */
async function closeIn(
  client: Client,
  place: AssetPlace,
  { sessionId, form }: { sessionId: string; form: Form },
): Promise<Session | undefined> {
  const id = encodeURIComponent(sessionId)
  const session = readSession(
    await send(client, place, { method: 'POST', route: form === 'explicit' ? `close/${id}` : id }),
  )
  if (session.id === sessionId || session.id === '') return session
  await cancelStray(client, place, session.id)
  return undefined
}

/** @returns the session in the state that it came to
 *  @throws the refusal of the close where the session is still open */
async function status(
  client: Client,
  place: AssetPlace,
  { sessionId, form, refusal }: { sessionId: string; form: Form; refusal: ImgixError },
): Promise<Session> {
  const id = encodeURIComponent(sessionId)
  const session = readSession(
    await send(client, place, { method: 'GET', route: form === 'explicit' ? `status/${id}` : id }),
  )
  if (['CLOSED', 'COMPLETE', 'CANCELED'].includes(session.status)) return session
  throw refusal
}

/** A session that nobody asked for; one that can't be cancelled closes itself after 8 hours, without bytes. */
async function cancelStray(client: Client, place: AssetPlace, sessionId: string): Promise<void> {
  if (sessionId === '') return
  await send(client, place, { method: 'DELETE', route: `cancel/${encodeURIComponent(sessionId)}` }).catch((error) => {
    if (!(error instanceof ImgixError)) throw error
  })
}

function send(
  client: Client,
  place: AssetPlace,
  // what ends a session goes before what opens another
  { method, route, first = true }: { method: 'GET' | 'POST' | 'DELETE'; route: string; first?: boolean },
): Promise<ApiAnswer> {
  const path = `sources/${place.sourceId}/upload-sessions/${route}`
  return client.request({
    method,
    path,
    limit: 'default',
    first,
    permission: EDIT_PERMISSION,
    signal: place.signal,
    halt: place.halt,
  })
}

function readSession({ document }: ApiAnswer): Session {
  const data = isRecord(document.data) ? document.data : {}
  const attributes = isRecord(data.attributes) ? data.attributes : {}
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    id: text(data.id) || text(attributes.id),
    url: text(attributes.url),
    status: text(attributes.status),
    originPath: text(attributes.origin_path).replace(/^\//, ''),
  }
}

/** Bytes go out in the clear to the loopback only, as the key does. */
function isStorageUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname))
}

function unexpected(method: string, place: AssetPlace, reason: string): ImgixError {
  return new ImgixError({
    method,
    path: `/api/v1/sources/${place.sourceId}/upload-sessions`,
    reason: `${reason} (${place.originPath})`,
  })
}
