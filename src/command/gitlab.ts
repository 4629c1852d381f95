import { setTimeout as sleep } from 'node:timers/promises'
import { parseJson } from '../imgix/http/json.ts'
import { backOff, isTransient } from '../imgix/http/retry.ts'
import { createTransport } from '../imgix/http/transport.ts'
import type { Told } from '../runner/environment.ts'
import { NOTHING_TOLD } from './ci-systems.ts'
import type { Env } from './workspace.ts'

/** @returns the proxy of a URL */
type ProxyFor = (url: URL) => URL | undefined
/** `isPassing`: another try can bring the list, which earlier jobs may need */
type Refusal = { readonly why: string; readonly isPassing: boolean }
type Deployment = { readonly sha: string; readonly status: string; readonly job: number | undefined }

const TIMEOUT_MS = 20_000
const TRIES = 3
const PAGE = 100
const ANSWER_MAX_BYTES = 8 << 20
/** Codes of a certificate that Node does not trust, such as that of a company's own GitLab: git can have another store. */
const UNTRUSTED = /CERT|ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY/
/** States of deployments that published nothing. */
const NEVER_STARTED = ['created', 'blocked', 'skipped']

/**
 * What GitLab tells of the commit to compare with. A job with an `environment` is a deployment: GitLab's API gives those
 * before it to the job's own token, so that the run also publishes what failed jobs did not.
 * @param told what its variables tell
 */
export async function readGitLab(env: Env, told: Told, proxyFor: ProxyFor): Promise<Told> {
  const { CI_ENVIRONMENT_NAME: environment = '', CI_JOB_TOKEN: token = '' } = env
  if (environment === '' || token === '') return told
  let listed = await listDeployments(env, proxyFor)
  for (let tries = 1; tries < TRIES && 'why' in listed && listed.isPassing; tries += 1) {
    await sleep(backOff(tries))
    listed = await listDeployments(env, proxyFor)
  }
  if ('why' in listed) {
    const why = `not from GitLab's deployments: ${listed.why}`
    // those of failed jobs would be lost for good: the next job believes this one
    return withReason(listed.isPassing ? { ...told, candidates: [], notices: [] } : told, why)
  }
  return fromDeployments(listed, { told, environment, job: Number(env.CI_JOB_ID) })
}

type Own = { readonly told: Told; readonly environment: string; readonly job: number }

/** @param deployments newest first, those of other jobs and of this one */
export function fromDeployments(deployments: readonly Deployment[], { told, environment, job }: Own): Told {
  const own = deployments.findIndex((each) => each.job === job)
  const earlier = deployments.slice(own + 1)
  const isOvertaken = deployments.slice(0, Math.max(0, own)).some(({ status }) => status === 'success')
  const at = earlier.findIndex(({ status }) => status === 'success')
  const later = at === -1 ? earlier : earlier.slice(0, at)
  const unfinished = later.filter(({ status }) => !NEVER_STARTED.includes(status)).map(({ sha }) => sha)
  const success = earlier[at]
  if (success === undefined) {
    const why = `not from GitLab's deployments: none of the last ${earlier.length} to ${environment} succeeded`
    // nobody has published the commits before, if jobs have failed until now
    return unfinished.length === 0 ? withReason(told, why) : withReason({ ...told, candidates: [], notices: [] }, why)
  }
  const reason = `the commit of the last successful deployment to ${environment}`
  const candidate = { strategy: 'last-success', ref: success.sha, mergeBase: false, reason } as const
  const notices = isOvertaken ? [OVERTAKEN] : []
  return { ...NOTHING_TOLD, candidates: [candidate], unfinishedRuns: [...new Set(unfinished)], notices }
}

const OVERTAKEN = 'a later job has already been deployed: this run publishes older bytes of each file that both changed'

function withReason(told: Told, why: string): Told {
  return { ...told, skipped: [why, ...told.skipped] }
}

/** @returns the deployments to the environment of the job, newest first; or why there are none */
async function listDeployments(env: Env, proxyFor: ProxyFor): Promise<Deployment[] | Refusal> {
  const { CI_API_V4_URL: api, CI_PROJECT_ID: project = '', CI_ENVIRONMENT_NAME: environment = '' } = env
  const query = new URLSearchParams({ environment, order_by: 'id', sort: 'desc', per_page: String(PAGE) })
  const url = URL.parse(`${api}/projects/${encodeURIComponent(project)}/deployments?${query}`)
  if (url === null) return { why: 'CI_API_V4_URL is no URL', isPassing: false }
  const transport = createTransport(TIMEOUT_MS, proxyFor)
  try {
    const headers = { 'job-token': env.CI_JOB_TOKEN ?? '', accept: 'application/json' }
    const { status, text } = await transport.send({ method: 'GET', url, headers, maxBytes: ANSWER_MAX_BYTES })
    if (status !== 200) return { why: `its API answers ${status}`, isPassing: isTransient(status) }
    const list = parseJson(text)
    if (Array.isArray(list)) return list.flatMap(readDeployment)
    return { why: 'its API answers something else than a list', isPassing: true }
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException
    return { why: `its API does not answer (${code})`, isPassing: !UNTRUSTED.test(code) }
  } finally {
    transport.close()
  }
}

function readDeployment(value: unknown): Deployment[] {
  const { sha, status, deployable } = (value ?? {}) as Record<string, unknown>
  if (typeof sha !== 'string' || typeof status !== 'string') return []
  const { id } = (deployable ?? {}) as { id?: unknown }
  return [{ sha, status, job: typeof id === 'number' ? id : undefined }]
}
