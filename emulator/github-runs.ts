/** The workflow that runs belong to. */
export const WORKFLOW = { id: 1, file: 'imgix.yml' }

/** A run of a workflow. The other fields of GitHub's answer are made from these. */
export type GitHubRun = {
  id: number
  /** Counts the runs of one workflow, from 1. */
  number: number
  branch: string
  sha: string
  /** null while the run is under way. */
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'startup_failure' | null
  /** Default `push`. */
  event?: string
  /** Default 1. */
  workflowId?: number
  /** The repository of the branch, such as a fork; default the repository itself. */
  headRepository?: string
  /** End of the last attempt; default the creation of the run. */
  updatedAt?: string
  /** The number of the last attempt, and its start; default the first one. */
  attempt?: number
  startedAt?: string
  /** Start of each job of the last attempt, after the run's wait for its concurrency group; undefined: the jobs can't be listed. */
  jobsStartedAt?: readonly string[] | undefined
}

/** What lists of runs leave out, as an index does that is behind. */
export type Lag = {
  hides: (run: GitHubRun) => boolean
  /** Default the lists with a filter, which come from an index. */
  in?: 'filtered' | 'every list'
  /** For how many lists. */
  times: number
}

/** @returns a function that says which runs a list with these parameters shows */
export function createLags() {
  const lags: Lag[] = []
  return {
    add: (lag: Lag) => void lags.push({ ...lag }),
    show(runs: readonly GitHubRun[], query: URLSearchParams): readonly GitHubRun[] {
      const isFiltered = FILTERS.some((name) => query.has(name))
      const now = lags.filter((lag) => lag.times > 0 && (isFiltered || lag.in === 'every list'))
      for (const lag of now) lag.times -= 1
      return runs.filter((run) => !now.some(({ hides }) => hides(run)))
    },
  }
}

const FILTERS = ['actor', 'branch', 'event', 'status', 'created', 'head_sha']

// The maximum of a list with a filter, whatever total_count says.
// @see https://docs.github.com/rest/actions/workflow-runs (read 2026-11-21)
const MAX_RESULTS = 1000

/** The runs of one page, newest first. The filter compares the branch's name alone, so runs of forks match too. */
export function listRuns(runs: readonly GitHubRun[], workflowId: number, query: URLSearchParams) {
  const branch = query.get('branch')
  const status = query.get('status')
  const found = runs
    .filter((run) => (run.workflowId ?? WORKFLOW.id) === workflowId)
    .filter((run) => branch === null || run.branch === branch)
    .filter((run) => status === null || run.conclusion === status || statusOf(run) === status)
    .sort((a, b) => b.number - a.number)
  const perPage = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Number(query.get('page') ?? 1)
  const listed = FILTERS.some((name) => query.has(name)) ? found.slice(0, MAX_RESULTS) : found
  return {
    total: found.length,
    pages: Math.ceil(listed.length / perPage),
    items: listed.slice((page - 1) * perPage, page * perPage),
  }
}

export function describeRun(run: GitHubRun, repository: string): Record<string, unknown> {
  const {
    id,
    number,
    branch,
    sha,
    conclusion,
    event = 'push',
    workflowId = WORKFLOW.id,
    headRepository = repository,
  } = run
  const at = new Date(1_790_000_000_000 + number * 60_000).toISOString().replace('.000', '')
  const api = `https://api.github.com/repos/${repository}`
  return {
    id,
    name: 'Publish images',
    head_branch: branch,
    head_sha: sha,
    path: `.github/workflows/${WORKFLOW.file}`,
    display_title: `Commit ${number}`,
    run_number: number,
    event,
    status: statusOf(run),
    conclusion,
    workflow_id: workflowId,
    url: `${api}/actions/runs/${id}`,
    html_url: `https://github.com/${repository}/actions/runs/${id}`,
    pull_requests: [],
    created_at: at,
    updated_at: run.updatedAt ?? at,
    run_attempt: run.attempt ?? 1,
    run_started_at: run.startedAt ?? at,
    workflow_url: `${api}/actions/workflows/${workflowId}`,
    head_commit: { id: sha, message: `Commit ${number}`, timestamp: at },
    repository: describeRepository(repository),
    head_repository: describeRepository(headRepository),
  }
}

function statusOf({ conclusion }: GitHubRun): string {
  return conclusion === null ? 'in_progress' : 'completed'
}

function describeRepository(fullName: string): Record<string, unknown> {
  const [login, name] = fullName.split('/')
  return {
    name,
    full_name: fullName,
    private: false,
    owner: { login },
    url: `https://api.github.com/repos/${fullName}`,
  }
}
