import { createClient } from '../../imgix/client.ts'
import { readProxies } from '../../inputs/proxies.ts'
import { readSecrets } from '../../inputs/reader.ts'
import { parseApiUrl, parseSourceId } from '../../inputs/values.ts'
import * as core from '../../runner/core.ts'
import { readEnvironment } from '../../runner/environment.ts'
import { printable } from '../../runner/text.ts'
import { readVariables } from '../environment.ts'
import { createFlagReader, type InputTable, inOwnWords, parseFlags } from '../flags.ts'
import inputs from '../inputs.json' with { type: 'json' }
import { createHost, createTerminal } from '../terminal.ts'
import { currentFolder } from '../workspace.ts'
import { type Finding, fail } from './finding.ts'
import { checkGitHub } from './github.ts'
import { checkClock, checkGit, checkProxy } from './machine.ts'
import { checkKey } from './permissions.ts'
import { checkSource } from './source.ts'

const { 'source-id': sourceId, 'api-url': apiUrl } = inputs.sync
export const DOCTOR_FLAGS: InputTable = { 'source-id': sourceId, 'api-url': apiUrl }

const TIMEOUT_MS = 15_000
const MARKS = { ok: 'ok  ', note: 'note', warn: 'warn', fail: 'FAIL' } as const

/** Checks what a sync needs, by requests that change nothing: one line each, with its remedy. Sets the exit code 1 where a
 *  sync can't work.
 *  @throws UsageError */
export async function runDoctor(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args, DOCTOR_FLAGS)
  const read = createFlagReader(flags, DOCTOR_FLAGS)
  const terminal = createTerminal(flags.json)
  core.beginRun(createHost(flags, terminal, new Map()))
  const findings: Finding[] = []
  for await (const { level, what, remedy } of check(read('source-id', parseSourceId), read('api-url', parseApiUrl))) {
    findings.push({ level, what: core.redact(what), ...(remedy !== undefined && { remedy: core.redact(remedy) }) })
    const text = printable(core.redact(remedy === undefined ? what : `${what}; ${remedy}`))
    if (!flags.json) terminal.info(`${terminal.paint(level, MARKS[level])}  ${text}`)
  }
  const failed = findings.filter(({ level }) => level === 'fail').length
  const result = failed === 0 ? 'A sync can work.' : `A sync can't work: ${failed} of ${findings.length} checks failed.`
  if (flags.json) terminal.print(JSON.stringify({ works: failed === 0, findings }, null, 2))
  else terminal.info(result)
  if (failed > 0) process.exitCode = 1
}

async function* check(sourceId: string, apiUrl: string): AsyncGenerator<Finding> {
  const problems: string[] = []
  const { 'api-key': key, 'github-token': token } = readSecrets(problems) // as a sync reads them
  const env = readVariables()
  const proxies = readProxies(env)
  const { proxyFor } = proxies
  for (const secret of proxies.secrets) core.hide(secret)
  const proxy = checkProxy(apiUrl, proxies)
  yield proxy
  yield* await checkGit(currentFolder(), env)
  yield* await checkGitHub(readEnvironment(), { token, proxyFor, timeoutMs: TIMEOUT_MS })
  if (proxy.level === 'fail') return
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
