import { type ChildProcess, spawn } from 'node:child_process'
import { GitError } from './git-output.ts'

export type RunOptions = { timeoutMs?: number; input?: string; env?: Record<string, string> }
export type Result = {
  code: number | null
  stdout: Buffer
  /** the line of standard error that names the reason */
  complaint: string
}
export type Run = (args: string[], options?: RunOptions) => Promise<Result>

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
    timeoutMs,
    input = '',
  }: Omit<RunOptions, 'env'> & { cwd: string; env: Record<string, string | undefined>; signal: AbortSignal },
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
      const ended =
        code === null && timeoutMs !== undefined ? `it did not end within ${timeoutMs / 1000} s` : `exit code ${code}`
      const lines = stderr.trim().split('\n')
      const complaint = lines.findLast((line) => /^(fatal|error): /.test(line)) || lines.at(-1) || ended
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
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // ESRCH: it has already ended
  }
}
