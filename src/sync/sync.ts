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
  /** transfers at a time */
  readonly concurrency: number
  readonly stop: RunStop
  /** looks at URLs before their bytes change, or before their purge where that was elsewhere; it never fails */
  readonly lookBefore?: ((steps: readonly PurgeStep[]) => Promise<void>) | undefined
  readonly emit: Emit
}

const PURGES_AT_A_TIME = 32
/** Most of them wait for their turn, or for an asset to appear. */
const UPDATES_AT_A_TIME = 32
const CALLS_AT_A_TIME = 32

/**
 * Carries a plan out. A failure is the outcome of one step, and every step has an outcome.
 * @returns the error that ended the run early, because no other request would fare better
 */
export async function sync(plan: Plan, api: Api, settings: SyncSettings): Promise<ImgixError | undefined> {
  const { run, pools, purgeAlone, fatal } = createRun(api, settings)
  const purgesOf = (isFile: boolean): PurgeStep[] => plan.purges.filter(({ path }) => (path !== undefined) === isFile)
  const alone = [
    begin(pools.alone, purgesOf(true), purgeAlone),
    begin(pools.updates, plan.updates, (step) => run.update(step)),
    begin(pools.calls, plan.calls, run.call),
  ]
  // the largest first, so that it does not trail when all others are done
  const files = plan.files.toSorted((a, b) => b.upload.bytes - a.upload.bytes)
  const lives = (['long', 'short'] as const).map((kind) => {
    const ofKind = files.filter(({ upload }) => lengthOf(upload) === kind)
    return begin(run.places, ofKind, (file) => syncFile(file, run), kind)
  })
  const begun = await Promise.all(lives)
  await run.places.idle()
  // what a URL of the inputs shows can be made of any of the uploads
  begun.push(await begin(pools.alone, purgesOf(false), purgeAlone), ...(await Promise.all(alone)))
  await Promise.all(begun.flat())
  return fatal.reason
}

/** Begins one after the other as there is room in their pool: each one that waits costs memory. @returns their ends */
async function begin<T>(
  pool: Pool,
  items: readonly T[],
  start: (item: T) => Promise<unknown>,
  kind: 'long' | 'short' = 'short',
): Promise<Promise<unknown>[]> {
  const begun: Promise<unknown>[] = []
  for (const item of items) {
    await pool.room(kind)
    begun.push(start(item))
  }
  return begun
}

function createRun(api: Api, settings: SyncSettings) {
  const { stop, emit, conflictPolicy, lookBefore = async () => {} } = settings
  const stops = createStops(stop, api.sourceIsKnown)
  const pools = {
    purges: createPool(PURGES_AT_A_TIME),
    alone: createPool(PURGES_AT_A_TIME), // of purges that follow no upload: files that are stored keep none of them waiting
    updates: createPool(UPDATES_AT_A_TIME),
    calls: createPool(CALLS_AT_A_TIME), // refreshes wait long for their pace: nothing else waits with them
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
  /** of a file that changed elsewhere, or of a URL of the inputs */
  const purgeAlone = (step: PurgeStep): Promise<Outcome> =>
    pools.alone.take(async () => {
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
