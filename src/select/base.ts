import type { BaseCandidate, Told, WorkflowEvent } from '../runner/environment.ts'
import { SHA } from './git-output.ts'
import type { RunHistory } from './runs.ts'

export type Bases = Told & {
  /** how a later run can do better; the last line of the summary shows it */
  readonly hints: readonly string[]
  readonly warnings: readonly string[]
}

/** The commit that is checked out. `follows`: whether the commit of the push is its ancestor; undefined: not asked. */
export type Head = { readonly sha: string; readonly parents: readonly string[]; readonly follows?: boolean | undefined }

type Collected = { [Key in 'skipped' | 'notices' | 'hints' | 'warnings']: string[] }

const NEEDS_ACTIONS_READ =
  'with the permission `actions: read` this step also publishes what failed or cancelled runs did not; without it, only what this event changed'
const NEEDS_TOKEN =
  'GitHub does not accept `github-token`, so what failed or cancelled runs did not publish is unknown: correct the token, or leave the input out'

/** @returns the branch that a run belongs to; '' for tags and pull requests */
export function branchOf(event: WorkflowEvent): string {
  const ref = refOf(event)
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ''
}

function refOf(event: WorkflowEvent): string {
  return (event.name === 'push' && textIn(event, 'ref')) || event.ref
}

/** @returns whether an event is a push that deleted its branch or tag, so that it leaves nothing to do */
export function isDeletion({ name, payload }: WorkflowEvent): boolean {
  return name === 'push' && Object(payload).deleted === true
}

/** @returns whether an event is the first push of a branch */
export function isNewBranch(event: WorkflowEvent): boolean {
  return event.name === 'push' && !isTag(event) && /^0+$/.test(textIn(event, 'before'))
}

function isTag(event: WorkflowEvent): boolean {
  return refOf(event).startsWith('refs/tags/')
}

/** @returns whether the base of an event depends on earlier runs */
export function needsRuns(event: WorkflowEvent, baseInput: string): boolean {
  if (baseInput !== '' || branchOf(event) === '' || isDeletion(event)) return false
  const isPullRequest = Object(event.payload).pull_request?.base !== undefined
  return !isPullRequest && event.name !== 'merge_group' && event.name !== 'workflow_run'
}

type Query = { baseInput: string; head: Head; runs: RunHistory | undefined }

/** The bases that a run can compare with.
 *  @param query `runs` is undefined where the base does not depend on them */
export function findBases(event: WorkflowEvent, { baseInput, head, runs }: Query): Bases {
  const collected: Collected = { skipped: [], notices: [], hints: [], warnings: [] }
  const bases: Bases = { ...collected, candidates: [], unfinishedRuns: [] }
  if (baseInput !== '') {
    const reason = 'the input base'
    return { ...bases, candidates: [{ strategy: 'input', ref: baseInput, mergeBase: false, reason }] }
  }
  if (event.told !== undefined) {
    const { candidates, skipped, notices } = event.told
    const unfinishedRuns = event.told.unfinishedRuns.filter((sha) => sha !== head.sha)
    return { ...bases, candidates, skipped, notices, unfinishedRuns }
  }
  const compared = comparedBranch(event, head)
  if (compared !== undefined) return { ...bases, candidates: [compared] }
  const fromEvent = eventBases(event, collected.skipped)
  if (isForeign(event, head)) {
    collected.skipped.push('not from runs: the commit that is checked out is not the commit of the event')
    return bases
  }
  const fromRuns = runBase(runs, head.sha, collected)
  const unfinishedRuns = runs?.known ? [...new Set(runs.unfinishedRuns.filter((sha) => sha !== head.sha))] : []
  return { ...bases, candidates: choose(fromEvent, fromRuns, { head, runs, collected }), unfinishedRuns }
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
function isForeign(event: WorkflowEvent, head: Head): boolean {
  if (event.name !== 'push') return SHA.test(event.sha) && head.sha !== event.sha
  return movedFrom(event, head.sha) !== undefined && (head.follows === false || head.sha === textIn(event, 'before'))
}

/** @returns the commit of a push to a branch that finds another commit checked out; undefined for any other event */
export function movedFrom(event: WorkflowEvent, head: string): string | undefined {
  const after = textIn(event, 'after')
  const isOfBranch = event.name === 'push' && branchOf(event) !== ''
  return isOfBranch && SHA.test(after) && head !== after ? after : undefined
}

/** The base of an event that compares two branches. It does not depend on earlier runs. */
function comparedBranch(event: WorkflowEvent, head: Head): BaseCandidate | undefined {
  const { name, sha } = event
  const base = textIn(event, 'pull_request', 'base', 'sha')
  if (SHA.test(base)) {
    const [first, second] = head.parents
    const isMerge =
      second === textIn(event, 'pull_request', 'head', 'sha') || (name !== 'pull_request_target' && head.sha === sha)
    if (first !== undefined && second !== undefined && isMerge) {
      const reason = 'the first parent of the merge commit that is checked out: the target branch of the pull request'
      return { strategy: 'merge-base', ref: first, mergeBase: false, reason }
    }
    const reason = 'the merge base with the target branch of the pull request'
    return { strategy: 'merge-base', ref: base, mergeBase: true, reason }
  }
  const groupBase = textIn(event, 'merge_group', 'base_sha')
  if (name !== 'merge_group' || !SHA.test(groupBase)) return undefined
  return { strategy: 'event', ref: groupBase, mergeBase: false, reason: 'the base of the merge group' }
}

function eventBases(event: WorkflowEvent, skipped: string[]): BaseCandidate[] {
  const none = (reason: string): [] => {
    skipped.push(`not from the event: ${reason}`)
    return []
  }
  if (event.name !== 'push') return none(`'${event.name}' has none`)
  if (isTag(event)) return none('a tag has none')
  if (isNewBranch(event)) {
    none('this is the first push of the branch')
    return mergeBaseWithDefault(event)
  }
  const before = textIn(event, 'before')
  if (!SHA.test(before)) return none('it does not name the commit before the push')
  return [{ strategy: 'event', ref: before, mergeBase: false, reason: 'the commit of the branch before the push' }]
}

function mergeBaseWithDefault(event: WorkflowEvent): BaseCandidate[] {
  const branch = textIn(event, 'repository', 'default_branch')
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
    if (runs.cause === 'bad-token') hints.push(NEEDS_TOKEN)
    if (runs.cause === 'no-answer')
      warnings.push(
        `earlier runs can't be read: ${runs.why}; what they did not publish is unknown: run this job again later`,
      )
    return undefined
  }
  const { lastSuccess, laterSuccess } = runs
  if (laterSuccess !== undefined) {
    warnings.push(
      `run ${laterSuccess.runNumber} of this workflow is later than this run and has already succeeded on this branch: this run publishes older bytes of each file that both changed; run the later one again after it`,
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

/** @param path the names of a field of the payload and of the fields around it
 *  @returns '' for a field that is missing or no text */
function textIn({ payload }: WorkflowEvent, ...path: readonly string[]): string {
  const value = path.reduce<unknown>((around, name) => Object(around)[name], payload)
  return typeof value === 'string' ? value : ''
}
