export type BaseStrategy = 'input' | 'event' | 'all'

/** One step of the ladder: a base that may be had, and why it is the one to take. */
type BaseCandidate = {
  readonly strategy: Exclude<BaseStrategy, 'all'>
  readonly ref: string
  readonly reason: string
}

export type Ladder = {
  readonly candidates: readonly BaseCandidate[]
  /** why the event gives no base, where it gives none */
  readonly passedOver: readonly string[]
  /** the event leaves nothing to do, and why */
  readonly nothing: string | undefined
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * The bases to compare with, best first.
 * @param event the event's payload as the runner has it: anything may stand in it
 */
export function findBases(eventName: string, event: unknown, baseInput: string): Ladder {
  const payload = typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {}
  if (eventName === 'push' && payload.deleted === true) {
    return { candidates: [], passedOver: [], nothing: 'the push deleted its branch or tag' }
  }
  if (baseInput !== '') {
    const reason = 'the base that the input names'
    return { candidates: [{ strategy: 'input', ref: baseInput, reason }], passedOver: [], nothing: undefined }
  }
  const why = whyNoBase(eventName, payload)
  if (why !== undefined) return { candidates: [], passedOver: [why], nothing: undefined }
  const reason = 'the commit that the branch was at before the push'
  return {
    candidates: [{ strategy: 'event', ref: String(payload.before), reason }],
    passedOver: [],
    nothing: undefined,
  }
}

function whyNoBase(eventName: string, { ref, before }: Record<string, unknown>): string | undefined {
  if (eventName !== 'push') return `the event '${eventName}' gives none`
  if (typeof ref === 'string' && ref.startsWith('refs/tags/')) return 'a tag has none'
  if (typeof before !== 'string' || !SHA.test(before)) return 'it says no commit that the branch was at before'
  return /^0+$/.test(before) ? 'this is the first push of its branch' : undefined
}
