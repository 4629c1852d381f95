import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceResource } from '../imgix/sources.ts'
import { SourceError } from './find.ts'

type Attributes = SourceResource['attributes']

const POLL_MS = 500
const POLL_MAX_MS = 10_000
// imgix can return "deployed" for the previous deployment for this long; other clients wait as long
const SETTLE_MS = 5000
// for the answer to the last poll, which is sent when the time is over
const ANSWER_MS = 5000
/** No document names the status of a failed deployment. */
const FAILED = /fail|error|deleted/i

type Waiting = {
  /** reads the Source */
  readonly read: (signal: AbortSignal) => Promise<Attributes>
  /** the Source before the change; undefined if it was not changed, or did not exist */
  readonly before: Attributes | undefined
  readonly isEnabled: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** called for each new status; `isWaiting`: the run waits for another one */
  readonly onStatus: (status: string, isWaiting: boolean) => void
}

/**
 * Waits until the Source is deployed. A Source that is not enabled ends as `disabled` or `deployed`.
 * @param now the attributes in the last answer
 * @throws SourceError for a deployment that fails or takes too long
 */
export async function waitUntilDeployed(now: Attributes, waiting: Waiting): Promise<void> {
  const { before, isEnabled, timeoutMs, signal, onStatus } = waiting
  const wanted = isEnabled ? ['deployed'] : ['disabled', 'deployed']
  const settleMs = Math.min(SETTLE_MS, timeoutMs)
  const startedAt = performance.now()
  let hasMoved = before === undefined
  let attributes: Attributes | undefined = now
  let reported: string | undefined
  for (let pollMs = POLL_MS; ; pollMs = Math.min(POLL_MAX_MS, pollMs * 2)) {
    const status = String(attributes.deployment_status ?? '')
    const hasFailed = FAILED.test(status)
    hasMoved ||= attributes.deployment_status !== before?.deployment_status || isNewer(attributes, before)
    const elapsedMs = performance.now() - startedAt
    const isDone = wanted.includes(status) && (hasMoved || elapsedMs >= settleMs)
    if (status !== reported) onStatus(status, !hasFailed && !isDone)
    reported = status
    if (hasFailed) throw new SourceError(`the Source has the status '${status}'; see imgix's dashboard`)
    if (isDone) return
    const late = new SourceError(explainTimeout(status, String(wanted[0]), timeoutMs))
    if (elapsedMs >= timeoutMs) throw late
    await sleep(Math.min(pollMs, timeoutMs - elapsedMs), undefined, { signal })
    attributes = await readWithin(startedAt + timeoutMs - performance.now(), waiting)
    if (attributes === undefined) throw late
  }
}

/** @returns undefined if imgix does not answer in time */
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
  return `deploy-timeout: the Source is '${status}' and not '${wanted}' ${after}; imgix continues the deployment: run again to wait longer, or see imgix's dashboard`
}
