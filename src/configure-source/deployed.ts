import { setTimeout as sleep } from 'node:timers/promises'
import { textOf } from '../imgix/errors.ts'
import type { SourceResource } from '../imgix/sources.ts'
import * as core from '../runner/core.ts'
import { duration } from '../runner/text.ts'
import { SourceError } from './requests.ts'

type Attributes = SourceResource['attributes']

const POLL_MS = 500
const POLL_MAX_MS = 10_000
// imgix can return the status of the previous deployment for this long; other clients wait as long
const SETTLE_MS = 5000
// imgix can return "disabled" for this long after a Source was enabled
const ENABLING_MS = 30_000
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
}

/**
 * Waits until the Source is deployed. A Source that is not enabled ends as `disabled` or `deployed`.
 * @param now the attributes in the last answer
 * @throws SourceError for a deployment that fails or takes too long
 */
export async function waitUntilDeployed(now: Attributes, waiting: Waiting): Promise<void> {
  const { read, before, isEnabled, timeoutMs, signal } = waiting
  const endsAt = performance.now() + timeoutMs
  let attributes = now
  let hasMoved = before === undefined
  let logged: string | undefined
  for (let pollMs = POLL_MS; ; pollMs = Math.min(POLL_MAX_MS, pollMs * 2)) {
    const status = textOf(attributes.deployment_status ?? '')
    const leftMs = endsAt - performance.now()
    hasMoved ||= attributes.deployment_status !== before?.deployment_status || isNewer(attributes, before)
    const isWanted = status === 'deployed' || (status === 'disabled' && !isEnabled)
    const isDone = isWanted && (hasMoved || isBelieved(attributes, timeoutMs - leftMs, waiting))
    const failure = explainFailure(status, timeoutMs - leftMs, waiting)
    const waits = isDone || failure !== undefined ? '' : `, waits up to ${duration(timeoutMs / 1000)}`
    if (status !== logged) core.info(`deployment_status: ${status}${waits}`)
    logged = status
    if (failure !== undefined) throw new SourceError(failure)
    if (isDone) return
    const late = new SourceError(explainTimeout(status, isWanted, waiting))
    if (leftMs <= 0) throw late
    await sleep(Math.min(pollMs, leftMs), undefined, { signal })
    const end = AbortSignal.timeout(Math.ceil(Math.max(ANSWER_MS, endsAt - performance.now())))
    attributes = await read(AbortSignal.any([signal, end])).catch((error) => {
      throw end.aborted && !signal.aborted ? late : error
    })
  }
}

function isNewer({ date_deployed: date }: Attributes, before: Attributes | undefined): boolean {
  return typeof date === 'number' && date !== before?.date_deployed
}

/** Whether a status that can be older than the change counts: after SETTLE_MS, and only if no date can prove it. */
function isBelieved({ date_deployed: date }: Attributes, elapsedMs: number, waiting: Waiting): boolean {
  const { before, isEnabled, timeoutMs } = waiting
  const isDated = isEnabled && typeof date === 'number' && typeof before?.date_deployed === 'number'
  return !isDated && elapsedMs >= Math.min(SETTLE_MS, timeoutMs)
}

/** @returns why no further poll helps; undefined if one can */
function explainFailure(status: string, elapsedMs: number, { before, isEnabled }: Waiting): string | undefined {
  if (FAILED.test(status)) return `the Source has the status '${status}'; see imgix's dashboard`
  const enablingMs = before?.deployment_status === 'disabled' ? ENABLING_MS : SETTLE_MS
  if (!isEnabled || status !== 'disabled' || elapsedMs < enablingMs) return undefined
  return "the Source is enabled, and imgix still has it 'disabled'; see imgix's dashboard"
}

function explainTimeout(status: string, isWanted: boolean, { isEnabled, timeoutMs }: Waiting): string {
  const after = `after ${timeoutMs / 1000} s`
  const next = "run again to wait longer, or see imgix's dashboard"
  if (isWanted)
    return `deploy-timeout: the Source is '${status}', and its date_deployed is that from before the change ${after}; imgix may still serve the older configuration: ${next}`
  const wanted = isEnabled ? 'deployed' : 'disabled'
  return `deploy-timeout: the Source is '${status}' and not '${wanted}' ${after}; imgix continues the deployment: ${next}`
}
