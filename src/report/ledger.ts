import type { Emit, Judgement, Outcome, Plan, RunEvent, Selected, Step } from '../events.ts'

type Started = Extract<RunEvent, { kind: 'started' }>

/** What is known of a run so far. */
export type RunState = Omit<Started, 'kind' | 'sourceId'> & {
  /** in ms, as performance.now() has it */
  readonly startedAt: number
  readonly source: { readonly id: string; readonly type: string }
  readonly changes: Pick<Selected, 'base' | 'head' | 'baseStrategy'> & Partial<Selected>
  /** the seconds that the plan takes by the rate limits; undefined before there is a plan */
  readonly plannedSeconds: number | undefined
  /** why there is nothing to do with files */
  readonly reason: string | undefined
  readonly plan: Plan
  /** of all steps but records that were made: there is one for each file */
  readonly outcomes: Map<Step, Outcome>
  /** the files were compared with the Source's assets, in mode all */
  readonly isCompared: boolean
  /** origin paths of assets that the folder does not have, in mode all */
  readonly onlyAtSource: readonly string[]
  readonly warnings: readonly Warning[]
  /** by URL; none before the verification */
  readonly verdicts: ReadonlyMap<string, Judgement>
  readonly cancelled: boolean
  /** what ended the run early */
  readonly error: unknown
}

/** What does not fail the run, of a file or of the run. */
export type Warning = { readonly text: string; readonly path?: string }

export type Failed = Extract<Outcome, { result: 'failed' }>

/** Keeps the state of a run: each event changes its part, and nothing else does. */
export function createLedger(startedAt: number): { readonly state: RunState; readonly hear: Emit } {
  const state: RunState = {
    startedAt,
    mode: 'changed',
    dryRun: false,
    verify: 'off',
    source: { id: '', type: '' },
    domains: [],
    changes: { base: '', head: '', baseStrategy: '' },
    summary: 'pictures',
    repositoryUrl: '',
    plannedSeconds: undefined,
    reason: undefined,
    plan: { files: [], purges: [], updates: [], calls: [], skipped: [] },
    outcomes: new Map(),
    isCompared: false,
    onlyAtSource: [],
    warnings: [],
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
      const { kind: _, sourceId, ...settings } = event
      return { ...settings, source: { id: sourceId, type: '' } }
    }
    case 'idle':
      return { reason: event.reason }
    case 'selected': {
      const { warnings, leftOut = new Map() } = event.changes
      const all = [...state.warnings, ...warnings.map((text) => ({ text })), ...ofFiles(leftOut)]
      return { changes: event.changes, warnings: all }
    }
    case 'note':
      return event.level === 'warning' ? { warnings: [...state.warnings, { text: event.text }] } : {}
    case 'warned':
      return { warnings: [...state.warnings, ...ofFiles(event.problems)] }
    case 'source':
      return {
        source: { id: state.source.id, type: event.source.type },
        domains: state.domains.length > 0 ? state.domains : event.source.domains,
      }
    case 'compared':
      return { isCompared: true, onlyAtSource: event.listing.onlyAtSource }
    case 'drafted':
      return { plan: event.plan }
    case 'planned':
      return { plan: event.plan, plannedSeconds: event.seconds }
    case 'ended': {
      const { step, result } = event.outcome
      if (step.kind !== 'record' || result === 'failed') state.outcomes.set(step, event.outcome)
      return {}
    }
    case 'verified':
      return { verdicts: event.verdicts }
    case 'finished':
      return { cancelled: event.cancelled, error: event.error }
    default:
      return {}
  }
}

function ofFiles(problems: ReadonlyMap<string, string>): Warning[] {
  return [...problems].map(([path, text]) => ({ path, text }))
}

/** What somebody has to mend: failed uploads and purges, then what else failed of assets. */
export function failuresOf({ outcomes }: Pick<RunState, 'outcomes'>): Failed[] {
  const failed = failedOf(outcomes).filter((each) => !isSafe(each))
  return [...failed.filter((each) => !isOfAsset(each)), ...failed.filter(isOfAsset)]
}

/** Records that were not made. Without one, the next full sync uploads the file again. */
export function unrecordedOf({ outcomes }: Pick<RunState, 'outcomes'>): Failed[] {
  return failedOf(outcomes).filter(isSafe)
}

export function isOfAsset({ step }: Failed): boolean {
  return step.kind !== 'upload' && step.kind !== 'purge'
}

function failedOf(outcomes: RunState['outcomes']): Failed[] {
  return [...outcomes.values()].filter((outcome) => outcome.result === 'failed')
}

function isSafe({ step }: Failed): boolean {
  return step.kind === 'record' && step.record === 'always'
}
