import { createClient } from '../imgix/client.ts'
import { readTextFile } from '../inputs/text-file.ts'
import { logWait } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import { isUnmerged } from '../runner/environment.ts'
import { type Ending, type Front, type Runner, runAction } from '../runner/run.ts'
import { applyConfiguration } from './apply.ts'
import { parseConfiguration } from './configuration.ts'
import { readInputs } from './inputs.ts'
import { logValid, type RunState, reportEnding } from './report.ts'
import { createResolve } from './variables.ts'

/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
export async function run(front?: Front): Promise<Ending> {
  const state: RunState = { dryRun: false, sourceId: '', changed: false, status: '', result: 'none' }
  const reportResult = (ending: Ending) => reportEnding(state, ending)
  return runAction((runner) => ({ carryOut: () => carryOut(runner, state), reportEnding: reportResult }), front)
}

async function carryOut({ environment, stop }: Runner, state: RunState): Promise<void> {
  const { workspace, event } = environment
  const inputs = readInputs(workspace)
  const { file, sourceId, apiKey, dryRun } = inputs
  Object.assign(state, { dryRun, sourceId })
  if (isUnmerged(event) && !dryRun) {
    core.notice('this run on a pull request applies a file that is not merged; set dry-run to true to compare only')
  }
  const text = await readTextFile(workspace, file)
  const resolve = createResolve(inputs, core.hide)
  const wanted = parseConfiguration(text, { file, mayCreate: sourceId === '', resolve })
  logValid(file, wanted)
  if (apiKey === '') {
    Object.assign(state, { result: 'valid', changed: undefined })
    return
  }
  const { hideUrl: hide, redact } = core
  const client = createClient({ ...inputs, userAgent: 'imgix-sync-source/1', hide, redact, onLongWait: logWait })
  try {
    await applyConfiguration(wanted, { client, inputs, state, signal: stop.soft })
  } finally {
    client.close()
  }
}
