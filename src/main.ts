import * as core from '@actions/core'
import { type Cancellation, listenForCancellation } from './cancellation.ts'
import { rootExists, type Selection, selectFiles } from './changes/select.ts'
import { compareWithSource } from './compare.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { forecastSeconds } from './forecast.ts'
import { guard, withoutGuarded } from './guards.ts'
import { createClient } from './imgix/client.ts'
import { createUploadSessions } from './imgix/session-forms.ts'
import { InputError } from './input-reader.ts'
import { type Inputs, readInputs } from './inputs.ts'
import type { Inventory } from './inventory.ts'
import { loadMetadata, type MetadataFile } from './load-metadata.ts'
import { idlePatterns } from './metadata.ts'
import { type Plan, planRun } from './plan.ts'
import { findRefusals, noSource, PreflightError, readSource } from './preflight.ts'
import * as assetsLog from './report/assets-log.ts'
import { tellEnding } from './report/ending.ts'
import { explain } from './report/explain.ts'
import { buildReport, purgeKey, type RunState } from './report/json-report.ts'
import * as log from './report/log.ts'
import { createProgress, seldom } from './report/progress.ts'
import { reportPath, warnOfGuarded, writeReport } from './report/publish.ts'
import { printable } from './report/text.ts'
import { purgedAgainLine, roundLine } from './report/verdicts.ts'
import { startVerification } from './start-verification.ts'
import { sync } from './sync.ts'
import type { Api } from './upload.ts'
import type { Verification } from './verify.ts'

type Run = { environment: Environment; cancellation: Cancellation; state: RunState; reportFile: string }

/** Runs the action once: it never throws, and sets the exit code. */
export async function run(): Promise<void> {
  const environment = readEnvironment()
  const cancellation = listenForCancellation()
  const state: RunState = {
    ...{ dryRun: false, cancelled: false, startedAt: performance.now(), sourceId: '', domains: [] },
    ...{ mode: 'changed', uploads: new Map(), purges: new Map(), updates: new Map(), assets: [] },
    ...{ verify: 'off', verdicts: new Map() },
  }
  const run: Run = { environment, cancellation, state, reportFile: reportPath(environment.tempDir) }
  let reason: string | undefined
  let error: unknown
  try {
    reason = await carryOut(run, readInputs(environment.workspace))
  } catch (cause) {
    error = cause
  }
  state.cancelled = cancellation.signal.aborted
  const { hasSummary } = environment
  await tellEnding(state, {
    reportFile: run.reportFile,
    hasSummary,
    reason,
    error: state.cancelled ? undefined : error,
  })
  cancellation.release() // a signal that comes while the ending is written does not keep it from being told
}

/** @returns why there was nothing to do, where there was nothing */
async function carryOut(run: Run, inputs: Inputs): Promise<string | undefined> {
  const { environment, state, cancellation } = run
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
    hide: (secret) => core.setSecret(secret),
    onLongWait: (waitMs, reason) => core.info(log.waitLine(waitMs, reason)),
  })
  const api = { client, sessions: createUploadSessions(client), sourceId: inputs.sourceId }
  try {
    const plan = await preparePlan(run, { inputs, api, selection, metadata })
    saveReport(run)
    if (inputs.dryRun) return noFiles
    await carryOutPlan(run, { plan, inputs, api: { ...api, sourceIsKnown: state.source !== undefined } })
    cancellation.signal.throwIfAborted()
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
  const { environment, state, cancellation } = run
  const tell = (text: string): void => core.info(printable(text))
  const selection = await selectFiles(environment, inputs, { metadata, signal: cancellation.signal, tell })
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

type Prepared = {
  inputs: Inputs
  api: Omit<Api, 'sourceIsKnown'>
  selection: Selection | undefined
  metadata: MetadataFile | undefined
}

async function preparePlan(run: Run, { inputs, api, selection, metadata }: Prepared): Promise<Plan> {
  const { state, cancellation } = run
  const asksSource = inputs.apiKey !== '' && inputs.sourceId !== ''
  const changed = selection?.changes.files ?? []
  const uploads = inputs.upload && changed.some(({ change }) => change !== 'deleted')
  const purges = inputs.purge && changed.some(({ change }) => change !== 'deleted' || inputs.deleted === 'purge')
  // without the Source nobody knows whether its URLs are signed
  const looks = inputs.verify !== 'off' && (purges || inputs.urls.length > 0)
  const needsSource = uploads || (purges && inputs.domains.length === 0) || looks
  const source = asksSource && needsSource ? await readSource(api, cancellation.signal) : undefined
  if (source !== undefined) state.source = source
  if (source?.signing?.token !== undefined) core.setSecret(source.signing.token)
  if (inputs.domains.length === 0) state.domains = source?.domains ?? []
  const inventory = selection === undefined ? undefined : await compare(run, { inputs, api, selection, metadata })
  const known = { inputs, source, inventory, metadata: metadata?.rules, touched: selection?.touched ?? [] }
  state.plan = planRun(selection?.changes ?? { files: [], rootPath: '' }, selection?.files ?? new Map(), known)
  const plan = selection === undefined ? state.plan : await applyGuards(run, state.plan, { inputs, selection })
  state.plan = plan
  const seconds = forecastSeconds(
    { ...plan, updates: plan.updates.length, purges: plan.purges.length },
    inputs.rateLimits,
  )
  await core.group(`Plan: ${log.planSentence(plan, seconds)}`, async () => {
    core.info(log.sourceLine(source, state.domains))
    for (const line of log.planLines(plan)) core.info(line)
  })
  if (metadata !== undefined && selection !== undefined) tellIdlePatterns(metadata, selection, inputs)
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    if (inputs.dryRun && state.domains.length === 0)
      core.info('no domains are known, so the URLs to purge are not listed')
    return plan
  }
  const refusals = findRefusals(plan, source, inputs)
  if (refusals.length > 0) throw new PreflightError(refusals)
  return plan
}

/** Only where every file is known. */
function tellIdlePatterns({ rules }: MetadataFile, { changes }: Selection, { mode, shard }: Inputs): void {
  if (mode !== 'all' || shard.count > 1) return
  const idle = idlePatterns(
    rules,
    changes.files.map(({ path }) => path.slice(changes.rootPath.length)),
  )
  if (idle.length > 0) core.info(assetsLog.idlePatternsLine(idle))
}

/** @returns the plan, under `fail` without what must not be published */
async function applyGuards(
  { state, cancellation }: Run,
  plan: Plan,
  { inputs, selection }: Pick<Prepared, 'inputs'> & { selection: Selection },
): Promise<Plan> {
  if (inputs.guards === 'off') return plan
  const { topLevel, changes } = selection
  const place = { topLevel, rootPath: changes.rootPath, matches: inputs.files, source: state.source }
  const problems = await guard(plan.uploads, { ...place, signal: cancellation.signal })
  if (inputs.guards === 'fail') return withoutGuarded(plan, problems)
  warnOfGuarded(problems)
  return plan
}

/** @returns undefined where nothing is compared, or the key may not list assets */
async function compare(
  { state, cancellation }: Run,
  { inputs, api, selection, metadata }: Prepared & { selection: Selection },
): Promise<Inventory | undefined> {
  if (inputs.mode !== 'all' || !inputs.upload) return undefined
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    core.info('without api-key and source-id nothing is compared with the Source, so every file is taken')
    return undefined
  }
  const { signal } = cancellation
  const onListed = seldom((assets: number) => core.info(`${assets} of the Source's assets listed so far`))
  const found = await compareWithSource(api, selection, {
    ...{ inputs, withAttributes: metadata !== undefined, signal, onListed },
  })
  if ('because' in found) {
    const sentence = assetsLog.unlistedSentence(found)
    if (inputs.onUnknownBase === 'fail' && !inputs.force) throw new PreflightError([`on-unknown-base: ${sentence}`])
    core.notice(`every file is taken, as ${sentence}`)
    return undefined
  }
  await core.group(assetsLog.inventorySentence(found), async () => {
    for (const line of assetsLog.inventoryLines(found)) core.info(line)
  })
  state.onlyAtSource = found.onlyAtSource
  return found
}

type Execution = { plan: Plan; inputs: Inputs; api: Api }

async function carryOutPlan(run: Run, { plan, inputs, api }: Execution): Promise<void> {
  const { state, cancellation, environment } = run
  if (inputs.verify !== 'off' && !inputs.purge && inputs.urls.length === 0) {
    core.notice('verify: as purge is false, nothing is purged, and only what was purged is looked at')
  }
  const verification = startVerification(plan, {
    ...{ inputs, source: state.source, api, signal: cancellation.signal },
    ...{ environment, base: state.changes?.base ?? '' },
    onRound: (left, all, waitMs) => core.info(roundLine(left, all, waitMs)),
    onPurgeAgain: (url, error) => core.info(purgedAgainLine(url, error)),
  })
  try {
    await syncPlan(run, { plan, inputs, api, verification })
    saveReport(run)
    cancellation.signal.throwIfAborted()
    await verification?.carryOut()
    state.verdicts = verification?.verdicts ?? state.verdicts
  } finally {
    verification?.close()
  }
}

async function syncPlan(
  { state, cancellation }: Run,
  { plan, inputs, api, verification }: Execution & { verification: Verification | undefined },
): Promise<void> {
  const videos = log.videosLine(plan)
  if (videos !== undefined) core.notice(videos)
  const progress = createProgress(plan, inputs.rateLimits)
  const stopProgress = progress.start((line) => core.info(line))
  const stoppedBy = await sync(plan, api, {
    onConflict: inputs.onConflict,
    concurrency: inputs.concurrency,
    signal: cancellation.signal,
    grace: cancellation.grace,
    onProgress: progress.sent,
    before: verification?.before,
    onSessionsClosed: (because) => core.info(log.sessionsClosedLine(because)),
    onRecordsUnknown: (because) => core.info(assetsLog.unknownRecordsLine(because)),
    onUpload(outcome) {
      state.uploads.set(outcome.step.path, outcome)
      progress.uploaded(outcome)
      core.info(log.uploadLine(outcome))
    },
    onPurge(outcome) {
      state.purges.set(purgeKey(outcome.step), outcome)
      progress.purged(outcome)
      verification?.purged(outcome)
      core.info(log.purgeLine(outcome))
    },
    onUpdate(outcome) {
      state.updates.set(outcome.step.path, outcome)
      progress.updated(outcome)
      const line = assetsLog.updateLine(outcome)
      if (line !== undefined) core.info(line)
    },
    onAsset(outcome) {
      state.assets.push(outcome)
      progress.asked(outcome)
      verification?.refreshed(outcome)
      core.info(assetsLog.assetLine(outcome))
    },
  }).finally(stopProgress)
  const unrecorded = assetsLog.unrecordedSentence([...state.updates.values()])
  if (unrecorded !== undefined) core.warning(unrecorded)
  for (const slowDown of api.client.slowDowns()) core.notice(log.slowDownLine(slowDown))
  if (stoppedBy !== undefined) throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy
}
