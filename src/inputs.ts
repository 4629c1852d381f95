import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import * as core from '@actions/core'
import type { Event } from './changes/base.ts'
import { DOCUMENTED_LIMITS, type RateLimits } from './imgix/pace.ts'
import { DEFAULTS } from './input-defaults.ts'
import { parseFile, parseRoot } from './input-paths.ts'
import {
  type Allowed,
  divideLimits,
  parseApiUrl,
  parseContentTypes,
  parseDomains,
  parseFiles,
  parsePrefix,
  parseRateLimits,
  parseShard,
  parseSize,
  parseUrls,
  type Shard,
} from './input-values.ts'
import type { Matcher } from './patterns.ts'
import { readProxies } from './proxies.ts'

export type Inputs = {
  readonly apiKey: string
  readonly sourceId: string
  readonly mode: 'changed' | 'all'
  /** POSIX, relative to the workspace; '.' is the workspace itself */
  readonly root: string
  readonly files: Matcher
  /** false: `files` was set to nothing, so there is nothing to look for */
  readonly selectsFiles: boolean
  /** '' or ends with a slash */
  readonly prefix: string
  readonly base: string
  readonly onUnknownBase: 'all' | 'fail'
  readonly githubToken: string
  readonly upload: boolean
  readonly onConflict: 'overwrite' | 'skip' | 'fail'
  readonly uploadVia: 'auto' | 'direct' | 'session'
  readonly sessionThresholdBytes: number
  readonly contentTypes: (path: string) => string | undefined
  readonly guards: 'fail' | 'warn' | 'off'
  /** in mode all, upload what is unchanged too */
  readonly force: boolean
  /** which part of the files is this run's, from 1 */
  readonly shard: Shard
  /** of the file that says what assets shall have: POSIX, relative to the workspace; '' for none */
  readonly metadata: string
  /** what the Asset Manager is asked about changed files */
  readonly assetManager: 'off' | 'add' | 'refresh'
  readonly purge: boolean
  readonly domains: readonly string[]
  readonly urls: readonly string[]
  /** files that other images use as `mark` or `blend` */
  readonly subImages: Matcher
  readonly deleted: 'purge' | 'ignore'
  readonly verify: 'off' | 'warn' | 'fail'
  readonly verifyTimeoutMs: number
  readonly rateLimits: RateLimits
  readonly concurrency: number
  readonly maxAttempts: number
  readonly timeoutMs: number
  readonly dryRun: boolean
  readonly apiUrl: string
  /** from HTTPS_PROXY, HTTP_PROXY and NO_PROXY: the proxy that leads to a URL, with its credentials */
  readonly proxyFor: (url: URL) => URL | undefined
}

/** What the runner tells beside the inputs. */
export type Environment = {
  readonly workspace: string
  readonly event: Event
  /** where this run is in GitHub */
  readonly github: { apiUrl: string; serverUrl: string; repository: string; runId: number }
  /** of a run that was started again, from 2 */
  readonly attempt: number
  readonly tempDir: string
  readonly hasSummary: boolean
  /** for child processes: the environment without the inputs, so that no other program gets the key */
  readonly childEnv: Readonly<Record<string, string | undefined>>
}

/** Every problem with the inputs, each a line that names the input, its value and what is allowed. */
export class InputError extends Error {
  override name = 'InputError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Reads the runner's environment. It never fails for an event that can't be read: that is an event without a base. */
export function readEnvironment(): Environment {
  const env = process.env
  return {
    workspace: resolve(env.GITHUB_WORKSPACE || process.cwd()),
    event: {
      name: env.GITHUB_EVENT_NAME ?? '',
      payload: readPayload(env.GITHUB_EVENT_PATH),
      ref: env.GITHUB_REF ?? '',
      sha: env.GITHUB_SHA ?? '',
    },
    github: {
      apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
      serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
      repository: env.GITHUB_REPOSITORY ?? '',
      runId: Number(env.GITHUB_RUN_ID),
    },
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    tempDir: env.RUNNER_TEMP || tmpdir(),
    hasSummary: Boolean(env.GITHUB_STEP_SUMMARY),
    childEnv: Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('INPUT_'))),
  }
}

function readPayload(path: string | undefined): unknown {
  if (!path) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    core.warning(`GITHUB_EVENT_PATH holds no readable event (${error instanceof Error ? error.name : 'unknown'})`)
    return {}
  }
}

/**
 * Reads and checks every input, and with them the variables that name proxies.
 * @param workspace absolute path of the folder that `root` is relative to
 * @throws InputError with all problems at once
 */
export function readInputs(workspace: string): Inputs {
  const problems: string[] = []
  const apiKey = readKey(problems)
  const report = (name: string, value: string, allowed: string): void => {
    const shown = apiKey === '' ? value : value.replaceAll(apiKey, '***') // pasted into the wrong input
    problems.push(`${name}: '${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}' is not allowed; ${allowed}`)
  }
  const read = <T>(name: string, parse: (text: string) => T): Exclude<T, Allowed> => {
    const text = input(name)
    const value = parse(text)
    if (isAllowed(value)) {
      for (const bad of value.values ?? [text]) report(name, bad, value.allowed)
      return undefined as Exclude<T, Allowed>
    }
    return value as Exclude<T, Allowed>
  }
  const inputs: Inputs = {
    apiKey,
    sourceId: read('source-id', (text) =>
      /^[\w-]{0,64}$/.test(text)
        ? text
        : { allowed: "the Source's id: 24 hexadecimal digits, the end of its dashboard URL" },
    ),
    mode: read('mode', oneOf('changed', 'all')),
    root: read('root', (text) => parseRoot(text, workspace)),
    files: read('files', parseFiles),
    selectsFiles: isSet('files'),
    prefix: read('prefix', parsePrefix),
    base: read('base', (text) => (/[\p{Cc}]/u.test(text) ? { allowed: 'a ref or a commit' } : text)),
    onUnknownBase: read('on-unknown-base', oneOf('all', 'fail')),
    githubToken: readToken(),
    upload: read('upload', parseBoolean),
    onConflict: read('on-conflict', oneOf('overwrite', 'skip', 'fail')),
    uploadVia: read('upload-via', oneOf('auto', 'direct', 'session')),
    sessionThresholdBytes: read('session-threshold', parseSize),
    contentTypes: read('content-types', parseContentTypes),
    guards: read('guards', oneOf('fail', 'warn', 'off')),
    force: read('force', parseBoolean),
    shard: read('shard', parseShard),
    metadata: read('metadata', (text) => parseFile(text, workspace)),
    assetManager: read('asset-manager', oneOf('off', 'add', 'refresh')),
    purge: read('purge', parseBoolean),
    domains: read('domains', parseDomains),
    urls: read('urls', parseUrls),
    subImages: read('sub-images', parseFiles),
    deleted: read('deleted', oneOf('purge', 'ignore')),
    verify: read('verify', oneOf('off', 'warn', 'fail')),
    verifyTimeoutMs: read('verify-timeout', wholeNumber(1, 3600)) * 1000,
    rateLimits: read('rate-limits', (text) => parseRateLimits(text, DOCUMENTED_LIMITS)),
    concurrency: read('concurrency', wholeNumber(1, 64)),
    maxAttempts: read('max-attempts', wholeNumber(1, 20)),
    timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
    dryRun: read('dry-run', parseBoolean),
    apiUrl: read('api-url', parseApiUrl),
    proxyFor: readProxyVariables(problems),
  }
  checkTogether(inputs, problems)
  if (problems.length > 0) throw new InputError(problems)
  return { ...inputs, rateLimits: divideLimits(inputs.rateLimits, inputs.shard.count) }
}

function checkTogether(inputs: Inputs, problems: string[]): void {
  const { apiKey, sourceId, upload, purge, dryRun } = inputs
  const named = (name: string): boolean => problems.some((problem) => problem.startsWith(`${name}:`))
  if (apiKey !== '' && sourceId?.includes(apiKey)) {
    problems.push("source-id: '***' is not allowed; the Source's id, and here stands the api-key")
  }
  if (dryRun !== false) return
  if (apiKey === '' && !named('api-key')) {
    problems.push("api-key: '' is not allowed; a Management API key, required unless dry-run is true")
  }
  const domainsNeeded = purge && !named('domains') && !named('urls') && inputs.domains.length + inputs.urls.length === 0
  if (sourceId === '' && (upload !== false || domainsNeeded)) {
    problems.push(
      "source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on",
    )
  } else if (sourceId === '' && (isSet('sub-images') || inputs.assetManager !== 'off')) {
    problems.push("source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager")
  }
}

function input(name: string): string {
  const text = core.getInput(name)
  if (name === 'files') return process.env.INPUT_FILES === undefined ? DEFAULTS.files : text
  return text || ((DEFAULTS as Record<string, string>)[name] ?? '')
}

/** @returns whether an input of lines has one that is no comment */
function isSet(name: string): boolean {
  return /^\s*[^#\s]/m.test(input(name))
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

function readToken(): string {
  const token = core.getInput('github-token')
  if (token === '') return ''
  core.setSecret(token)
  core.setSecret(Buffer.from(`x-access-token:${token}`).toString('base64')) // as git sends it
  return token
}

function readProxyVariables(problems: string[]): Inputs['proxyFor'] {
  const proxies = readProxies(process.env)
  for (const secret of proxies.secrets) core.setSecret(secret)
  problems.push(...proxies.problems)
  return proxies.proxyFor
}

function isAllowed(value: unknown): value is Allowed {
  return typeof value === 'object' && value !== null && 'allowed' in value
}

function parseBoolean(text: string): boolean | Allowed {
  if (/^(true|True|TRUE)$/.test(text)) return true
  return /^(false|False|FALSE)$/.test(text) ? false : { allowed: 'true or false' }
}

function oneOf<const T extends string>(...words: T[]): (text: string) => T | Allowed {
  return (text) => words.find((word) => word === text) ?? { allowed: words.join(', ').replace(/, (?=\w+$)/, ' or ') }
}

function wholeNumber(min: number, max: number): (text: string) => number | Allowed {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : { allowed: `a whole number from ${min} to ${max}` }
  }
}
