/** A run of the workflow, as GitHub's API lists it. */
export type WorkflowRun = {
  readonly id: number
  /** counts the runs of one workflow from 1; a re-run keeps its number */
  readonly number: number
  readonly sha: string
  readonly branch: string | null
  /** `owner/name` of the repository that the branch is in; undefined where GitHub does not know it any more */
  readonly repository: string | undefined
  readonly event: string
  /** of the last attempt; null while it is under way */
  readonly conclusion: string | null
  /** counts the attempts of the run from 1 */
  readonly attempt: number
  /** ISO time of the start of the first attempt: a later one can leave out the jobs that succeeded */
  readonly startedAt: string
  /** ISO time of the last change, such as the end of the last attempt */
  readonly updatedAt: string
}

/** This run, and the branch that it publishes. */
export type OwnRun = Pick<WorkflowRun, 'id' | 'number'> & { readonly branch: string; readonly repository: string }

/** Earlier and later runs of this workflow on this branch, as far as GitHub's API gives them. */
export type RunHistory =
  | {
      readonly known: true
      /** the last successful run with a lower number */
      readonly lastSuccess: { readonly sha: string; readonly runNumber: number } | undefined
      /** a successful run with a higher number */
      readonly laterSuccess: { readonly runNumber: number } | undefined
      /** there are earlier runs, and none succeeded */
      readonly onlyFailures: boolean
      /** this is the first run of the workflow on any branch */
      readonly isOnly?: boolean
      /** commits of the runs that may have published a part of their files after the last success */
      readonly unfinishedRuns: readonly string[]
    }
  | {
      readonly known: false
      readonly cause: 'no-token' | 'bad-token' | 'forbidden' | 'no-answer'
      readonly why: string
    }

/** @returns whether no other run has published anything, as far as it is known */
export function isFirst(runs: RunHistory | undefined): boolean {
  return runs?.known === true && !runs.onlyFailures && runs.lastSuccess === undefined && runs.laterSuccess === undefined
}

/** Events whose runs publish no commit of the branch: they check a proposal, or GitHub notes another commit for them. */
const NOT_PUBLISHING = /^(pull_request(_.*)?|merge_group|workflow_run)$/
/** Conclusions of attempts that started no job. */
const NEVER_STARTED = ['skipped', 'startup_failure', 'action_required']

/** @returns whether a run publishes the branch of this run. GitHub's filter by branch also gives runs of forks. */
function isPublication(run: WorkflowRun, own: OwnRun): boolean {
  const isOwnRepository = run.repository === undefined || run.repository === own.repository
  return isOwnRepository && run.branch === own.branch && !NOT_PUBLISHING.test(run.event) && run.id !== own.id
}

/** @returns the run whose commit the next run compares with */
export function findLastSuccess(runs: readonly WorkflowRun[], own: OwnRun): WorkflowRun | undefined {
  return runs
    .filter((run) => isPublication(run, own) && run.conclusion === 'success' && run.number < own.number)
    .reduce<WorkflowRun | undefined>((last, run) => (last && last.number > run.number ? last : run), undefined)
}

/** A list of runs, newest first. `isCut`: it ends before the last success although there are more runs. */
export type RunList = { readonly runs: readonly WorkflowRun[]; readonly isCut: boolean }

/** The runs of one workflow as GitHub's API lists them. */
export type RunLists = {
  /** of the branch: a list with a filter, from an index that can be behind */
  readonly byBranch: RunList
  /** of every branch; empty if it was not needed */
  readonly all: RunList
}

/** @returns each run once, newest first */
export function mergeLists({ byBranch, all }: RunLists): WorkflowRun[] {
  const byId = new Map([...byBranch.runs, ...all.runs].map((run) => [run.id, run]))
  return [...byId.values()].sort((a, b) => b.number - a.number)
}

/** A workflow's runs have consecutive numbers over all branches, so a number that no list has can be a run of this branch.
 *  Numbers before the first run in `all` are of runs that GitHub no longer keeps, or that only `byBranch` can show.
 *  @returns what the lists lack of the runs from the last success to this one; undefined for nothing */
export function findMissing(lists: RunLists, own: OwnRun): string | undefined {
  const { byBranch, all } = lists
  const runs = mergeLists(lists)
  // of the runs that `all` does not reach, only a list that contains this run can be up to date
  if (!(all.isCut ? byBranch.runs : runs).some(({ id }) => id === own.id)) return 'this run'
  if (!Number.isInteger(own.number)) return 'the number of this run'
  const lastSuccess = findLastSuccess(runs, own)
  if (lastSuccess === undefined && byBranch.isCut && all.isCut) return 'the last success'
  const since = lastSuccess?.number ?? 0
  const oldest = all.runs.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY)
  const first = all.runs.length === 0 ? since + 1 : Math.max(since + 1, oldest)
  const numbers = new Set(runs.map(({ number }) => number))
  let number = own.number - 1
  while (number >= first && numbers.has(number)) number -= 1
  return number >= first ? `run ${number}` : undefined
}

/** A run counts as started while it waits for its concurrency group, and from its first attempt on.
 *  @returns the last success, if an older run ended after its start: the start of its first job tells whether both ran at once */
export function findQueued(runs: readonly WorkflowRun[], own: OwnRun): WorkflowRun | undefined {
  const lastSuccess = findLastSuccess(runs, own)
  return lastSuccess && runs.some((run) => isPublication(run, own) && wentOn(run, lastSuccess))
    ? lastSuccess
    : undefined
}

/** @returns whether an older run ended, or was started again, after the start of the last success */
function wentOn({ number, updatedAt }: WorkflowRun, since: Pick<WorkflowRun, 'number' | 'startedAt'>): boolean {
  return number < since.number && updatedAt > since.startedAt
}

/** A commit between the last success and this run can have left files at the Source, although neither end of the comparison
 *  has them. So can an older run that ended, or was started again, after the start of the last success.
 *  @param runs of every conclusion, newest first, back to the last success at least */
export function readHistory(runs: readonly WorkflowRun[], own: OwnRun): RunHistory {
  const lastSuccess = findLastSuccess(runs, own)
  const laterSuccess = runs.find(
    (run) => isPublication(run, own) && run.conclusion === 'success' && run.number > own.number,
  )
  const since = lastSuccess ?? { number: 0, startedAt: '' }
  const between = ({ number }: WorkflowRun): boolean => number > since.number && number < own.number
  const unfinished = runs.filter((run) => isPublication(run, own) && (between(run) || wentOn(run, since)))
  return {
    known: true,
    lastSuccess: lastSuccess && { sha: lastSuccess.sha, runNumber: lastSuccess.number },
    laterSuccess: laterSuccess && { runNumber: laterSuccess.number },
    ...(own.number === 1 && { isOnly: true }),
    onlyFailures: lastSuccess === undefined && unfinished.length > 0,
    unfinishedRuns: unfinished
      .filter(({ attempt, conclusion }) => attempt > 1 || !NEVER_STARTED.includes(conclusion ?? ''))
      .map(({ sha }) => sha),
  }
}
