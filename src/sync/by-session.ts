import type { UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Api, UploadSettings } from './upload.ts'

/** The request of a session that failed, of which `cause` tells why. The session is cancelled by then. */
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

/** Stores one file by an upload session; by a new one where a presigned URL has expired.
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
  // an opening that is under way is waited for: only who knows the session can end it
  const session = await during('open', sessions.open({ ...place, signal: grace, halt: ends }))
  try {
    const own = `${step.path}\n${step.originPath}\n${session.id}`
    const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: ends }))
    // from here on the bytes are in the bucket: they are told to imgix, and purged, whatever else ends
    await during('close', sessions.close({ ...place, signal: grace, halt: grace }, session.id))
    return { attempts }
  } catch (error) {
    // the failure is what counts; a session that can't be cancelled either closes itself after 8 hours
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
