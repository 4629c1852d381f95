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
  /** null while the run is under way */
  readonly conclusion: string | null
  /** ISO time of the start of the last attempt */
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
      /** commits of the runs that may have published a part of their files after the last success */
      readonly unfinishedRuns: readonly string[]
    }
  | { readonly known: false; readonly cause: 'no-token' | 'forbidden' | 'no-answer'; readonly why: string }

/** Events whose runs publish no commit of the branch: they check a proposal, or GitHub notes another commit for them. */
const NOT_PUBLISHING = ['pull_request', 'pull_request_target', 'merge_group', 'workflow_run']
/** Conclusions of runs that started no job. */
const NEVER_STARTED = ['skipped', 'startup_failure', 'action_required']

/** @returns whether a run publishes the branch of this run. GitHub's filter by branch also gives runs of forks. */
function isPublication(run: WorkflowRun, own: OwnRun): boolean {
  const isOwnRepository = run.repository === undefined || run.repository === own.repository
  return isOwnRepository && run.branch === own.branch && !NOT_PUBLISHING.includes(run.event) && run.id !== own.id
}

/** @returns the run whose commit the next run compares with */
export function findLastSuccess(runs: readonly WorkflowRun[], own: OwnRun): WorkflowRun | undefined {
  return runs
    .filter((run) => isPublication(run, own) && run.conclusion === 'success' && run.number < own.number)
    .reduce<WorkflowRun | undefined>((last, run) => (last && last.number > run.number ? last : run), undefined)
}

/** @returns whether a list of runs, newest first, goes back to the last success */
export function reachesBack(runs: readonly WorkflowRun[], own: OwnRun, lastSuccess: WorkflowRun | undefined): boolean {
  return runs.some((run) => isPublication(run, own) && run.number <= (lastSuccess?.number ?? 0))
}

/**
 * What the runs of the branch tell about the bytes at the Source.
 * A commit between the last success and this run can have left files there, although neither end of the comparison has
 * them. So can an older run that ended, or was started again, after the start of the last success.
 * @param successes the successful runs, back to the last success at least
 * @param all runs of every conclusion, back to the last success at least
 */
export function readHistory(successes: readonly WorkflowRun[], all: readonly WorkflowRun[], own: OwnRun): RunHistory {
  const lastSuccess = findLastSuccess(successes, own)
  const laterSuccess = successes.find(
    (run) => isPublication(run, own) && run.conclusion === 'success' && run.number > own.number,
  )
  const { number: since = 0, startedAt = '' } = lastSuccess ?? {}
  const between = (run: WorkflowRun): boolean => run.number > since && run.number < own.number
  const wentOn = (run: WorkflowRun): boolean => run.number < since && run.updatedAt > startedAt
  const unfinished = all.filter((run) => isPublication(run, own) && (between(run) || wentOn(run)))
  return {
    known: true,
    lastSuccess: lastSuccess && { sha: lastSuccess.sha, runNumber: lastSuccess.number },
    laterSuccess: laterSuccess && { runNumber: laterSuccess.number },
    onlyFailures: lastSuccess === undefined && unfinished.length > 0,
    unfinishedRuns: unfinished
      .filter(({ conclusion }) => !NEVER_STARTED.includes(conclusion ?? ''))
      .map(({ sha }) => sha),
  }
}
