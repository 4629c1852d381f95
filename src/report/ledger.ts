import type { Emit, Judgement, Outcome, Plan, PurgeStep, RunEvent, Selected, Step, UploadStep } from '../events.ts'

/** What is known of a run so far. */
export type RunState = {
  /** in ms, as performance.now() has it */
  readonly startedAt: number
  mode: 'changed' | 'all'
  dryRun: boolean
  verify: 'off' | 'warn' | 'fail'
  /** for the whole verification, at most */
  verifySeconds: number
  source: { readonly id: string; readonly type: string }
  domains: readonly string[]
  changes: Pick<Selected, 'base' | 'head' | 'baseStrategy'> &
    Partial<Pick<Selected, 'baseReason' | 'hints' | 'tracked' | 'untouched'>>
  summary: 'pictures' | 'text' | 'off'
  /** GitHub's page of the repository; '' where it is not known */
  repositoryUrl: string
  /** the seconds that the plan takes by the rate limits; undefined before there is a plan */
  plannedSeconds: number | undefined
  /** why there is nothing to do with files */
  reason: string | undefined
  plan: Plan
  /** of uploads and purges */
  readonly outcomes: Map<Step, Outcome>
  /** of updates and calls */
  readonly followUps: Map<Step, Outcome>
  /** assets whose attributes were updated */
  updated: number
  /** of calls, attributes and records */
  readonly failures: FailedStep[]
  /** origin paths of assets that the folder does not have, in mode all */
  onlyAtSource: readonly string[]
  /** by URL; none before the verification */
  verdicts: ReadonlyMap<string, Judgement>
  cancelled: boolean
  /** what ended the run early */
  error: unknown
}

/** A failed step that is neither an upload nor a purge. */
export type FailedStep = { readonly step: Exclude<Step, UploadStep | PurgeStep>; readonly error: Error }

export type Ledger = { readonly state: Readonly<RunState>; readonly hear: Emit }

/** Keeps the state of a run: each event changes its part, and nothing else does. */
export function createLedger(startedAt: number): Ledger {
  const state: RunState = {
    startedAt,
    mode: 'changed',
    dryRun: false,
    verify: 'off',
    verifySeconds: 0,
    source: { id: '', type: '' },
    domains: [],
    changes: { base: '', head: '', baseStrategy: '' },
    summary: 'pictures',
    repositoryUrl: '',
    plannedSeconds: undefined,
    reason: undefined,
    plan: { files: [], purges: [], updates: [], calls: [], skipped: [] },
    outcomes: new Map(),
    followUps: new Map(),
    updated: 0,
    failures: [],
    onlyAtSource: [],
    verdicts: new Map(),
    cancelled: false,
    error: undefined,
  }
  return { state, hear: (event) => void Object.assign(state, reduce(state, event)) }
}

/** @returns what the event changes; outcomes, of which there are tens of thousands, are added in place */
function reduce(state: RunState, event: RunEvent): Partial<RunState> {
  switch (event.kind) {
    case 'started': {
      const { mode, dryRun, verify, sourceId, domains, summary, repositoryUrl, verifySeconds = 0 } = event
      return {
        mode,
        dryRun,
        verify,
        verifySeconds,
        domains,
        summary,
        repositoryUrl,
        source: { id: sourceId, type: '' },
      }
    }
    case 'idle':
      return { reason: event.reason }
    case 'selected':
      return { changes: event.changes }
    case 'source':
      return {
        source: { id: state.source.id, type: event.source.type },
        domains: state.domains.length > 0 ? state.domains : event.source.domains,
      }
    case 'compared':
      return { onlyAtSource: event.listing.onlyAtSource }
    case 'drafted':
      return { plan: event.plan }
    case 'planned':
      return { plan: event.plan, plannedSeconds: event.seconds }
    case 'ended':
      return keepOutcome(state, event.outcome)
    case 'verified':
      return { verdicts: event.verdicts }
    case 'finished':
      return { cancelled: event.cancelled, error: event.error }
    default:
      return {}
  }
}

function keepOutcome({ outcomes, followUps, failures, updated }: RunState, outcome: Outcome): Partial<RunState> {
  const { step, result } = outcome
  if (step.kind === 'upload' || step.kind === 'purge') outcomes.set(step, outcome)
  else {
    if (step.kind !== 'record') followUps.set(step, outcome)
    if (result === 'failed') failures.push({ step, error: outcome.error })
  }
  return step.kind === 'update' && result === 'done' ? { updated: updated + 1 } : {}
}
