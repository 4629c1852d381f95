import { ImgixError } from '../imgix/errors.ts'
import { wantsNothing } from '../inputs/metadata.ts'
import type { AssetStep } from '../plan/asset-steps.ts'
import type { Plan, PurgeStep, UploadStep } from '../plan/plan.ts'
import {
  type AssetOutcome,
  askAsset,
  endsRun,
  isRefusal,
  type PurgeOutcome,
  purgeOne,
  type UpdateOutcome,
  type UploadOutcome,
  update,
  uploadOne,
  whyNotPurged,
} from './outcomes.ts'
import { createPool } from './pool.ts'
import { createLanes } from './route-choice.ts'
import { createDropRecord, needsUpdate, type updateOne } from './update.ts'
import type { Api, Stored } from './upload.ts'

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
