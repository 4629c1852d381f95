import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangedFile } from '../events.ts'
import { AnswerError, explain, retry } from './github-errors.ts'
import { readRunLists, readRuns, readStart } from './github-runs.ts'
import type { Octokit } from './octokit.ts'
import type { RunHistory, WorkflowRun } from './runs.ts'

export type GitHubSettings = {
  readonly token: string
  /** the URL of the REST API */
  readonly apiUrl: string
  /** `owner/name` */
  readonly repository: string
  readonly runId: number
  /** file name of this run's workflow, if it is known */
  readonly workflow?: string | undefined
  readonly signal: AbortSignal
  /** the proxy that leads to a URL, with its credentials; undefined where none does */
  readonly proxyFor?: (url: URL) => URL | undefined
  /** the time limit of one request */
  readonly timeoutMs?: number
  /** waits before a request is sent again; a test's own clock */
  readonly pause?: (ms: number) => Promise<unknown>
}

export type ListedFiles = {
  readonly files: readonly ChangedFile[]
  /** the list is as long as the API allows, so files may be missing */
  readonly cut: boolean
  /** full SHA of the commit that the files are compared with; '' where the API does not give it */
  readonly base: string
}

export type GitHub = ReturnType<typeof openGitHub>

// Limits of the API: docs.github.com/rest (compare two commits; list pull requests files), read 2026-11
const COMPARE_MAX_FILES = 300
const PULL_REQUEST_MAX_FILES = 3000
const PAGE = 100
// Two lists of 1,000 runs, or 3,000 files, need fewer.
const REQUESTS_MAX = 50

type ApiFile = { filename: string; status: string; previous_filename?: string }

/** Reads workflow runs and changed files from GitHub's API. */
export function openGitHub({
  token,
  apiUrl,
  repository,
  runId,
  workflow,
  signal,
  proxyFor = () => undefined,
  timeoutMs = 20_000,
  pause = (ms) => sleep(ms, undefined, { signal }),
}: GitHubSettings) {
  const [owner = '', repo = ''] = repository.split('/')
  const place = { owner, repo }
  let create: (() => Octokit) | undefined

  async function connect(): Promise<Octokit> {
    // loaded late: a run that needs no API starts faster without it
    const { octokits } = await import(/* webpackChunkName: "octokit" */ './octokit.ts')
    create ??= octokits(token, { apiUrl, signal, timeoutMs, proxyFor })
    const octokit = create()
    let requests = 0
    octokit.hook.before('request', (options) => {
      requests += 1
      if (requests > REQUESTS_MAX) throw new AnswerError('a list of pages that does not end')
      options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    })
    return octokit
  }

  async function compare(base: string, head: string) {
    const octokit = await connect()
    const basehead = `${base}...${head}`
    const query = { ...place, basehead, per_page: PAGE }
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', query)
    return data
  }

  async function pullRequest(number: number): Promise<ListedFiles> {
    const octokit = await connect()
    const query = { ...place, pull_number: number, per_page: PAGE }
    const files: ApiFile[] = await octokit.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', query)
    return { files: files.flatMap(toChangedFiles), cut: files.length >= PULL_REQUEST_MAX_FILES, base: '' }
  }

  async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await retry(ask, signal, pause)
    } catch {
      signal.throwIfAborted()
      return undefined // the next candidate is tried, and the log says so
    }
  }

  async function findRuns(branch: string): Promise<RunHistory> {
    if (!Number.isInteger(runId)) return { known: false, cause: 'no-token', why: 'GITHUB_RUN_ID is not set' }
    try {
      const readLists = async () => readRunLists(await connect(), { ...place, runId, branch, workflow })
      const startOf = (run: WorkflowRun) =>
        connect()
          .then((octokit) => readStart(octokit, place, run))
          .catch(() => run.startedAt)
      return await readRuns(() => retry(readLists, signal, pause), startOf, pause)
    } catch (error) {
      signal.throwIfAborted()
      return { known: false, ...explain(error) }
    }
  }

  const histories = new Map<string, Promise<RunHistory>>()

  return {
    /** Asks GitHub once for each branch, however often it is called.
     *  @returns the runs of this run's workflow on a branch */
    runs(branch: string): Promise<RunHistory> {
      const asked = histories.get(branch) ?? findRuns(branch)
      histories.set(branch, asked)
      return asked
    },

    /** @returns SHA of the merge base; undefined where there is none, or the API does not give it */
    mergeBase: (base: string, head: string) =>
      orUndefined(async () => (await compare(base, head)).merge_base_commit.sha),

    /** The API compares the head with the merge base.
     *  @param options with `mergeBase: false`, the base has to be an ancestor of the head
     *  @returns undefined where the API does not give the comparison */
    compare: (base: string, head: string, { mergeBase }: { mergeBase: boolean }) =>
      orUndefined(async (): Promise<ListedFiles | undefined> => {
        const { status, files, merge_base_commit: from } = await compare(base, head)
        const isAncestor = status === 'ahead' || status === 'identical'
        // a missing list does not mean that nothing changed
        if (files === undefined || (!isAncestor && !mergeBase)) return undefined
        return { files: files.flatMap(toChangedFiles), cut: files.length >= COMPARE_MAX_FILES, base: from.sha }
      }),

    /** @returns the files of a pull request, compared with its merge base; undefined where the API does not give them */
    pullRequest: (number: number) => orUndefined(() => pullRequest(number)),
  }
}

export function explainCut(files: number): string {
  return `GitHub's API lists ${files} files, its limit, so others may be missing`
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
