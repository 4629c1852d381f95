import { parseArgs } from 'node:util'
import inputs from './inputs.json' with { type: 'json' }

/** The command line is wrong, or what it asks for can't be begun. */
export class UsageError extends Error {
  override name = 'UsageError'
}

type Input = { readonly description: string; readonly default?: string }
/** The inputs of an action, by name, as its action.yml has them. */
export type InputTable = Readonly<Record<string, Input>>

/** By the subcommand that runs the action. */
export const INPUTS: Readonly<Record<'sync' | 'source' | 'reports', InputTable>> = inputs

/** Inputs that are secret, and their variables: a flag is seen by every process, and stays in the history of a shell. */
export const SECRETS: Readonly<Record<string, string>> = { 'api-key': 'IMGIX_API_KEY', 'github-token': 'GITHUB_TOKEN' }

export type Flags = {
  /** the inputs that are set, by name */
  readonly values: ReadonlyMap<string, string>
  readonly json: boolean
}

/** The job summary is GitHub's. */
const NO_FLAGS = ['summary']

/** @returns the names of the inputs that are flags */
export function flagNames(table: InputTable): string[] {
  return Object.keys(table).filter((name) => SECRETS[name] === undefined && !NO_FLAGS.includes(name))
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
  const names = flagNames(table)
  refuseEmpty(
    args,
    names.filter((name) => !isSwitch(table[name] ?? { description: '' })),
  )
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', multiple: true }] as const))
  const { values } = parse(withValues(args, table), { ...options, json: { type: 'boolean' } })
  const given = names.flatMap((name): [string, string][] => {
    const lines = values[name]
    return Array.isArray(lines) ? [[name, lines.join('\n')]] : []
  })
  return { values: new Map(given), json: values.json === true }
}

/** Node's own messages for a value that was left out are about its parser.
 *  @throws UsageError */
function refuseEmpty(args: readonly string[], names: readonly string[]): void {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  const at = own.findIndex(
    (arg, index) => names.includes(arg.slice(2)) && arg.startsWith('--') && isFlag(own[index + 1]),
  )
  if (at !== -1) throw new UsageError(`${own[at]} needs a value; one that begins with a dash is ${own[at]}=-...`)
}

const isFlag = (next: string | undefined): boolean => next === undefined || /^-./.test(next)

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parse(args: string[], options: Options): { values: Record<string, unknown> } {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false })
  } catch (error) {
    // Node's message of several sentences: the first says what is wrong
    const [reason = ''] = (error as Error).message.split(/\. |\n/)
    throw new UsageError(`${reason}; see imgix-sync --help`, { cause: error })
  }
}

/** A switch needs no value: `--dry-run` and `--no-purge` become values of their inputs. */
function withValues(args: readonly string[], table: InputTable): string[] {
  const end = args.indexOf('--')
  return args.map((arg, index) => {
    const [, no, name = ''] = /^--(no-)?([a-z-]+)$/.exec(arg) ?? []
    const input = table[name]
    const isOwn = input !== undefined && isSwitch(input) && (end === -1 || index < end)
    return isOwn ? `--${name}=${no === undefined}` : arg
  })
}
