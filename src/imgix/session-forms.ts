import { type AssetPlace, originPathOf } from './assets.ts'
import type { Client } from './client.ts'
import { isSamePath } from './contradictions.ts'
import { ImgixError } from './errors.ts'
import {
  cancelSession,
  closeSession,
  type Form,
  getSession,
  openSession,
  type SessionResource,
} from './upload-sessions.ts'

/** What `upload-sessions.ts` says of each holds here, whatever the form. */
export type UploadSessions = {
  /** @returns its presigned URL (a secret), too
   *  @throws ImgixError (409: the path exists) */
  open(place: AssetPlace): Promise<Pick<Session, 'id' | 'url'>>
  /** @throws ImgixError, also where the session turns out to be cancelled */
  close(place: AssetPlace, sessionId: string): Promise<void>
  /** @returns whether imgix has nothing left to do for it
   *  @throws ImgixError */
  isComplete(place: AssetPlace, sessionId: string): Promise<boolean>
  /** @throws ImgixError */
  cancel(place: AssetPlace, sessionId: string): Promise<void>
}

/** A server need not have the same form for each: imgix's own documents mix them. */
type Step = 'open' | 'close' | 'status'
type Session = Readonly<Record<'id' | 'url' | 'status' | 'originPath' | 'sourceId', string>>

const TOLD_MAX_LENGTH = 1200 // a path of the longest key, and a few characters

/** The server took the verb of this form for a part of the origin path, or spells the path otherwise. */
class OtherSession extends Error {
  override name = 'OtherSession'
  readonly refusal: ImgixError
  constructor(place: AssetPlace, { originPath, sourceId }: Session) {
    super('a session that was not asked for')
    const isOtherSource = ![place.sourceId, ''].includes(sourceId)
    const told = isOtherSource
      ? `another Source, ${sourceId.slice(0, TOLD_MAX_LENGTH)}`
      : `another path, '${originPath.slice(0, TOLD_MAX_LENGTH)}' instead of '${place.originPath}'${formOf(originPath, place)}`
    this.refusal = unexpected('POST', place, `an upload session for ${told}`)
  }
}

/** The two look the same in a log. */
function formOf(told: string, { originPath }: AssetPlace): string {
  return told.normalize() === originPath.normalize() ? ', the same letters in another Unicode form' : ''
}

/** Upload sessions of one client. Which form of their routes a server has shows in its answers, and is remembered. */
export function createUploadSessions(client: Client): UploadSessions {
  const forms = new Map<Step, Form>()

  async function open(place: AssetPlace): Promise<Pick<Session, 'id' | 'url'>> {
    const { id, url } = await eitherForm('open', (form) => openIn(client, place, form))
    return { id, url }
  }

  async function close(place: AssetPlace, sessionId: string): Promise<void> {
    const closed = await eitherForm('close', (form) => closeIn(client, place, { sessionId, form })).catch((error) => {
      // a repeated close can be refused although the first close was done, so the state decides
      if (!(error instanceof ImgixError && (error.perhapsDone || error.status === 409) && Number(error.status) < 500))
        throw error
      return eitherForm('status', (form) => endedIn(client, place, { sessionId, form, refusal: error }))
    })
    if (closed.status === 'CANCELED') {
      throw unexpected('POST', place, 'the upload session was cancelled before it was closed')
    }
  }

  async function isComplete(place: AssetPlace, sessionId: string): Promise<boolean> {
    const { status } = await eitherForm('status', async (form) =>
      viewSession(await getSession(client, { ...place, sessionId }, form)),
    )
    return status === 'COMPLETE'
  }

  async function cancel(place: AssetPlace, sessionId: string): Promise<void> {
    await cancelSession(client, { ...place, sessionId })
  }

  /** Falls back to the other form only where the answer means that the server does not know this one. */
  async function eitherForm<T>(step: Step, attempt: (form: Form) => Promise<T>): Promise<T> {
    let refusal: ImgixError | undefined
    let mismatch: ImgixError | undefined // tells more than the refusal of the other form
    const known = forms.get(step) ?? forms.get('open') ?? 'explicit'
    for (const form of known === 'explicit' ? (['explicit', 'plain'] as const) : (['plain', 'explicit'] as const)) {
      try {
        const result = await attempt(form)
        forms.set(step, form)
        return result
      } catch (error) {
        if (error instanceof OtherSession) mismatch ??= error.refusal
        else if (error instanceof ImgixError && isUnknownRoute(error)) refusal ??= error
        else throw error
      }
    }
    throw mismatch ?? refusal
  }

  return { open, close, isComplete, cancel }
}

/** A server need not have a document for a route that it does not know. */
function isUnknownRoute({ status, strangersStatus }: ImgixError): boolean {
  return [404, 405].includes(Number(status ?? strangersStatus))
}

/** @throws OtherSession, ImgixError */
async function openIn(client: Client, place: AssetPlace, form: Form): Promise<Session> {
  const session = viewSession(await openSession(client, place, form))
  const { id, url, originPath, sourceId, status } = session
  const isAsked = isSamePath(originPath, place.originPath) && [place.sourceId, ''].includes(sourceId)
  const isOpen = url !== '' && ['PENDING', ''].includes(status)
  if (isAsked && isOpen) return session
  await cancelStray(client, place, id)
  if (!isAsked) throw new OtherSession(place, session)
  throw unexpected(
    'POST',
    place,
    url === '' ? 'an upload session without a URL' : `an upload session that is ${status}`,
  )
}

/** @throws OtherSession where the server took the close for the opening of one, ImgixError */
async function closeIn(
  client: Client,
  place: AssetPlace,
  { sessionId, form }: { sessionId: string; form: Form },
): Promise<Session> {
  const session = viewSession(await closeSession(client, { ...place, sessionId }, form))
  if (session.id === sessionId || session.id === '') return session
  await cancelStray(client, place, session.id)
  throw new OtherSession(place, session)
}

/** @returns the session in the state that it came to
 *  @throws the refusal of the close where the session is still open */
async function endedIn(
  client: Client,
  place: AssetPlace,
  { sessionId, form, refusal }: { sessionId: string; form: Form; refusal: ImgixError },
): Promise<Session> {
  const session = viewSession(await getSession(client, { ...place, sessionId }, form))
  if (['CLOSED', 'COMPLETE', 'CANCELED'].includes(session.status)) return session
  throw refusal
}

/** Cancels a session that nobody requested. If that fails, the session closes itself after 8 hours, without bytes. */
async function cancelStray(client: Client, place: AssetPlace, sessionId: string): Promise<void> {
  if (sessionId === '') return
  await cancelSession(client, { ...place, sessionId }).catch((error) => {
    if (!(error instanceof ImgixError)) throw error
  })
}

function viewSession({ id, attributes }: SessionResource): Session {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    id: id || text(attributes.id),
    url: text(attributes.url),
    status: text(attributes.status),
    originPath: originPathOf({ attributes }),
    sourceId: text(attributes.source_id),
  }
}

function unexpected(method: string, place: AssetPlace, reason: string): ImgixError {
  return new ImgixError({
    method,
    path: `/api/v1/sources/${place.sourceId}/upload-sessions`,
    reason: `${reason} (${place.originPath})`,
  })
}
