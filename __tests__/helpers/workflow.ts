import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { runAction } from '../../emulator/runner.ts'
import { readOutputs } from '../../emulator/workflow-commands.ts'
import { temporaryFolder } from './scenario.ts'

type Step = {
  id?: string
  name?: string
  if?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, unknown>
}
type Place = { workspace: string; temp: string }
export type Outputs = Record<string, string>

/** Runs the steps of a job that use no action of others and have no condition, in a workspace on this machine.
 *  @param outputs gets the outputs of each step that ran, by its id
 *  @throws where a step fails */
export async function runJob(
  file: string,
  job: string,
  { workspace, outputs }: { workspace: string; outputs: Map<string, Outputs> },
): Promise<void> {
  const temp = temporaryFolder()
  const { jobs } = parse(readFileSync(file, 'utf8')) as { jobs: Record<string, { steps: Step[] }> }
  for (const step of jobs[job]?.steps ?? []) {
    if (step.if !== undefined || (step.uses !== undefined && !step.uses.startsWith('./'))) continue
    outputs.set(step.id ?? '', await runStep(step, { workspace, temp }, outputs))
  }
}

async function runStep(step: Step, place: Place, outputs: ReadonlyMap<string, Outputs>): Promise<Outputs> {
  const values = (given: Record<string, unknown> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, evaluate(String(value), outputs)]))
  if (step.uses === undefined) return runScript(step.run ?? '', place, values(step.env))
  const action = step.uses.slice('./'.length) as 'source' | 'reports' | ''
  const run = await runAction({
    workspace: place.workspace,
    inputs: values(step.with),
    ...(action === '' ? {} : { action }),
  })
  if (run.code !== 0) throw new Error(`${step.name} failed:\n${run.log}`)
  return run.outputs
}

function runScript(script: string, { workspace: cwd, temp }: Place, env: Record<string, string>): Outputs {
  const output = join(temp, 'output')
  writeFileSync(output, '')
  // as GitHub starts a step with `shell: bash`
  execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    ...{ cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 30_000 },
    env: { ...process.env, RUNNER_OS: 'Linux', RUNNER_TEMP: temp, GITHUB_OUTPUT: output, ...env },
  })
  return readOutputs(readFileSync(output, 'utf8'))
}

/** Puts in the outputs of steps that ran before, and the first of a list of them. */
function evaluate(text: string, outputs: ReadonlyMap<string, Outputs>): string {
  return text.replace(/\$\{\{ (?:steps\.([\w-]+)\.outputs\.([\w-]+)|(.+?)) \}\}/g, (_, id, name, other) => {
    const [, listOf, list] = /^fromJSON\(steps\.([\w-]+)\.outputs\.([\w-]+)\)\[0\]$/.exec(other ?? '') ?? []
    const value = outputs.get(id ?? listOf)?.[name ?? list]
    if (value === undefined) throw new Error(`no step that ran has ${_}`)
    return list === undefined ? value : ((JSON.parse(value) as string[])[0] ?? '')
  })
}
