import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceResource } from '../imgix/sources.ts'
import { SourceError } from './find.ts'

type Attributes = SourceResource['attributes']

const POLL_MS = 500
const POLL_MAX_MS = 10_000
// imgix may go on saying "deployed" of the deployment before for so long; clients in use wait that long before they look
const SETTLE_MS = 5000
// for the last answer, which is asked for when the time is up
const ANSWER_MS = 5000
/** No document names a state for a deployment that failed. */
const FAILED = /fail|error|deleted/i

type Waiting = {
  /** asks for the Source's state, until it is told to stop */
  readonly read: (signal: AbortSignal) => Promise<Attributes>
  /** the state before it was changed; undefined where it was not, or was not there */
  readonly before: Attributes | undefined
  readonly isEnabled: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** is told each new state, and whether another is waited for */
  readonly onStatus: (status: string, isWaiting: boolean) => void
}

/**
 * Waits until the Source is deployed as it is now: one that is not enabled is `disabled` then, or `deployed`.
 * @param now what the last answer said
 * @throws SourceError for a deployment that fails, or is not there in time
 */
export async function waitUntilDeployed(now: Attributes, waiting: Waiting): Promise<void> {
  const { before, isEnabled, timeoutMs, signal, onStatus } = waiting
  const wanted = isEnabled ? ['deployed'] : ['disabled', 'deployed']
  const settleMs = Math.min(SETTLE_MS, timeoutMs)
  const startedAt = performance.now()
  let hasMoved = before === undefined
  let attributes: Attributes | undefined = now
  let told: string | undefined
  for (let pollMs = POLL_MS; ; pollMs = Math.min(POLL_MAX_MS, pollMs * 2)) {
    const status = String(attributes.deployment_status ?? '')
    const hasFailed = FAILED.test(status)
    hasMoved ||= attributes.deployment_status !== before?.deployment_status || isNewer(attributes, before)
    const elapsedMs = performance.now() - startedAt
    const isDone = wanted.includes(status) && (hasMoved || elapsedMs >= settleMs)
    if (status !== told) onStatus(status, !hasFailed && !isDone)
    told = status
    if (hasFailed) throw new SourceError(`imgix says that the Source is '${status}'; look at it in imgix's dashboard`)
    if (isDone) return
    const late = new SourceError(explainTimeout(status, String(wanted[0]), timeoutMs))
    if (elapsedMs >= timeoutMs) throw late
    await sleep(Math.min(pollMs, timeoutMs - elapsedMs), undefined, { signal })
    attributes = await readWithin(startedAt + timeoutMs - performance.now(), waiting)
    if (attributes === undefined) throw late
  }
}

/** @returns undefined where imgix does not answer while the deployment is waited for */
async function readWithin(ms: number, { read, signal }: Waiting): Promise<Attributes | undefined> {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), Math.max(ANSWER_MS, ms))
  try {
    return await read(AbortSignal.any([signal, end.signal]))
  } catch (error) {
    if (signal.aborted || !end.signal.aborted) throw error
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function isNewer({ date_deployed: date }: Attributes, before: Attributes | undefined): boolean {
  return typeof date === 'number' && date !== before?.date_deployed
}

function explainTimeout(status: string, wanted: string, timeoutMs: number): string {
  const after = `after ${timeoutMs / 1000} s`
  return `deploy-timeout: the Source is '${status}' and not '${wanted}' ${after}; imgix goes on with it: run again to wait longer, and look at it in imgix's dashboard`
}
