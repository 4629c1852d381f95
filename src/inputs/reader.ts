import * as core from '@actions/core'
import { ProblemsError } from '../runner/annotations.ts'
import { readProxies } from './proxies.ts'
import type { Allowed } from './values.ts'

/** Every problem with the inputs, each a line that names the input, its value and what is allowed. */
export class InputError extends ProblemsError {
  override name = 'InputError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.map((line) => ({ line })))
    this.problems = problems
  }
}

export type InputReader = {
  /** '' where no key is given; masked in the log from here on */
  readonly apiKey: string
  /** from HTTPS_PROXY, HTTP_PROXY and NO_PROXY: the proxy that leads to a URL, with its credentials, which are masked */
  readonly proxyFor: (url: URL) => URL | undefined
  /** the input as the step has it, or its default */
  text(name: string): string
  /** The input's value. What is none is noted, to be told with all others. */
  read<T>(name: string, parse: (text: string) => T): Exclude<T, Allowed>
  /** Notes what is wrong with inputs together. */
  add(problem: string): void
  /** @returns whether something is noted about the input */
  isNoted(name: string): boolean
  /** @throws InputError with all that is noted */
  check(): void
}

/** @param defaults of inputs that are not set, or set to nothing */
export function createInputReader(defaults: Readonly<Record<string, string>>): InputReader {
  const problems: string[] = []
  const apiKey = readKey(problems)
  const proxies = readProxies(process.env)
  for (const secret of proxies.secrets) core.setSecret(secret)
  const text = (name: string): string => core.getInput(name) || (defaults[name] ?? '')
  const note = (name: string, value: string, allowed: string): void => {
    const shown = apiKey === '' ? value : value.replaceAll(apiKey, '***') // pasted into the wrong input
    problems.push(`${name}: '${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}' is not allowed; ${allowed}`)
  }
  return {
    apiKey,
    proxyFor: proxies.proxyFor,
    text,
    read<T>(name: string, parse: (text: string) => T): Exclude<T, Allowed> {
      const value = parse(text(name))
      if (!isAllowed(value)) return value as Exclude<T, Allowed>
      for (const bad of value.values ?? [text(name)]) note(name, bad, value.allowed)
      return undefined as Exclude<T, Allowed>
    },
    add: (problem) => void problems.push(problem),
    isNoted: (name) => problems.some((problem) => problem.startsWith(`${name}:`)),
    check() {
      const all = [...problems, ...proxies.problems]
      if (all.length > 0) throw new InputError(all)
    },
  }
}

function readKey(problems: string[]): string {
  const key = core.getInput('api-key')
  if (key === '') return ''
  for (const line of key.split(/\r\n|\r|\n/)) if (line !== '') core.setSecret(line)
  if (!/^[\x21-\x7e]+$/.test(key)) {
    problems.push("api-key: '***' is not allowed; one line of printable ASCII without spaces")
  }
  return key
}

function isAllowed(value: unknown): value is Allowed {
  return typeof value === 'object' && value !== null && 'allowed' in value
}
