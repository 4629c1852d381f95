import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run as configureSource } from '../configure-source/main.ts'
import { run as downloadReports } from '../download-reports/main.ts'
import { InputError } from '../inputs/reader.ts'
import { run as sync } from '../main.ts'
import type { Environment } from '../runner/environment.ts'
import type { Ending, Front } from '../runner/run.ts'
import { BaseError } from '../select/changes.ts'
import { GitError } from '../select/git-output.ts'
import { readCommandEnvironment, readVariables } from './environment.ts'
import { INPUTS, parseFlags } from './flags.ts'
import { trackProgress } from './progress-bar.ts'
import { createHost, createTerminal, type Terminal } from './terminal.ts'

export const CODES = { failed: 1, usage: 2, cancelled: 130 } as const

export type Engine = keyof typeof INPUTS

const ENGINES: Readonly<Record<Engine, (front: Front, terminal: Terminal) => Promise<Ending>>> = {
  sync: (front, terminal) => sync(front, trackProgress(terminal, readVariables().TERM)),
  source: configureSource,
  reports: downloadReports,
}

const NO_BASE =
  'set --base to the commit to compare with, such as --base HEAD~1 or --base origin/main; or --mode all, which takes every file that the Source does not hold yet'

/** Runs one of the actions as a command. It sets the exit code.
 *  @throws UsageError */
export async function runEngine(engine: Engine, args: readonly string[]): Promise<void> {
  const flags = parseFlags(args, INPUTS[engine])
  const terminal = createTerminal(flags.json)
  const environment = await readCommandEnvironment()
  const outputs = new Map<string, string>()
  try {
    const host = createHost(flags, terminal, outputs)
    const ending = await ENGINES[engine]({ host, environment, cancelledCode: CODES.cancelled }, terminal)
    const result = engine === 'sync' ? readReport(outputs) : formatOutputs(outputs)
    if (flags.json && result !== undefined) terminal.print(result)
    const { error, cancelled } = ending
    const isBaseless = error instanceof BaseError || (error instanceof GitError && !isRepository(environment))
    if (isBaseless) terminal.annotate('notice', NO_BASE, {})
    if (cancelled) process.exitCode = CODES.cancelled
    else if (isBaseless || error instanceof InputError) process.exitCode = CODES.usage
  } finally {
    // only a sync leaves a file there, which its last line names
    if (flags.json || engine !== 'sync') rmSync(environment.tempDir, { recursive: true, force: true })
  }
}

/** Without one there is nothing to compare with. */
function isRepository({ workspace }: Environment): boolean {
  return existsSync(join(workspace, '.git'))
}

/** @returns undefined where it could not be written, which is an error of the run */
function readReport(outputs: ReadonlyMap<string, string>): string | undefined {
  const path = outputs.get('report') ?? ''
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : undefined
}

/** Outputs are texts; lists and truth values among them are JSON. */
export function formatOutputs(outputs: ReadonlyMap<string, string>): string {
  return JSON.stringify(Object.fromEntries([...outputs].map(([name, text]) => [name, outputValue(text)])), null, 2)
}

/** An output can have a text of imgix that only begins as a list does. */
function outputValue(text: string): unknown {
  if (!/^(\[|true$|false$|\d{1,15}$)/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
