import type { PaginatingEndpoints } from '@octokit/plugin-paginate-rest'
import { SHA } from './git-output.ts'
import { AnswerError } from './github-errors.ts'
import type { Octokit } from './octokit.ts'
import {
  findLastSuccess,
  findMissing,
  findQueued,
  mergeLists,
  type OwnRun,
  type RunHistory,
  type RunList,
  type RunLists,
  readHistory,
  type WorkflowRun,
} from './runs.ts'

const LIST = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'
type ApiRun = PaginatingEndpoints[typeof LIST]['response']['data']['workflow_runs'][number]
type RunsQuery = PaginatingEndpoints[typeof LIST]['parameters']
type Place = { readonly owner: string; readonly repo: string }
type RunQuery = Place & {
  readonly runId: number
  readonly branch: string
  /** file name of the workflow; undefined where it is not known */
  readonly workflow: string | undefined
}
type Listed = { readonly own: OwnRun; readonly lists: RunLists }

const PAGE = 100
/** As many as a list with a filter has (docs.github.com/rest, read 2026-11). */
const RUNS_MAX = 1000
/** The pauses before an incomplete list is read again: 15 seconds in all. The index of a list is seldom behind for longer. */
const PAUSES_MS = [1000, 2000, 4000, 8000]

/** Reads the runs until no list lacks any, or until the last pause is over. */
export async function readRuns(
  readLists: () => Promise<Listed>,
  readStart: (run: WorkflowRun) => Promise<string>,
  pause: (ms: number) => Promise<unknown>,
): Promise<RunHistory> {
  for (let tries = 0; ; tries += 1) {
    const { own, lists } = await readLists()
    const missing = findMissing(lists, own)
    if (missing === undefined) {
      const runs = mergeLists(lists)
      const queued = findQueued(runs, own)
      const startedAt = queued && (await readStart(queued))
      return readHistory(startedAt ? runs.map((run) => (run === queued ? { ...run, startedAt } : run)) : runs, own)
    }
    const waitMs = PAUSES_MS[tries]
    if (waitMs === undefined)
      return { known: false, cause: 'no-answer', why: `GitHub's list of the workflow's runs lacks ${missing}` }
    await pause(waitMs)
  }
}

/** Reads the runs of this run's workflow on a branch, back to the last success. The list of every branch, which does not
 *  depend on an index, is read only if the list of the branch does not prove by itself that it is complete. */
export async function readRunLists(octokit: Octokit, { runId, branch, workflow, ...place }: RunQuery): Promise<Listed> {
  // by the workflow's name, so that it need not wait for its id
  const byName = workflow && openPages(octokit, { ...place, workflow_id: workflow, per_page: PAGE, branch })
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
    ...place,
    run_id: runId,
  })
  const own = { id: runId, number: data.run_number, branch, repository: `${place.owner}/${place.repo}` }
  const query = { ...place, workflow_id: data.workflow_id, per_page: PAGE }
  const isBack = (runs: readonly WorkflowRun[]): boolean => findLastSuccess(runs, own) !== undefined
  const isOurs = byName && (await isOf(data.workflow_id, byName))
  const byBranch = await readPages(isOurs ? byName : openPages(octokit, { ...query, branch }), isBack)
  const lists = { byBranch, all: { runs: [], isCut: false } }
  if (!byBranch.isCut && findMissing(lists, own) === undefined) return { own, lists }
  const all = await readPages(openPages(octokit, query), (runs) => {
    const since = findLastSuccess([...byBranch.runs, ...runs], own)?.number ?? 0
    return runs.some(({ number }) => number <= since)
  })
  return { own, lists: { byBranch, all } }
}

/** @returns ISO time of the start of the first job in a run's last attempt; that of the run if GitHub does not list its jobs */
export async function readStart(octokit: Octokit, place: Place, { id, startedAt }: WorkflowRun): Promise<string> {
  const query = { ...place, run_id: id, per_page: PAGE }
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', query)
  const starts = data.jobs.map(({ started_at: start }) => start).sort()
  return data.total_count === starts.length && starts.every(isTime) ? (starts[0] ?? startedAt) : startedAt
}

function isTime(text: unknown): boolean {
  return typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)
}

type Pages = ReturnType<typeof openPages>

/** Asks for the first page at once. */
function openPages(octokit: Octokit, query: RunsQuery) {
  const pages = octokit.paginate.iterator(LIST, query)[Symbol.asyncIterator]()
  const first = pages.next()
  first.catch(() => {}) // whoever reads it hears of it
  return { first, next: () => pages.next() }
}

/** A name can be unknown to GitHub, or be that of another workflow by now.
 *  @returns whether the first page has runs of the workflow, and of no other */
async function isOf(workflowId: number, { first }: Pages): Promise<boolean> {
  const runs = await first.then(({ done, value }) => (done ? [] : value.data)).catch(() => [])
  return runs.length > 0 && runs.every((run) => run.workflow_id === workflowId)
}

/** @param isEnough whether the runs so far are enough, so that no further page is needed */
async function readPages(
  { first, next }: Pages,
  isEnough: (runs: readonly WorkflowRun[]) => boolean,
): Promise<RunList> {
  const runs: WorkflowRun[] = []
  for (let page = await first; !page.done; page = await next()) {
    const { data } = page.value
    runs.push(...data.map(toWorkflowRun))
    if (isEnough(runs)) break
    if (runs.length >= RUNS_MAX) return { runs, isCut: data.length === PAGE }
  }
  return { runs, isCut: false }
}

/** @throws AnswerError for a run whose commit is no SHA, which could be taken for the commit that is checked out */
function toWorkflowRun(run: ApiRun): WorkflowRun {
  if (!SHA.test(String(run.head_sha))) throw new AnswerError('a run without a commit')
  return {
    id: run.id,
    number: run.run_number,
    sha: run.head_sha,
    branch: run.head_branch,
    repository: run.head_repository?.full_name,
    event: run.event,
    conclusion: run.conclusion,
    attempt: run.run_attempt ?? 1,
    startedAt: run.created_at,
    updatedAt: run.updated_at,
  }
}
