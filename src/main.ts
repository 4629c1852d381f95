import type { Emit, Plan, RunEvent } from './events.ts'
import { createClient } from './imgix/client.ts'
import { createUploadSessions } from './imgix/session-forms.ts'
import { type Inputs, readInputs } from './inputs/inputs.ts'
import { loadMetadata, type MetadataFile } from './inputs/load-metadata.ts'
import { InputError } from './inputs/reader.ts'
import { preparePlan } from './plan/prepare.ts'
import { noSource } from './plan/refusals.ts'
import * as assetsLog from './report/assets-log.ts'
import { reportEnding } from './report/ending.ts'
import { explain } from './report/explain.ts'
import { buildReport, type RunState } from './report/json-report.ts'
import * as log from './report/log.ts'
import { createProgress, type Progress } from './report/progress.ts'
import { reportPath, warnOfGuarded, writeReport } from './report/publish.ts'
import { purgedAgainLine, roundLine } from './report/verdicts.ts'
import * as core from './runner/core.ts'
import { type Runner, runAction } from './runner/run.ts'
import { printable } from './runner/text.ts'
import { rootExists, type Selection, selectFiles } from './select/select.ts'
import { type SyncSettings, sync } from './sync/sync.ts'
import type { Api } from './sync/upload.ts'
import { startVerification } from './verify/start-verification.ts'

type Run = Runner & { state: RunState; reportFile: string }

/** Runs the action once: it never throws, and sets the exit code. */
export async function run(): Promise<void> {
  const state: RunState = {
    ...{ dryRun: false, cancelled: false, startedAt: performance.now(), sourceId: '', domains: [] },
    ...{ mode: 'changed', outcomes: new Map(), updates: [], calls: [] },
    ...{ verify: 'off', verdicts: new Map() },
  }
  let reason: string | undefined
  await runAction((runner) => {
    const reportFile = reportPath(runner.environment.tempDir)
    return {
      async carryOut() {
        reason = await carryOut({ ...runner, state, reportFile }, readInputs(runner.environment.workspace))
      },
      async reportEnding({ cancelled, error }) {
        state.cancelled = cancelled
        await reportEnding(state, { reportFile, reason, error })
      },
    }
  })
}

/** @returns why there was nothing to do, where there was nothing */
async function carryOut(run: Run, inputs: Inputs): Promise<string | undefined> {
  const { environment, state, stop } = run
  state.verify = inputs.verify
  Object.assign(state, { dryRun: inputs.dryRun, mode: inputs.mode, sourceId: inputs.sourceId, domains: inputs.domains })
  if (environment.event.name.startsWith('pull_request') && !inputs.dryRun) {
    core.notice('this run on a pull request publishes files that are not merged; set dry-run to true to only look')
  }
  const metadata = await loadMetadata(environment.workspace, inputs.metadata)
  const noFiles = whyNoFiles(inputs)
  const selection = noFiles === undefined ? await findFiles(run, inputs, metadata) : undefined
  saveReport(run)
  const work = (selection?.changes.files.length ?? 0) + (selection?.touched.length ?? 0) + inputs.urls.length
  if (work === 0) return noFiles ?? (selection && log.changesSentence(selection.changes))
  const client = createClient({
    ...{ ...inputs, userAgent: 'imgix-sync/1', sharesLimits: inputs.shard.count > 1 },
    redact: core.redact,
    hide: (url, own) => core.hideUrl(url, [own, inputs.sourceId, ...state.domains].join('\n')),
    onLongWait: (waitMs, reason) => core.info(log.waitLine(waitMs, reason)),
  })
  const api = { client, sessions: createUploadSessions(client), sourceId: inputs.sourceId }
  try {
    const plan = await preparePlan(run, { inputs, api, selection, metadata })
    saveReport(run)
    if (inputs.dryRun) return noFiles
    await carryOutPlan(run, { plan, inputs, api: { ...api, sourceIsKnown: state.source !== undefined } })
    stop.soft.throwIfAborted()
    return noFiles
  } finally {
    client.close()
  }
}

/** Between the stages: what keeps this from being written keeps the last report from it too, and is told then. */
function saveReport({ state, reportFile }: Run): void {
  try {
    writeReport(buildReport(state), reportFile)
  } catch (error) {
    core.debug(explain(error))
  }
}

function whyNoFiles(inputs: Inputs): string | undefined {
  if (!inputs.selectsFiles) return 'files is set to nothing, so no file is looked for'
  if (inputs.upload) return undefined
  if (!inputs.purge && inputs.assetManager === 'off') return 'upload and purge are both false, so no file is looked for'
  if (inputs.domains.length > 0 || inputs.sourceId !== '') return undefined
  return 'without source-id or domains no file can be purged, so only urls are'
}

async function findFiles(run: Run, inputs: Inputs, metadata: MetadataFile | undefined): Promise<Selection> {
  const { environment, state, stop } = run
  const tell = (text: string): void => core.info(printable(text))
  const selection = await selectFiles(environment, inputs, { metadata, signal: stop.soft, tell })
  const { changes } = selection
  state.changes = changes
  await core.group(inputs.mode === 'all' ? 'Files' : 'Changed files', async () => {
    for (const line of log.changesLines(changes)) core.info(line)
  })
  for (const line of changes.notices) core.notice(printable(line))
  for (const line of changes.warnings) core.warning(printable(line))
  warnOfGuarded(changes.leftOut ?? new Map())
  if (!rootExists(environment.workspace, inputs.root, changes)) {
    throw new InputError([
      `root: '${inputs.root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`,
    ])
  }
  return selection
}

type Execution = { plan: Plan; inputs: Inputs; api: Api }

async function carryOutPlan(run: Run, { plan, inputs, api }: Execution): Promise<void> {
  const { state, stop, environment } = run
  if (inputs.verify !== 'off' && !inputs.purge && inputs.urls.length === 0) {
    core.notice('verify: as purge is false, nothing is purged, and only what was purged is looked at')
  }
  const listeners: Emit[] = [(event) => keep(event, state), say]
  const emit: Emit = (event) => {
    for (const hear of listeners) hear(event)
  }
  const verification =
    inputs.verify === 'off'
      ? undefined
      : startVerification(plan, {
          ...inputs,
          client: api.client,
          source: state.source,
          environment,
          base: state.changes?.base ?? '',
          signal: stop.soft,
          emit,
        })
  const progress = createProgress(plan, inputs.rateLimits)
  listeners.push(progress.hear, (event) => verification?.hear(event))
  try {
    await syncPlan(run, { plan, inputs, api, lookBefore: verification?.lookBefore, progress, emit })
    saveReport(run)
    stop.soft.throwIfAborted()
    await verification?.carryOut()
    state.verdicts = verification?.verdicts ?? state.verdicts
  } finally {
    verification?.close()
  }
}

function keep(event: RunEvent, state: RunState): void {
  if (event.kind !== 'ended') return
  const { outcome } = event
  const { step } = outcome
  if (step.kind === 'upload' || step.kind === 'purge') state.outcomes.set(step, outcome)
  else if (step.kind === 'call') state.calls.push({ ...outcome, step })
  else state.updates.push({ ...outcome, step })
}

function say(event: RunEvent): void {
  const line = lineOf(event)
  if (line !== undefined) core.info(line)
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'ended':
      return log.outcomeLine(event.outcome)
    case 'sessions-closed':
      return log.sessionsClosedLine(event.because)
    case 'records-unknown':
      return assetsLog.unknownRecordsLine(event.because)
    case 'looked':
      return roundLine(event.left, event.all, event.waitMs)
    case 'purged-again':
      return purgedAgainLine(event.url, event.error)
    case 'sent':
      return undefined
  }
}

async function syncPlan(
  { state, stop }: Run,
  {
    plan,
    inputs,
    api,
    lookBefore,
    progress,
    emit,
  }: Execution & { lookBefore: SyncSettings['lookBefore']; progress: Progress; emit: Emit },
): Promise<void> {
  const videos = log.videosLine(plan)
  if (videos !== undefined) core.notice(videos)
  const stopProgress = progress.start((line) => core.info(line))
  const stoppedBy = await sync(plan, api, {
    conflictPolicy: inputs.onConflict,
    concurrency: inputs.concurrency,
    stop,
    lookBefore,
    emit,
  }).finally(stopProgress)
  const unrecorded = assetsLog.unrecordedSentence(state.updates)
  if (unrecorded !== undefined) core.warning(unrecorded)
  for (const slowDown of api.client.slowDowns()) core.notice(log.slowDownLine(slowDown))
  if (stoppedBy !== undefined) throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy
}
