import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './scenario.ts'

export const COMMAND = fileURLToPath(new URL('../../src/command/index.ts', import.meta.url))
/** Without it, each process would compile the whole source anew. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/command', import.meta.url))

export type CommandRun = { code: number | null; stdout: string; stderr: string }
type Options = {
  cwd: string
  env?: Record<string, string>
  /** default the source of the command */
  command?: readonly string[]
  /** gets all of standard output so far */
  onOutput?: (stdout: string) => void
  /** SIGINT is sent when standard output or error first match */
  interrupt?: RegExp
}

/** Runs the command as a user does: a process with few variables. */
export function runCommand(
  args: readonly string[],
  { cwd, env, command, interrupt, onOutput }: Options,
): Promise<CommandRun> {
  const [program = '', ...first] = command ?? [process.execPath, COMMAND]
  const own = { PATH: process.env.PATH, HOME: temporaryFolder(), TMPDIR: temporaryFolder(), NODE_COMPILE_CACHE: CACHE }
  const child = spawn(program, [...first, ...args], { cwd, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let interrupted = false
  const run: CommandRun = { code: null, stdout: '', stderr: '' }
  const hear = (name: 'stdout' | 'stderr') => (chunk: string) => {
    run[name] += chunk
    onOutput?.(run.stdout)
    if (interrupted || interrupt?.test(run.stdout + run.stderr) !== true) return
    interrupted = true
    child.kill('SIGINT')
  }
  child.stdout.setEncoding('utf8').on('data', hear('stdout'))
  child.stderr.setEncoding('utf8').on('data', hear('stderr'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...run, code }))
  })
}
