import { listenForCancellation, type Stop } from './cancellation.ts'
import { beginRun } from './core.ts'
import { type Environment, readEnvironment } from './environment.ts'
import type { Host } from './host.ts'
import { attempt } from './outputs.ts'
import { settle } from './settle.ts'

export type Runner = { readonly environment: Environment; readonly stop: Stop }

export type Ending = {
  readonly cancelled: boolean
  /** the error that ended the run early; undefined after a cancellation */
  readonly error: unknown
}

type Action = {
  carryOut(): Promise<void>
  /** Reports the result of the run. It runs after every ending. */
  reportEnding(ending: Ending): Promise<void>
}

/** Where the engine runs, if not as an action on GitHub's runner. */
export type Front = {
  readonly host: Host
  readonly environment: Environment
  /** exit code of a process that has to end before the run has */
  readonly cancelledCode: number
}

/** Runs an action once. It never throws, and sets the exit code. */
export async function runAction(start: (runner: Runner) => Action, front?: Front): Promise<Ending> {
  beginRun(front?.host)
  const cancellation = listenForCancellation(front?.cancelledCode)
  const environment = front?.environment ?? readEnvironment()
  const action = start({ environment, stop: cancellation })
  let error: unknown
  try {
    await settle(action.carryOut(), cancellation.hard, front?.cancelledCode)
  } catch (cause) {
    error = cause
  }
  const cancelled = cancellation.soft.aborted
  const ending = { cancelled, error: cancelled ? undefined : error }
  await attempt('the result', () => settle(action.reportEnding(ending)))
  cancellation.release() // a signal during the ending must not keep it from being written
  return ending
}
