import type {
  CallStep,
  Emit,
  FilePlan,
  Outcome,
  PurgeStep,
  RecordStep,
  Step,
  UpdateStep,
  UploadStep,
} from '../events.ts'
import { readRecord } from '../plan/listing.ts'
import { updateAfter } from '../plan/steps.ts'
import type { StoredBytes } from './attributes.ts'
import type { Pool } from './pool.ts'
import type { InvalidateRecord, Known } from './record.ts'
import type { RouteChoice } from './route-choice.ts'
import type { Done, Stop } from './stop.ts'
import { type Api, type Stored, type UploadSettings, uploadFile } from './upload.ts'

/** What all files of a sync share. */
export type SyncRun = {
  readonly api: Api
  readonly conflictPolicy: UploadSettings['conflictPolicy']
  readonly routes: RouteChoice
  readonly places: Pool
  /** aborts the requests that tidy up after a transfer */
  readonly grace: AbortSignal
  readonly emit: Emit
  /** Requests the URLs before their bytes change. It never fails. */
  lookBefore(steps: readonly PurgeStep[]): Promise<void>
  /** Carries out one step and emits its outcome. A failure is an outcome, too. */
  attempt<S extends Step>(step: S, work: (stop: Stop) => Promise<Done>): Promise<Outcome<S>>
  readonly invalidateRecord: InvalidateRecord
  purge(step: PurgeStep): Promise<Outcome>
  call(step: CallStep): Promise<Outcome>
  update(step: UpdateStep | RecordStep, stored?: StoredBytes): Promise<Outcome>
}

/** The life of one file. It never fails: each failure is the outcome of a step. */
export async function syncFile({ upload, purges, calls }: FilePlan, run: SyncRun): Promise<void> {
  const file: { known: Known; stored?: Stored } = { known: upload }
  // the place is free again when the bytes are stored, because the later steps have rate limits of their own
  const { result } = await run.places.take(async () => {
    await run.lookBefore(purges)
    return run.attempt(upload, async (stop) => {
      file.known = await run.invalidateRecord(upload, stop) // a record must not outlive the bytes that it describes
      const settings = settingsFor(upload, run, stop)
      const uploaded = await uploadFile(run.api, upload, { ...settings, before: file.known.before })
      if (uploaded.result === 'skipped') return uploaded
      file.stored = uploaded.stored
      return { result: 'done', route: uploaded.route, attempts: uploaded.attempts }
    })
  }, lengthOf(upload))
  const { known, stored } = file
  if (stored === undefined) {
    const reason = whyNotStored(result)
    for (const step of [...purges, ...calls])
      run.emit({ kind: 'ended', outcome: { step, result: 'not-done', reason, attempts: 0, seconds: 0 } })
    return
  }

  const called = calls.map((step) => run.call(step)) // nothing waits for a refresh, because their limit is per minute
  const purged = await Promise.all(purges.map((step) => run.purge(step)))
  // a record says that upload and purges are done: after a failed purge it is invalid, and the next full sync repeats both
  const isPurged = purged.every((outcome) => outcome.result === 'done')
  const step = updateAfter(upload, known.record, stored.asset !== undefined && readRecord(stored.asset) !== undefined)
  if (step !== undefined) await run.update(step, { ...stored, ...known, sha256: isPurged ? stored.sha256 : '' })
  await Promise.all(called)
}

export function lengthOf({ routes }: UploadStep): 'long' | 'short' {
  return routes[0] === 'session' ? 'long' : 'short'
}

function settingsFor(step: UploadStep, { conflictPolicy, routes, grace, emit }: SyncRun, stop: Stop): UploadSettings {
  const onProgress = (bytes: number): void => emit({ kind: 'sent', step, bytes })
  return { conflictPolicy, stop, grace, routes, onProgress }
}

function whyNotStored(result: Outcome['result']): string {
  if (result === 'failed') return 'its upload failed'
  return result === 'skipped' ? 'its file was not uploaded' : 'the run ended before its upload'
}
