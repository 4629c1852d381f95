import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangedFile } from './by-git.ts'
import { AnswerError, boundFetch } from './github-fetch.ts'
import { findLastSuccess, type RunHistory, reachesBack, readHistory, type WorkflowRun } from './runs.ts'

export type GitHubSettings = {
  readonly token: string
  /** of the REST API */
  readonly apiUrl: string
  /** `owner/name` */
  readonly repository: string
  readonly runId: number
  readonly signal: AbortSignal
  /** of one request */
  readonly timeoutMs?: number
}

type ListedFiles = {
  readonly files: readonly ChangedFile[]
  /** the list is as long as the API allows, so files may be missing */
  readonly cut: boolean
  /** full SHA of the commit that the files are compared with; '' where the API does not give it */
  readonly base: string
}

export type GitHub = {
  /** @returns the runs of this run's workflow on a branch */
  runs(branch: string): Promise<RunHistory>
  /** @returns SHA of the merge base; undefined where there is none, or the API does not give it */
  mergeBase(base: string, head: string): Promise<string | undefined>
  /** The API compares the head with the merge base.
   *  @param options with `mergeBase: false`, the base has to be an ancestor of the head
   *  @returns undefined where the API does not give the comparison */
  compare(base: string, head: string, options: { mergeBase: boolean }): Promise<ListedFiles | undefined>
  /** @returns the files of a pull request, compared with its merge base; undefined where the API does not give them */
  pullRequest(number: number): Promise<ListedFiles | undefined>
}

// Limits of the API: docs.github.com/rest (compare two commits; list pull requests files), read 2026-11
const COMPARE_MAX_FILES = 300
const PULL_REQUEST_MAX_FILES = 3000
const PAGE = 100
const ATTEMPTS = 3
// Two lists of 1,000 runs, the limit of a filtered one (docs.github.com/rest, read 2026-11), or 3,000 files need fewer.
const REQUESTS_MAX = 50

type Octokit = ReturnType<typeof import('@actions/github').getOctokit>
type ApiRun = Awaited<ReturnType<Octokit['rest']['actions']['listWorkflowRuns']>>['data']['workflow_runs'][number]
type ApiFile = { filename: string; status: string; previous_filename?: string }

/** Reads workflow runs and changed files from GitHub's API. */
export function openGitHub({ token, apiUrl, repository, runId, signal, timeoutMs = 20_000 }: GitHubSettings): GitHub {
  const [owner = '', repo = ''] = repository.split('/')
  const place = { owner, repo }

  async function connect(): Promise<Octokit> {
    // loaded late: a run that needs no API starts faster without it
    const { getOctokit } = await import(/* webpackChunkName: "octokit" */ '@actions/github')
    const octokit = getOctokit(token, { baseUrl: apiUrl })
    const { fetch: send } = octokit.request.endpoint.DEFAULTS.request as { fetch: typeof fetch } // knows the proxies
    const bounded = boundFetch(send, apiUrl)
    let requests = 0
    octokit.hook.before('request', (options) => {
      requests += 1
      if (requests > REQUESTS_MAX) throw new AnswerError('a list of pages that does not end')
      options.request.fetch = bounded
      options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    })
    return octokit
  }

  async function readRuns(branch: string): Promise<RunHistory> {
    const octokit = await connect()
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id: runId })
    const own = { id: runId, number: data.run_number, branch, repository }
    const list = { ...place, workflow_id: data.workflow_id, branch, per_page: PAGE }
    const successes = await readPages(
      octokit,
      { ...list, status: 'success' },
      (page) => findLastSuccess(page, own) !== undefined,
    )
    const lastSuccess = findLastSuccess(successes, own)
    const all = await readPages(octokit, list, (page) => reachesBack(page, own, lastSuccess))
    return readHistory(successes, all, own)
  }

  async function compare(base: string, head: string) {
    const octokit = await connect()
    const basehead = `${base}...${head}`
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead, per_page: PAGE })
    return data
  }

  async function pullRequest(number: number): Promise<ListedFiles> {
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
        return await retry(() => readRuns(branch), signal)
      } catch (error) {
        signal.throwIfAborted()
        if (statusOf(error) === 401)
          return { known: false, cause: 'forbidden', why: 'github-token is not accepted (401)' }
        if (isForbidden(error)) return { known: false, cause: 'forbidden', why: 'the token may not read workflow runs' }
        return { known: false, cause: 'no-answer', why: `GitHub's API does not answer (${reasonOf(error)})` }
      }
    },
    mergeBase: (base, head) => orUndefined(async () => (await compare(base, head)).merge_base_commit.sha, signal),
    compare: (base, head, { mergeBase }) =>
      orUndefined(async () => {
        const { status, files, merge_base_commit: from } = await compare(base, head)
        const isAncestor = status === 'ahead' || status === 'identical'
        // a missing list does not mean that nothing changed
        if (files === undefined || (!isAncestor && !mergeBase)) return undefined
        return { files: files.flatMap(toChangedFiles), cut: files.length >= COMPARE_MAX_FILES, base: from.sha }
      }, signal),
    pullRequest: (number) => orUndefined(() => pullRequest(number), signal),
  }
}

type RunsQuery = NonNullable<Parameters<Octokit['rest']['actions']['listWorkflowRuns']>[0]>

/** @param isLast whether no further page is needed */
async function readPages(
  octokit: Octokit,
  query: RunsQuery,
  isLast: (page: readonly WorkflowRun[]) => boolean,
): Promise<WorkflowRun[]> {
  const runs: WorkflowRun[] = []
  for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, query)) {
    const page = data.map(toWorkflowRun)
    runs.push(...page)
    if (isLast(page)) break
  }
  return runs
}

function toWorkflowRun(run: ApiRun): WorkflowRun {
  return {
    id: run.id,
    number: run.run_number,
    sha: run.head_sha,
    branch: run.head_branch,
    repository: run.head_repository?.full_name,
    event: run.event,
    conclusion: run.conclusion,
    startedAt: run.run_started_at ?? run.created_at,
    updatedAt: run.updated_at,
  }
}

/** A rename is a deleted and an added file, as in git.ts. */
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

async function orUndefined<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await retry(ask, signal)
  } catch {
    signal.throwIfAborted()
    return undefined // resolveBase tries the next candidate, and says so
  }
}

async function retry<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const status = statusOf(error)
      const isFinal = refusalOf(error) !== undefined || (status !== undefined && status < 500 && status !== 429)
      if (signal.aborted || attempt === ATTEMPTS || isFinal) throw error
      await sleep(500 * 2 ** attempt, undefined, { signal })
    }
  }
}

/** A 403 can also mean too many requests. GitHub answers 404 for a repository that the token may not see. */
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

function refusalOf(error: unknown): AnswerError | undefined {
  const { cause } = error as { cause?: unknown }
  return [error, cause].find((each) => each instanceof AnswerError)
}

type Chain = { name?: string; code?: unknown; cause?: Chain }

function reasonOf(error: unknown): string {
  const status = statusOf(error)
  if (status !== undefined) return String(status)
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refusal.message
  for (let cause = error as Chain | undefined; cause != null; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'timed out'
    if (typeof cause.code === 'string') return cause.code
  }
  return 'no answer'
}
