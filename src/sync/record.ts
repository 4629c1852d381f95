import type { Emit, UploadStep } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { findAsset } from '../plan/asset.ts'
import { hasMerged } from '../plan/asset-change.ts'
import { hasRecords, readRecord, UPLOADING } from '../plan/listing.ts'
import { patch } from './attributes.ts'
import type { Stop } from './stop.ts'
import { type Api, placeOf } from './upload.ts'

/** The facts about an asset before its upload. `record`: whether the asset gets a record of the new bytes. */
export type Known = Pick<UploadStep, 'hasFields' | 'record'> & {
  /** undefined if the asset was not requested */
  readonly before?: 'absent' | 'present'
}

/** @throws ImgixError */
export type InvalidateRecord = (step: UploadStep, stop: Stop) => Promise<Known>

type Settings = {
  readonly conflictPolicy: 'overwrite' | 'skip' | 'fail'
  readonly emit: Emit
  /** the maximum time that the one request delays all uploads */
  readonly seekMs?: number
}

const SEEK_MS = 10_000

/**
 * Invalidates an asset's record before the upload, so that no later run trusts it, even if this run is killed. If no
 * assets were listed, one request asks whether the Source has any record. If it has, or no answer comes in
 * time, each asset is requested before its upload. If the request is refused, records are renewed where an upload's
 * answer shows one.
 */
export function createInvalidateRecord(
  api: Api,
  { conflictPolicy, emit, seekMs = SEEK_MS }: Settings,
): InvalidateRecord {
  let answer: Promise<boolean | undefined> | undefined

  /** @returns undefined if the request is refused */
  async function askForRecords({ soft }: Stop): Promise<boolean | undefined> {
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
    answer ??= askForRecords(stop)
    const sourceHasRecords = await answer
    if (sourceHasRecords) return invalidate(step, stop)
    // without permission to read assets, the upload's answer has to be enough
    return { record, hasFields: sourceHasRecords === undefined ? false : hasFields }
  }
}

/** Further tries would get the same answer. Not for a 400: imgix possibly refuses only the filter. */
function isFinal({ status = 0 }: ImgixError): boolean {
  return status > 400 && !isTransient(status)
}
