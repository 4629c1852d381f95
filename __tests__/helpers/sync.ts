import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Emulator } from '../../emulator/server.ts'
import type { Outcome, Plan, RecordStep, Route, RunEvent, UpdateStep, UploadStep } from '../../src/events.ts'
import type { RateLimits } from '../../src/imgix/pace.ts'
import { createUploadSessions } from '../../src/imgix/session-forms.ts'
import { purgeUrl } from '../../src/inputs/urls.ts'
import { type SyncSettings, sync } from '../../src/sync/sync.ts'
import type { Api } from '../../src/sync/upload.ts'
import { createTestClient, NO_LIMITS } from './imgix.ts'
import { filePlan, planWith, purgeStep, uploadStep } from './plan.ts'
import { createTree } from './tree.ts'

export function apiOf(
  { apiUrl, apiKey, sourceId }: Emulator,
  {
    maxAttempts = 1,
    sourceIsKnown = true,
    limits = {},
  }: { maxAttempts?: number; sourceIsKnown?: boolean; limits?: Partial<RateLimits> } = {},
): Api & { hidden: string[] } {
  const client = createTestClient({ apiUrl, apiKey, maxAttempts, rateLimits: { ...NO_LIMITS, ...limits } })
  return { client, sessions: createUploadSessions(client), sourceId, sourceIsKnown, hidden: client.hidden }
}

/** A plan to upload files, by content, each with one purge after it. */
export function uploadPlan(
  files: Readonly<Record<string, string | Buffer>>,
  routes: readonly Route[] = ['direct', 'session'],
): Plan {
  const root = createTree(files)
  return planWith({
    files: Object.keys(files).map((path) =>
      filePlan(uploadStep(path, { absolutePath: join(root, path), bytes: statSync(join(root, path)).size, routes }), {
        purges: [purgeStep(purgeUrl('assets-demo.imgix.net', path), { path })],
      }),
    ),
  })
}

/** The same plan with other uploads. */
export function withUploads(plan: Plan, change: (step: UploadStep) => UploadStep): Plan {
  return { ...plan, files: plan.files.map((file) => ({ ...file, upload: change(file.upload) })) }
}

export type Outcomes = {
  /** by path */
  uploads: Record<string, Outcome>
  /** by URL */
  purges: Record<string, Outcome>
  /** of assets, in the order that they came */
  updates: Outcome<UpdateStep | RecordStep>[]
  /** all but the outcomes */
  events: RunEvent[]
  stoppedBy: Error | undefined
}

export async function carryOut(plan: Plan, api: Api, { emit, ...more }: Partial<SyncSettings> = {}): Promise<Outcomes> {
  const never = new AbortController().signal
  const outcomes: Outcomes = { uploads: {}, purges: {}, updates: [], events: [], stoppedBy: undefined }
  outcomes.stoppedBy = await sync(plan, api, {
    conflictPolicy: 'overwrite',
    concurrency: 1,
    stop: { soft: never, hard: never },
    ...more,
    emit(event) {
      if (event.kind === 'ended') note(event.outcome, outcomes)
      else outcomes.events.push(event)
      emit?.(event)
    },
  })
  return outcomes
}

function note(outcome: Outcome, { uploads, purges, updates }: Outcomes): void {
  const { step } = outcome
  if (step.kind === 'upload') uploads[step.path] = outcome
  else if (step.kind === 'purge') purges[step.url] = outcome
  else if (step.kind !== 'call') updates.push({ ...outcome, step })
}

/** Results by path and URL. */
export function resultsOf({ uploads, purges }: Outcomes): Record<string, string> {
  const all = [...Object.entries(uploads), ...Object.entries(purges)]
  return Object.fromEntries(
    all.map(([name, { result }]) => [name.replace('https://assets-demo.imgix.net/', 'purge '), result]),
  )
}

export function errorOf(outcome: Outcome | undefined): Error | undefined {
  return outcome?.result === 'failed' ? outcome.error : undefined
}

/** Cancels a sync when the first upload has ended. */
export function cancelAfterUpload(): { cancel: AbortController; emit: (event: RunEvent) => void } {
  const cancel = new AbortController()
  const emit = (event: RunEvent): void => {
    if (event.kind === 'ended' && event.outcome.step.kind === 'upload') cancel.abort(new Error('the run was cancelled'))
  }
  return { cancel, emit }
}
