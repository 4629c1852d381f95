import type { CallStep, Emit, Outcome, Plan, PurgeStep } from '../events.ts'
import { addAsset, refreshAsset } from '../imgix/assets.ts'
import type { ImgixError } from '../imgix/errors.ts'
import { purge } from '../imgix/purges.ts'
import { updateAsset } from './attributes.ts'
import { lengthOf, type SyncRun, syncFile } from './file.ts'
import { createPool, type Pool } from './pool.ts'
import { createInvalidateRecord } from './record.ts'
import { createRouteChoice } from './route-choice.ts'
import { createStops, type Done, type RunStop, type Stop } from './stop.ts'
import { type Api, placeOf } from './upload.ts'

export type SyncSettings = {
  readonly conflictPolicy: 'overwrite' | 'skip' | 'fail'
  /** number of transfers at a time */
  readonly concurrency: number
  readonly stop: RunStop
  /** requests URLs before their bytes change, or before their purge if another program changes the bytes; it never fails */
  readonly lookBefore?: ((steps: readonly PurgeStep[]) => Promise<void>) | undefined
  readonly emit: Emit
}

const PURGES_AT_A_TIME = 32
/** Most updates wait for the rate limit, or for an asset to appear. */
const UPDATES_AT_A_TIME = 32
const CALLS_AT_A_TIME = 32

/**
 * Carries a plan out. A failure is the outcome of one step, and every step has an outcome.
 * @returns the error that ended the run early, because every other request would fail, too
 */
export async function sync(plan: Plan, api: Api, settings: SyncSettings): Promise<ImgixError | undefined> {
  const { run, pools, purgeAlone, fatal } = createRun(api, settings)
  const purgesOf = (isFile: boolean): PurgeStep[] => plan.purges.filter(({ path }) => (path !== undefined) === isFile)
  const alone = [
    begin(pools.withoutUpload, purgesOf(true), purgeAlone),
    begin(pools.updates, plan.updates, (step) => run.update(step)),
    begin(pools.calls, plan.calls, run.call),
  ]
  // the largest file first, so that it does not finish long after all others
  const files = plan.files.toSorted((a, b) => b.upload.bytes - a.upload.bytes)
  const lives = (['long', 'short'] as const).map((kind) => {
    const ofKind = files.filter(({ upload }) => lengthOf(upload) === kind)
    return begin(run.places, ofKind, (file) => syncFile(file, run), kind)
  })
  const begun = await Promise.all(lives)
  await run.places.idle()
  // any upload can change the image at a URL of the input `urls`, so these purges are last
  begun.push(await begin(pools.withoutUpload, purgesOf(false), purgeAlone), ...(await Promise.all(alone)))
  await Promise.all(begun.flatMap((open) => [...open]))
  return fatal.reason
}

/** Starts an item whenever the pool has room, because each waiting item costs memory. @returns the work that has not ended */
async function begin<T>(
  pool: Pool,
  items: readonly T[],
  start: (item: T) => Promise<unknown>,
  kind: 'long' | 'short' = 'short',
): Promise<ReadonlySet<Promise<unknown>>> {
  const open = new Set<Promise<unknown>>()
  for (const item of items) {
    await pool.room(kind)
    const work = start(item).finally(() => open.delete(work))
    open.add(work)
  }
  return open
}

function createRun(api: Api, settings: SyncSettings) {
  const { stop, emit, conflictPolicy, lookBefore = async () => {} } = settings
  const stops = createStops(stop, api.sourceIsKnown)
  const pools = {
    purges: createPool(PURGES_AT_A_TIME),
    withoutUpload: createPool(PURGES_AT_A_TIME), // purges without an upload, so that they don't wait behind those of stored files
    updates: createPool(UPDATES_AT_A_TIME),
    calls: createPool(CALLS_AT_A_TIME), // refreshes wait long for their rate limit, so they have their own places
  }
  const attempt: SyncRun['attempt'] = async (step, work) => {
    const outcome = await stops.attempt(step, work)
    stops.heed(outcome)
    emit({ kind: 'ended', outcome })
    return outcome
  }
  const requestPurge = (step: PurgeStep): Promise<Outcome> =>
    attempt(step, async ({ soft, hard }) => {
      const subImageOf = step.subImage ? api.sourceId : undefined
      const { attempts } = await purge(api.client, step.url, { signal: hard, halt: soft, subImageOf })
      return { result: 'done', attempts }
    })
  const run: SyncRun = {
    api,
    conflictPolicy,
    routes: createRouteChoice(api.client, (because) => emit({ kind: 'sessions-closed', because })),
    places: createPool(settings.concurrency),
    grace: stop.hard,
    emit,
    lookBefore,
    attempt,
    invalidateRecord: createInvalidateRecord(api, settings),
    purge: (step) => pools.purges.take(() => requestPurge(step)),
    update: (step, stored) =>
      pools.updates.take(() => attempt(step, (stop) => updateAsset(api, step, { stored, stop }))),
    call: (step) => pools.calls.take(() => attempt(step, (stop) => callAssetManager(api, step, stop))),
  }
  /** Purges a URL of the inputs, or of a file that another program stored. */
  const purgeAlone = (step: PurgeStep): Promise<Outcome> =>
    pools.withoutUpload.take(async () => {
      await lookBefore([step])
      return requestPurge(step)
    })
  return { run, pools, purgeAlone, fatal: stops.fatal }
}

async function callAssetManager(api: Api, step: CallStep, stop: Stop): Promise<Done> {
  const ask = step.call === 'add' ? addAsset : refreshAsset
  const { attempts } = await ask(api.client, placeOf(api, step, stop))
  return { result: 'done', attempts }
}
