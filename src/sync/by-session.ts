import { setTimeout as sleep } from 'node:timers/promises'
import type { UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { backOff } from '../imgix/http/retry.ts'
import { isExpired } from '../imgix/storage-answers.ts'
import { hostOf } from '../imgix/storage-url.ts'
import { type Asset, findAsset } from '../plan/asset.ts'
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
  const tidying = { ...place, signal: grace, halt: grace }
  // wait for a request that opens a session, because only its answer names the session to cancel
  const session = await during('open', sessions.open({ ...place, signal: grace, halt: stop.soft }))
  let doubt: string | undefined
  const onDoubt = (answer: string): void => {
    doubt = answer
  }
  try {
    const own = `${step.path}\n${step.originPath}\n${session.id}`
    const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: stop.soft, onDoubt }))
    const earlier = doubt === undefined ? undefined : await during('put', findAsset(client, tidying))
    // the bytes are in the bucket now, so the session is closed and the URL purged, even after a cancellation
    await during('close', sessions.close(tidying, session.id))
    if (doubt !== undefined) await during('put', confirmStored(api, tidying, { session, step, doubt, earlier }))
    return { attempts }
  } catch (error) {
    // only the first failure is reported: a session that is not cancelled closes itself after 8 hours
    await sessions.cancel(tidying, session.id).catch(() => {})
    throw error
  }
}

// After a close, imgix needs some seconds to process the bytes.
const LOOKS_MAX = 5

/** `doubt`: the answer to a PUT that does not say whether the bytes are stored; `earlier`: the asset before the close */
type Doubtful = { session: { id: string; url: string }; step: UploadStep; doubt: string; earlier: Asset | undefined }

/** Asks imgix whether the bytes of a doubtful PUT are there. If the path had an asset of the same size before the close, the
 *  size alone proves nothing, and the asset has to be modified since.
 *  @throws ImgixError if it can't be told */
async function confirmStored({ client, sessions }: Api, place: AssetPlace, doubtful: Doubtful): Promise<void> {
  const { session, step, earlier } = doubtful
  const hadSize = earlier?.fileSize === step.bytes
  for (let looks = 1; ; looks += 1) {
    const isComplete = await sessions.isComplete(place, session.id)
    const asset = await findAsset(client, place)
    if (asset?.fileSize === step.bytes && (!hadSize || isModified(asset, earlier))) return
    if (isComplete || looks === LOOKS_MAX) break
    await sleep(backOff(looks), undefined, { signal: place.signal })
  }
  const bytes = `asset of its ${step.bytes} bytes at the path`
  throw unconfirmed(doubtful, hadSize ? `the older ${bytes} did not change` : `imgix has no ${bytes}`)
}

function isModified({ dateModified }: Asset, earlier: Asset): boolean {
  return dateModified !== undefined && earlier.dateModified !== undefined && dateModified > earlier.dateModified
}

function unconfirmed({ session, doubt }: Doubtful, because: string): ImgixError {
  const reason = `the answer (${doubt}) does not say that the file is stored, and ${because}`
  const remedy = 'run the job again; if it stays, see what stands between the runner and the bucket'
  return new ImgixError({ method: 'PUT', path: hostOf(new URL(session.url)), reason, remedy })
}

async function during<T>(call: SessionError['call'], request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    throw new SessionError(call, cause)
  }
}

/** Each presigned URL was refused as one that has expired. */
function neverTaken({ method, path, status, details }: ImgixError): ImgixError {
  return new ImgixError({ method, path, status, attempts: SESSIONS_MAX, details })
}
