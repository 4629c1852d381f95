import * as core from '@actions/core'
import { createClient } from '../imgix/client.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { readTextFile } from '../inputs/text-file.ts'
import { type Cancellation, listenForCancellation } from '../runner/cancellation.ts'
import { type Environment, readEnvironment } from '../runner/environment.ts'
import { type Configuration, parseConfiguration } from './configuration.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { keepSource } from './keep.ts'
import { createReporter, type Reporter, type SourceRun } from './report.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import { createResolve } from './variables.ts'

type Run = { environment: Environment; cancellation: Cancellation; state: SourceRun; secrets: Secrets; tell: Reporter }

/** Runs the action once: it never throws, and sets the exit code. */
export async function run(): Promise<void> {
  const environment = readEnvironment()
  const cancellation = listenForCancellation()
  const secrets = createSecrets(core.setSecret)
  const tell = createReporter(secrets.redact)
  const state: SourceRun = { dryRun: false, sourceId: '', changed: false, status: '', result: 'none' }
  let error: unknown
  try {
    await carryOut({ environment, cancellation, state, secrets, tell })
  } catch (cause) {
    error = cause
  }
  const { hasSummary } = environment
  await tell.ending(state, { error, isCancelled: cancellation.signal.aborted, hasSummary })
  cancellation.release() // a signal that comes while the ending is written does not keep it from being told
}

async function carryOut({ environment, cancellation, state, secrets, tell }: Run): Promise<void> {
  const inputs = readInputs(environment.workspace)
  secrets.hide(inputs.apiKey)
  Object.assign(state, { dryRun: inputs.dryRun, sourceId: inputs.sourceId })
  if (environment.event.name.startsWith('pull_request') && !inputs.dryRun) {
    core.notice(
      'this run on a pull request changes the Source by a file that is not merged; set dry-run to true to only look',
    )
  }
  const wanted = await loadConfiguration(inputs, environment.workspace, secrets)
  tell.valid(inputs.file, wanted)
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
    onLongWait: tell.wait,
  })
  try {
    await keepSource(wanted, { client, inputs, state, secrets, tell, signal: cancellation.signal })
  } finally {
    client.close()
  }
}

async function loadConfiguration(inputs: Inputs, workspace: string, { hide }: Secrets): Promise<Configuration> {
  const { file, sourceId, apiKey, dryRun, readVariable } = inputs
  const resolve = createResolve({ read: readVariable, apiKey, mayBeEmpty: dryRun, hide })
  return parseConfiguration(await readTextFile(workspace, file), { file, mayCreate: sourceId === '', resolve })
}
