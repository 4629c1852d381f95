import type { Route, UploadStep } from '../events.ts'
import { type AssetPlace, uploadAsset } from '../imgix/assets.ts'
import type { Client, FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Digest } from '../imgix/http/body.ts'
import type { UploadSessions } from '../imgix/session-forms.ts'
import { type Asset, findAsset, viewAsset } from '../plan/asset.ts'
import { inspect } from '../plan/guards/guards.ts'
import type { Lanes } from './route-choice.ts'
import type { Stop } from './stop.ts'

export type Api = {
  readonly client: Client
  readonly sessions: UploadSessions
  readonly sourceId: string
  /** imgix has answered for the Source: a 404 is not its */
  readonly sourceIsKnown: boolean
}

/** What is known of bytes that were stored. */
export type Stored = { readonly sha256: string /** where the answer held it */; readonly asset: Asset | undefined }

export type Uploaded =
  | { result: 'uploaded'; via: Route; attempts: number; stored: Stored }
  | { result: 'skipped'; reason: string; attempts: number }

export type UploadSettings = {
  readonly onConflict: 'overwrite' | 'skip' | 'fail'
  /** ends the transfer */
  readonly signal: AbortSignal
  /** ends the run: what is under way may still be answered */
  readonly halt: AbortSignal
  /** ends the tidying up after it */
  readonly grace: AbortSignal
  readonly lanes: Lanes
  /** @param bytes of this file that have left */
  readonly onProgress: (bytes: number) => void
}

const NEW_SESSIONS = 2
const LEAVES_AT_ONCE_BYTES = 1 << 20

/** Stores one file by the first of its lanes; the second is for a path that the first can't replace.
 *  @throws ImgixError, FileError */
export async function uploadFile(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  if (step.eitherLane) return byEither(api, step, settings)
  return step.lanes[0] === 'session' ? bySession(api, step, settings) : direct(api, step, settings)
}

/** By the lane that is free. What the session lane fails at goes direct: nothing fails for a lane that was our choice. */
async function byEither(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  if (settings.lanes.next() === 'direct') return direct(api, step, settings)
  try {
    const stored = await settings.lanes.during(async () =>
      (await isTaken(api, step, settings)) ? undefined : storeBySession(api, step, settings),
    )
    if (stored !== undefined) return stored
  } catch (cause) {
    const error = unwrap(cause)
    const ended = settings.signal.aborted || settings.halt.aborted
    if (!(error instanceof ImgixError) || error.status === 401 || ended) throw error
    settings.lanes.closeSessions(error)
    return directAfter(error, api, { step, settings, wasPut: cause instanceof NotClosed })
  }
  return whenTaken(step, settings)
}

async function directAfter(
  error: ImgixError,
  api: Api,
  { step, settings, wasPut }: { step: UploadStep; settings: UploadSettings; wasPut: boolean },
): Promise<Uploaded> {
  const uploaded = await direct(api, { ...step, lanes: ['direct'] }, settings).catch(asConflict)
  const attempts = error.attempts + uploaded.attempts
  const refused = uploaded instanceof ImgixError || uploaded.result === 'skipped'
  // without overwrite, what is there now may be what the session stored
  if (refused && settings.onConflict !== 'overwrite' && (wasPut || (await isStored(api, step, settings))))
    return { result: 'uploaded', via: 'session', attempts, stored: UNKNOWN }
  if (uploaded instanceof ImgixError) throw uploaded
  return { ...uploaded, attempts }
}

/** The bytes are in the bucket, and imgix would not hear of it. */
class NotClosed extends Error {}

function unwrap(error: unknown): unknown {
  return error instanceof NotClosed ? error.cause : error
}

function asConflict(error: unknown): ImgixError {
  if (isConflict(error)) return error
  throw error
}

const UNKNOWN: Stored = { sha256: '', asset: undefined }

async function direct(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  const place = placeOf(api, step, { soft: settings.halt, hard: settings.signal })
  const { signal, halt, grace } = settings
  // what leaves at once may be stored when the run is cancelled: its answer is waited for
  const ends = step.bytes <= LEAVES_AT_ONCE_BYTES ? { signal: grace, halt: AbortSignal.any([signal, halt]) } : {}
  const overwrite = settings.onConflict === 'overwrite'
  const digest = { sha256: '' }
  try {
    const { attempts, asset } = await uploadAsset(
      api.client,
      { ...place, ...ends },
      { ...fileOf(step, settings, digest), overwrite },
    )
    return {
      result: 'uploaded',
      via: 'direct',
      attempts,
      stored: { sha256: digest.sha256, asset: asset && viewAsset(asset) },
    }
  } catch (error) {
    if (!isConflict(error)) throw error
    if (overwrite && step.lanes.includes('session')) return insteadOf(error, bySession(api, step, settings))
    if (error.perhapsDone && (await isStored(api, step, settings))) {
      return { result: 'uploaded', via: 'direct', attempts: error.attempts, stored: UNKNOWN }
    }
    return onConflict(error, settings)
  }
}

async function bySession(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  if (await isTaken(api, step, settings)) return whenTaken(step, settings)
  return storeBySession(api, step, settings).catch((error) => {
    throw unwrap(error)
  })
}

/** A presigned PUT replaces silently: without overwrite the path has to be looked at first. */
async function isTaken(api: Api, step: UploadStep, settings: UploadSettings): Promise<boolean> {
  if (settings.onConflict === 'overwrite') return false
  return (await findAsset(api.client, placeOf(api, step, { soft: settings.halt, hard: settings.signal }))) !== undefined
}

function whenTaken(step: UploadStep, { onConflict }: UploadSettings): Uploaded {
  if (onConflict === 'skip') return { result: 'skipped', reason: ALREADY_THERE, attempts: 1 }
  throw notWanted({ method: 'GET', path: step.originPath })
}

async function storeBySession(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  for (let sessions = 1; ; sessions += 1) {
    try {
      return { result: 'uploaded', via: 'session', ...(await oneSession(api, step, settings)) }
    } catch (error) {
      // only of an opening does 409 say that the path is taken
      if (isConflict(error) && isOpening(error)) {
        return onConflict(error, settings) // an opening whose answer was lost has stored nothing
      }
      // a presigned URL that has expired: a new session has a new one
      if (!(error instanceof ImgixError && isExpired(error))) throw error
      if (sessions > NEW_SESSIONS) throw neverTaken(error, sessions)
    }
  }
}

async function oneSession(
  api: Api,
  step: UploadStep,
  settings: UploadSettings,
): Promise<{ attempts: number; stored: Stored }> {
  const { grace } = settings
  const place = placeOf(api, step, { soft: settings.halt, hard: settings.signal })
  const ends = AbortSignal.any([settings.signal, settings.halt])
  // an opening that is under way is waited for: only who knows the session can end it
  const session = await api.sessions.open({ ...place, signal: grace, halt: ends })
  const digest = { sha256: '' }
  try {
    const { attempts } = await api.client.put({
      ...fileOf(step, settings, digest),
      url: session.url,
      own: `${step.path}\n${step.originPath}\n${session.id}`,
      signal: ends,
    })
    // from here on the bytes are in the bucket: they are told to imgix, and purged, whatever else ends
    await api.sessions.close({ ...place, signal: grace, halt: grace }, session.id).catch((cause) => {
      throw new NotClosed('', { cause })
    })
    return { attempts, stored: { ...digest, asset: undefined } }
  } catch (error) {
    // the failure is what counts; a session that can't be cancelled either closes itself after 8 hours
    await api.sessions.cancel({ ...place, signal: grace, halt: grace }, session.id).catch(() => {})
    throw error
  }
}

/** @param digest gets the SHA-256 of what is sent */
function fileOf(step: UploadStep, { onProgress }: UploadSettings, digest: { sha256: string }): FileUpload {
  const { absolutePath: file, identity, contentType, isGuarded } = step
  const onDigest = ({ sha256 }: Digest): void => void Object.assign(digest, { sha256 })
  const again: FileUpload['inspect'] = (opened, bytes) => inspect(step, opened, bytes)
  return { file, identity, inspect: isGuarded ? again : undefined, contentType, onProgress, onDigest }
}

const ALREADY_THERE = 'the Source already holds this path'

function onConflict(error: ImgixError, settings: UploadSettings): Uploaded {
  if (settings.onConflict === 'overwrite') throw error
  if (settings.onConflict === 'skip') return { result: 'skipped', reason: ALREADY_THERE, attempts: error.attempts }
  throw notWanted(error)
}

function notWanted(facts: {
  method: string
  path: string
  status?: number | undefined
  attempts?: number
}): ImgixError {
  const { method, path, status, attempts = 1 } = facts
  return new ImgixError({ method, path, status, attempts, reason: `${ALREADY_THERE}, and on-conflict is fail` })
}

/** An earlier try whose answer was lost may have stored the file: the asset's size tells. */
async function isStored(api: Api, step: UploadStep, settings: UploadSettings): Promise<boolean> {
  const asset = await findAsset(api.client, placeOf(api, step, { soft: settings.halt, hard: settings.signal }))
  return asset !== undefined && asset.fileSize === step.bytes && asset.uploadedByApi !== false
}

/** The other lane's outcome; where the Source turns out not to have that lane, the first one's error says more. */
async function insteadOf(error: ImgixError, upload: Promise<Uploaded>): Promise<Uploaded> {
  try {
    const uploaded = await upload
    return { ...uploaded, attempts: uploaded.attempts + error.attempts }
  } catch (second) {
    throw second instanceof ImgixError && [400, 404, 405].includes(Number(second.status)) ? error : second
  }
}

function isExpired({ method, status, details }: ImgixError): boolean {
  return method === 'PUT' && (status === 403 || (status === 400 && details[0]?.title === 'ExpiredToken'))
}

function neverTaken({ method, path, status, details }: ImgixError, sessions: number): ImgixError {
  const reason = `from the storage for each of ${sessions} presigned URLs: check the upload credentials of the Source and the runner's clock`
  return new ImgixError({ method, path, status, attempts: sessions, reason, details })
}

function isOpening({ method, path, permission }: ImgixError): boolean {
  return permission !== undefined && method === 'POST' && /\/upload-sessions\/(?!close\/)/.test(path)
}

function isConflict(error: unknown): error is ImgixError {
  return error instanceof ImgixError && error.status === 409
}

export function placeOf(
  api: Api,
  step: Pick<UploadStep, 'originPath'>,
  { soft, hard }: Pick<Stop, 'soft' | 'hard'>,
): AssetPlace {
  return { sourceId: api.sourceId, originPath: step.originPath, signal: hard, halt: soft }
}
