import type { WorkflowEvent } from '../runner/environment.ts'

export type BaseStrategy = 'input' | 'last-success' | 'event' | 'merge-base' | 'all'

/** One step of the ladder: a base that may be had, and why it is the one to take. */
export type BaseCandidate = {
  readonly strategy: Exclude<BaseStrategy, 'all'>
  /** a commit, or for `input` whatever git can resolve */
  readonly ref: string
  /** the base is where the head left this commit's history, not the commit itself */
  readonly mergeBase: boolean
  readonly reason: string
}

export type Ladder = {
  readonly candidates: readonly BaseCandidate[]
  /** steps that are passed over without a try, each with its reason */
  readonly passedOver: readonly string[]
  /** commits of which runs without success may have published files: what differs from them is taken too */
  readonly leftovers: readonly string[]
  /** what the workflow's author should know */
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  /** the event leaves nothing to do, and why */
  readonly nothing: string | undefined
}

/** Earlier and later runs of this workflow on this branch, as far as they can be read. */
export type RunHistory =
  | {
      readonly known: true
      /** the last successful one with a lower run number */
      readonly lastSuccess: { readonly sha: string; readonly runNumber: number } | undefined
      /** a successful one with a higher run number */
      readonly laterSuccess: { readonly runNumber: number } | undefined
      /** there are earlier ones that did not succeed, and none that did */
      readonly onlyFailures: boolean
      /** heads of the runs between the last success and this one: each may have published a part of its files */
      readonly leftovers: readonly string[]
    }
  | { readonly known: false; readonly cause: 'no-token' | 'forbidden' | 'no-answer'; readonly why: string }

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/** The branch that a run belongs to, '' where it belongs to none: tags and pull requests. */
export function branchOf(event: WorkflowEvent): string {
  const ref = refOf(event)
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ''
}

function refOf({ name, payload, ref }: WorkflowEvent): string {
  return (name === 'push' && text(record(payload).ref)) || ref
}

/** Whether the ladder of an event has a step for the last successful run. */
export function asksForRuns(event: WorkflowEvent, baseInput: string): boolean {
  const bare = record(event.payload)
  if (baseInput !== '' || (event.name === 'push' && bare.deleted === true)) return false
  return (
    branchOf(event) !== '' &&
    event.name !== 'merge_group' &&
    event.name !== 'workflow_run' &&
    record(bare.pull_request).base === undefined
  )
}

/**
 * The bases to compare with, best first.
 * @param head what is checked out, with its parents
 * @param runs undefined where they were not asked for
 */
export function findBases(
  event: WorkflowEvent,
  {
    baseInput,
    head,
    runs,
  }: { baseInput: string; head: { sha: string; parents: readonly string[] }; runs: RunHistory | undefined },
): Ladder {
  const payload = record(event.payload)
  const ladder = {
    candidates: [] as BaseCandidate[],
    passedOver: [] as string[],
    leftovers: [] as string[],
    notices: [] as string[],
    warnings: [] as string[],
  }
  if (event.name === 'push' && payload.deleted === true) {
    return { ...ladder, nothing: 'the push deleted its branch or tag' }
  }
  if (baseInput !== '') {
    const reason = 'the base that the input names'
    ladder.candidates.push({ strategy: 'input', ref: baseInput, mergeBase: false, reason })
    return { ...ladder, nothing: undefined }
  }
  const own = ownBase(event, payload, head)
  if (own !== undefined) {
    ladder.candidates.push(own)
    return { ...ladder, nothing: undefined }
  }
  const fromEvent = eventBases(event, payload, ladder.passedOver)
  if (isForeign(event, payload, head.sha)) {
    ladder.passedOver.push(
      'none at all: what is checked out is not the commit of the event, and neither was it in earlier runs',
    )
    return { ...ladder, nothing: undefined }
  }
  const fromRuns = runBase(runs, head.sha, ladder)
  if (fromRuns?.ref === head.sha) ladder.candidates.push(...fromEvent, fromRuns)
  else if (fromRuns !== undefined) ladder.candidates.push(fromRuns)
  else if (mayTrust(runs)) ladder.candidates.push(...fromEvent)
  else {
    const kept = fromEvent.filter(({ strategy }) => strategy !== 'event')
    if (kept.length < fromEvent.length) {
      ladder.passedOver.push('not from the event: earlier runs may not have published what came before it')
    }
    ladder.candidates.push(...kept)
  }
  if (runs?.known) ladder.leftovers.push(...new Set(runs.leftovers.filter((sha) => sha !== head.sha)))
  return { ...ladder, nothing: undefined }
}

/** Runs are noted with the event's commit: where another one is checked out, they don't tell what was published. A push
 *  may find its branch further on, but not where it was before. */
function isForeign(event: WorkflowEvent, payload: Record<string, unknown>, head: string): boolean {
  if (event.name !== 'push') return SHA.test(event.sha) && head !== event.sha
  return head === payload.before && SHA.test(text(payload.after)) && head !== payload.after
}

/** The base of an event that compares two branches: it does not depend on what ran before. */
function ownBase(
  { name, sha }: WorkflowEvent,
  payload: Record<string, unknown>,
  head: { sha: string; parents: readonly string[] },
): BaseCandidate | undefined {
  const pullRequest = record(payload.pull_request)
  const base = text(record(pullRequest.base).sha)
  if (SHA.test(base)) {
    const [first, second] = head.parents
    const isMerge =
      second === text(record(pullRequest.head).sha) || (name !== 'pull_request_target' && head.sha === sha)
    if (first !== undefined && second !== undefined && isMerge) {
      const reason =
        'the first parent of the merge commit that is checked out: the branch that the pull request goes into'
      return { strategy: 'merge-base', ref: first, mergeBase: false, reason }
    }
    const reason = 'the merge base with the branch that the pull request goes into'
    return { strategy: 'merge-base', ref: base, mergeBase: true, reason }
  }
  const groupBase = text(record(payload.merge_group).base_sha)
  if (name !== 'merge_group' || !SHA.test(groupBase)) return undefined
  return { strategy: 'event', ref: groupBase, mergeBase: false, reason: 'the base of the merge group' }
}

function eventBases(event: WorkflowEvent, payload: Record<string, unknown>, passedOver: string[]): BaseCandidate[] {
  const { name } = event
  if (name !== 'push') {
    passedOver.push(`none from the event: '${name}' gives none`)
    return []
  }
  if (refOf(event).startsWith('refs/tags/')) {
    passedOver.push('none from the event: a tag has none')
    return []
  }
  const before = text(payload.before)
  if (SHA.test(before) && !/^0+$/.test(before)) {
    const reason = 'the commit that the branch was at before the push'
    return [{ strategy: 'event', ref: before, mergeBase: false, reason }]
  }
  if (!/^0+$/.test(before)) {
    passedOver.push('none from the event: it says no commit that the branch was at before')
    return []
  }
  passedOver.push('none from the event: this is the first push of its branch')
  return mergeBaseWithDefault(event, payload)
}

function mergeBaseWithDefault(event: WorkflowEvent, payload: Record<string, unknown>): BaseCandidate[] {
  const branch = text(record(payload.repository).default_branch)
  if (branch === '' || branchOf(event) === branch || branchOf(event) === '') return []
  const reason = `the merge base of a new branch with the default branch, ${branch}`
  return [{ strategy: 'merge-base', ref: branch, mergeBase: true, reason }]
}

function runBase(
  runs: RunHistory | undefined,
  head: string,
  ladder: { passedOver: string[]; notices: string[]; warnings: string[] },
): BaseCandidate | undefined {
  if (runs === undefined) return undefined
  if (!runs.known) {
    ladder.passedOver.push(`none from the last successful run: ${runs.why}`)
    if (runs.cause === 'forbidden') ladder.notices.push(NEEDS_ACTIONS_READ)
    if (runs.cause === 'no-answer')
      ladder.warnings.push(`earlier runs can't be read: ${runs.why}; what they left undone is not known`)
    return undefined
  }
  const { lastSuccess, laterSuccess } = runs
  if (laterSuccess !== undefined) {
    ladder.warnings.push(
      `run ${laterSuccess.runNumber} of this workflow, later than this one, has already succeeded on this branch: this run publishes older bytes where both changed a file`,
    )
  }
  if (lastSuccess === undefined) {
    ladder.passedOver.push('none from the last successful run: this workflow has none on this branch before this one')
    return undefined
  }
  const same = lastSuccess.sha === head ? '; it is the very commit that is checked out' : ''
  const reason = `the head of the last successful run on this branch, run ${lastSuccess.runNumber}${same}`
  return { strategy: 'last-success', ref: lastSuccess.sha, mergeBase: false, reason }
}

const NEEDS_ACTIONS_READ =
  'with the permission `actions: read` this step also takes what failed or cancelled runs left undone; without it, only what this event changed'

/** An event's base is what the run before should have published; after failures alone, nothing says that it has. */
function mayTrust(runs: RunHistory | undefined): boolean {
  return runs === undefined || (runs.known ? !runs.onlyFailures : runs.cause !== 'no-answer')
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
