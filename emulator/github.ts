import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFaults, type Fault } from './faults.ts'
import { compareCommits, listFiles } from './github-compare.ts'
import { createLags, describeRun, type GitHubRun, type Lag, listRuns, WORKFLOW } from './github-runs.ts'

export type { GitHubRun } from './github-runs.ts'

type GitHubPermission = 'actions' | 'contents' | 'pull-requests'
export type GitHubOptions = {
  /** `owner/name` */
  repository?: string
  /** The only accepted token. */
  token?: string
  /** Default all, read-only. */
  permissions?: readonly GitHubPermission[]
  runs?: readonly GitHubRun[]
  /** A git repository on disk with the commits to compare. */
  dir?: string
  /** The two commits of each pull request, by number. */
  pullRequests?: Readonly<Record<number, { base: string; head: string }>>
}
export type GitHubEmulator = {
  apiUrl: string
  token: string
  /** A test can add to and change this list. */
  runs: GitHubRun[]
  /** `METHOD path?query -> status`, in order. */
  transcript: string[]
  fault: (fault: Fault) => void
  /** Makes lists of runs leave some out. */
  lag: (lag: Lag) => void
  stop: () => Promise<void>
}

type Answer = { status: number; headers?: Record<string, string>; body: unknown }
type Settings = Required<Omit<GitHubOptions, 'runs' | 'dir'>> & {
  dir: string | undefined
  runs: GitHubRun[]
  lags: ReturnType<typeof createLags>
}
type Call = { url: URL; segments: string[]; settings: Settings }

const DOCUMENTATION = 'https://docs.github.com/rest'
/** GitHub's answer after the last request that the token may send in an hour. */
export const RATE_LIMITED = {
  answer: {
    status: 403,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-ratelimit-remaining': '0' },
    body: JSON.stringify({ message: 'API rate limit exceeded for installation ID 1.', status: '403' }),
  },
}

/** Starts a GitHub on 127.0.0.1 with the part of the REST API that the action reads.
 *  @see https://docs.github.com/rest (read 2026-11-21) */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubEmulator> {
  const settings: Settings = {
    repository: options.repository ?? 'imgix-sync/site',
    token: options.token ?? 'ghs_emulator0123456789abcdefghijklmnop',
    permissions: options.permissions ?? ['actions', 'contents', 'pull-requests'],
    runs: [...(options.runs ?? [])],
    pullRequests: options.pullRequests ?? {},
    dir: options.dir,
    lags: createLags(),
  }
  const transcript: string[] = []
  const faults = createFaults()
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const note = (status: number | string) => transcript.push(`${method} ${url} -> ${status}`)
    request.resume()
    const deed = faults.take(method, url.split('?')[0] ?? '')
    if (deed && 'hang' in deed) return void note('hang')
    if (deed && 'loseAnswer' in deed) {
      note('reset')
      return void request.socket.resetAndDestroy()
    }
    if (deed && 'delayMs' in deed) await sleep(deed.delayMs)
    if (deed && 'answer' in deed) {
      note(deed.answer.status)
      return void response.writeHead(deed.answer.status, deed.answer.headers).end(deed.answer.body)
    }
    const answer = answerTo(request, { url: new URL(url, apiUrl), segments: [], settings })
    note(answer.status)
    response.writeHead(answer.status, headersOf(answer)).end(JSON.stringify(answer.body))
  }

  return {
    apiUrl,
    token: settings.token,
    runs: settings.runs,
    transcript,
    fault: faults.add,
    lag: settings.lags.add,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Checks in GitHub's order: the token, then the permission, then the resource. */
function answerTo({ method, headers }: IncomingMessage, call: Call): Answer {
  const { settings, url } = call
  const authorization = headers.authorization ?? ''
  if (authorization === '') return refusal(401, 'Requires authentication')
  if (!['token', 'Bearer', 'bearer'].some((scheme) => authorization === `${scheme} ${settings.token}`))
    return refusal(401, 'Bad credentials')
  const prefix = `/repos/${settings.repository}/`
  if (method !== 'GET' || !url.pathname.startsWith(prefix)) return refusal(404, 'Not Found')
  const segments = url.pathname.slice(prefix.length).split('/').map(decodeURIComponent)
  const [section] = segments
  const permission = section === 'actions' ? 'actions' : section === 'pulls' ? 'pull-requests' : 'contents'
  if (!settings.permissions.includes(permission)) return refusal(403, 'Resource not accessible by integration')
  return route({ ...call, segments }) ?? refusal(404, 'Not Found')
}

function route({ segments, settings, url }: Call): Answer | undefined {
  const [section = '', kind = '', id = '', last = ''] = segments
  const { dir, repository } = settings
  if (section === 'actions' && kind === 'runs' && segments.length === 3) {
    const run = settings.runs.find((each) => each.id === Number(id))
    return run && { status: 200, body: describeRun(run, repository) }
  }
  if (section === 'actions' && kind === 'runs' && last === 'jobs') {
    const starts = settings.runs.find((each) => each.id === Number(id))?.jobsStartedAt
    const jobs = starts?.map((start) => ({ run_id: Number(id), status: 'completed', started_at: start }))
    return jobs && { status: 200, body: { total_count: jobs.length, jobs } }
  }
  if (section === 'actions' && kind === 'workflows' && last === 'runs') {
    const shown = settings.lags.show(settings.runs, url.searchParams)
    const workflowId = id === WORKFLOW.file ? WORKFLOW.id : Number(id)
    if (Number.isNaN(workflowId)) return undefined
    const { total, items, pages } = listRuns(shown, workflowId, url.searchParams)
    const described = items.map((run) => describeRun(run, repository))
    return {
      status: 200,
      headers: linkTo(url, pages),
      body: { total_count: total, workflow_runs: described },
    }
  }
  if (section === 'compare' && dir !== undefined) {
    const compared = compareCommits(dir, segments.slice(1).join('/'))
    return compared && { status: 200, body: compared }
  }
  const pull = settings.pullRequests[Number(kind)]
  if (section !== 'pulls' || id !== 'files' || pull === undefined || dir === undefined) return undefined
  const { items, pages } = listFiles(dir, pull, url.searchParams)
  return { status: 200, headers: linkTo(url, pages), body: items }
}

/** GitHub's link to the next page. A list of one page has none. */
function linkTo(url: URL, pages: number): Record<string, string> {
  const page = Number(url.searchParams.get('page') ?? 1)
  const link = (to: number, rel: string) => {
    const target = new URL(url)
    target.searchParams.set('page', String(to))
    return `<${target.href}>; rel="${rel}"`
  }
  const before = page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []
  const after = page < pages ? [link(page + 1, 'next'), link(pages, 'last')] : []
  return before.length + after.length === 0 ? {} : { link: [...before, ...after].join(', ') }
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: DOCUMENTATION, status: String(status) } }
}

function headersOf({ headers, body }: Answer): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(JSON.stringify(body))),
    'x-github-request-id': 'E0A2:1F2B3C:4D5E6F:7A8B9C:690B1D2E',
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '942',
    'x-ratelimit-reset': '1793707200',
    ...headers,
  }
}
