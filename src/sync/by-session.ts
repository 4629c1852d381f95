import { setTimeout as sleep } from 'node:timers/promises'
import type { UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { backOff } from '../imgix/http/retry.ts'
import { isExpired } from '../imgix/storage-codes.ts'
import { hostOf } from '../imgix/storage-url.ts'
import { findAsset } from '../plan/asset.ts'
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
      const cause = error instanceof SessionError && error.call === 'put' ? error.cause : undefined
      if (!(cause instanceof ImgixError && isExpired(cause))) throw error
      if (sessions === SESSIONS_MAX) throw new SessionError('put', neverTaken(cause))
    }
  }
}

async function oneSession(
  api: Api,
  step: UploadStep,
  { place, file, stop, grace }: Given,
): Promise<{ attempts: number }> {
  const { client, sessions } = api
  const ends = AbortSignal.any([stop.hard, stop.soft])
  const tidying = { ...place, signal: grace, halt: grace }
  // wait for a request that opens a session, because only its answer names the session to cancel
  const session = await during('open', sessions.open({ ...place, signal: grace, halt: ends }))
  let doubt: string | undefined
  const onDoubt = (answer: string): void => {
    doubt = answer
  }
  try {
    const own = `${step.path}\n${step.originPath}\n${session.id}`
    const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: ends, onDoubt }))
    // the bytes are in the bucket now, so the session is closed and the URL purged, even after a cancellation
    await during('close', sessions.close(tidying, session.id))
    if (doubt !== undefined) await during('put', confirmStored(api, tidying, { session, step, doubt }))
    return { attempts }
  } catch (error) {
    // only the first failure is reported: a session that is not cancelled closes itself after 8 hours
    await sessions.cancel(tidying, session.id).catch(() => {})
    throw error
  }
}

// After a close, imgix needs some seconds to process the bytes.
const LOOKS_MAX = 5

/** Asks imgix where the storage's answer does not say that the bytes are there.
 *  @throws ImgixError unless the path has an asset of their size */
async function confirmStored(
  { client, sessions }: Api,
  place: AssetPlace,
  { session, step, doubt }: { session: { id: string; url: string }; step: UploadStep; doubt: string },
): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const isComplete = await sessions.isComplete(place, session.id)
    const asset = await findAsset(client, place)
    if (asset?.fileSize === step.bytes) return
    if (isComplete || looks === LOOKS_MAX) break
    await sleep(backOff(looks), undefined, { signal: place.signal })
  }
  const reason = `the answer (${doubt}) does not say that the file is stored, and imgix has no asset of its ${step.bytes} bytes at the path`
  const remedy = 'run the job again; if it stays, see what stands between the runner and the bucket'
  throw new ImgixError({ method: 'PUT', path: hostOf(new URL(session.url)), reason, remedy })
}

async function during<T>(call: SessionError['call'], request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    throw new SessionError(call, cause)
  }
}

function neverTaken({ method, path, status, details }: ImgixError): ImgixError {
  const reason = `from the storage for each of ${SESSIONS_MAX} presigned URLs`
  const remedy = "check the upload credentials of the Source and the runner's clock"
  return new ImgixError({ method, path, status, attempts: SESSIONS_MAX, reason, remedy, details })
}
