import type { Route, UploadStep } from '../events.ts'
import { type AssetPlace, uploadAsset } from '../imgix/assets.ts'
import type { Client, FileUpload } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { UploadSessions } from '../imgix/session-forms.ts'
import { type Asset, viewAsset } from '../plan/asset.ts'
import { inspect } from '../plan/guards/guards.ts'
import { SessionError, storeBySession } from './by-session.ts'
import { type Holds, isOurs, look, needsState, noteLost, readStateBefore, type Traces } from './proof.ts'
import type { RouteChoice } from './route-choice.ts'
import type { Stop } from './stop.ts'

export type ConflictPolicy = 'overwrite' | 'skip' | 'fail'

type LostAnswer = {
  readonly call: 'direct' | SessionError['call']
  readonly policy: ConflictPolicy | 'any'
  /** the bytes that the path can hold after it */
  readonly holds: Holds
  /** the actions after a 409 (`taken`) and after another error (`failed`); they end with the first that settles the
   *  upload */
  readonly taken: readonly Way[]
  readonly failed: readonly Way[]
}

/**
 * What a lost answer means. Each request is first repeated, up to `max-attempts` times. A 409 on a repeated request
 * means that the path is taken: by an older file, or by the try whose answer was lost.
 */
const LOST_ANSWERS: readonly LostAnswer[] = [
  // a 409 in spite of overwrite means that the account can't overwrite: a PUT replaces the file all the same
  { call: 'direct', policy: 'overwrite', holds: 'either', taken: ['session', 'ours', 'fail'], failed: ['fail'] },
  { call: 'direct', policy: 'skip', holds: 'either', taken: ['ours', 'skip'], failed: ['fail'] },
  { call: 'direct', policy: 'fail', holds: 'either', taken: ['ours', 'fail'], failed: ['fail'] },
  // a session whose id was lost closes itself after 8 hours, without bytes
  { call: 'open', policy: 'overwrite', holds: 'older', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
  { call: 'open', policy: 'skip', holds: 'older', taken: ['skip'], failed: ['direct', 'fail'] },
  { call: 'open', policy: 'fail', holds: 'older', taken: ['fail'], failed: ['direct', 'fail'] },
  // a 409 of the storage means that another request is under way: it is repeated like a lost answer
  { call: 'put', policy: 'any', holds: 'either', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
  // the bytes are in the bucket; session-forms.ts has asked for the session's state if imgix answered at all
  { call: 'close', policy: 'any', holds: 'ours', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
]

/** The actions that can settle an upload. Each returns undefined if it can't. */
const WAYS = {
  /** A session replaces the file at the path, unless the Source has no sessions. */
  async session(upload, error) {
    if (!upload.untried.includes('session') || isStopped(upload)) return undefined
    try {
      return addAttempts(error, await bySession({ ...upload, untried: [] }))
    } catch (second) {
      if (second instanceof ImgixError && [400, 404, 405].includes(Number(second.status))) return undefined
      throw second
    }
  },
  /** Uploads directly, so that no file fails because of a route that the action chose. */
  async direct(upload, error) {
    if (!upload.untried.includes('direct') || isKeyRefused(error) || isStopped(upload)) return undefined
    upload.settings.routes.giveUpSessions(error)
    return addAttempts(error, await direct({ ...upload, untried: [] }))
  },
  /** Succeeds if it is proven that the path holds the bytes of this upload. */
  async ours(upload, { attempts }) {
    const { api, place, traces } = upload
    const { holds, route } = traces
    if (holds === 'older' || isStopped(upload)) return undefined
    const isProven = holds === 'ours' || isOurs(await look(api.client, place), traces)
    return isProven ? { result: 'uploaded', route, attempts, stored: { sha256: '', asset: undefined } } : undefined
  },
  async skip(upload, error) {
    return refuse(upload, error)
  },
  async fail(upload, error) {
    if (!isConflict(error) || upload.settings.conflictPolicy === 'overwrite') throw error
    return refuse(upload, error)
  },
} satisfies Record<string, (upload: Upload, error: ImgixError) => Promise<Uploaded | undefined>>
type Way = 'session' | 'direct' | 'ours' | 'skip' | 'fail'

export type Api = {
  readonly client: Client
  readonly sessions: UploadSessions
  readonly sourceId: string
  /** imgix has answered for the Source, so a 404 does not mean that the Source is missing */
  readonly sourceIsKnown: boolean
}

/** The facts about stored bytes. */
export type Stored = {
  readonly sha256: string
  /** undefined if the answer did not contain it */
  readonly asset: Asset | undefined
}

export type Uploaded =
  | { result: 'uploaded'; route: Route; attempts: number; stored: Stored }
  | { result: 'skipped'; reason: string; attempts: number }

export type UploadSettings = {
  readonly conflictPolicy: ConflictPolicy
  /** stops the transfer */
  readonly stop: Pick<Stop, 'soft' | 'hard'>
  /** aborts the requests that tidy up after it */
  readonly grace: AbortSignal
  readonly routes: RouteChoice
  /** whether the path is taken; undefined if it was not requested */
  readonly before?: 'absent' | 'present' | undefined
  /** @param bytes number of bytes that were sent so far */
  readonly onProgress: (bytes: number) => void
}

type Upload = {
  readonly api: Api
  readonly step: UploadStep
  readonly settings: UploadSettings
  readonly place: AssetPlace
  readonly traces: Traces
  /** the routes that can still be tried */
  readonly untried: readonly Route[]
}

const LEAVES_AT_ONCE_BYTES = 1 << 20

/** Stores one file by its planned route. Another route of the step is used if the first one can't store the file.
 *  @throws ImgixError, FileError */
export async function uploadFile(api: Api, step: UploadStep, settings: UploadSettings): Promise<Uploaded> {
  const { routes, bytes } = step
  const { conflictPolicy, stop } = settings
  const place = placeOf(api, step, stop)
  // do not await here without need: the choice of a route counts the uploads that have started
  const { before: known = 'unknown' } = settings
  const before = needsState(step, { known, conflictPolicy }) ? await readStateBefore(api.client, place, step) : known
  // a PUT replaces an existing file
  const canPut = conflictPolicy === 'overwrite' || before !== 'unknown'
  const free = (): Route => (canPut ? settings.routes.next() : 'direct')
  const route = step.route === 'any' ? free() : step.route
  const traces: Traces = { holds: 'older', route, before, beganAtMs: api.client.now(), sent: { sha256: '', bytes } }
  const upload = { api, step, settings, place, traces, untried: routes.filter((other) => other !== route) }
  return route === 'session' ? bySession(upload) : direct(upload)
}

async function direct(upload: Upload): Promise<Uploaded> {
  const { api, step, settings, place, traces } = upload
  const { stop, grace, conflictPolicy } = settings
  // a small upload can already be stored when the run is cancelled, so wait for its answer
  const leavesAtOnce = step.bytes <= LEAVES_AT_ONCE_BYTES
  const ends = leavesAtOnce ? { signal: grace, halt: stop.soft } : {}
  try {
    const file = { ...fileOf(upload), overwrite: conflictPolicy === 'overwrite' }
    const { attempts, asset } = await uploadAsset(api.client, { ...place, ...ends }, file)
    const stored = { sha256: traces.sent.sha256, asset: asset && viewAsset(asset) }
    return { result: 'uploaded', route: 'direct', attempts, stored }
  } catch (error) {
    return settle(upload, 'direct', error)
  }
}

async function bySession(upload: Upload): Promise<Uploaded> {
  const { api, step, settings, place, traces } = upload
  if (settings.conflictPolicy !== 'overwrite' && traces.before === 'present')
    return refuse(upload, { method: 'GET', path: step.originPath, status: undefined, attempts: 1 })
  const store = (): Promise<{ attempts: number }> =>
    storeBySession(api, step, { place, file: fileOf(upload), ...settings })
  try {
    const { attempts } = await (step.route === 'any' ? settings.routes.during(store) : store())
    const stored = { sha256: traces.sent.sha256, asset: undefined }
    return { result: 'uploaded', route: 'session', attempts, stored }
  } catch (error) {
    if (!(error instanceof SessionError)) throw error
    return settle(upload, error.call, error.cause)
  }
}

/** @throws the error if no action settles the upload */
async function settle(upload: Upload, call: LostAnswer['call'], error: unknown): Promise<Uploaded> {
  const { conflictPolicy } = upload.settings
  const row = LOST_ANSWERS.find((one) => one.call === call && ['any', conflictPolicy].includes(one.policy))
  if (!(error instanceof ImgixError) || row === undefined) throw error
  if (isLost(call, error)) noteLost(upload.traces, row.holds, call === 'direct' ? 'direct' : 'session')
  for (const way of isConflict(error) ? row.taken : row.failed) {
    const settled = await WAYS[way](upload, error)
    if (settled !== undefined) return settled
  }
  throw error
}

/** Whether a try can have been carried out although its answer was lost. */
function isLost(call: LostAnswer['call'], { perhapsDone, status = 500, attempts }: ImgixError): boolean {
  if (call === 'put') return status >= 500 || attempts > 1
  return call === 'close' || perhapsDone
}

/** Ends an upload whose path is taken.
 *  @throws ImgixError unless `on-conflict` is `skip` */
function refuse(
  { traces: { holds, before }, settings: { conflictPolicy } }: Upload,
  { method, path, status, attempts }: Pick<ImgixError, 'method' | 'path' | 'status' | 'attempts'>,
): Uploaded {
  const isDoubtful = holds === 'either' && before !== 'present'
  const doubt = isDoubtful ? '; an earlier try may have stored this file, but nothing proves it' : ''
  const reason = `the Source already holds this path${doubt}`
  if (conflictPolicy === 'skip') return { result: 'skipped', reason, attempts }
  const remedy = 'delete it in the bucket, or set on-conflict to overwrite or skip'
  throw new ImgixError({ method, path, status, attempts, reason: `${reason}, and on-conflict is fail`, remedy })
}

function fileOf({ step, settings: { onProgress }, traces }: Upload): FileUpload {
  const { absolutePath: file, identity, contentType, isGuarded } = step
  const onDigest: FileUpload['onDigest'] = (digest) => {
    traces.sent = digest
  }
  const again: FileUpload['inspect'] = (opened, bytes) => inspect(step, opened, bytes)
  return { file, identity, inspect: isGuarded ? again : undefined, contentType, onProgress, onDigest }
}

function addAttempts({ attempts }: ImgixError, uploaded: Uploaded): Uploaded {
  return { ...uploaded, attempts: uploaded.attempts + attempts }
}

function isStopped({ settings: { stop } }: Upload): boolean {
  return stop.soft.aborted || stop.hard.aborted
}

/** A storage's 401 says nothing of the key. */
function isKeyRefused({ status, permission }: ImgixError): boolean {
  return status === 401 && permission !== undefined
}

function isConflict({ status }: ImgixError): boolean {
  return status === 409
}

export function placeOf(
  api: Api,
  step: Pick<UploadStep, 'originPath'>,
  { soft, hard }: Pick<Stop, 'soft' | 'hard'>,
): AssetPlace {
  return { sourceId: api.sourceId, originPath: step.originPath, signal: hard, halt: soft }
}
