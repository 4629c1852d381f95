import type { Emit, Plan } from './events.ts'
import { createClient } from './imgix/client.ts'
import { createUploadSessions } from './imgix/session-forms.ts'
import { type Inputs, readInputs } from './inputs/inputs.ts'
import { loadMetadata, type MetadataFile } from './inputs/load-metadata.ts'
import { InputError } from './inputs/reader.ts'
import { makePlan } from './plan/make-plan.ts'
import { noSource, type Source } from './plan/source.ts'
import { findVideos } from './plan/steps.ts'
import { changesSentence } from './report/changes-lines.ts'
import { reportEnding } from './report/ending.ts'
import { explain } from './report/explain.ts'
import { createLedger, type RunState } from './report/ledger.ts'
import { createLog } from './report/log.ts'
import { createProgress } from './report/progress.ts'
import { createReportFile } from './report/report-file.ts'
import * as core from './runner/core.ts'
import { isUnmerged } from './runner/environment.ts'
import { type Ending, type Front, type Runner, runAction } from './runner/run.ts'
import { NO_FILES, type Selection, selectFiles, whyNoFiles } from './select/select.ts'
import { type SyncSettings, sync } from './sync/sync.ts'
import type { Api } from './sync/upload.ts'
import { startVerification } from './verify/start-verification.ts'

type Run = Runner & { readonly state: Readonly<RunState>; readonly emit: Emit; readonly listeners: Emit[] }

/** Runs the action once. It never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start
 *  @param trackProgress what shows its progress */
export async function run(front?: Front, trackProgress = createProgress): Promise<Ending> {
  return runAction((runner) => {
    const { state, hear } = createLedger(performance.now())
    const file = createReportFile(state, runner.environment.tempDir)
    const listeners = [hear, trackProgress(core.info).hear, createLog(state).hear, file.hear]
    const emit: Emit = (event) => {
      for (const listener of listeners) listener(event)
    }
    return {
      carryOut: () => carryOut({ ...runner, state, emit, listeners }),
      async reportEnding({ cancelled, error }) {
        emit({ kind: 'finished', cancelled, error })
        await reportEnding(state, file.path)
      },
    }
  }, front)
}

/** The stages in order. */
async function carryOut(run: Run): Promise<void> {
  const { environment, stop, state, emit } = run
  const inputs = readInputs(environment.workspace)
  const { mode, dryRun, verify, sourceId, domains } = inputs
  emit({ kind: 'started', mode, dryRun, verify, sourceId, domains })
  if (isUnmerged(environment.event) && !dryRun) {
    const text = 'this run on a pull request publishes files that are not merged; set dry-run to true to only look'
    emit({ kind: 'note', level: 'notice', text })
  }
  const metadata = await loadMetadata(environment.workspace, inputs.metadata)
  const selection = await select(run, inputs, metadata)
  if (selection.changes.files.length + selection.touched.length + inputs.urls.length === 0) return
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

async function select(run: Run, inputs: Inputs, metadata: MetadataFile): Promise<Selection> {
  const { environment, stop, emit } = run
  const reason = whyNoFiles(inputs)
  if (reason !== undefined) {
    emit({ kind: 'idle', reason })
    return NO_FILES
  }
  const log = (text: string): void => emit({ kind: 'note', level: 'info', text })
  const selection = await selectFiles(environment, inputs, { metadata, signal: stop.soft, log })
  const { changes, touched, rootError } = selection
  emit({ kind: 'selected', changes })
  if (rootError !== undefined) throw new InputError([rootError])
  if (changes.files.length + touched.length + inputs.urls.length === 0)
    emit({ kind: 'idle', reason: changesSentence(changes) })
  return selection
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
  for (const slowDown of api.client.slowDowns()) emit({ kind: 'slowed', ...slowDown })
  if (stoppedBy !== undefined) throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy
}
