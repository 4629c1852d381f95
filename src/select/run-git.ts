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

/** Longer than any line that a remote sends. A line without its start could show a part of a secret. */
const STDERR_MAX_LENGTH = 200_000
const WINDOWS = process.platform === 'win32'

type Place = {
  cwd: string
  env: Record<string, string | undefined>
  signal: AbortSignal
  pipesMs?: number
}

/** Runs git once.
 *  @param program absolute path of git
 *  @returns also for an exit code other than 0
 *  @throws GitError if git can't be run */
export function runGit(
  program: string,
  args: string[],
  { cwd, env, signal, ...options }: Omit<RunOptions, 'env'> & Place,
): Promise<Result> {
  const { timeoutMs = TIMEOUT_MS, input = '', pipesMs = PIPES_MS, maxBytes = Number.POSITIVE_INFINITY } = options
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    // its own process group: git's helpers for a remote outlive git, and keep its pipes open
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: !WINDOWS })
    child.stdin.on('error', () => {}) // git can end before it reads its input
    child.stdin.end(input)
    const stdout: Buffer[] = []
    let [stderr, left] = ['', maxBytes]
    let endedFor: 'time' | 'pipes' | undefined
    const end = (): void => {
      killGroup(child)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const endFor = (cause: 'time' | 'pipes'): void => {
      endedFor = cause
      end()
    }
    const timers = [setTimeout(endFor, timeoutMs, 'time')]
    signal.addEventListener('abort', end, { once: true })
    child.on('exit', () => timers.push(setTimeout(endFor, pipesMs, 'pipes')))
    const settle = (): void => {
      for (const timer of timers) clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left >= 0) stdout.push(chunk)
      else end()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX_LENGTH)
    })
    child.on('error', (cause: NodeJS.ErrnoException) => {
      settle()
      reject(new GitError(`git can't be run (${cause.code}): install git first`, { cause }))
    })
    child.on('close', (code, killedBy) => {
      settle()
      if (signal.aborted) return reject(signal.reason)
      if (endedFor === 'pipes')
        return reject(
          new GitError(
            'git has ended, and a program that it started goes on: check hooks and helpers of git on the runner',
          ),
        )
      const isLate = endedFor === 'time'
      const ending = isLate ? `it did not end within ${timeoutMs / 1000} s` : `exit code ${code ?? killedBy}`
      const complaint = findComplaint(stderr) || ending
      resolve({ code: isLate ? null : code, stdout: Buffer.concat(stdout), complaint, isCut: left < 0 })
    })
  })
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && !WINDOWS) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // ESRCH: it has already ended
  }
}
