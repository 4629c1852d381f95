import { setTimeout as sleep } from 'node:timers/promises'
import type { RunHistory } from './base.ts'
import type { ChangedFile } from './by-git.ts'

export type GitHubSettings = {
  readonly token: string
  /** of the REST API */
  readonly apiUrl: string
  /** `owner/name` */
  readonly repository: string
  readonly runId: number
  readonly signal: AbortSignal
  /** for one request */
  readonly timeoutMs?: number
}

/** Files as the API lists them; `cut`: it may have left some out. */
type Listed = {
  readonly files: readonly ChangedFile[]
  readonly cut: boolean
  /** full SHA of the commit that they are compared with, '' where it is not told */
  readonly base: string
}

export type GitHub = {
  /** The runs of this run's own workflow on a branch, whatever its file is called. */
  runs(branch: string): Promise<RunHistory>
  /** @returns SHA of the best common ancestor, undefined where there is none or it can't be read */
  mergeBase(base: string, head: string): Promise<string | undefined>
  /** @returns what differs between two commits, of which the API compares the second with their merge base: undefined where
   *  that is not the first and not asked for, or where it can't be read */
  compare(base: string, head: string, options: { mergeBase: boolean }): Promise<Listed | undefined>
  /** @returns the files of a pull request, against its merge base; undefined where they can't be read */
  pullRequest(number: number): Promise<Listed | undefined>
}

// The API's own bounds, read 2026-11 at docs.github.com/rest (compare two commits; list pull requests files)
const COMPARE_MAX_FILES = 300
const PULL_REQUEST_MAX_FILES = 3000
const PAGE = 100
const ATTEMPTS = 3
/** Events whose runs look at a proposal, or at a commit that GitHub does not note: nothing that a branch could start from. */
const PROPOSALS = ['pull_request', 'pull_request_target', 'merge_group', 'workflow_run']
/** Conclusions of runs of which no job started. */
const NEVER_RAN = ['skipped', 'startup_failure', 'action_required']

type Octokit = ReturnType<typeof import('@actions/github').getOctokit>
type Run = Awaited<ReturnType<Octokit['rest']['actions']['listWorkflowRuns']>>['data']['workflow_runs'][number]
type ApiFile = { filename: string; status: string; previous_filename?: string }

/** Asks GitHub's API for what git can't tell. */
export function openGitHub({ token, apiUrl, repository, runId, signal, timeoutMs = 20_000 }: GitHubSettings): GitHub {
  const [owner = '', repo = ''] = repository.split('/')
  const place = { owner, repo }

  async function connect(): Promise<Octokit> {
    // loaded when it is asked for: a run that needs no API starts without it
    const { getOctokit } = await import(/* webpackChunkName: "octokit" */ '@actions/github')
    const octokit = getOctokit(token, { baseUrl: apiUrl })
    octokit.hook.before('request', (options) => {
      options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    })
    return octokit
  }

  async function readRuns(branch: string): Promise<RunHistory> {
    const octokit = await connect()
    const { data: own } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id: runId })
    const list = { ...place, workflow_id: own.workflow_id, branch, per_page: PAGE }
    const counts = (run: Run): boolean => isPublication(run, branch, repository) && run.id !== runId
    const succeeded = (run: Run): boolean => counts(run) && run.conclusion === 'success'
    let laterSuccess: Run | undefined
    let last: Run | undefined
    for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, {
      ...list,
      status: 'success',
    })) {
      const runs = data.filter(succeeded)
      laterSuccess ??= runs.find(({ run_number }) => run_number > own.run_number)
      const earlier = runs.filter(({ run_number }) => run_number < own.run_number)
      if (earlier.length === 0) continue
      last = earlier.reduce((a, b) => (a.run_number > b.run_number ? a : b))
      break
    }
    // a commit that came and went in between is in neither end, but its files may be at the Source
    const since = last?.run_number ?? 0
    // so may those of an older run that went on, or was run again, while or after the last successful one
    const lastStarted = last?.run_started_at ?? last?.created_at ?? ''
    const wentOn = (run: Run): boolean => run.run_number < since && run.updated_at > lastStarted
    const left: Run[] = []
    for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, list)) {
      const runs = data.filter(counts)
      left.push(...runs.filter((run) => (run.run_number > since && run.run_number < own.run_number) || wentOn(run)))
      if (runs.some(({ run_number }) => run_number <= since)) break
    }
    return {
      known: true,
      lastSuccess: last === undefined ? undefined : { sha: last.head_sha, runNumber: last.run_number },
      laterSuccess: laterSuccess === undefined ? undefined : { runNumber: laterSuccess.run_number },
      onlyFailures: last === undefined && left.length > 0,
      leftovers: left.filter(({ conclusion }) => !NEVER_RAN.includes(conclusion ?? '')).map(({ head_sha }) => head_sha),
    }
  }

  async function compare(base: string, head: string) {
    const octokit = await connect()
    const basehead = `${base}...${head}`
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead, per_page: PAGE })
    return data
  }

  async function pullRequest(number: number): Promise<Listed> {
    const octokit = await connect()
    const files: ApiFile[] = await octokit.paginate(octokit.rest.pulls.listFiles, {
      ...place,
      pull_number: number,
      per_page: PAGE,
    })
    return { files: files.flatMap(toChangedFiles), cut: files.length >= PULL_REQUEST_MAX_FILES, base: '' }
  }

  return {
    async runs(branch) {
      if (!Number.isInteger(runId)) return { known: false, cause: 'no-token', why: 'GITHUB_RUN_ID is not set' }
      try {
        return await persist(() => readRuns(branch), signal)
      } catch (error) {
        signal.throwIfAborted()
        if (statusOf(error) === 401)
          return { known: false, cause: 'forbidden', why: 'github-token is not accepted (401)' }
        if (isForbidden(error)) return { known: false, cause: 'forbidden', why: 'the token may not read workflow runs' }
        return { known: false, cause: 'no-answer', why: `GitHub's API does not answer (${reasonOf(error)})` }
      }
    },
    mergeBase: (base, head) => orNothing(async () => (await compare(base, head)).merge_base_commit.sha, signal),
    compare: (base, head, { mergeBase }) =>
      orNothing(async () => {
        const { status, files, merge_base_commit: from } = await compare(base, head)
        const isAncestor = status === 'ahead' || status === 'identical'
        // without a list, nothing says that nothing changed
        if (files === undefined || (!isAncestor && !mergeBase)) return undefined
        return { files: files.flatMap(toChangedFiles), cut: files.length >= COMPARE_MAX_FILES, base: from.sha }
      }, signal),
    pullRequest: (number) => orNothing(() => pullRequest(number), signal),
  }
}

/** A fork's branch may have the same name, and the API's filter by branch does not look at whose it is. */
function isPublication(run: Run, branch: string, repository: string): boolean {
  const isOwn = run.head_repository == null || run.head_repository.full_name === repository
  return isOwn && run.head_branch === branch && !PROPOSALS.includes(run.event)
}

/** A rename is a delete and an add, as it is for git here. */
function toChangedFiles({ filename, status, previous_filename: previous }: ApiFile): ChangedFile[] {
  if (status === 'removed') return [{ path: filename, change: 'deleted' }]
  if (status === 'unchanged') return []
  if (status === 'added' || status === 'copied') return [{ path: filename, change: 'added' }]
  if (status !== 'renamed' || previous === undefined) return [{ path: filename, change: 'modified' }]
  return [
    { path: previous, change: 'deleted' },
    { path: filename, change: 'added' },
  ]
}

async function orNothing<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await persist(ask, signal)
  } catch {
    signal.throwIfAborted()
    return undefined // the ladder goes on to its next step, and says so
  }
}

async function persist<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const status = statusOf(error)
      if (signal.aborted || attempt === ATTEMPTS || (status !== undefined && status < 500 && status !== 429))
        throw error
      await sleep(500 * 2 ** attempt, undefined, { signal })
    }
  }
}

/** 403 for want of a permission, not for too many requests; 404 is how GitHub hides what a token may not see. */
function isForbidden(error: unknown): boolean {
  const status = statusOf(error)
  const headers = (error as { response?: { headers?: Record<string, string> } }).response?.headers ?? {}
  const isLimited = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
  return status === 404 || (status === 403 && !isLimited)
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown }).status
  const hasAnswer = (error as { response?: unknown }).response !== undefined
  return typeof status === 'number' && hasAnswer ? status : undefined
}

type Chain = { name?: string; code?: unknown; cause?: Chain }

function reasonOf(error: unknown): string {
  const status = statusOf(error)
  if (status !== undefined) return String(status)
  for (let cause = error as Chain | undefined; cause != null; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'timed out'
    if (typeof cause.code === 'string') return cause.code
  }
  return 'no answer'
}
