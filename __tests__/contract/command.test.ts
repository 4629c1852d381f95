import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import { explainNode } from '../../src/command/command.ts'
import { INPUTS, parseFlags } from '../../src/command/flags.ts'
import { COMMAND, type CommandRun, runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { createRepository } from '../helpers/repository.ts'
import { temporaryFolder } from '../helpers/scenario.ts'
import { listen } from '../helpers/server.ts'

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** A site of two commits: the second changes a.png, and leaves b.png alone. */
async function site() {
  const imgix = await emulate()
  const repository = createRepository()
  repository.write({ 'public/a.png': PNG, 'public/b.png': PNG, 'README.md': 'Site' })
  const before = repository.commit()
  repository.write({ 'public/a.png': Buffer.concat([PNG, PNG]) })
  const after = repository.commit()
  const run = (args: readonly string[], env: Record<string, string> = {}, cwd = repository.dir): Promise<CommandRun> =>
    runCommand([...flagsOf(imgix), '--root', 'public', ...args], { cwd, env: { IMGIX_API_KEY: imgix.apiKey, ...env } })
  return { imgix, repository, before, after, run }
}

function flagsOf({ apiUrl, sourceId }: Emulator): string[] {
  return ['--source-id', sourceId, '--api-url', apiUrl]
}

const storedAt = ({ objects }: Emulator): string[] => [...objects.keys()].sort()

test('publishes what changed since the base, in plain text', async () => {
  const { imgix, run } = await site()
  const { code, stdout, stderr } = await run(['--base', 'HEAD~1'])
  expect([code, stderr, storedAt(imgix)]).toEqual([0, '', ['a.png']])
  expect(stdout).toContain('1 uploaded, 1 purged in ')
  expect([stdout.includes('::'), stdout.includes('\u001b')]).toEqual([false, false])
})

test('its workspace is the repository around the folder where it starts', async () => {
  const { imgix, repository, run } = await site()
  const { code } = await run(['--base', 'HEAD~1'], {}, join(repository.dir, 'public'))
  expect([code, storedAt(imgix)]).toEqual([0, ['a.png']])
})

test('--json: the report alone is on standard output', async () => {
  const { before, after, run } = await site()
  const { code, stdout, stderr } = await run(['--base', before, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ base: before, head: after, counts: { uploaded: 1, failed: 0 } })
  expect([code, stderr.includes('1 uploaded')]).toEqual([0, true])
})

test('without a base it asks for one, or for mode all, by name', async () => {
  const { imgix, run } = await site()
  const { code, stderr } = await run([])
  expect([code, storedAt(imgix)]).toEqual([2, []])
  expect(stderr).toContain('error: on-unknown-base: no base commit was found')
  expect(stderr).toContain('notice: set --base to the commit to compare with')
  expect(stderr).toContain('or --mode all')
})

test('mode all takes every file, outside of a repository too', async () => {
  const imgix = await emulate()
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'public'))
  writeFileSync(join(folder, 'public/a.png'), PNG)
  const env = { IMGIX_API_KEY: imgix.apiKey }
  const { code } = await runCommand([...flagsOf(imgix), '--root', 'public', '--mode', 'all'], { cwd: folder, env })
  expect([code, storedAt(imgix)]).toEqual([0, ['a.png']])
})

test('a file that fails gives 1, and is an error on standard error', async () => {
  const { imgix, run } = await site()
  imgix.fault({ on: { method: 'POST', path: /upload/ }, do: { answer: { status: 413 } } })
  const { code, stdout, stderr } = await run(['--base', 'HEAD~1', '--max-attempts', '1'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('error: public/a.png: ')])
  expect(stdout).not.toContain('next: ') // which is about pushes to GitHub
})

test.each([
  ['all are purged', /never/, 0, true],
  ['one fails', /b\.png$/, 1, false],
])('what purges lead to is the next step only where nothing failed: %s', async (_, path, expected, isTold) => {
  const { imgix, run } = await site()
  imgix.fault({ on: { method: 'POST', path }, do: { answer: { status: 413 } } })
  const { code, stdout } = await run(['--mode', 'all', '--max-attempts', '1'])
  expect([code, stdout.includes('next: imgix empties its caches')]).toEqual([expected, isTold])
})

test('wrong inputs give 2, all at once, and name a secret by its variable', async () => {
  const { run } = await site()
  const { code, stderr } = await run(['--base', 'HEAD~1', '--concurrency', '0'], { IMGIX_API_KEY: '' })
  expect([code, stderr.trim().split('\n')]).toEqual([
    2,
    [
      expect.stringContaining("error: concurrency: '0' is not allowed"),
      expect.stringContaining("error: IMGIX_API_KEY: '' is not allowed"),
    ],
  ])
})

test.each([
  [['--mode'], '--mode needs a value; one that begins with a dash is --mode=-...'],
  [['--root', '--dry-run'], '--root needs a value; one that begins with a dash is --root=-...'],
  [['--summary', 'off'], "Unknown option '--summary'; see imgix-sync --help"], // the job summary is GitHub's
  [['--', '--mode'], "Unexpected argument '--mode'; see imgix-sync --help"],
])('%j is wrong usage', (args, message) => {
  expect(() => parseFlags(args, INPUTS.sync)).toThrow(message)
})

test('an output that can not be written is a failure, and the files are published', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const { imgix, repository } = await site()
  const command = ['sh', '-c', 'exec "$@" > /dev/full', 'sh', process.execPath, COMMAND]
  const args = [...flagsOf(imgix), '--root', 'public', '--base', 'HEAD~1']
  const env = { IMGIX_API_KEY: imgix.apiKey }
  const { code, stderr } = await runCommand(args, { cwd: repository.dir, env, command })
  expect([code, stderr]).toEqual([1, "error: the output can't be written (ENOSPC): it is not complete\n"])
  expect(storedAt(imgix)).toEqual(['a.png'])
})

test('a pull request whose commit the system does not tell is that of the checkout', async () => {
  const { imgix, repository, run } = await site()
  repository.git('branch', 'target', 'HEAD~1')
  const jenkins = { JENKINS_URL: 'http://127.0.0.1', BUILD_ID: '1', CHANGE_ID: '3', CHANGE_TARGET: 'target' }
  expect([(await run([], jenkins)).code, storedAt(imgix)]).toEqual([0, ['a.png']])
})

test('a secret is no flag, and what was given is not repeated', async () => {
  const { run } = await site()
  const { code, stderr } = await run(['--api-key', 'ak_secret'])
  expect([code, stderr.includes('IMGIX_API_KEY'), stderr.includes('ak_secret')]).toEqual([2, true, false])
})

test('a signal cancels it: 130', async () => {
  const { imgix, repository } = await site()
  imgix.fault({ on: { method: 'POST', path: /upload/ }, do: { hang: true } })
  const args = [...flagsOf(imgix), '--root', 'public', '--base', 'HEAD~1']
  const env = { IMGIX_API_KEY: imgix.apiKey }
  const { code, stderr } = await runCommand(args, { cwd: repository.dir, env, interrupt: /Plan: / })
  expect([code, stderr]).toEqual([130, expect.stringContaining('cancelled: ')])
})

test('switches, repeated flags and an empty value', async () => {
  const { imgix, run } = await site()
  const url = `https://${imgix.domains[0]}/x.png`
  const purged = await run(['--files', '', '--urls', url, '--urls', url, '--no-upload'])
  expect([purged.code, imgix.purges.map((purge) => purge.url)]).toEqual([0, [url]])
  const dry = await run(['--base', 'HEAD~1', '--dry-run', '--files', '**/*.png', '--files', '!a.png'])
  expect([dry.code, dry.stdout.includes('0 files would be uploaded')]).toEqual([0, true])
})

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await runCommand(['--version'], { cwd: temporaryFolder() })).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  })
})

/** GitLab's API with the deployments of one environment. */
async function gitLab(deployments: unknown, status = 200) {
  const { url, seen } = await listen((_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(deployments)),
  )
  const env = {
    ...{ GITLAB_CI: 'true', CI: 'true', CI_API_V4_URL: `${url}/api/v4`, CI_PROJECT_ID: '7' },
    ...{ CI_JOB_ID: '12', CI_JOB_TOKEN: 'glcbt-64_0123456789', CI_ENVIRONMENT_NAME: 'imgix' },
  }
  return { env, asked: () => seen.map(({ request, headers }) => `${request} ${headers['job-token']}`) }
}

test("in GitLab's environment it compares with the last successful deployment", async () => {
  const { imgix, repository, before, run } = await site()
  repository.write({ 'public/c.png': PNG })
  const after = repository.commit()
  const { env, asked } = await gitLab([
    { sha: after, status: 'running', deployable: { id: 12 } },
    { sha: repository.git('rev-parse', 'HEAD~1'), status: 'failed', deployable: { id: 11 } },
    { sha: before, status: 'success', deployable: { id: 10 } },
  ])
  const told = { ...env, CI_COMMIT_SHA: after, CI_COMMIT_BEFORE_SHA: repository.git('rev-parse', 'HEAD~1') }
  const { code, stdout } = await run([], told)
  expect([code, storedAt(imgix)]).toEqual([0, ['a.png', 'c.png']])
  expect(stdout).toContain(`base: ${before} (last-success): the commit of the last successful deployment to imgix`)
  const query = 'environment=imgix&order_by=id&sort=desc&per_page=100'
  expect(asked()).toEqual([`GET /api/v4/projects/7/deployments?${query} glcbt-64_0123456789`])
  expect(stdout).not.toContain('glcbt')
})

test('where GitLab does not tell deployments, the commit before is taken, and a notice says what that leaves out', async () => {
  const { imgix, before, after, run } = await site()
  const { env } = await gitLab({ message: '403 Forbidden' }, 403)
  const { code, stderr } = await run([], { ...env, CI_COMMIT_SHA: after, CI_COMMIT_BEFORE_SHA: before })
  expect([code, storedAt(imgix)]).toEqual([0, ['a.png']])
  expect(stderr).toContain('notice: GitLab CI tells the commit before this one, not the last one that was published')
})

test('an older Node than package.json asks for is refused before anything is done', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(engines.node).toBe('>=22.20.0')
  expect(['22.20.0', '23.0.0', '24.1.0', '100.0.0'].map(explainNode)).toEqual(Array(4).fill(undefined))
  for (const version of ['20.20.2', '22.19.9', '8.17.0'])
    expect(explainNode(version)).toBe(`Node ${version} is too old: install Node 24, or 22 from 22.20 on`)
})

test.each([[[]], [['reports']], [['source']]])('%j: without a place for temporary files it says so', async (args) => {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], {
    cwd: temporaryFolder(),
    env: { TMPDIR: '/nonexistent' },
  })
  const line = 'error: no folder can be made in /nonexistent (ENOENT); set TMPDIR to a folder for temporary files\n'
  expect([code, stdout, stderr]).toEqual([2, '', line])
})

test.each(['', 'doctor'])('%s in a folder that is gone it says so', async (subcommand) => {
  const folder = temporaryFolder()
  const script = `rm -r "$PWD" && exec "${process.execPath}" "${COMMAND}" ${subcommand}`
  const { code, stderr } = await runCommand([], { cwd: folder, command: ['/bin/sh', '-c', script] })
  const line = 'error: the folder where the command was started is gone; start it in one that is there'
  expect([code, stderr.split('\n').at(-2)]).toEqual([2, line])
})

test("another user's repository is not used, unless git trusts it", async () => {
  const { repository, run } = await site()
  if (process.geteuid?.() !== 0) return
  chownSync(repository.dir, 12345, 12345)
  const refused = await run(['--base', 'HEAD~1', '--dry-run'])
  expect([refused.code, refused.stderr.includes('safe.directory')]).toEqual([2, true])
  const trusted = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' }
  expect((await run(['--base', 'HEAD~1', '--dry-run'], trusted)).code).toBe(0)
})

test('outside of a repository it asks for mode all', async () => {
  const imgix = await emulate()
  const env = { IMGIX_API_KEY: imgix.apiKey }
  const { code, stderr } = await runCommand(flagsOf(imgix), { cwd: temporaryFolder(), env })
  expect([code, stderr.includes('or --mode all')]).toEqual([2, true])
  expect(stderr).toContain('contains no git repository: put actions/checkout before this step, or start in a clone')
})

test('source: keeps a Source as a file says, and tells its outputs as JSON', async () => {
  const imgix = await emulate()
  const { repository } = await site()
  repository.write({ 'imgix.yml': 'name: Harbour\n' })
  const args = ['source', ...flagsOf(imgix), '--file', 'imgix.yml', '--deploy-timeout', '0', '--json']
  const run = () => runCommand(args, { cwd: repository.dir, env: { IMGIX_API_KEY: imgix.apiKey } })
  const [first, second] = [await run(), await run()]
  expect([first.code, second.code]).toEqual([0, 0])
  expect(JSON.parse(first.stdout)).toMatchObject({ 'source-id': imgix.sourceId, changed: true })
  expect(JSON.parse(second.stdout)).toMatchObject({ 'source-id': imgix.sourceId, changed: false })
})

test('reports: downloads into a folder of the place where it starts', async () => {
  const imgix = await emulate()
  const body = Buffer.from('day,requests\n')
  imgix.reports.push({
    ...{ id: '5f7676862528f12b1bfbf65b', type: 'cdn_logs', key: 'cdn_logs_2026-11-01', completed: true },
    ...{ periodStart: 1_793_491_200, periodEnd: 1_793_577_600, files: [{ body }] },
  })
  const cwd = temporaryFolder()
  const args = [
    'reports',
    '--api-url',
    imgix.apiUrl,
    '--type',
    'cdn_logs',
    '--period',
    '2026-11-01',
    '--folder',
    'logs',
  ]
  const { code, stdout } = await runCommand([...args, '--json'], { cwd, env: { IMGIX_API_KEY: imgix.apiKey } })
  const { files, count } = JSON.parse(stdout)
  expect([code, count, readFileSync(join(cwd, files[0]))]).toEqual([0, 1, body])
  const [TMPDIR, IMGIX_API_KEY] = [temporaryFolder(), imgix.apiKey]
  expect((await runCommand(args, { cwd, env: { IMGIX_API_KEY, TMPDIR } })).code).toBe(0)
  expect(readdirSync(TMPDIR)).toEqual([])
})

test('--help is for people, and has each flag of the subcommand', async () => {
  const { code, stdout } = await runCommand(['reports', '--help'], { cwd: temporaryFolder() })
  expect(code).toBe(0)
  for (const text of ['Usage: imgix-sync reports --type <type>', '--wait-timeout <value>', 'IMGIX_API_KEY', '130'])
    expect(stdout).toContain(text)
  expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([])
})

test('--help has the form that turns a switch off, and says what is the default', async () => {
  const { stdout } = await runCommand(['--help'], { cwd: temporaryFolder() })
  expect(stdout).toMatch(/--\[no-\]purge\n {6}Purge what .*\. Default: true\n/)
  expect(stdout).toMatch(/--dry-run\n {6}Plan, /)
  expect(stdout).not.toContain('--summary')
  const { stdout: own } = await runCommand(['emulator', '--help'], { cwd: temporaryFolder() })
  expect([own.includes('\nOptions:\n'), own.includes('inputs of the action')]).toEqual([true, false])
})

test('in a workflow of GitHub it finds the base as the action does, and prints no commands of the runner', async () => {
  const { imgix, repository, before, after, run } = await site()
  const { name, payload } = repository.pushEvent(before, after)
  const event = join(temporaryFolder(), 'event.json')
  writeFileSync(event, JSON.stringify(payload))
  const gitHub = { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: event }
  const { code, stdout, stderr } = await run([], { ...gitHub, GITHUB_SHA: after, GITHUB_REF: 'refs/heads/main' })
  expect([code, storedAt(imgix), `${stdout}${stderr}`.includes('::')]).toEqual([0, ['a.png'], false])
  expect(stdout).toContain(`base: ${before} (event): the commit of the branch before the push`)
})

test('in a merge request it says that what it publishes is not merged', async () => {
  const { imgix, before, after, run } = await site()
  const gitLab = { GITLAB_CI: 'true', CI: 'true', CI_MERGE_REQUEST_ID: '3', CI_MERGE_REQUEST_DIFF_BASE_SHA: before }
  const { code, stdout, stderr } = await run([], { ...gitLab, CI_COMMIT_SHA: after })
  expect([code, storedAt(imgix)]).toEqual([0, ['a.png']])
  expect(stdout).toContain(`base: ${before} (merge-base)`)
  expect(stderr).toContain('notice: this run on a pull request publishes files that are not merged')
})

test.each([
  ['that only purges', ['--no-upload'], { 'public/a.png': '3' }],
  ['that only deletes a file', [], { 'public/a.png': null }],
])('in a merge request %s it does not say so', async (_, flags, files) => {
  const { imgix, repository, after: before, run } = await site()
  repository.write(files)
  const gitLab = { GITLAB_CI: 'true', CI: 'true', CI_MERGE_REQUEST_ID: '3', CI_MERGE_REQUEST_DIFF_BASE_SHA: before }
  const { code, stdout, stderr } = await run(flags, { ...gitLab, CI_COMMIT_SHA: repository.commit() })
  expect([code, storedAt(imgix)]).toEqual([0, []])
  expect(stdout).toContain('1 purged in ')
  expect(stderr).not.toContain('not merged')
})
