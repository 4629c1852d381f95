import type { Emit, Plan } from './events.ts'
import { createClient } from './imgix/client.ts'
import { createUploadSessions } from './imgix/session-forms.ts'
import type { Inputs } from './inputs/inputs.ts'
import type { MetadataFile } from './inputs/metadata.ts'
import { makePlan } from './plan/make-plan.ts'
import { noSource, type Source } from './plan/source.ts'
import { findVideos } from './plan/steps.ts'
import { explain } from './report/explain.ts'
import type { RunState } from './report/ledger.ts'
import * as core from './runner/core.ts'
import type { Runner } from './runner/run.ts'
import type { Selection } from './select/select.ts'
import { type SyncSettings, sync } from './sync/sync.ts'
import type { Api } from './sync/upload.ts'
import { startVerification } from './verify/verify.ts'

export type Run = Runner & { readonly state: Readonly<RunState>; readonly emit: Emit; readonly listeners: Emit[] }

type Found = { readonly inputs: Inputs; readonly metadata: MetadataFile; readonly selection: Selection }

/** The stages after the selection, in order: plan, sync, verify. */
export async function publish(run: Run, { inputs, metadata, selection }: Found): Promise<void> {
  const { stop, state, emit } = run
  const { dryRun, sourceId } = inputs
  const client = createClient({
    ...inputs,
    userAgent: 'imgix-sync/1',
    sharesLimits: inputs.shard.count > 1,
    redact: core.redact,
    hide: (url, own) => core.hideUrl(url, [own, sourceId, ...state.domains].join('\n')),
    onLongWait: (waitMs, because) => emit({ kind: 'waits', waitMs, because }),
  })
  try {
    const sessions = createUploadSessions(client)
    const made = { inputs, api: { client, sourceId }, selection, metadata }
    const { plan, source } = await makePlan({ ...made, signal: stop.soft, emit, hide: core.hide, explain })
    if (dryRun) return
    const api = { client, sessions, sourceId, sourceIsKnown: source !== undefined }
    await carryOutPlan(run, { plan, inputs, source, api })
    stop.soft.throwIfAborted()
  } finally {
    client.close()
  }
}

type Execution = { plan: Plan; inputs: Inputs; source: Source | undefined; api: Api }

async function carryOutPlan(run: Run, execution: Execution): Promise<void> {
  const { environment, stop, state, emit, listeners } = run
  const { plan, inputs, source, api } = execution
  if (inputs.verify === 'off') return syncPlan(run, execution)
  if (!inputs.purge && inputs.urls.length === 0) {
    const text = 'verify: as purge is false, nothing is purged, and only what was purged is looked at'
    emit({ kind: 'note', level: 'notice', text })
  }
  const { base } = state.changes
  const settings = { ...inputs, client: api.client, source, environment, base, signal: stop.soft, emit }
  const verification = startVerification(plan, settings)
  listeners.push(verification.hear)
  try {
    await syncPlan(run, execution, verification.lookBefore)
    stop.soft.throwIfAborted()
    await verification.carryOut()
    emit({ kind: 'verified', verdicts: verification.verdicts })
  } finally {
    verification.close()
  }
}

async function syncPlan(
  { stop, emit }: Run,
  { plan, inputs, api }: Execution,
  lookBefore?: SyncSettings['lookBefore'],
): Promise<void> {
  const { onConflict: conflictPolicy, concurrency } = inputs
  emit({ kind: 'sync-began', videos: findVideos(plan) })
  const ended = sync(plan, api, { conflictPolicy, concurrency, stop, lookBefore, emit })
  const stoppedBy = await ended.finally(() => emit({ kind: 'sync-ended' }))
  const slowDowns = api.client.slowDowns()
  if (slowDowns.length > 0) emit({ kind: 'slowed', slowDowns, limits: inputs.rateLimits, shards: inputs.shard.count })
  if (stoppedBy !== undefined) throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy
}
