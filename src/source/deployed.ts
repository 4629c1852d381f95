import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceResource } from '../imgix/sources.ts'
import { SourceError } from './find.ts'

type Attributes = SourceResource['attributes']

const POLL_MS = 500
const POLL_MAX_MS = 10_000
// imgix may go on saying "deployed" of the deployment before for so long; clients in use wait that long before they look
const SETTLE_MS = 5000
/** No document names a state for a deployment that failed. */
const FAILED = /fail|error|deleted/i

type Waiting = {
  /** asks for the Source's state */
  readonly read: () => Promise<Attributes>
  /** the state before it was changed; undefined where it was not, or was not there */
  readonly before: Attributes | undefined
  readonly isEnabled: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** is told each new state, and whether another is waited for */
  readonly onStatus: (status: string, isWaiting: boolean) => void
}

/**
 * Waits until the Source is deployed as it is now: one that is not enabled is `disabled` instead.
 * @param now what the last answer said
 * @throws SourceError for a deployment that fails, or is not there in time
 */
export async function waitUntilDeployed(now: Attributes, waiting: Waiting): Promise<void> {
  const { read, before, isEnabled, timeoutMs, signal, onStatus } = waiting
  const wanted = isEnabled ? 'deployed' : 'disabled'
  const settleMs = Math.min(SETTLE_MS, timeoutMs)
  const startedAt = performance.now()
  let hasMoved = before === undefined || before.deployment_status !== wanted
  let attributes = now
  let told: string | undefined
  for (let pollMs = POLL_MS; ; pollMs = Math.min(POLL_MAX_MS, pollMs * 2)) {
    const status = String(attributes.deployment_status ?? '')
    const hasFailed = FAILED.test(status)
    hasMoved ||= status !== wanted || isNewer(attributes, before)
    const elapsedMs = performance.now() - startedAt
    const isDone = status === wanted && (hasMoved || elapsedMs >= settleMs)
    if (status !== told) onStatus(status, !hasFailed && !isDone)
    told = status
    if (hasFailed) throw new SourceError(`imgix says that the Source is '${status}'; look at it in imgix's dashboard`)
    if (isDone) return
    if (elapsedMs >= timeoutMs) throw new SourceError(explainTimeout(status, wanted, timeoutMs))
    await sleep(Math.min(pollMs, timeoutMs - elapsedMs), undefined, { signal })
    attributes = await read()
  }
}

function isNewer({ date_deployed: date }: Attributes, before: Attributes | undefined): boolean {
  return typeof date === 'number' && date !== before?.date_deployed
}

function explainTimeout(status: string, wanted: string, timeoutMs: number): string {
  const after = `after ${timeoutMs / 1000} s`
  return `deploy-timeout: the Source is '${status}' and not '${wanted}' ${after}; imgix goes on with it: run again to wait longer, and look at it in imgix's dashboard`
}
