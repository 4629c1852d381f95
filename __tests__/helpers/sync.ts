import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Emulator } from '../../emulator/server.ts'
import type { RateLimits } from '../../src/imgix/pace.ts'
import { createUploadSessions } from '../../src/imgix/session-forms.ts'
import { purgeUrl } from '../../src/inputs/urls.ts'
import type { Lane, Plan } from '../../src/plan/plan.ts'
import type { PurgeOutcome, UploadOutcome } from '../../src/sync/outcomes.ts'
import { type SyncSettings, sync } from '../../src/sync/sync.ts'
import type { Api } from '../../src/sync/upload.ts'
import { createTestClient, NO_LIMITS } from './imgix.ts'
import { purgeStep, uploadStep } from './plan.ts'
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
  lanes: readonly Lane[] = ['direct'],
): Plan {
  const root = createTree(files)
  const uploads = Object.keys(files).map((path) =>
    uploadStep(path, { absolutePath: join(root, path), bytes: statSync(join(root, path)).size, lanes }),
  )
  const purges = uploads.map(({ path }) =>
    purgeStep(purgeUrl('assets-demo.imgix.net', path), { path, afterUpload: true }),
  )
  return { uploads, purges, updates: [], skipped: [] }
}

export type Outcomes = {
  uploads: Record<string, UploadOutcome>
  purges: Record<string, PurgeOutcome>
  stoppedBy: Error | undefined
}

export async function carryOut(plan: Plan, api: Api, more: Partial<SyncSettings> = {}): Promise<Outcomes> {
  const never = new AbortController().signal
  const outcomes: Outcomes = { uploads: {}, purges: {}, stoppedBy: undefined }
  outcomes.stoppedBy = await sync(plan, api, {
    onConflict: 'overwrite',
    concurrency: 1,
    signal: never,
    grace: never,
    onProgress: () => {},
    onSessionsClosed: () => {},
    onUpdate: () => {},
    ...more,
    onUpload(outcome) {
      outcomes.uploads[outcome.step.path] = outcome
      more.onUpload?.(outcome)
    },
    onPurge(outcome) {
      outcomes.purges[outcome.step.url] = outcome
      more.onPurge?.(outcome)
    },
  })
  return outcomes
}

/** Results by path and URL. */
export function resultsOf({ uploads, purges }: Outcomes): Record<string, string> {
  const all = [...Object.entries(uploads), ...Object.entries(purges)]
  return Object.fromEntries(
    all.map(([name, { result }]) => [name.replace('https://assets-demo.imgix.net/', 'purge '), result]),
  )
}
