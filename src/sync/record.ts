import type { Emit, UploadStep } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { findAsset } from '../plan/asset.ts'
import { hasMerged } from '../plan/asset-change.ts'
import { hasRecords, readRecord, UPLOADING } from '../plan/listing.ts'
import { patch } from './attributes.ts'
import type { Stop } from './stop.ts'
import { type Api, placeOf } from './upload.ts'

/** What is known of a file's asset before its upload. `record`: whether its bytes are recorded then. */
export type Known = Pick<UploadStep, 'hasFields' | 'record'> & {
  /** where it was looked at */
  readonly before?: 'absent' | 'present'
}

/** @throws ImgixError */
export type InvalidateRecord = (step: UploadStep, stop: Stop) => Promise<Known>

type Settings = {
  readonly conflictPolicy: 'overwrite' | 'skip' | 'fail'
  readonly emit: Emit
  /** how long the one request can hold up all uploads */
  readonly seekMs?: number
}

const SEEK_MS = 10_000

/**
 * Invalidates records that the next upload makes wrong: whatever ends the run then, they are not believed any more. Where
 * nothing was listed, one request asks whether the Source has any record: if it has, or there is no answer in time, each
 * asset is looked at before its upload. If that request is refused, a record is renewed where an upload's answer shows it.
 */
export function createInvalidateRecord(
  api: Api,
  { conflictPolicy, emit, seekMs = SEEK_MS }: Settings,
): InvalidateRecord {
  let haveRecords: Promise<boolean | undefined> | undefined

  /** @returns undefined where that is refused */
  async function seek({ soft }: Stop): Promise<boolean | undefined> {
    const late = AbortSignal.timeout(seekMs)
    try {
      return await hasRecords(api, AbortSignal.any([soft, late]))
    } catch (error) {
      if (error === late.reason) return true
      if (!(error instanceof ImgixError) || error === soft.reason || error.status === 401) throw error
      if (!isFinal(error)) return true
      emit({ kind: 'records-unknown', because: error })
      return undefined
    }
  }

  async function invalidate(step: UploadStep, stop: Stop): Promise<Known> {
    const { record } = step
    const asset = await findAsset(api.client, placeOf(api, step, stop))
    if (asset === undefined) return { record, hasFields: false, before: 'absent' }
    if (readRecord(asset) === undefined) return { record, hasFields: hasMerged(asset), before: 'present' }
    await patch(api, step, { asset, record: UPLOADING, stop })
    return { record: 'always', hasFields: true, before: 'present' }
  }

  return async (step, stop) => {
    const { hasRecord, hasFields, record } = step
    if (conflictPolicy !== 'overwrite') return { record, hasFields: hasFields ?? false } // nothing is replaced
    if (hasRecord !== undefined) return hasRecord ? invalidate(step, stop) : { record, hasFields }
    haveRecords ??= seek(stop)
    const isLookedAt = await haveRecords
    if (isLookedAt) return invalidate(step, stop)
    // where no asset may be looked at, what an upload's answer shows has to do
    return { record, hasFields: isLookedAt === undefined ? false : hasFields }
  }
}

/** No other try would change the answer; 400 can be for the filter alone. */
function isFinal({ status = 0 }: ImgixError): boolean {
  return status > 400 && status < 500 && status !== 408 && status !== 429
}
