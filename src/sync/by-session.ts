import type { UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Api, UploadSettings } from './upload.ts'

/** The request of a session that failed, with its `cause`. The session is already cancelled. */
export class SessionError extends Error {
  override name = 'SessionError'
  readonly call: 'open' | 'put' | 'close'
  constructor(call: SessionError['call'], cause: unknown) {
    super(`the ${call} of an upload session failed`, { cause })
    this.call = call
  }
}

type Given = { readonly place: AssetPlace; readonly file: FileUpload } & Pick<UploadSettings, 'stop' | 'grace'>

const SESSIONS_MAX = 3

/** Stores one file by an upload session, and by a new session if the presigned URL has expired.
 *  @throws SessionError */
export async function storeBySession(api: Api, step: UploadStep, given: Given): Promise<{ attempts: number }> {
  for (let sessions = 1; ; sessions += 1) {
    try {
      return await oneSession(api, step, given)
    } catch (error) {
      if (!(error instanceof SessionError && isExpired(error.cause))) throw error
      if (sessions === SESSIONS_MAX) throw new SessionError('put', neverTaken(error.cause))
    }
  }
}

async function oneSession(
  { client, sessions }: Api,
  step: UploadStep,
  { place, file, stop, grace }: Given,
): Promise<{ attempts: number }> {
  const ends = AbortSignal.any([stop.hard, stop.soft])
  // wait for a request that opens a session, because only its answer names the session to cancel
  const session = await during('open', sessions.open({ ...place, signal: grace, halt: ends }))
  try {
    const own = `${step.path}\n${step.originPath}\n${session.id}`
    const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: ends }))
    // the bytes are in the bucket now, so the session is closed and the URL purged, even after a cancellation
    await during('close', sessions.close({ ...place, signal: grace, halt: grace }, session.id))
    return { attempts }
  } catch (error) {
    // only the first failure is reported: a session that is not cancelled closes itself after 8 hours
    await sessions.cancel({ ...place, signal: grace, halt: grace }, session.id).catch(() => {})
    throw error
  }
}

async function during<T>(call: SessionError['call'], request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    throw new SessionError(call, cause)
  }
}

function isExpired(error: unknown): error is ImgixError {
  if (!(error instanceof ImgixError) || error.method !== 'PUT') return false
  return error.status === 403 || (error.status === 400 && error.details[0]?.title === 'ExpiredToken')
}

function neverTaken({ method, path, status, details }: ImgixError): ImgixError {
  const reason = `from the storage for each of ${SESSIONS_MAX} presigned URLs: check the upload credentials of the Source and the runner's clock`
  return new ImgixError({ method, path, status, attempts: SESSIONS_MAX, reason, details })
}
