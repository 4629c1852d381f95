import type { AssetStep } from './asset-steps.ts'
import { addAsset, refreshAsset } from './imgix/assets.ts'
import { ImgixError } from './imgix/errors.ts'
import { purge } from './imgix/purges.ts'
import { ProxyError } from './imgix/tunnel.ts'
import { createLanes } from './lanes.ts'
import { wantsNothing } from './metadata.ts'
import type { Lane, Plan, PurgeStep, UpdateStep, UploadStep } from './plan.ts'
import { createPool } from './pool.ts'
import { createDropRecord, type DropRecord, type Ends, needsUpdate, type Seen, updateOne } from './update.ts'
import { type Api, placeOf, type Stored, uploadFile } from './upload.ts'

/** What became of a step. `planned`: the run ended before it was done. */
export type UploadOutcome = {
  readonly step: UploadStep
  readonly result: 'uploaded' | 'skipped' | 'failed' | 'planned'
  readonly via?: Lane
  readonly reason?: string
  readonly attempts: number
  readonly seconds: number
  readonly error?: Error
}

export type PurgeOutcome = {
  readonly step: PurgeStep
  readonly result: 'purged' | 'failed' | 'planned'
  readonly reason?: string
  readonly attempts: number
  readonly error?: Error
}

/** What became of an asset's attributes, and of the record of its bytes. */
export type UpdateOutcome = {
  readonly step: UpdateStep & Partial<Pick<UploadStep, 'record'>>
  readonly result: 'updated' | 'same' | 'failed' | 'planned'
  readonly error?: Error
}

export type AssetOutcome = {
  readonly step: AssetStep
  readonly result: 'done' | 'failed' | 'planned'
  readonly error?: Error
}

export type SyncSettings = {
  readonly onConflict: 'overwrite' | 'skip' | 'fail'
  /** transfers at a time */
  readonly concurrency: number
  /** no upload starts or goes on after it; what is stored is still purged */
  readonly signal: AbortSignal
  /** nothing goes on after it */
  readonly grace: AbortSignal
  /** @param bytes of the file that have left in this try */
  readonly onProgress: (step: UploadStep, bytes: number) => void
  /** before the bytes of URLs change, or before their purge where that was elsewhere; it never fails */
  readonly before?: ((steps: readonly PurgeStep[]) => Promise<void>) | undefined
  /** the lane of upload sessions closed itself; the files go direct */
  readonly onSessionsClosed: (because: ImgixError) => void
  /** whether full syncs have left records could not be asked */
  readonly onRecordsUnknown?: (because: ImgixError) => void
  readonly onUpload: (outcome: UploadOutcome) => void
  readonly onPurge: (outcome: PurgeOutcome) => void
  readonly onUpdate: (outcome: UpdateOutcome) => void
  readonly onAsset?: (outcome: AssetOutcome) => void
}

const PURGES_AT_A_TIME = 32
/** Most of them wait for their turn, or for an asset to appear. */
const UPDATES_AT_A_TIME = 32
const RUN_ENDED = 'the run ended before it was done'

/**
 * Carries a plan out: uploads, and purges each path when its own upload has been answered with 2xx. A failure is one
 * step's outcome, and every step has one.
 * @returns the error that ended the run early, because no other request would fare better
 */
export async function sync(plan: Plan, api: Api, settings: SyncSettings): Promise<ImgixError | undefined> {
  const stop = new AbortController()
  const uploads = createPool(settings.concurrency)
  const purges = createPool(PURGES_AT_A_TIME)
  let { sourceIsKnown } = api
  const stopIfHopeless = ({ error, result }: { error?: Error; result: string }): void => {
    sourceIsKnown ||= result === 'uploaded' || result === 'skipped'
    if (error instanceof ImgixError && endsRun(error, sourceIsKnown)) stop.abort(error)
  }
  const addPurge = (step: PurgeStep, onEnd: (outcome: PurgeOutcome) => void = () => {}): void =>
    purges.add(async () => {
      if (!step.afterUpload) await settings.before?.([step])
      const outcome = await purgeOne(api, step, { signal: settings.grace, halt: stop.signal })
      stopIfHopeless(outcome)
      settings.onPurge(outcome)
      onEnd(outcome)
    })
  const purgeAll = (steps: readonly PurgeStep[], then: (arePurged: boolean) => void): void => {
    const results: PurgeOutcome['result'][] = []
    const onEnd = ({ result }: PurgeOutcome): void => {
      if (results.push(result) === steps.length) then(results.every((one) => one === 'purged'))
    }
    for (const step of steps) addPurge(step, onEnd)
    if (steps.length === 0) then(true)
  }
  const updates = createPool(UPDATES_AT_A_TIME)
  const refused = new AbortController() // by the first refusal of a record, which stands for all: the run does without
  const addUpdate = (step: Parameters<typeof updateOne>[1], stored?: Stored): void =>
    updates.add(async () => {
      const isRecord = wantsNothing(step.attributes)
      const halt = isRecord ? AbortSignal.any([stop.signal, refused.signal]) : stop.signal
      const ends = { signal: settings.grace, halt, waits: settings.signal }
      const outcome = await update(api, step, { stored, ends }, refused.signal)
      if (!isRecord) stopIfHopeless(outcome)
      else if (outcome.error instanceof ImgixError && isRefusal(outcome.error)) refused.abort(outcome.error)
      settings.onUpdate(outcome)
    })
  const assetCalls = createPool(UPDATES_AT_A_TIME) // refreshes wait long for their pace: nothing else waits with them
  const queueAsset = (step: AssetStep): void =>
    assetCalls.add(async () => {
      const outcome = await askAsset(api, step, { signal: settings.grace, halt: stop.signal })
      stopIfHopeless(outcome)
      settings.onAsset?.(outcome)
    })
  const assets = Map.groupBy(plan.assets ?? [], ({ path, afterUpload }) => (afterUpload ? path : ''))
  const afterUploads = Map.groupBy(
    plan.purges.filter((step) => step.afterUpload),
    (step) => step.path,
  )

  const [ofFiles, ofInputs] = [true, false].map((isFile) =>
    plan.purges.filter((step) => !step.afterUpload && (step.path !== undefined) === isFile),
  )
  for (const step of ofFiles ?? []) addPurge(step)
  for (const step of plan.updates) addUpdate(step)
  for (const step of assets.get('') ?? []) queueAsset(step)
  const lanes = createLanes(api.client, settings.onSessionsClosed)
  const dropRecord = createDropRecord(api, settings.onRecordsUnknown ?? (() => {}))
  // the largest first, so that it does not trail when all others are done
  for (const step of plan.uploads.toSorted((a, b) => b.bytes - a.bytes)) {
    const carryOut = async (): Promise<void> => {
      await settings.before?.(afterUploads.get(step.path) ?? [])
      const onProgress = (bytes: number): void => settings.onProgress(step, bytes)
      const ways = { ...settings, halt: stop.signal, lanes, onProgress, dropRecord }
      const { outcome, stored, seen } = await uploadOne(api, step, ways)
      stopIfHopeless(outcome)
      settings.onUpload(outcome)
      const purgeSteps = afterUploads.get(step.path) ?? []
      if (stored === undefined) {
        const reason = whyNotPurged(outcome)
        for (const purgeStep of purgeSteps)
          settings.onPurge({ step: purgeStep, result: 'planned', reason, attempts: 0 })
        return
      }
      for (const assetStep of assets.get(step.path) ?? []) queueAsset(assetStep)
      // a record says that nothing is left to be done: whatever ends the run before the purges, the next one does them
      purgeAll(purgeSteps, (arePurged) => {
        const known = { ...step, ...seen }
        if (needsUpdate(known, stored)) addUpdate(known, arePurged ? stored : { ...stored, sha256: '' })
      })
    }
    uploads.add(carryOut, step.lanes[0] === 'session' ? 'long' : 'short')
  }
  await uploads.idle()
  // what a URL of the inputs shows may be made of any of the uploads
  for (const step of ofInputs ?? []) addPurge(step)
  await purges.idle()
  await updates.idle()
  await assetCalls.idle()
  return stop.signal.aborted ? stop.signal.reason : undefined
}

async function uploadOne(
  api: Api,
  step: UploadStep,
  settings: Parameters<typeof uploadFile>[2] & { dropRecord: DropRecord },
): Promise<{
  outcome: UploadOutcome
  /** is not kept for the whole run */
  stored?: Stored
  seen?: Seen
}> {
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000
  try {
    settings.signal.throwIfAborted()
    settings.halt.throwIfAborted()
    // without overwrite nothing replaces what has the record
    const isReplaced = settings.onConflict === 'overwrite'
    const seen = isReplaced ? await settings.dropRecord(step, settings) : { hasFields: step.hasFields ?? false }
    const done = await uploadFile(api, step, settings)
    if (done.result === 'skipped') return { outcome: { step, ...done, seconds: seconds() } }
    const { result, via, attempts, stored } = done
    return { outcome: { step, result, via, attempts, seconds: seconds() }, stored, seen }
  } catch (cause) {
    return { outcome: { step, ...ending(cause, settings), seconds: seconds() } }
  }
}

async function purgeOne(api: Api, step: PurgeStep, ends: Ends): Promise<PurgeOutcome> {
  try {
    ends.signal.throwIfAborted()
    ends.halt.throwIfAborted()
    const subImageOf = step.subImage === true ? api.sourceId : undefined
    const { attempts } = await purge(api.client, step.url, { ...ends, subImageOf })
    return { step, result: 'purged', attempts }
  } catch (cause) {
    return { step, ...ending(cause, ends) }
  }
}

async function askAsset(api: Api, step: AssetStep, ends: Ends): Promise<AssetOutcome> {
  try {
    ends.signal.throwIfAborted()
    ends.halt.throwIfAborted()
    const ask = step.call === 'add' ? addAsset : refreshAsset
    await ask(api.client, placeOf(api, step, ends))
    return { step, result: 'done' }
  } catch (cause) {
    return { step, ...ending(cause, ends) }
  }
}

async function update(
  api: Api,
  step: UpdateStep,
  { stored, ends }: Parameters<typeof updateOne>[2],
  refused: AbortSignal,
): Promise<UpdateOutcome> {
  try {
    ends.signal.throwIfAborted()
    ends.halt.throwIfAborted()
    return { step, result: (await updateOne(api, step, { stored, ends })) ? 'updated' : 'same' }
  } catch (cause) {
    if (refused.aborted && cause === refused.reason) return { step, result: 'failed', error: refused.reason }
    return { step, ...ending(cause, cause === ends.waits.reason ? { ...ends, signal: ends.waits } : ends) }
  }
}

function ending(
  cause: unknown,
  { signal, halt }: Ends,
): { result: 'planned'; reason: string; attempts: number } | { result: 'failed'; error: Error; attempts: number } {
  // an answer that came all the same counts
  const answered = cause instanceof ImgixError && cause.status !== undefined && cause !== halt.reason
  if (signal.aborted || (halt.aborted && !answered)) return { result: 'planned', reason: RUN_ENDED, attempts: 0 }
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return { result: 'failed', error, attempts: error instanceof ImgixError ? error.attempts : 1 }
}

function whyNotPurged({ result }: UploadOutcome): string {
  if (result === 'failed') return 'its upload failed'
  return result === 'skipped' ? 'its file was not uploaded' : 'the run ended before its upload'
}

function isRefusal({ status }: ImgixError): boolean {
  return status === 401 || status === 403
}

/** 401 and 403 of the API itself, a proxy that refuses to lead there, and an upload to a Source that nobody has seen: no
 *  other request would fare better. A presigned URL's 403 is one file's. */
function endsRun({ status, permission, path, cause }: ImgixError, sourceIsKnown: boolean): boolean {
  if (permission === undefined) return false
  if (cause instanceof ProxyError) return !cause.retryable
  return status === 401 || status === 403 || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path))
}
