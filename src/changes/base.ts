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
  const before = eventName === 'push' && typeof payload.before === 'string' ? payload.before : ''
  if (SHA.test(before) && !/^0+$/.test(before)) {
    const reason = 'the commit that the branch was at before the push'
    return { candidates: [{ strategy: 'event', ref: before, reason }], passedOver: [], nothing: undefined }
  }
  const why =
    eventName === 'push' ? 'this is the first push of its branch or tag' : `the event '${eventName}' gives none`
  return { candidates: [], passedOver: [why], nothing: undefined }
}
