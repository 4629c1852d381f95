import * as core from '@actions/core'
import { createClient } from '../imgix/client.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { readTextFile } from '../inputs/text-file.ts'
import { type Runner, runAction } from '../runner/run.ts'
import { applyConfiguration, type Run } from './apply.ts'
import { type Configuration, parseConfiguration } from './configuration.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { createReporter, type RunState } from './report.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import { createResolve } from './variables.ts'

/** Runs the action once: it never throws, and sets the exit code. */
export async function run(): Promise<void> {
  const secrets = createSecrets(core.setSecret)
  const reporter = createReporter(secrets.redact)
  const state: RunState = { dryRun: false, sourceId: '', changed: false, status: '', result: 'none' }
  await runAction((runner) => ({
    carryOut: () => carryOut(runner, { state, secrets, reporter }),
    reportEnding: (ending) => reporter.ending(state, ending),
  }))
}

async function carryOut(
  { environment, stop }: Runner,
  run: Pick<Run, 'state' | 'secrets' | 'reporter'>,
): Promise<void> {
  const { state, secrets, reporter } = run
  const inputs = readInputs(environment.workspace)
  secrets.hide(inputs.apiKey)
  Object.assign(state, { dryRun: inputs.dryRun, sourceId: inputs.sourceId })
  if (environment.event.name.startsWith('pull_request') && !inputs.dryRun) {
    core.notice(
      'this run on a pull request changes the Source by a file that is not merged; set dry-run to true to only look',
    )
  }
  const wanted = await loadConfiguration(inputs, environment.workspace, secrets)
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
    hide: secrets.hide,
    redact: secrets.redact,
    onLongWait: reporter.wait,
  })
  try {
    await applyConfiguration(wanted, { ...run, client, inputs, signal: stop.soft })
  } finally {
    client.close()
  }
}

async function loadConfiguration(inputs: Inputs, workspace: string, { hide }: Secrets): Promise<Configuration> {
  const { file, sourceId, apiKey, dryRun, readVariable } = inputs
  const resolve = createResolve({ read: readVariable, apiKey, mayBeEmpty: dryRun, hide })
  return parseConfiguration(await readTextFile(workspace, file), { file, mayCreate: sourceId === '', resolve })
}
