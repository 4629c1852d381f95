import type { BaseCandidate, Told, WorkflowEvent } from '../runner/environment.ts'
import { SHA } from './git-output.ts'
import type { RunHistory } from './runs.ts'

export type Bases = Told & {
  /** how a later run can do better; the last line of the summary shows it */
  readonly hints: readonly string[]
  readonly warnings: readonly string[]
  /** the push made the first branch of a repository, so no file can have been deleted before */
  readonly isFirstPush: boolean
  /** the reason why the event leaves nothing to do; undefined for most events */
  readonly nothing: string | undefined
}

/** The commit that is checked out. `follows`: whether the commit of the push is its ancestor; undefined: not asked. */
export type Head = { readonly sha: string; readonly parents: readonly string[]; readonly follows?: boolean | undefined }

type Collected = { [Key in 'skipped' | 'notices' | 'hints' | 'warnings']: string[] }
type Payload = Readonly<Record<string, unknown>>

const NEEDS_ACTIONS_READ =
  'with the permission `actions: read` this step also publishes what failed or cancelled runs did not; without it, only what this event changed'

/** @returns the branch that a run belongs to; '' for tags and pull requests */
export function branchOf(event: WorkflowEvent): string {
  const ref = refOf(event)
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ''
}

function refOf({ name, payload, ref }: WorkflowEvent): string {
  return (name === 'push' && text(record(payload).ref)) || ref
}

/** @returns whether the base of an event depends on earlier runs */
export function needsRuns(event: WorkflowEvent, baseInput: string): boolean {
  const payload = record(event.payload)
  if (baseInput !== '' || (event.name === 'push' && payload.deleted === true)) return false
  return (
    branchOf(event) !== '' &&
    event.name !== 'merge_group' &&
    event.name !== 'workflow_run' &&
    record(payload.pull_request).base === undefined
  )
}

type Query = { baseInput: string; head: Head; runs: RunHistory | undefined }

/** The bases that a run can compare with.
 *  @param query `runs` is undefined where the base does not depend on them */
export function findBases(event: WorkflowEvent, { baseInput, head, runs }: Query): Bases {
  const payload = record(event.payload)
  const collected: Collected = { skipped: [], notices: [], hints: [], warnings: [] }
  const bases: Bases = { ...collected, candidates: [], unfinishedRuns: [], isFirstPush: false, nothing: undefined }
  if (event.name === 'push' && payload.deleted === true) {
    return { ...bases, nothing: 'the push deleted its branch or tag' }
  }
  if (baseInput !== '') {
    const reason = 'the input base'
    return { ...bases, candidates: [{ strategy: 'input', ref: baseInput, mergeBase: false, reason }] }
  }
  if (event.told !== undefined) {
    const { candidates, skipped, notices } = event.told
    const unfinishedRuns = event.told.unfinishedRuns.filter((sha) => sha !== head.sha)
    return { ...bases, candidates, skipped, notices, unfinishedRuns }
  }
  const compared = comparedBranch(event, payload, head)
  if (compared !== undefined) return { ...bases, candidates: [compared] }
  const fromEvent = eventBases(event, payload, collected.skipped)
  if (isForeign(event, payload, head)) {
    collected.skipped.push('not from runs: the commit that is checked out is not the commit of the event')
    return bases
  }
  const fromRuns = runBase(runs, head.sha, collected)
  const unfinishedRuns = runs?.known ? [...new Set(runs.unfinishedRuns.filter((sha) => sha !== head.sha))] : []
  const candidates = choose(fromEvent, fromRuns, { head, runs, collected })
  const isFirstPush = candidates.length === 0 && branchOf(event) !== '' && /^0+$/.test(text(payload.before))
  return { ...bases, candidates, unfinishedRuns, isFirstPush }
}

function choose(
  fromEvent: readonly BaseCandidate[],
  fromRuns: BaseCandidate | undefined,
  { head, runs, collected }: { head: Head; runs: RunHistory | undefined; collected: Collected },
): readonly BaseCandidate[] {
  if (fromRuns !== undefined) return fromRuns.ref === head.sha ? [...fromEvent, fromRuns] : [fromRuns]
  if (isPublishedBefore(runs)) return fromEvent
  const kept = fromEvent.filter(({ strategy }) => strategy !== 'event')
  if (kept.length < fromEvent.length)
    collected.skipped.push('not from the event: earlier runs may not have published the commits before it')
  return kept
}

/** GitHub notes the event's commit for a run. Where another commit is checked out, the list of runs does not tell what
 *  was published. A push can find its branch further on, but not where the branch was before, and no other branch. */
function isForeign(event: WorkflowEvent, payload: Payload, head: Head): boolean {
  if (event.name !== 'push') return SHA.test(event.sha) && head.sha !== event.sha
  return hasMoved(event, head.sha) && (head.follows === false || head.sha === payload.before)
}

/** @returns whether a push to a branch finds another commit checked out than its own */
export function hasMoved(event: WorkflowEvent, head: string): boolean {
  const { after, deleted } = record(event.payload)
  const isOfBranch = event.name === 'push' && branchOf(event) !== '' && deleted !== true
  return isOfBranch && SHA.test(text(after)) && head !== after
}

/** The base of an event that compares two branches. It does not depend on earlier runs. */
function comparedBranch({ name, sha }: WorkflowEvent, payload: Payload, head: Head): BaseCandidate | undefined {
  const pullRequest = record(payload.pull_request)
  const base = text(record(pullRequest.base).sha)
  if (SHA.test(base)) {
    const [first, second] = head.parents
    const isMerge =
      second === text(record(pullRequest.head).sha) || (name !== 'pull_request_target' && head.sha === sha)
    if (first !== undefined && second !== undefined && isMerge) {
      const reason = 'the first parent of the merge commit that is checked out: the target branch of the pull request'
      return { strategy: 'merge-base', ref: first, mergeBase: false, reason }
    }
    const reason = 'the merge base with the target branch of the pull request'
    return { strategy: 'merge-base', ref: base, mergeBase: true, reason }
  }
  const groupBase = text(record(payload.merge_group).base_sha)
  if (name !== 'merge_group' || !SHA.test(groupBase)) return undefined
  return { strategy: 'event', ref: groupBase, mergeBase: false, reason: 'the base of the merge group' }
}

function eventBases(event: WorkflowEvent, payload: Payload, skipped: string[]): BaseCandidate[] {
  const none = (reason: string): [] => {
    skipped.push(`not from the event: ${reason}`)
    return []
  }
  if (event.name !== 'push') return none(`'${event.name}' has none`)
  if (refOf(event).startsWith('refs/tags/')) return none('a tag has none')
  const before = text(payload.before)
  if (/^0+$/.test(before)) {
    none('this is the first push of the branch')
    return mergeBaseWithDefault(event, payload)
  }
  if (!SHA.test(before)) return none('it does not name the commit before the push')
  return [{ strategy: 'event', ref: before, mergeBase: false, reason: 'the commit of the branch before the push' }]
}

function mergeBaseWithDefault(event: WorkflowEvent, payload: Payload): BaseCandidate[] {
  const branch = text(record(payload.repository).default_branch)
  if (branch === '' || branchOf(event) === branch || branchOf(event) === '') return []
  const reason = `the merge base of a new branch with the default branch, ${branch}`
  return [{ strategy: 'merge-base', ref: branch, mergeBase: true, reason }]
}

function runBase(
  runs: RunHistory | undefined,
  head: string,
  { skipped, hints, warnings }: Collected,
): BaseCandidate | undefined {
  if (runs === undefined) return undefined
  if (!runs.known) {
    skipped.push(`not from the last successful run: ${runs.why}`)
    if (runs.cause === 'forbidden') hints.push(NEEDS_ACTIONS_READ)
    if (runs.cause === 'no-answer')
      warnings.push(`earlier runs can't be read: ${runs.why}; what they did not publish is unknown`)
    return undefined
  }
  const { lastSuccess, laterSuccess } = runs
  if (laterSuccess !== undefined) {
    warnings.push(
      `run ${laterSuccess.runNumber} of this workflow is later than this run and has already succeeded on this branch: this run publishes older bytes of each file that both changed`,
    )
  }
  if (lastSuccess === undefined) {
    skipped.push('not from the last successful run: no earlier run of this workflow succeeded on this branch')
    return undefined
  }
  const same = lastSuccess.sha === head ? '; it is the commit that is checked out' : ''
  const reason = `the head of the last successful run on this branch, run ${lastSuccess.runNumber}${same}`
  return { strategy: 'last-success', ref: lastSuccess.sha, mergeBase: false, reason }
}

/** @returns whether earlier runs have probably published the base of the event; no if all of them failed */
function isPublishedBefore(runs: RunHistory | undefined): boolean {
  return runs === undefined || (runs.known ? !runs.onlyFailures : runs.cause !== 'no-answer')
}

function record(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? (value as Payload) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
