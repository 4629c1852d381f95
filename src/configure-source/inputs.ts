import { CLIENT_DEFAULTS } from '../inputs/defaults.ts'
import { parseFile } from '../inputs/paths.ts'
import { createInputReader } from '../inputs/reader.ts'
import { parseBoolean, parseSourceId, wholeNumber } from '../inputs/values.ts'

// The defaults of source/action.yml, for inputs that the runner does not set. A test compares the two.
export const DEFAULTS = {
  file: '.github/imgix-source.yml',
  'dry-run': 'false',
  force: 'false',
  'deploy-timeout': '600',
  ...CLIENT_DEFAULTS,
} as const

export type Inputs = Readonly<ReturnType<typeof readInputs>>

/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `file` is relative to
 * @throws InputError with all problems at once
 */
export function readInputs(workspace: string) {
  const { read, readClient, requireKey, check } = createInputReader(DEFAULTS)
  const inputs = {
    /** '' to find the Source by its subdomains, or to create it */
    sourceId: read('source-id', parseSourceId),
    /** POSIX, relative to the workspace */
    file: read('file', (text) => parseFile(text, workspace)),
    dryRun: read('dry-run', parseBoolean),
    /** also send attributes that can't be compared */
    force: read('force', parseBoolean),
    /** 0: do not wait */
    deployTimeoutMs: read('deploy-timeout', wholeNumber(0, 7200)) * 1000,
    ...readClient(),
    /** a variable of the step's environment */
    readVariable: (name: string) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined), // not `constructor`
  }
  if (inputs.dryRun === false) requireKey('a Management API key, required unless dry-run is true')
  check()
  return inputs
}
