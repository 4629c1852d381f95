import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import * as core from '@actions/core'
import { type Cancellation, listenForCancellation } from './cancellation.ts'
import { findChangesByApi } from './changes/by-api.ts'
import { type Changes, findChanges } from './changes/changes.ts'
import { openGit } from './changes/git.ts'
import { GitError } from './changes/git-output.ts'
import { type GitHub, openGitHub } from './changes/github.ts'
import { lookAtFiles, type WorkTreeFile } from './changes/work-tree.ts'
import { guard, withoutGuarded } from './guards.ts'
import { createClient } from './imgix/client.ts'
import { createUploadSessions } from './imgix/upload-sessions.ts'
import { type Environment, InputError, type Inputs, readEnvironment, readInputs } from './inputs.ts'
import { forecastSeconds, type Plan, planRun } from './plan.ts'
import { findRefusals, noSource, PreflightError, readSource } from './preflight.ts'
import { explain } from './report/explain.ts'
import { buildReport, type RunState } from './report/json-report.ts'
import * as log from './report/log.ts'
import { createProgress } from './report/progress.ts'
import { annotate, reportPath, setOutputs, warnOfGuarded, writeReport } from './report/publish.ts'
import { formatSummary } from './report/summary.ts'
import { printable } from './report/text.ts'
import { sync } from './sync.ts'
import type { Api } from './upload.ts'

type Run = { environment: Environment; cancellation: Cancellation; state: RunState; reportFile: string }
/** What is in the work tree of the changed files, and where the repository is. */
type Found = { files: ReadonlyMap<string, WorkTreeFile>; topLevel: string }

/** Runs the action once: it never throws, and sets the exit code. */
export async function run(): Promise<void> {
  const environment = readEnvironment()
  const cancellation = listenForCancellation()
  const state: RunState = {
    ...{ dryRun: false, cancelled: false, startedAt: performance.now(), sourceId: '', domains: [] },
    ...{ uploads: new Map(), purges: new Map() },
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
  cancellation.release()
  await publish(run, { reason, error: state.cancelled ? undefined : error })
}

/** @returns why there was nothing to do, where there was nothing */
async function carryOut(run: Run, inputs: Inputs): Promise<string | undefined> {
  const { environment, state, cancellation } = run
  state.dryRun = inputs.dryRun
  state.sourceId = inputs.sourceId
  state.domains = inputs.domains
  if (environment.event.name.startsWith('pull_request') && !inputs.dryRun) {
    core.notice('this run on a pull request publishes files that are not merged; set dry-run to true to only look')
  }
  const noFiles = whyNoFiles(inputs)
  const found = noFiles === undefined ? await findFiles(run, inputs) : { files: new Map(), topLevel: '' }
  saveReport(run)
  if ((state.changes?.files.length ?? 0) + inputs.urls.length === 0) {
    return noFiles ?? (state.changes === undefined ? undefined : log.changesSentence(state.changes))
  }
  const client = createClient({
    ...{ ...inputs, userAgent: 'imgix-sync/1' },
    hide: (secret) => core.setSecret(secret),
    onLongWait: (waitMs, reason) => core.info(log.waitLine(waitMs, reason)),
  })
  const api = { client, sessions: createUploadSessions(client), sourceId: inputs.sourceId }
  try {
    const plan = await preparePlan(run, { inputs, api, found })
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
  if (!inputs.purge) return 'upload and purge are both false, so no file is looked for'
  if (inputs.domains.length > 0 || inputs.sourceId !== '') return undefined
  return 'without source-id or domains no file can be purged, so only urls are'
}

async function findFiles(run: Run, inputs: Inputs): Promise<Found> {
  const { environment, state } = run
  const { workspace } = environment
  const { changes, topLevel } = await lookForChanges(run, inputs)
  state.changes = changes
  await core.group('Changed files', async () => {
    for (const line of log.changesLines(changes)) core.info(line)
  })
  for (const line of changes.notices) core.notice(printable(line))
  for (const line of changes.warnings) core.warning(printable(line))
  if (changes.considered === 0 && !existsSync(resolve(workspace, inputs.root))) {
    throw new InputError([
      `root: '${inputs.root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`,
    ])
  }
  if (!inputs.upload) return { files: new Map(), topLevel }
  const paths = changes.files.filter(({ change }) => change !== 'deleted').map(({ path }) => path)
  return { files: await lookAtFiles(paths, { workspace, topLevel }), topLevel }
}

async function lookForChanges(
  { environment, cancellation }: Run,
  inputs: Inputs,
): Promise<{ changes: Changes; topLevel: string }> {
  const { workspace, childEnv: env, event, github: place } = environment
  const { root, githubToken: token } = inputs
  const { signal } = cancellation
  const github = token !== '' && place.repository !== '' ? openGitHub({ ...place, token, signal }) : undefined
  const credentials = { token, serverUrl: place.serverUrl }
  const onComplaint = (text: string): void => core.info(printable(text))
  const git = await openGit({ workspace, root, env, credentials, signal, onComplaint }).catch((error: unknown) => {
    if (!(error instanceof GitError) || github === undefined || event.sha === '') throw error
    core.info(printable(`${error.message}; without it, GitHub's API is asked`))
    return undefined
  })
  if (git !== undefined) return { changes: await findChanges(git, github, event, inputs), topLevel: git.topLevel }
  const changes = await findChangesByApi({ workspace, root }, github as GitHub, event, inputs)
  return { changes, topLevel: workspace }
}

async function preparePlan(
  { state, cancellation }: Run,
  { inputs, api, found }: { inputs: Inputs; api: Omit<Api, 'sourceIsKnown'>; found: Found },
): Promise<Plan> {
  const asksSource = inputs.apiKey !== '' && inputs.sourceId !== ''
  const changed = state.changes?.files ?? []
  const uploads = inputs.upload && changed.some(({ change }) => change !== 'deleted')
  const purges = inputs.purge && changed.some(({ change }) => change !== 'deleted' || inputs.deleted === 'purge')
  const needsSource = uploads || (purges && inputs.domains.length === 0)
  const source = asksSource && needsSource ? await readSource(api, cancellation.signal) : undefined
  if (source !== undefined) state.source = source
  if (inputs.domains.length === 0) state.domains = source?.domains ?? []
  const changes = state.changes ?? { files: [], rootPath: '' }
  const place = { topLevel: found.topLevel, rootPath: changes.rootPath, source, signal: cancellation.signal }
  state.plan = planRun(changes, found.files, { inputs, source })
  const plan = await applyGuards(state.plan, inputs, place)
  state.plan = plan
  await core.group(
    `Plan: ${log.planSentence(plan, forecastSeconds({ ...plan, purges: plan.purges.length }, inputs.rateLimits))}`,
    async () => {
      core.info(log.sourceLine(source, state.domains))
      for (const line of log.planLines(plan)) core.info(line)
    },
  )
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    if (inputs.dryRun && state.domains.length === 0)
      core.info('no domains are known, so the URLs to purge are not listed')
    return plan
  }
  const refusals = findRefusals(plan, source, inputs)
  if (refusals.length > 0) throw new PreflightError(refusals)
  return plan
}

/** @returns the plan, under `fail` without what must not be published */
async function applyGuards(
  plan: Plan,
  { guards, files: matches }: Inputs,
  place: Omit<Parameters<typeof guard>[1], 'matches'>,
): Promise<Plan> {
  if (guards === 'off') return plan
  const problems = await guard(plan.uploads, { ...place, matches })
  if (guards === 'fail') return withoutGuarded(plan, problems)
  warnOfGuarded(problems)
  return plan
}

async function carryOutPlan(
  { state, cancellation }: Run,
  { plan, inputs, api }: { plan: Plan; inputs: Inputs; api: Api },
): Promise<void> {
  const progress = createProgress(plan, inputs.rateLimits)
  const stopProgress = progress.start((line) => core.info(line))
  const stoppedBy = await sync(plan, api, {
    onConflict: inputs.onConflict,
    concurrency: inputs.concurrency,
    signal: cancellation.signal,
    grace: cancellation.grace,
    onProgress: progress.sent,
    onSessionsClosed: (because) => core.info(log.sessionsClosedLine(because)),
    onUpload(outcome) {
      state.uploads.set(outcome.step.path, outcome)
      progress.uploaded(outcome)
      core.info(log.uploadLine(outcome))
    },
    onPurge(outcome) {
      state.purges.set(outcome.step.url, outcome)
      progress.purged(outcome)
      core.info(log.purgeLine(outcome))
    },
  }).finally(stopProgress)
  for (const slowDown of api.client.slowDowns()) core.notice(log.slowDownLine(slowDown))
  if (stoppedBy !== undefined) throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy
}

/** Tells what happened, in every ending and everywhere; what can't be written doesn't keep the rest from being told. */
async function publish(
  { environment, state, reportFile }: Run,
  { reason, error }: { reason: string | undefined; error: unknown },
): Promise<void> {
  const report = buildReport(state)
  const failures = listFailures(error)
  annotate(report, failures)
  for (const line of failures) core.error(printable(line))
  await attempt('the report', () => writeReport(report, reportFile), 'check RUNNER_TEMP')
  await attempt('the outputs', () => setOutputs(report, reportFile))
  if (environment.hasSummary) {
    await attempt('the job summary', () => core.summary.addRaw(formatSummary(report, { reason, failures })).write())
  }
  if (reason !== undefined) core.info(printable(reason))
  core.info(log.resultSentence(report, failures.length > 0))
  core.info(`report: ${printable(reportFile)}`)
  const failure = log.failureSentence(report)
  if (report.cancelled) core.setFailed(log.resultSentence(report, false))
  else if (failure !== undefined) core.setFailed(failure)
  else if (failures.length > 0) process.exitCode = core.ExitCode.Failure
}

async function attempt(what: string, write: () => unknown, remedy = ''): Promise<void> {
  try {
    await write()
  } catch (error) {
    core.error(printable(`${what} can't be written: ${explain(error)}${remedy === '' ? '' : `; ${remedy}`}`))
    process.exitCode = core.ExitCode.Failure
  }
}

/** What ended the run before its end, a line each; what went wrong with one file is in the report. */
function listFailures(error: unknown): string[] {
  if (error === undefined) return []
  if (error instanceof InputError) return [...error.problems]
  if (error instanceof PreflightError) return [...error.refusals]
  core.debug(error instanceof Error ? String(error.stack) : '')
  return [explain(error)]
}
