import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { applyConfiguration } from '../../src/configure-source/apply.ts'
import { parseConfiguration } from '../../src/configure-source/configuration.ts'
import type { RunState } from '../../src/configure-source/report.ts'
import { createResolve } from '../../src/configure-source/variables.ts'
import { logWait } from '../../src/report/explain.ts'
import * as core from '../../src/runner/core.ts'
import { emulate } from './emulator.ts'
import { createTestClient } from './imgix.ts'
import { expectSameVerdict } from './schema.ts'
import { captureStdout } from './stdout.ts'

export const variables: Readonly<Record<string, string>> = {
  S3_KEY: 'AKIAOFTHEFILE',
  S3_SECRET: 'secret/of+the=file',
  UPLOAD_SECRET: 'secret/to+upload=with',
}

/** A file for the Source that the emulator has, as it has it; `more` are lines of its deployment. */
export function s3File(more = '', { name = 'Emulated Source', subdomains = 'assets-demo' } = {}): string {
  return `name: ${name}
deployment:
  type: s3
  imgix_subdomains: [${subdomains}]
  s3_bucket: emulated-bucket
  s3_access_key: AKIADEPLOYMENTKEY001
  s3_secret_key: \${S3_SECRET}
${more.replace(/^(?=.)/gm, '  ')}
`
}

export const UPLOADS = 'upload_credentials: { type: s3, s3_access_key: AKIAUP, s3_secret_key: "${UPLOAD_SECRET}" }'

type Options = {
  sourceId?: string
  dryRun?: boolean
  force?: boolean
  deployTimeoutMs?: number
  maxAttempts?: number
  signal?: AbortSignal
}

/** Applies files to the Sources of one emulator, by the modules of the action. */
export async function applying(imgixOptions: EmulatorOptions = {}) {
  const imgix = await emulate({ ...imgixOptions, source: { id: 'SRC', ...imgixOptions.source } })
  const printed = captureStdout()
  async function apply(text: string, options: Options = {}) {
    const { sourceId = '', dryRun = false, force = false, deployTimeoutMs = 0, maxAttempts = 3 } = options
    const { signal = new AbortController().signal } = options
    core.beginRun()
    const { apiKey, apiUrl } = imgix
    const readVariable = (name: string): string | undefined => variables[name]
    const resolve = createResolve({ readVariable, apiKey, dryRun }, core.hide)
    const wanted = parseConfiguration(text, { file: 's.yml', mayCreate: sourceId === '', resolve })
    expectSameVerdict('source', text, [])
    const client = createTestClient({
      apiUrl,
      apiKey,
      maxAttempts,
      redact: core.redact,
      onLongWait: logWait,
    })
    const inputs = { ...{ apiKey, apiUrl, sourceId, dryRun, force, deployTimeoutMs, maxAttempts, timeoutMs: 5000 } }
    const rest = { file: 's.yml', proxyFor: () => undefined, readVariable }
    const state: RunState = { dryRun, sourceId, changed: false, status: '', result: 'none' }
    const run = { client, inputs: { ...inputs, ...rest }, state, signal }
    const error: unknown = await applyConfiguration(wanted, run).then(
      () => undefined,
      (cause) => cause,
    )
    const { comparison, ...told } = state
    const shown = printed().replace(/^::add-mask::.*\n/gm, '')
    const differences = comparison?.differences.map(({ attribute, words }) => `${attribute}: ${words}`)
    return { state: told, differences, notComparable: comparison?.notComparable, error, log: shown }
  }
  return { imgix, apply, asked: () => askedOf(imgix) }
}

/** The transcript; ids of Sources that were created are NEW, a list is what it looks for. */
export function askedOf({ transcript }: Emulator): string[] {
  return transcript.map((line) =>
    line
      .replace(/\/[0-9a-f]{24}\b/, '/NEW')
      .replace(/\?page\[number\]=(\d)&/, '?$1 ')
      .replace(/\?(\d )?.*filter\[deployment\.imgix_subdomains\]=/, '?$1')
      .replace('?fields[sources]=deployment_status,date_deployed', '?status'),
  )
}
