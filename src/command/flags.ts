import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { isAllowed, withoutUser } from '../inputs/reader.ts'
import type { Allowed } from '../inputs/values.ts'
import inputs from './inputs.json' with { type: 'json' }

/** The command line is wrong, or what it asks for can't be begun. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export type Input = { readonly description: string; readonly default?: string }
/** The inputs of an action, by name, as its action.yml has them. */
export type InputTable = Readonly<Record<string, Input>>

/** By the subcommand that runs the action. */
export const INPUTS: Readonly<Record<'sync' | 'source' | 'reports', InputTable>> = inputs

/** Inputs that are secret, and their variables: a flag is seen by every process, and stays in the history of a shell. */
export const SECRETS: Readonly<Record<string, string>> = { 'api-key': 'IMGIX_API_KEY', 'github-token': 'GITHUB_TOKEN' }

/** @returns a message that begins with the name of a secret input, with the name of its variable instead */
export function inOwnWords(text: string): string {
  return text.replace(/^[a-z-]+(?=: )/, (name) => SECRETS[name] ?? name)
}

export type Flags = {
  /** the inputs that are set, by name */
  readonly values: ReadonlyMap<string, string>
  readonly json: boolean
}

/** The job summary is GitHub's. */
const NO_FLAGS = [...Object.keys(SECRETS), 'summary']

/** @returns the inputs that are flags */
export function flagsOf(table: InputTable): [name: string, input: Input][] {
  return Object.entries(table).filter(([name]) => !NO_FLAGS.includes(name))
}

export function isSwitch({ default: value = '' }: Input): boolean {
  return value === 'true' || value === 'false'
}

/** Reads the flags of a subcommand. Each is named as its input; one that is repeated has a line for each time.
 *  @param table of the inputs that are flags
 *  @throws UsageError */
export function parseFlags(args: readonly string[], table: InputTable): Flags {
  const secret = args.map((arg) => /^--([\w-]+)/.exec(arg)?.[1] ?? '').find((name) => SECRETS[name] !== undefined)
  if (secret !== undefined) {
    throw new UsageError(`--${secret}: set the variable ${SECRETS[secret]} instead: every process can see a flag`)
  }
  const flags = new Map(flagsOf(table))
  const options = Object.fromEntries(
    [...flags.keys()].map((name) => [name, { type: 'string', multiple: true } as const]),
  )
  const values = parse(withValues(args, flags), { ...options, json: { type: 'boolean' } })
  const given = [...flags.keys()].flatMap((name): [string, string][] => {
    const lines = values[name]
    return Array.isArray(lines) ? [[name, lines.join('\n')]] : []
  })
  return { values: new Map(given), json: values.json === true }
}

/** A switch needs no value: `--dry-run` and `--no-purge` become values of their inputs.
 *  @throws UsageError for a value that was left out, of which Node's own messages are about its parser */
function withValues(args: readonly string[], flags: ReadonlyMap<string, Input>): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const spelled = args.slice(0, end).map((arg, index) => {
    const [, no, name = ''] = /^--(no-)?([a-z-]+)$/.exec(arg) ?? []
    const input = flags.get(name)
    if (input === undefined) return arg
    if (isSwitch(input)) return `--${name}=${no === undefined}`
    const next = args.slice(0, end)[index + 1]
    if (no === undefined && (next === undefined || /^-./.test(next)))
      throw new UsageError(`${arg} needs a value; one that begins with a dash is ${arg}=-...`)
    return arg
  })
  return [...spelled, ...args.slice(end)]
}

function parse(args: string[], options: ParseArgsOptionsConfig): Record<string, unknown> {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    // Node's message of several sentences: the first says what is wrong
    const [reason = ''] = (error as Error).message.split(/\. |\n/)
    throw new UsageError(`${reason}; see imgix-sync --help`, { cause: error })
  }
}

/** @returns a reader of the flags that no action reads; it throws a UsageError for a value that is not allowed */
export function createFlagReader({ values }: Flags, table: InputTable) {
  return <T>(name: string, parse: (text: string) => T): Exclude<T, Allowed> => {
    const text = values.get(name) ?? table[name]?.default ?? ''
    const value = parse(text)
    if (!isAllowed(value)) return value as Exclude<T, Allowed>
    throw new UsageError(`--${name}: '${withoutUser(name, text)}' is not allowed; ${value.allowed}`)
  }
}
