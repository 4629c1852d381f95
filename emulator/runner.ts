import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { parse } from 'yaml'
import type { Happening, Order } from './bundle-worker.ts'
import { WORKFLOW } from './github-runs.ts'
import { headOf } from './repository.ts'
import { type JobLog, readJobLog, readOutputs } from './workflow-commands.ts'

export type RunOptions = {
  /** The folder of the action's action.yml and of its bundle below dist/; default the root. */
  action?: 'source' | 'reports'
  /** Default the index.js of the action. */
  bundle?: string
  workspace: string
  /** By name. The others have the default of action.yml; an expression becomes ''. */
  inputs: Record<string, string>
  /** Default a push with an empty payload. */
  event?: { name: string; payload: unknown }
  /** Added last. undefined removes a variable. */
  env?: Record<string, string | undefined>
  /** RUNNER_TEMP; default a new folder, which the caller can read. */
  tempDir?: string
  /** Sent when `after` first returns true, or when `on` is aborted, and again after `againMs`. */
  signal?: {
    after?: (stdoutSoFar: string) => boolean
    on?: AbortSignal
    send: 'SIGINT' | 'SIGTERM' | 'SIGKILL'
    againMs?: number
  }
  nodeArgs?: string[]
  /** Polls the memory of the process. */
  watchMemory?: boolean
  /** Maximum number of open files, sockets and pipes of the process. */
  fileLimit?: number
  onStdout?: (chunk: string) => void
  /** `process`: as a runner starts an action. `thread`: in a thread that has already loaded the bundle, at a fifth of the
   *  cost, and for the default bundle only. Default `thread`, unless an option is about processes. */
  in?: 'process' | 'thread'
  /** Waits between two tries take a fiftieth; in a thread only. */
  shortWaits?: boolean
}
export type ActionRun = JobLog & {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
  outputs: Record<string, string>
  summary: string
  report: Record<string, unknown> | undefined
  /** Peak resident memory on Linux, if `watchMemory` was set. */
  maxRssKb: number | undefined
}
type Ending = Pick<ActionRun, 'code' | 'signal' | 'stdout' | 'stderr' | 'maxRssKb'>

const root = fileURLToPath(new URL('..', import.meta.url))
const memoryPollMs = 20
/** Defaults of inputs by the path of action.yml. */
const defaults = new Map<string, Record<string, string>>()

/** Runs an action as the GitHub runner does: a new node process in the workspace, with inputs and files in the environment. */
export async function runAction(options: RunOptions): Promise<ActionRun> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-runner-')))
  const tempDir = options.tempDir ?? realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-temp-')))
  try {
    const env = { ...environment(options, folder, tempDir), ...options.env }
    const ending = await (needsProcess(options) ? run : runInThread)(options, env)
    const outputs = readOutputs(readFileSync(join(folder, 'output'), 'utf8'))
    const summary = readFileSync(join(folder, 'summary'), 'utf8')
    return { ...ending, ...readJobLog(ending.stdout), outputs, summary, report: readReport(outputs.report) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(options: RunOptions, env: NodeJS.ProcessEnv): Promise<Ending> {
  const bundle = options.bundle ?? join(root, 'dist', options.action ?? '', 'index.js')
  const command = [process.execPath, ...(options.nodeArgs ?? []), bundle]
  const [program = '', ...args] = options.fileLimit === undefined ? command : limited(command, options.fileLimit, env)
  const child = spawn(program, args, {
    cwd: options.workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ending: Ending = { code: null, signal: null, stdout: '', stderr: '', maxRssKb: undefined }
  let { signal } = options
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    ending.stdout += chunk
    options.onStdout?.(chunk)
    if (!signal?.after?.(ending.stdout)) return
    const { send, againMs } = signal
    child.kill(send)
    if (againMs !== undefined) setTimeout(() => child.kill(send), againMs)
    signal = undefined
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    ending.stderr += chunk
  })
  options.signal?.on?.addEventListener('abort', () => child.kill(options.signal?.send))
  const look = (): void => {
    ending.maxRssKb = readPeakMemory(child.pid) ?? ending.maxRssKb
  }
  const poll = options.watchMemory ? setInterval(look, memoryPollMs) : undefined
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, killedBy) => {
      clearInterval(poll)
      resolve({ ...ending, code, signal: killedBy })
    })
  })
}

/** @returns whether an option is about processes: signals, limits, memory, arguments, variables that Node reads at its
 *  start, or Octokit once for all runs (the proxy) */
function needsProcess({ signal, nodeArgs, watchMemory, fileLimit, bundle, env = {}, ...options }: RunOptions): boolean {
  if (options.in !== undefined) return options.in === 'process'
  const forNode = Object.keys(env).some((name) =>
    /^(NODE_(?!EXTRA_CA_CERTS)|SSL_|OPENSSL_|TMPDIR$|HTTPS?_PROXY$)/i.test(name),
  )
  return [signal, nodeArgs, watchMemory, fileLimit, bundle].some((option) => option !== undefined) || forNode
}

const idle: Worker[] = []

async function runInThread(options: RunOptions, env: NodeJS.ProcessEnv): Promise<Ending> {
  const worker = idle.pop() ?? new Worker(new URL('bundle-worker.ts', import.meta.url), { execArgv: [] })
  const ending: Ending = { code: null, signal: null, stdout: '', stderr: '', maxRssKb: undefined }
  const bundle = pathToFileURL(join(root, 'dist', options.action ?? '', 'index.js')).href
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const order: Order = { bundle, env: Object.fromEntries(given), shortWaits: options.shortWaits ?? false }
  worker.ref()
  return new Promise((resolve, reject) => {
    const hear = (happening: Happening): void => {
      if ('stdout' in happening) {
        ending.stdout += happening.stdout
        options.onStdout?.(happening.stdout)
      } else if ('stderr' in happening) ending.stderr += happening.stderr
      else {
        worker.off('message', hear).off('error', reject).off('exit', hearExit).unref()
        idle.push(worker)
        resolve({ ...ending, code: happening.code })
      }
    }
    const hearExit = (code: number): void => reject(new Error(`the bundle ended its thread with code ${code}`))
    worker.on('message', hear).on('error', reject).on('exit', hearExit)
    worker.postMessage(order)
  })
}

/** A shell drops variables with a hyphen in their name, such as inputs, so they are passed as arguments. */
function limited(command: string[], fileLimit: number, env: NodeJS.ProcessEnv): string[] {
  const given = Object.entries(env).filter(([, value]) => value !== undefined)
  const variables = given.map(([name, value]) => `${name}=${value}`)
  return ['sh', '-c', 'ulimit -n "$0"; exec env "$@"', String(fileLimit), ...variables, ...command]
}

function environment(options: RunOptions, folder: string, tempDir: string): NodeJS.ProcessEnv {
  const { name, payload } = options.event ?? { name: 'push', payload: {} }
  const file = (called: string, content = '') => {
    writeFileSync(join(folder, called), content)
    return join(folder, called)
  }
  mkdirSync(join(folder, 'home'))
  return {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: options.workspace,
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(payload)),
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_STATE: file('state'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_REPOSITORY: 'imgix-sync/site',
    GITHUB_SHA: shaOf(options.workspace),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_WORKFLOW: 'Publish images',
    GITHUB_WORKFLOW_REF: `imgix-sync/site/.github/workflows/${WORKFLOW.file}@refs/heads/main`,
    GITHUB_SERVER_URL: 'https://github.com',
    RUNNER_TEMP: tempDir,
    ...inputVariables(options),
  }
}

/** The runner replaces spaces by `_` and lower case by upper case. Hyphens stay. */
function inputVariables({ action, inputs: given }: RunOptions): Record<string, string> {
  const values = { ...defaultsOf(join(root, action ?? '', 'action.yml')), ...given }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

function defaultsOf(file: string): Record<string, string> {
  const known = defaults.get(file)
  if (known !== undefined) return known
  const metadata = parse(readFileSync(file, 'utf8')) as { inputs?: Record<string, { default?: unknown } | null> }
  const values = Object.entries(metadata.inputs ?? {}).map(([name, input]) => {
    const value = String(input?.default ?? '')
    return [name, value.includes('${{') ? '' : value]
  })
  const found = Object.fromEntries(values) as Record<string, string>
  defaults.set(file, found)
  return found
}

function shaOf(workspace: string): string {
  try {
    return headOf(workspace)
  } catch {
    return '0'.repeat(40)
  }
}

function readReport(path: string | undefined): ActionRun['report'] {
  if (!path || !existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}

function readPeakMemory(pid: number | undefined): number | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return peak === undefined ? undefined : Number(peak)
  } catch {
    return undefined
  }
}
