import { ProblemsError } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { readProxies } from './proxies.ts'
import { type Allowed, parseApiUrl, wholeNumber } from './values.ts'

/** All problems with the inputs: one line each with the input's name, its value and the allowed values. */
export class InputError extends ProblemsError {
  override name = 'InputError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.map((line) => ({ line })))
    this.problems = problems
  }
}

export type InputReader = ReturnType<typeof createInputReader>

/** Inputs whose values are URLs or host names. */
const URL_INPUTS = ['api-url', 'domains', 'urls']
const VALUE_MAX_LENGTH = 200
/** The user of a URL, also of one that lacks its scheme or a slash. */
const USER = /:\/\/\S{0,1000}@|(?:\b[a-z][\w+.-]{1,16}:[/\\]{1,2}|^\s{0,100}[/\\]{2})[^\s/\\]{1,1000}@/im

/** @param defaults of inputs that are empty or not set */
export function createInputReader(defaults: Readonly<Record<string, string>>) {
  const found: string[] = []
  const secrets = readSecrets(found)
  const problems = new Set(found) // lines of an input can be alike
  const proxies = readProxies(process.env)
  for (const secret of proxies.secrets) core.hide(secret)
  const text = (name: string): string => core.getInput(name) || (defaults[name] ?? '')
  const note = (name: string, value: string, allowed: string): void => {
    // the log's own search leaves short secrets
    const short = Object.values(secrets).filter((secret) => secret.length > 1)
    const plain = short.reduce((shown, secret) => shown.replaceAll(secret, '***'), value)
    const shown = core.redact(withoutUser(name, plain))
    const cut = shown.length > VALUE_MAX_LENGTH ? `${shown.slice(0, VALUE_MAX_LENGTH)}…` : shown
    problems.add(`${name}: '${cut}' is not allowed; ${allowed}`)
  }
  /** @returns the input's value; undefined after a problem, which is noted */
  function read<T>(name: string, parse: (text: string) => T): Exclude<T, Allowed> {
    const given = text(name)
    const [pasted] = Object.entries(secrets).find(([, secret]) => core.holdsSecret(given, secret)) ?? []
    const value = pasted === undefined ? parse(given) : { values: ['***'], allowed: `it contains the ${pasted}` }
    if (isAllowed(value)) {
      for (const bad of value.values ?? [given]) note(name, bad, value.allowed)
      return undefined as Exclude<T, Allowed>
    }
    if (USER.test(given) && !URL_INPUTS.includes(name))
      note(name, given, 'a value without the user name and password of a URL')
    return value as Exclude<T, Allowed>
  }
  /** @returns whether a problem of the input is noted */
  const isNoted = (name: string): boolean => [...problems].some((problem) => problem.startsWith(`${name}:`))
  return {
    /** '' for none; hidden from the log */
    githubToken: secrets['github-token'],
    /** @returns the input of the step, or its default */
    text,
    read,
    isNoted,
    /** @returns the settings of a client of imgix's API, which every action has as inputs */
    readClient: () => ({
      /** '' for none; hidden from the log */
      apiKey: secrets['api-key'],
      maxAttempts: read('max-attempts', wholeNumber(1, 20)),
      timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
      apiUrl: read('api-url', parseApiUrl),
      /** the proxy of a URL with its credentials, which are hidden, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY */
      proxyFor: proxies.proxyFor,
    }),
    /** Notes a missing key.
     *  @param allowed describes the key that is needed */
    requireKey(allowed: string): void {
      if (secrets['api-key'] !== '' || isNoted('api-key')) return
      const remedy = 'check that the secret exists; runs from forks and of Dependabot get none'
      problems.add(`api-key: '' is not allowed; ${allowed}: ${remedy}`)
    },
    /** Notes a problem of several inputs together. */
    add: (problem: string): void => void problems.add(problem),
    /** @throws InputError with all problems */
    check(): void {
      const apiUrl = text('api-url')
      // without a key there is no request
      const isAsked = secrets['api-key'] !== '' && URL.canParse(apiUrl)
      const proxyProblem = isAsked ? proxies.problemFor(new URL(apiUrl)) : undefined
      const all = [...problems, ...(proxyProblem === undefined ? [] : [proxyProblem])]
      if (all.length > 0) throw new InputError(all)
    },
  }
}

/** Reads the secret inputs, and hides them before the first message about an input.
 *  @param problems gets what is wrong with them */
export function readSecrets(problems: string[]): Readonly<Record<'api-key' | 'github-token', string>> {
  const [apiKey, githubToken] = [core.getInput('api-key'), core.getInput('github-token')]
  core.hide(apiKey)
  core.hide(githubToken)
  if (githubToken !== '') core.hide(Buffer.from(`x-access-token:${githubToken}`).toString('base64')) // the form that git sends
  if (!/^[\x21-\x7e]*$/.test(apiKey)) {
    problems.push("api-key: '***' is not allowed; one line of printable ASCII without spaces")
  } else if (core.holdsSecret(apiKey, githubToken)) {
    problems.push("api-key: '***' is not allowed; it contains the github-token")
  }
  return { 'api-key': apiKey, 'github-token': githubToken }
}

/** Replaces the user of a URL, also in a value that is not quite a URL. */
export function withoutUser(name: string, value: string): string {
  const at = value.lastIndexOf('@')
  const isUser = URL_INPUTS.includes(name) || value.slice(0, at).includes(':')
  return at > 0 && isUser ? `***${value.slice(at)}` : value
}

export function isAllowed(value: unknown): value is Allowed {
  return typeof value === 'object' && value !== null && 'allowed' in value
}
