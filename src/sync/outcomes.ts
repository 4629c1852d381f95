import { addAsset, refreshAsset } from '../imgix/assets.ts'
import { ImgixError } from '../imgix/errors.ts'
import { ProxyError } from '../imgix/http/tunnel.ts'
import { purge } from '../imgix/purges.ts'
import type { AssetStep } from '../plan/asset-steps.ts'
import type { Lane, PurgeStep, UpdateStep, UploadStep } from '../plan/plan.ts'
import { type DropRecord, type Ends, type Seen, updateOne } from './update.ts'
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

const RUN_ENDED = 'the run ended before it was done'

/** Takes back the record that the upload makes wrong, then stores the file. It never fails, as none of these does: a failure is the outcome. */
export async function uploadOne(
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

export async function purgeOne(api: Api, step: PurgeStep, ends: Ends): Promise<PurgeOutcome> {
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

export async function askAsset(api: Api, step: AssetStep, ends: Ends): Promise<AssetOutcome> {
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

export async function update(
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

export function whyNotPurged({ result }: UploadOutcome): string {
  if (result === 'failed') return 'its upload failed'
  return result === 'skipped' ? 'its file was not uploaded' : 'the run ended before its upload'
}

export function isRefusal({ status }: ImgixError): boolean {
  return status === 401 || status === 403
}

/** 401 and 403 of the API itself, a proxy that refuses to lead there, and an upload to a Source that nobody has seen: no
 *  other request would fare better. A presigned URL's 403 is one file's. */
export function endsRun({ status, permission, path, cause }: ImgixError, sourceIsKnown: boolean): boolean {
  if (permission === undefined) return false
  if (cause instanceof ProxyError) return !cause.retryable
  return status === 401 || status === 403 || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path))
}
