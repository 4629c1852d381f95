import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { GitError, parseDiff, parseTree, type TreeChange, type TreeEntry } from './git-output.ts'

export type Git = {
  /** absolute path of the folder that git's paths are relative to */
  readonly topLevel: string
  /** the folder to look at, relative to it: '' or ends with a slash */
  readonly rootPath: string
  /** @returns full SHA of the commit that is checked out */
  head(): Promise<string>
  /** @returns full SHA of a commit that the clone has, undefined where it lacks it */
  findCommit(ref: string): Promise<string | undefined>
  /** Brings a commit from the remote, by SHA, branch or tag, without its history.
   *  @returns its full SHA, undefined where the remote does not give it */
  fetchCommit(ref: string): Promise<string | undefined>
  /** @returns what differs below the root, a rename as a delete and an add, the base's submodules left in */
  diff(base: string, head: string): Promise<TreeChange[]>
  /** @returns all that a commit holds below the root */
  list(commit: string): Promise<TreeEntry[]>
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/
const FETCH_TIMEOUT_MS = 300_000

type GitSettings = {
  workspace: string
  root: string
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
}

/** Opens the repository that the root lies in, which may be the workspace or a folder in it.
 *  @throws GitError where there is no git or no repository */
export async function openGit({ workspace, root, env, signal }: GitSettings): Promise<Git> {
  const folder = resolve(workspace, root)
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const settings = [
    '-c',
    'gc.auto=0',
    '-c',
    'maintenance.auto=false',
    ...safeDirectories(existing),
    '--literal-pathspecs',
  ]
  const childEnv = { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }
  const at =
    (cwd: string) =>
    (args: string[], options: RunOptions = {}) =>
      runGit([...settings, ...args], { cwd, env: childEnv, signal, ...options })

  const found = await at(existing)(['rev-parse', '--show-toplevel'])
  if (found.code !== 0) {
    throw new GitError(
      `${workspace} holds no git repository (${found.complaint}): put actions/checkout before this step`,
    )
  }
  const topLevel = resolve(withoutNewline(found.stdout))
  const rest = relative(existing, folder)
  const rootPath = relative(topLevel, join(realpathSync(existing), rest))
    .split(sep)
    .join('/')
  return commands(at(topLevel), { topLevel, rootPath: rootPath === '' ? '' : `${rootPath}/` })
}

type Run = (args: string[], options?: RunOptions) => Promise<Result>

function commands(git: Run, place: { topLevel: string; rootPath: string }): Git {
  const pathspec = place.rootPath === '' ? [] : ['--', place.rootPath]

  async function must(args: string[], remedy: string): Promise<Buffer> {
    const { code, stdout, complaint } = await git(args)
    if (code !== 0) throw new GitError(`git ${args[0]}: ${complaint}: ${remedy}`)
    return stdout
  }

  async function findCommit(ref: string): Promise<string | undefined> {
    for (const name of SHA.test(ref) || ref === 'HEAD' ? [ref] : [ref, `refs/remotes/origin/${ref}`]) {
      const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
      const sha = withoutNewline(stdout)
      if (code === 0 && SHA.test(sha)) return sha
    }
    return undefined
  }

  async function fetchCommit(ref: string): Promise<string | undefined> {
    const remotes = withoutNewline((await git(['remote'])).stdout).split('\n')
    const remote = remotes.includes('origin') ? 'origin' : remotes[0]
    if (!remote) return undefined
    const shallow = withoutNewline((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true'
    const options = ['--no-tags', '--no-recurse-submodules', '--quiet', ...(shallow ? ['--depth=1'] : [])]
    for (const name of SHA.test(ref) ? [ref] : await refNames(ref)) {
      const { code } = await git(['fetch', ...options, '--', remote, name], { timeoutMs: FETCH_TIMEOUT_MS })
      if (code === 0) return findCommit(SHA.test(ref) ? ref : 'FETCH_HEAD')
    }
    return undefined
  }

  /** Full names only: what else a refspec can say, such as a forced update, is not for a base to say. */
  async function refNames(ref: string): Promise<string[]> {
    const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref.replace(/^origin\//, '')}`, `refs/tags/${ref}`]
    const checks = await Promise.all(names.map((name) => git(['check-ref-format', name])))
    return names.filter((_, index) => checks[index]?.code === 0)
  }

  return {
    ...place,
    async head() {
      const sha = await findCommit('HEAD')
      if (sha === undefined) throw new GitError('git rev-parse: HEAD is no commit: check out a commit before this step')
      return sha
    },
    findCommit,
    fetchCommit,
    async diff(base, head) {
      const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--end-of-options', base, head, ...pathspec]
      return parseDiff(await must(args, 'check that the clone is whole'))
    },
    async list(commit) {
      // what follows the commit are paths: there is no `--` here
      const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...pathspec.slice(1)]
      return parseTree(await must(args, 'check that the clone is whole'))
    },
  }
}

function withoutNewline(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '')
}

/** A container's workspace often belongs to another user: git is told by argument, the user's configuration stays as it is. */
function safeDirectories(folder: string): string[] {
  const folders = new Set<string>()
  for (const start of [folder, realpathSync(folder)]) {
    for (let current = start; !folders.has(current); current = dirname(current)) folders.add(current)
  }
  return [...folders].flatMap((path) => ['-c', `safe.directory=${path.split(sep).join('/')}`])
}

type RunOptions = { timeoutMs?: number }
type Result = { code: number | null; stdout: Buffer /** last line of what git complained */; complaint: string }

function runGit(
  args: string[],
  {
    cwd,
    env,
    signal,
    timeoutMs,
  }: RunOptions & { cwd: string; env: Record<string, string | undefined>; signal: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    // a group of its own: git's helpers for a remote outlive git, and keep its pipes open
    const child = spawn('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: !WINDOWS })
    const stdout: Buffer[] = []
    let stderr = ''
    const end = (): void => {
      killGroup(child)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs)
    signal.addEventListener('abort', end, { once: true })
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-2000)
    })
    child.on('error', (cause) => {
      settle()
      const { code } = cause as NodeJS.ErrnoException
      reject(new GitError(`git can't be run (${code}): install git before this step`, { cause }))
    })
    child.on('close', (code) => {
      settle()
      if (signal.aborted) return reject(signal.reason)
      const complaint = stderr.trim().split('\n').at(-1) || `exit code ${code}`
      resolve({ code, stdout: Buffer.concat(stdout), complaint })
    })
  })
}

const WINDOWS = process.platform === 'win32'

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && !WINDOWS) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it has ended by itself
  }
}
