import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecrets } from '../runner/secrets.ts'
import { DOCTOR_FLAGS, runDoctor } from './doctor/doctor.ts'
import { EMULATOR_FLAGS, runEmulator } from './emulator.ts'
import { readSecret } from './environment.ts'
import { INPUTS, SECRETS, UsageError } from './flags.ts'
import { EXIT_CODES, formatHelp, type Help, VARIABLES } from './help.ts'
import { CODES, type Engine, runEngine } from './run-engine.ts'
import { createTerminal } from './terminal.ts'

type Subcommand = Help & { run(args: readonly string[]): Promise<void> }

/** A subcommand that runs an action. */
function ofAction(engine: Engine, help: Omit<Help, 'exitCodes' | 'isAction'>): Subcommand {
  const run = (args: readonly string[]): Promise<void> => runEngine(engine, args)
  return { ...help, exitCodes: EXIT_CODES, isAction: true, run }
}

const SYNC = ofAction('sync', {
  purpose: 'Publishes the images, PDFs and videos of a repository to an imgix Source, and purges exactly them.',
  usage: `imgix-sync [options]
       imgix-sync source [options]     keep a Source's configuration in the repository
       imgix-sync reports [options]    download imgix's reports
       imgix-sync doctor [options]     check the key, the Source and this machine
       imgix-sync emulator [options]   an imgix on this machine, for tests
       imgix-sync <subcommand> --help  the options of a subcommand
       imgix-sync --version`,
  examples: [
    'imgix-sync --source-id 5b81e81539ddc50001a5d955 --root public --base origin/main',
    'imgix-sync --source-id 5b81e81539ddc50001a5d955 --root dist --mode all',
    'imgix-sync --root public --domains assets.example.com --base HEAD~1 --dry-run',
    "imgix-sync --files '' --urls https://assets.example.com/a.png --no-upload",
  ],
  variables: Object.values(VARIABLES),
  table: {
    ...INPUTS.sync,
    base: { description: 'A ref or commit to compare with. Default: what the CI system tells.' },
    'on-unknown-base': {
      description: 'all or fail: what a run does when no base can be had. Default: fail, with --mode all: all.',
    },
  },
})

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  source: ofAction('source', {
    purpose: 'Brings an imgix Source in step with a YAML file: finds or creates it, and sends what differs.',
    usage: 'imgix-sync source [options]',
    examples: ['imgix-sync source --file imgix-source.yml --dry-run'],
    variables: [VARIABLES.key, VARIABLES.proxy, VARIABLES.colours, 'and those that the file names'],
    table: INPUTS.source,
  }),
  reports: ofAction('reports', {
    purpose: "Downloads the files of imgix's reports into a folder.",
    usage: 'imgix-sync reports --type <type> [options]',
    examples: ['imgix-sync reports --type cdn_logs --period 2026-11-01..2026-11-21 --folder logs'],
    variables: [VARIABLES.key, VARIABLES.proxy, VARIABLES.colours],
    table: INPUTS.reports,
  }),
  doctor: {
    run: runDoctor,
    purpose: 'Checks what a sync needs: the key and its permissions, the Source and its domains, git, clock and proxy.',
    usage: 'imgix-sync doctor --source-id <id> [options]',
    examples: ['imgix-sync doctor --source-id 5b81e81539ddc50001a5d955'],
    variables: Object.values(VARIABLES),
    table: DOCTOR_FLAGS,
    exitCodes: ['0    a sync can work', "1    a sync can't work", '2    wrong usage'],
    isAction: false,
  },
  emulator: {
    run: runEmulator,
    purpose: 'Starts an imgix on this machine, to test with: the Management API with one Source, on loopback alone.',
    usage: 'imgix-sync emulator [options]',
    examples: ['imgix-sync emulator --port 7070', 'imgix-sync emulator --json'],
    variables: [],
    table: EMULATOR_FLAGS,
    exitCodes: ['0    it was stopped', '2    wrong usage, or a port that is taken'],
    isAction: false,
  },
}

/** The oldest Node, as package.json has it, which npx only warns of: an older one lacks functions that a run needs at its
 *  end, when files are published already. */
const NODE_MIN = [22, 20] as const

/** @param version as Node tells its own, such as `24.11.0`
 *  @returns undefined for a version that is new enough */
export function explainNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least, leastMinor] = NODE_MIN
  if (major > least || (major === least && minor >= leastMinor)) return undefined
  return `Node ${version} is too old: install Node 24, or 22 from ${NODE_MIN.join('.')} on`
}

/** Runs the command once. It never throws, and sets the exit code. */
export async function runCommand(args: readonly string[]): Promise<void> {
  // the reader of the output can close it (EPIPE): the run continues
  for (const stream of [process.stdout, process.stderr]) stream.on('error', keepOn)
  try {
    const problem = explainNode(process.versions.node)
    if (problem !== undefined) throw new UsageError(problem)
    await dispatch(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    createTerminal(true).error(withoutSecrets(error.message))
    process.exitCode = CODES.usage
  }
}

/** The command line can have a secret in the wrong place. */
function withoutSecrets(text: string): string {
  const secrets = createSecrets(() => {})
  for (const input of Object.keys(SECRETS)) secrets.hide(readSecret(input) ?? '')
  return secrets.redact(text)
}

let isLost = false

/** What can't be written, such as to a full disk, is a failure of the run, told once; its files are published all the
 *  same. */
function keepOn({ code = 'unknown error' }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE' || isLost) return
  isLost = true
  process.on('exit', () => {
    process.exitCode = process.exitCode || CODES.failed
  })
  createTerminal(true).error(`the output can't be written (${code}): it is not complete`)
}

async function dispatch(args: readonly string[]): Promise<void> {
  const [first = ''] = args
  const isNamed = first !== '' && !first.startsWith('-')
  const named = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined
  const subcommand = isNamed ? named : SYNC
  if (subcommand === undefined) {
    throw new UsageError(
      `'${first}' is no subcommand; it is one of ${Object.keys(SUBCOMMANDS).join(', ')}, or none to sync`,
    )
  }
  const own = isNamed ? args.slice(1) : args
  const flags = own.includes('--') ? own.slice(0, own.indexOf('--')) : own
  if (flags.some((arg) => arg === '--help' || arg === '-h')) process.stdout.write(formatHelp(subcommand))
  else if (flags.some((arg) => arg === '--version' || arg === '-v')) process.stdout.write(`${version()}\n`)
  else await subcommand.run(own)
}

function version(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
