import { type ChildProcess, spawn } from 'node:child_process'
import { findComplaint, GitError } from './git-output.ts'

export type RunOptions = {
  timeoutMs?: number
  input?: string
  env?: Record<string, string>
  /** git is ended when it writes more; default no limit */
  maxBytes?: number
}
export type Result = {
  code: number | null
  stdout: Buffer
  /** what standard error says of the reason, in one line */
  complaint: string
  /** it wrote more than `maxBytes` */
  isCut: boolean
}
export type Run = (args: string[], options?: RunOptions) => Promise<Result>

/** A pipe in place of one of its files, or a remote, can keep git for ever. */
const TIMEOUT_MS = 300_000
/** How long a program that git started may keep git's pipes open after git has ended. */
const PIPES_MS = 5000

/** Runs git once.
 *  @param program absolute path of git
 *  @returns also for an exit code other than 0
 *  @throws GitError if git can't be run */
export function runGit(
  program: string,
  args: string[],
  {
    cwd,
    env,
    signal,
    timeoutMs = TIMEOUT_MS,
    input = '',
    pipesMs = PIPES_MS,
    maxBytes = Number.POSITIVE_INFINITY,
  }: Omit<RunOptions, 'env'> & {
    cwd: string
    env: Record<string, string | undefined>
    signal: AbortSignal
    pipesMs?: number
  },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    // its own process group: git's helpers for a remote outlive git, and keep its pipes open
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: !WINDOWS })
    child.stdin.on('error', () => {}) // git can end before it reads its input
    child.stdin.end(input)
    const stdout: Buffer[] = []
    let stderr = ''
    const end = (): void => {
      killGroup(child)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      end()
    }, timeoutMs)
    signal.addEventListener('abort', end, { once: true })
    let pipesTimer: NodeJS.Timeout | undefined
    let goesOn = false
    child.on('exit', () => {
      pipesTimer = setTimeout(() => {
        goesOn = true
        end()
      }, pipesMs)
    })
    const settle = (): void => {
      clearTimeout(timer)
      clearTimeout(pipesTimer)
      signal.removeEventListener('abort', end)
    }
    let left = maxBytes
    child.stdout.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left >= 0) stdout.push(chunk)
      else end()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX_LENGTH)
    })
    child.on('error', (cause) => {
      settle()
      const { code } = cause as NodeJS.ErrnoException
      reject(new GitError(`git can't be run (${code}): install git before this step`, { cause }))
    })
    child.on('close', (code, killedBy) => {
      settle()
      if (signal.aborted) return reject(signal.reason)
      if (goesOn)
        return reject(
          new GitError(
            'git has ended, and a program that it started goes on: check hooks and helpers of git on the runner',
          ),
        )
      const ended = isLate ? `it did not end within ${timeoutMs / 1000} s` : `exit code ${code ?? killedBy}`
      const complaint = findComplaint(stderr) || ended
      resolve({ code: isLate ? null : code, stdout: Buffer.concat(stdout), complaint, isCut: left < 0 })
    })
  })
}

/** Longer than any line that a remote sends. A line without its start could show a part of a secret. */
const STDERR_MAX_LENGTH = 200_000
const WINDOWS = process.platform === 'win32'

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && !WINDOWS) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // ESRCH: it has already ended
  }
}
