import { readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { JsonLimitError, parseJson } from '../imgix/http/json.ts'
import * as core from './core.ts'

/** A base that the run can compare with, if the commit is available. */
export type BaseCandidate = {
  readonly strategy: 'input' | 'last-success' | 'event' | 'merge-base'
  /** a commit, or for `input` any ref that git can resolve */
  readonly ref: string
  /** compare with the merge base of this commit and the head, instead of the commit itself */
  readonly mergeBase: boolean
  readonly reason: string
}

/** What a CI system other than GitHub tells of the commit to compare with. */
export type Told = {
  /** best first */
  readonly candidates: readonly BaseCandidate[]
  /** the strategies that give no candidate, each with the reason */
  readonly skipped: readonly string[]
  /** commits of runs without success: they may have published files in other versions */
  readonly unfinishedRuns: readonly string[]
  readonly notices: readonly string[]
}

/** The event that triggered the workflow. */
export type WorkflowEvent = {
  readonly name: string
  /** untrusted: any JSON value */
  readonly payload: unknown
  /** `refs/heads/…`, `refs/tags/…`, `refs/pull/…` */
  readonly ref: string
  /** the commit that the event is about */
  readonly sha: string
  /** undefined on GitHub */
  readonly told?: Told
}

/** @returns whether an event is about a pull request that is not merged */
export function isUnmerged({ name, payload }: WorkflowEvent): boolean {
  const { pull_request: pullRequest } = Object(payload) as { pull_request?: { merged?: unknown } | null }
  return name.startsWith('pull_request') && pullRequest?.merged !== true
}

/** The runner's settings, apart from the inputs. */
export type Environment = Readonly<ReturnType<typeof readEnvironment>>

/** Reads the runner's environment. An event that can't be read becomes an event without a base, and a warning. */
export function readEnvironment() {
  const env = process.env
  const event: WorkflowEvent = {
    name: env.GITHUB_EVENT_NAME ?? '',
    payload: readPayload(env.GITHUB_EVENT_PATH),
    ref: env.GITHUB_REF ?? '',
    sha: env.GITHUB_SHA ?? '',
  }
  return {
    workspace: resolve(env.GITHUB_WORKSPACE || process.cwd()),
    event,
    github: {
      apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
      serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
      repository: env.GITHUB_REPOSITORY ?? '',
      runId: Number(env.GITHUB_RUN_ID),
      /** file name of the workflow; undefined for a workflow of another repository */
      workflow: readWorkflow(env.GITHUB_WORKFLOW_REF, env.GITHUB_REPOSITORY),
    },
    /** 1 for the first attempt of a run, 2 for its first re-run */
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    tempDir: env.RUNNER_TEMP || tmpdir(),
    /** for child processes: the environment without the inputs, so that no other program gets the key */
    childEnv: Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('INPUT_'))),
  }
}

/** @param ref such as `owner/name/.github/workflows/imgix.yml@refs/heads/main` */
function readWorkflow(ref = '', repository = ''): string | undefined {
  const [owner, name, ...path] = (ref.split('@')[0] ?? '').split('/')
  const file = /^\.github\/workflows\/([^/]+)$/.exec(path.join('/'))?.[1]
  return `${owner}/${name}` === repository ? file : undefined
}

/** GitHub's own limit is 25 MB (docs.github.com/webhooks, read 2026-11), and the file has white space in it. */
const PAYLOAD_MAX_BYTES = 50_000_000

function readPayload(path: string | undefined): unknown {
  if (!path) return {}
  try {
    if (statSync(path).size > PAYLOAD_MAX_BYTES) throw new JsonLimitError('too large')
    return parseJson(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    core.warning(`GITHUB_EVENT_PATH holds no readable event (${why}); the run goes on without it: run the job again`)
    return {}
  }
}
