import { createClient } from '../../imgix/client.ts'
import { readProxies } from '../../inputs/proxies.ts'
import { readSecrets, withoutUser } from '../../inputs/reader.ts'
import { type Allowed, parseApiUrl, parseSourceId } from '../../inputs/values.ts'
import * as core from '../../runner/core.ts'
import { readEnvironment } from '../../runner/environment.ts'
import { printable } from '../../runner/text.ts'
import { readVariables } from '../environment.ts'
import { INPUTS, type InputTable, parseFlags, UsageError } from '../flags.ts'
import { createHost } from '../host.ts'
import { createTerminal, type Terminal } from '../terminal.ts'
import { inOwnWords } from '../words.ts'
import { type Finding, fail } from './finding.ts'
import { checkGitHub } from './github.ts'
import { checkClock, checkGit, checkProxy } from './machine.ts'
import { checkKey } from './permissions.ts'
import { checkSource } from './source.ts'

const { 'source-id': sourceId, 'api-url': apiUrl } = INPUTS.sync
export const DOCTOR_FLAGS: InputTable = {
  'source-id': sourceId ?? { description: '' },
  'api-url': apiUrl ?? { description: '' },
}

const TIMEOUT_MS = 15_000
const MARKS = { ok: 'ok  ', note: 'note', warn: 'warn', fail: 'FAIL' } as const

/** Checks what a sync needs, by requests that change nothing: one line each, with its remedy. Sets the exit code 1 where a
 *  sync can't work.
 *  @throws UsageError */
export async function runDoctor(args: readonly string[]): Promise<void> {
  const { values, json } = parseFlags(args, DOCTOR_FLAGS)
  const terminal = createTerminal(json)
  core.beginRun(createHost({ values, json }, terminal, new Map()))
  const problems: string[] = []
  const secrets = readSecrets(problems) // as a sync reads them
  const findings: Finding[] = []
  for await (const finding of check({ secrets, problems, ...readValues(values) })) {
    const shown = withoutSecrets(finding)
    findings.push(shown)
    if (!json) terminal.info(lineOf(shown, terminal))
  }
  const failed = findings.filter(({ level }) => level === 'fail').length
  if (json) terminal.print(JSON.stringify({ works: failed === 0, findings }, null, 2))
  else
    terminal.info(
      failed === 0 ? 'A sync can work.' : `A sync can't work: ${failed} of ${findings.length} checks failed.`,
    )
  if (failed > 0) process.exitCode = 1
}

function readValues(values: ReadonlyMap<string, string>): { sourceId: string; apiUrl: string } {
  const read = (name: string, parse: (text: string) => string | Allowed): string => {
    const value = parse(values.get(name) ?? DOCTOR_FLAGS[name]?.default ?? '')
    if (typeof value === 'string') return value
    const shown = withoutUser(name, values.get(name) ?? '')
    throw new UsageError(`--${name}: '${shown}' is not allowed; ${value.allowed}`)
  }
  return { sourceId: read('source-id', parseSourceId), apiUrl: read('api-url', parseApiUrl) }
}

function withoutSecrets({ what, remedy, ...finding }: Finding): Finding {
  return { ...finding, what: core.redact(what), ...(remedy !== undefined && { remedy: core.redact(remedy) }) }
}

function lineOf({ level, what, remedy }: Finding, { paint }: Terminal): string {
  const text = printable(remedy === undefined ? what : `${what}; ${remedy}`)
  return `${paint(level, MARKS[level])}  ${text}`
}

type Asked = {
  secrets: ReturnType<typeof readSecrets>
  /** of the secrets */
  problems: readonly string[]
  sourceId: string
  apiUrl: string
}

async function* check({ secrets, problems, sourceId, apiUrl }: Asked): AsyncGenerator<Finding> {
  const env = readVariables()
  const proxies = readProxies(env)
  const { proxyFor } = proxies
  for (const secret of proxies.secrets) core.hide(secret)
  const proxy = checkProxy(apiUrl, proxies)
  yield proxy
  yield* await checkGit(process.cwd(), env)
  yield* await checkGitHub(readEnvironment(), { token: secrets['github-token'], proxyFor, timeoutMs: TIMEOUT_MS })
  if (proxy.level === 'fail') return
  const { 'api-key': key } = secrets
  const unfit = problems.map((problem) => fail(inOwnWords(problem), 'copy it again from where it comes'))
  const missing = fail('IMGIX_API_KEY is not set', "set it to a key of imgix's dashboard, API Keys")
  if (key === '' || unfit.length > 0) return yield* key === '' ? [missing] : unfit
  const client = createClient({
    apiUrl,
    apiKey: key,
    userAgent: 'imgix-sync/1',
    maxAttempts: 2,
    timeoutMs: TIMEOUT_MS,
    proxyFor,
  })
  try {
    const { findings, source } = await checkKey(client, sourceId)
    yield* findings
    yield* checkClock(client)
    if (source !== undefined) yield* await checkSource(source, { apiUrl, proxyFor, timeoutMs: TIMEOUT_MS })
  } finally {
    client.close()
  }
}
