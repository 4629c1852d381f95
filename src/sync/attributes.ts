import { setTimeout as sleep } from 'node:timers/promises'
import type { Attributes, RecordStep, UpdateStep, UploadStep } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { type Asset, changeAsset, findAsset } from '../plan/asset.ts'
import { describeChange, fillsEmpty } from '../plan/asset-change.ts'
import { readRecord, recordOf, UPLOADING } from '../plan/listing.ts'
import type { Done, Stop } from './stop.ts'
import { type Api, placeOf, type Stored } from './upload.ts'

/** The bytes that were stored just now, and what was known about their asset before. `sha256` is '' if the bytes must not
 *  be recorded: nobody hashed them, or a purge is not done. */
export type StoredBytes = Stored & Pick<UploadStep, 'hasFields' | 'record'>

// After an upload session, the asset appears when imgix has processed the bytes: the waits between requests for it.
const LOOK_AGAIN_MS = [1000, 2000, 4000, 8000]

/**
 * Writes the attributes and the record of the bytes to an asset, in one PATCH. Everything else of the asset stays.
 * @param stored the bytes that were uploaded just now; undefined if the bytes did not change
 * @throws ImgixError
 */
export async function updateAsset(
  api: Api,
  step: UpdateStep | RecordStep,
  { stored, stop }: { stored: StoredBytes | undefined; stop: Stop },
): Promise<Done> {
  const attributes = step.kind === 'update' ? step.attributes : undefined
  const recordFor = (asset: Asset): string | undefined => {
    if (stored === undefined || (stored.record !== 'always' && readRecord(asset) === undefined)) return undefined
    return stored.sha256 === '' ? UPLOADING : recordOf(stored.sha256)
  }
  const answered = stored?.asset
  const isWhole =
    answered !== undefined && hasEveryField(answered, stored?.hasFields, { attributes, record: recordFor(answered) })
  const asset = isWhole ? answered : await lookAt(api, step, { stop, isNew: stored !== undefined })
  if (asset === undefined) throw notThere(api, step, stored)
  const isChanged = await patch(api, step, { asset, attributes, record: recordFor(asset), stop })
  return isChanged
    ? { result: 'done', attempts: 1 }
    : { result: 'skipped', reason: 'the asset has it all', attempts: 1 }
}

/** Answers to uploads can omit fields. @returns whether this one has every field that the change is merged into */
function hasEveryField(
  asset: Asset,
  hasFields: boolean | undefined,
  { attributes, record }: { attributes: Attributes | undefined; record: string | undefined },
): boolean {
  const change = describeChange(asset, attributes, record)
  if (change === undefined) return asset.customFields !== undefined
  return !('problem' in change) && (hasFields === false || !fillsEmpty(asset, change))
}

type Wanted = { asset: Asset; attributes?: Attributes | undefined; record: string | undefined; stop: Stop }

/** @returns whether the asset had to be changed
 *  @throws ImgixError */
export async function patch(
  api: Api,
  step: Pick<UpdateStep, 'originPath'>,
  { asset, attributes, record, stop }: Wanted,
): Promise<boolean> {
  const change = describeChange(asset, attributes, record)
  if (change === undefined) return false
  if ('problem' in change) {
    const path = `/api/v1/sources/${api.sourceId}/assets/${step.originPath}`
    throw new ImgixError({ method: 'PATCH', path, reason: String(change.problem), remedy: 'run the job again' })
  }
  await changeAsset(api.client, placeOf(api, step, stop), change)
  return true
}

async function lookAt(
  api: Api,
  step: Pick<UpdateStep, 'originPath'>,
  { stop, isNew }: { stop: Stop; isNew: boolean },
): Promise<Asset | undefined> {
  for (const waitMs of isNew ? LOOK_AGAIN_MS : []) {
    const asset = await findAsset(api.client, placeOf(api, step, stop))
    if (asset !== undefined) return asset
    await sleep(waitMs, undefined, { signal: stop.patience }).catch(() => stop.patience.throwIfAborted())
  }
  return findAsset(api.client, placeOf(api, step, stop))
}

function notThere(api: Api, { originPath }: Pick<UpdateStep, 'originPath'>, stored: Stored | undefined): ImgixError {
  const path = `/api/v1/sources/${api.sourceId}/assets/${originPath}`
  const [reason, remedy] =
    stored === undefined
      ? ['the Source has no such asset', 'run once with mode: all, which uploads what the Source lacks']
      : ['the Asset Manager does not have it yet', 'run the job again in some minutes']
  return new ImgixError({ method: 'GET', path, status: 404, reason, remedy })
}
