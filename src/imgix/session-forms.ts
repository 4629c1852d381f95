import { type AssetPlace, originPathOf } from './assets.ts'
import type { Client } from './client.ts'
import { isSamePath } from './contradictions.ts'
import { ImgixError, withoutPrivate } from './errors.ts'
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

type Place = AssetPlace & { readonly sessionId: string }

const TOLD_MAX_LENGTH = 1200 // a path of the longest key, and a few characters

/** Upload sessions of one client. Which form of their routes a server has shows in its answers, and is remembered. */
export function createUploadSessions(client: Client): UploadSessions {
  const forms = new Map<Step, Form>()

  async function open(place: AssetPlace): Promise<Pick<Session, 'id' | 'url'>> {
    const { id, url } = await eitherForm('open', (form) => openIn(client, place, form))
    return { id, url }
  }

  async function close(place: AssetPlace, sessionId: string): Promise<void> {
    const inForm = (form: Form) => closeIn(client, { ...place, sessionId }, form)
    const closed = await eitherForm('close', inForm).catch(async (error) => {
      // a repeated close can be refused although the first close was done, so the state decides
      const isUnclear = error instanceof ImgixError && (error.perhapsDone || error.status === 409)
      const session = isUnclear && Number(error.status) < 500 ? await statusOf(place, sessionId) : undefined
      if (session !== undefined && ['CLOSED', 'COMPLETE', 'CANCELED'].includes(session.status)) return session
      throw error
    })
    if (closed.status === 'CANCELED') throw unexpected(place, 'the upload session was cancelled before it was closed')
  }

  function statusOf(place: AssetPlace, sessionId: string): Promise<Session> {
    return eitherForm('status', async (form) => viewSession(await getSession(client, { ...place, sessionId }, form)))
  }

  /** Falls back to the other form only where the answer means that the server does not know this one.
   *  @param attempt returns an error where the server took the verb of the form for a part of the origin path */
  async function eitherForm(step: Step, attempt: (form: Form) => Promise<Session | ImgixError>): Promise<Session> {
    let refusal: ImgixError | undefined
    let mismatch: ImgixError | undefined // tells more than the refusal of the other form
    const known = forms.get(step) ?? forms.get('open') ?? 'explicit'
    for (const form of known === 'explicit' ? (['explicit', 'plain'] as const) : (['plain', 'explicit'] as const)) {
      try {
        const result = await attempt(form)
        if (!(result instanceof ImgixError)) {
          forms.set(step, form)
          return result
        }
        mismatch ??= result
      } catch (error) {
        if (!(error instanceof ImgixError && isUnknownRoute(error))) throw error
        refusal ??= error
      }
    }
    throw mismatch ?? refusal
  }

  return {
    open,
    close,
    isComplete: async (place, sessionId) => (await statusOf(place, sessionId)).status === 'COMPLETE',
    cancel: async (place, sessionId) => void (await cancelSession(client, { ...place, sessionId })),
  }
}

/** A server need not have a document for a route that it does not know. */
function isUnknownRoute({ status, strangersStatus }: ImgixError): boolean {
  return [404, 405].includes(Number(status ?? strangersStatus))
}

/** @returns an error for a session that was not asked for */
async function openIn(client: Client, place: AssetPlace, form: Form): Promise<Session | ImgixError> {
  const session = viewSession(await openSession(client, place, form))
  const { id, url, originPath, sourceId, status } = session
  const isAsked = isSamePath(originPath, place.originPath) && [place.sourceId, ''].includes(sourceId)
  if (isAsked && url !== '' && ['PENDING', ''].includes(status)) return session
  await cancelStray(client, place, id)
  if (!isAsked) return otherSession(place, session)
  throw unexpected(
    place,
    url === '' ? 'imgix gave an upload session without a URL' : `imgix gave an upload session that is ${shown(status)}`,
  )
}

/** @returns an error where the server took the close for the opening of a session */
async function closeIn(client: Client, place: Place, form: Form): Promise<Session | ImgixError> {
  const session = viewSession(await closeSession(client, place, form))
  if (session.id === place.sessionId || session.id === '') return session
  await cancelStray(client, place, session.id)
  return otherSession(place, session)
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

function otherSession(place: AssetPlace, { originPath, sourceId }: Session): ImgixError {
  if (![place.sourceId, ''].includes(sourceId))
    return unexpected(place, `imgix opened an upload session for another Source, ${shown(sourceId)}`)
  const told = `'${shown(originPath)}' instead of '${place.originPath}'`
  // the two look the same in a log
  const isSameText = originPath.normalize() === place.originPath.normalize()
  const form = isSameText ? ', the same letters in another Unicode form' : ''
  return unexpected(place, `imgix opened an upload session for another path, ${told}${form}`)
}

/** Cut after it is redacted: half of an address is private, too. It is cut before as well, as redacting takes its time. */
function shown(text: string): string {
  return withoutPrivate(text.slice(0, 8 * TOLD_MAX_LENGTH)).slice(0, TOLD_MAX_LENGTH)
}

/** A refusal of what a POST to the sessions brought. */
function unexpected({ sourceId, originPath }: AssetPlace, reason: string): ImgixError {
  const path = `/api/v1/sources/${sourceId}/upload-sessions`
  return new ImgixError({ method: 'POST', path, reason: `${reason} (${originPath})` })
}
