import { setTimeout as sleep } from 'node:timers/promises'
import { ImgixError } from '../imgix/errors.ts'
import { describeChange, fillsEmpty, hasMerged, NO_ATTRIBUTES, wantsNothing } from '../inputs/metadata.ts'
import { type Asset, changeAsset, findAsset } from '../plan/asset.ts'
import { hasRecords, readRecord, recordOf, UPLOADING } from '../plan/inventory.ts'
import type { UpdateStep, UploadStep } from '../plan/plan.ts'
import { type Api, placeOf, type Stored } from './upload.ts'

/** `signal` ends requests, `halt` keeps further ones from starting, `waits` ends a wait for an asset to appear. */
export type Ends = { readonly signal: AbortSignal; readonly halt: AbortSignal }
type UpdateEnds = Ends & { readonly waits: AbortSignal }

// An upload session's asset is there when imgix has looked at its bytes: so long a wait before each further look.
const LOOK_AGAIN_MS = [1000, 2000, 4000, 8000]
const SEEK_MS = 10_000

/** Whether an asset wants more than the bytes that were stored. */
export function needsUpdate({ record, attributes }: UploadStep, { asset }: Stored): boolean {
  return record === 'always' || !wantsNothing(attributes) || (asset !== undefined && readRecord(asset) !== undefined)
}

/**
 * Gives an asset what is wanted of it, in one PATCH, and keeps all else that it has.
 * @param stored what was uploaded just now; undefined where the bytes stay
 * @returns whether it had to
 * @throws ImgixError
 */
export async function updateOne(
  api: Api,
  step: UpdateStep & Partial<Pick<UploadStep, 'record' | 'hasFields'>>,
  { stored, ends }: { stored: Stored | undefined; ends: UpdateEnds },
): Promise<boolean> {
  const recordFor = (asset: Asset): string | undefined => {
    if (stored === undefined || (step.record !== 'always' && readRecord(asset) === undefined)) return undefined
    return stored.sha256 === '' ? UPLOADING : recordOf(stored.sha256)
  }
  const answered = stored?.asset
  const isWhole = answered !== undefined && saysAll(answered, step, recordFor(answered))
  const asset = isWhole ? answered : await lookAt(api, step, { ends, isNew: stored !== undefined })
  if (asset === undefined) throw notThere(api, step, stored)
  return patch(api, step, { asset, record: recordFor(asset), ends })
}

/** Whether an upload's answer, which may leave out what the asset has, shows all that a change is merged into. */
function saysAll(
  asset: Asset,
  { attributes, hasFields }: Pick<UpdateStep, 'attributes'> & Partial<Pick<UploadStep, 'hasFields'>>,
  record: string | undefined,
): boolean {
  const change = describeChange(asset, attributes, record)
  if (change === undefined) return asset.customFields !== undefined
  return !('problem' in change) && (hasFields === false || !fillsEmpty(asset, change))
}

/** What was learnt of an asset before its upload. `record`: its record was taken back, and is to be renewed. */
export type Seen = Pick<UploadStep, 'hasFields'> & { readonly record?: 'always' }

/** @throws ImgixError */
export type DropRecord = (step: UploadStep, ends: Ends) => Promise<Seen>

/**
 * Takes records back that the next upload makes wrong: whatever ends the run then, they are not believed any more. Where
 * nothing was listed, one request asks whether the Source has any: if it has, or there is no answer in time, each asset is
 * looked at before its upload.
 * @param onUnknown gets why that was refused; then a record is renewed where an upload's answer shows it
 * @param seekMs how long that one request may hold up all uploads
 */
export function createDropRecord(api: Api, onUnknown: (because: ImgixError) => void, seekMs = SEEK_MS): DropRecord {
  let haveRecords: Promise<boolean | undefined> | undefined
  const seek = ({ signal, halt }: Ends): Promise<boolean | undefined> => {
    const late = AbortSignal.timeout(seekMs)
    return hasRecords(api, AbortSignal.any([signal, halt, late])).catch((error) => {
      if (error === late.reason) return true
      if (!(error instanceof ImgixError) || error === halt.reason || error.status === 401) throw error
      if (!isRefusal(error)) return true
      onUnknown(error)
      return undefined
    })
  }
  const drop: DropRecord = async (step, ends) => {
    const asset = await findAsset(api.client, placeOf(api, step, ends))
    if (asset === undefined || readRecord(asset) === undefined)
      return { hasFields: asset !== undefined && hasMerged(asset) }
    await patch(api, { ...step, attributes: NO_ATTRIBUTES }, { asset, record: UPLOADING, ends })
    return { hasFields: true, record: 'always' }
  }
  return async (step, ends) => {
    if (step.hasRecord !== undefined) return step.hasRecord ? drop(step, ends) : { hasFields: step.hasFields }
    haveRecords ??= seek(ends)
    const isLookedAt = await haveRecords
    // where no asset may be looked at, what an upload's answer shows has to do
    return isLookedAt ? drop(step, ends) : { hasFields: isLookedAt === undefined ? false : step.hasFields }
  }
}

/** An answer that no other try would change; 400 may be for the filter alone. */
function isRefusal({ status = 0 }: ImgixError): boolean {
  return status > 400 && status < 500 && status !== 408 && status !== 429
}

async function patch(
  api: Api,
  step: UpdateStep,
  { asset, record, ends }: { asset: Asset; record: string | undefined; ends: Ends },
): Promise<boolean> {
  const change = describeChange(asset, step.attributes, record)
  if (change === undefined) return false
  const place = placeOf(api, step, ends)
  if ('problem' in change)
    throw new ImgixError({
      method: 'PATCH',
      path: `/api/v1/sources/${api.sourceId}/assets/${step.originPath}`,
      reason: String(change.problem),
    })
  await changeAsset(api.client, place, change)
  return true
}

async function lookAt(
  api: Api,
  step: UpdateStep,
  { ends, isNew }: { ends: UpdateEnds; isNew: boolean },
): Promise<Asset | undefined> {
  for (const waitMs of isNew ? LOOK_AGAIN_MS : []) {
    const asset = await findAsset(api.client, placeOf(api, step, ends))
    if (asset !== undefined) return asset
    const ended = AbortSignal.any([ends.signal, ends.halt, ends.waits])
    await sleep(waitMs, undefined, { signal: ended }).catch(() => ended.throwIfAborted())
  }
  return findAsset(api.client, placeOf(api, step, ends))
}

function notThere(api: Api, { originPath }: UpdateStep, stored: Stored | undefined): ImgixError {
  const path = `/api/v1/sources/${api.sourceId}/assets/${originPath}`
  const reason =
    stored === undefined
      ? 'the Source has no such asset: a run in mode all uploads what it lacks'
      : 'the Asset Manager does not have it yet'
  return new ImgixError({ method: 'GET', path, status: 404, reason })
}
