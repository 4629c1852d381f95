import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import * as core from '@actions/core'
import type { Event } from '../select/base.ts'

/** What the runner tells beside the inputs. */
export type Environment = {
  readonly workspace: string
  readonly event: Event
  /** where this run is in GitHub */
  readonly github: { apiUrl: string; serverUrl: string; repository: string; runId: number }
  /** of a run that was started again, from 2 */
  readonly attempt: number
  readonly tempDir: string
  readonly hasSummary: boolean
  /** for child processes: the environment without the inputs, so that no other program gets the key */
  readonly childEnv: Readonly<Record<string, string | undefined>>
}

/** Reads the runner's environment. It never fails for an event that can't be read: that is an event without a base. */
export function readEnvironment(): Environment {
  const env = process.env
  return {
    workspace: resolve(env.GITHUB_WORKSPACE || process.cwd()),
    event: {
      name: env.GITHUB_EVENT_NAME ?? '',
      payload: readPayload(env.GITHUB_EVENT_PATH),
      ref: env.GITHUB_REF ?? '',
      sha: env.GITHUB_SHA ?? '',
    },
    github: {
      apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
      serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
      repository: env.GITHUB_REPOSITORY ?? '',
      runId: Number(env.GITHUB_RUN_ID),
    },
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    tempDir: env.RUNNER_TEMP || tmpdir(),
    hasSummary: Boolean(env.GITHUB_STEP_SUMMARY),
    childEnv: Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('INPUT_'))),
  }
}

function readPayload(path: string | undefined): unknown {
  if (!path) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    core.warning(`GITHUB_EVENT_PATH holds no readable event (${error instanceof Error ? error.name : 'unknown'})`)
    return {}
  }
}
