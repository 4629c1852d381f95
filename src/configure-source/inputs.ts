import { parseFile } from '../inputs/paths.ts'
import { createInputReader } from '../inputs/reader.ts'
import { parseApiUrl, parseBoolean, parseSourceId, wholeNumber } from '../inputs/values.ts'

// The defaults of source/action.yml, for inputs that the runner does not set. A test compares the two.
export const DEFAULTS = {
  file: '.github/imgix-source.yml',
  'dry-run': 'false',
  force: 'false',
  'deploy-timeout': '600',
  'max-attempts': '5',
  timeout: '60',
  'api-url': 'https://api.imgix.com',
} as const

export type Inputs = {
  readonly apiKey: string
  /** '' to find the Source by its subdomains, or to create it */
  readonly sourceId: string
  /** POSIX, relative to the workspace */
  readonly file: string
  readonly dryRun: boolean
  /** also send attributes that can't be compared */
  readonly force: boolean
  /** 0: do not wait */
  readonly deployTimeoutMs: number
  readonly maxAttempts: number
  readonly timeoutMs: number
  readonly apiUrl: string
  /** the proxy of a URL with its credentials, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY */
  readonly proxyFor: (url: URL) => URL | undefined
  /** a variable of the step's environment */
  readonly readVariable: (name: string) => string | undefined
}

/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `file` is relative to
 * @throws InputError with all problems at once
 */
export function readInputs(workspace: string): Inputs {
  const { apiKey, proxyFor, read, add, check, isNoted } = createInputReader(DEFAULTS)
  const inputs: Inputs = {
    apiKey,
    sourceId: read('source-id', parseSourceId),
    file: read('file', (text) => parseFile(text, workspace)),
    dryRun: read('dry-run', parseBoolean),
    force: read('force', parseBoolean),
    deployTimeoutMs: read('deploy-timeout', wholeNumber(0, 7200)) * 1000,
    maxAttempts: read('max-attempts', wholeNumber(1, 20)),
    timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
    apiUrl: read('api-url', parseApiUrl),
    proxyFor,
    readVariable: (name) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined), // not `constructor`
  }
  if (inputs.dryRun === false && apiKey === '' && !isNoted('api-key')) {
    add("api-key: '' is not allowed; a Management API key, required unless dry-run is true")
  }
  check()
  return inputs
}
