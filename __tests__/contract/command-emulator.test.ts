import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startEmulator } from '../../emulator/server.ts'
import { COMMAND, type CommandRun, runCommand } from '../helpers/command.ts'
import { temporaryFolder } from '../helpers/scenario.ts'

test('the emulator says where it is, prints what it is asked, and ends with a signal', async () => {
  const asked: Promise<number>[] = []
  const onOutput = (stdout: string): void => {
    const [line, rest] = stdout.split('\n')
    if (asked.length > 0 || line === undefined || rest === undefined) return
    const { apiUrl, apiKey, sourceId } = JSON.parse(line) as Record<string, string>
    const headers = { authorization: `Bearer ${apiKey}` }
    asked.push(fetch(`${apiUrl}/api/v1/sources/${sourceId}`, { headers }).then(({ status }) => status))
  }
  const args = ['emulator', '--json', '--type', 'gcs', '--rate-limits', 'off']
  const run = await runCommand(args, { cwd: temporaryFolder(), onOutput, interrupt: /-> 200/ })
  expect(await Promise.all(asked)).toEqual([200])
  expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/^GET \/api\/v1\/sources\/\w{24} -> 200\n$/)])
})

test('without --json it says how to point each client at it', async () => {
  const { stdout, code } = await runCommand(['emulator'], { cwd: temporaryFolder(), interrupt: /Requests:/ })
  const [, apiUrl] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(stdout) ?? []
  expect(code).toBe(0)
  for (const hint of [`--api-url ${apiUrl}`, `api-url: ${apiUrl}`, `apiUrl: '${apiUrl}'`, `${apiUrl}/api/v1/sources/`])
    expect(stdout).toContain(hint)
})

test.each<[string, readonly string[], (run: CommandRun) => string]>([
  ['a type that is none', ['--type', 'ftp'], () => "error: --type: 'ftp' is not allowed"],
  ['a port that is none', ['--port', '70000'], () => "error: --port: '70000' is not allowed"],
])('%s', async (_, args, expected) => {
  const run = await runCommand(['emulator', ...args], { cwd: temporaryFolder() })
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(expected(run))])
})

test('a port that is taken', async () => {
  const first = await startEmulator()
  const { port } = new URL(first.apiUrl)
  await expect(startEmulator({ port: Number(port) })).rejects.toThrow('EADDRINUSE')
  await first.stop()
})

test('the script of docs/emulator.md runs, and so does a download of the report that it has', async () => {
  const page = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8')
  const [, script = ''] = /A test that starts it:\n\n```\n(.*?)```/s.exec(page) ?? []
  const programs = temporaryFolder()
  const node = `exec '${process.execPath}'`
  const npx = `#!/bin/sh\nshift\n'${process.execPath}' '${COMMAND}' "$@"\n` // a shell between, as npx has it
  const jq = `#!/bin/sh\n[ "$1" = -r ] && shift\n${node} -p "JSON.parse(fs.readFileSync('$2'))$1"\n`
  for (const [name, text] of Object.entries({ npx, jq })) writeFileSync(join(programs, name), text, { mode: 0o755 })
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'a.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
  const reports = 'npx imgix-sync reports --type cdn_logs --api-url "$(jq -r .apiUrl imgix.json)"\n'
  const env = { PATH: `${programs}:${process.env.PATH}` }
  const { code, stdout } = await runCommand([], { cwd, env, command: ['sh', '-c', `${script}${reports}`] })
  expect([code, stdout.includes('1 uploaded, 1 purged')]).toEqual([0, true])
  expect(readdirSync(join(cwd, 'imgix-reports'))).toHaveLength(1)
  const { pid } = JSON.parse(readFileSync(join(cwd, 'imgix.json'), 'utf8'))
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 5000)
})
