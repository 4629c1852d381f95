import { createClient } from '../imgix/client.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { readTextFile } from '../inputs/text-file.ts'
import * as core from '../runner/core.ts'
import { isUnmerged } from '../runner/environment.ts'
import { type Ending, type Front, type Runner, runAction } from '../runner/run.ts'
import { applyConfiguration, type Run } from './apply.ts'
import { type Configuration, parseConfiguration } from './configuration.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { createReporter, type RunState } from './report.ts'
import { createResolve } from './variables.ts'

/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
export async function run(front?: Front): Promise<Ending> {
  const reporter = createReporter()
  const state: RunState = { dryRun: false, sourceId: '', changed: false, status: '', result: 'none' }
  const start = (runner: Runner) => ({
    carryOut: () => carryOut(runner, { state, reporter }),
    reportEnding: (ending: Ending) => reporter.ending(state, ending),
  })
  return runAction(start, front)
}

async function carryOut({ environment, stop }: Runner, run: Pick<Run, 'state' | 'reporter'>): Promise<void> {
  const { state, reporter } = run
  const inputs = readInputs(environment.workspace)
  Object.assign(state, { dryRun: inputs.dryRun, sourceId: inputs.sourceId })
  if (isUnmerged(environment.event) && !inputs.dryRun) {
    core.notice('this run on a pull request applies a file that is not merged; set dry-run to true to compare only')
  }
  const wanted = await loadConfiguration(inputs, environment.workspace)
  reporter.valid(inputs.file, wanted)
  if (inputs.apiKey === '') {
    state.result = 'valid'
    state.changed = undefined
    return
  }
  const client = createClient({
    ...inputs,
    rateLimits: DOCUMENTED_LIMITS,
    userAgent: 'imgix-sync-source/1',
    hide: core.hideUrl,
    redact: core.redact,
    onLongWait: reporter.wait,
  })
  try {
    await applyConfiguration(wanted, { ...run, hide: core.hide, client, inputs, signal: stop.soft })
  } finally {
    client.close()
  }
}

async function loadConfiguration(inputs: Inputs, workspace: string): Promise<Configuration> {
  const { file, sourceId, apiKey, dryRun, readVariable } = inputs
  const resolve = createResolve({ read: readVariable, apiKey, mayBeEmpty: dryRun, hide: core.hide })
  return parseConfiguration(await readTextFile(workspace, file), { file, mayCreate: sourceId === '', resolve })
}
