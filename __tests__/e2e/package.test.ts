import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { createRepository } from '../helpers/repository.ts'
import { temporaryFolder } from '../helpers/scenario.ts'
import { createTree } from '../helpers/tree.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** An empty folder with the package in it, as from the registry. */
let app = ''
let files: string[] = []

beforeAll(() => {
  app = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-package-')))
  writeFileSync(join(app, 'package.json'), '{"private":true,"type":"module"}')
  const npm = (cwd: string, ...args: string[]): string => execFileSync('npm', args, { cwd, encoding: 'utf8' })
  const [packed] = JSON.parse(npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', app))
  files = packed.files.map(({ path }: { path: string }) => path)
  npm(app, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(app, packed.filename))
}, 60_000)

afterAll(() => rmSync(app, { recursive: true, force: true }))

const command = (): string[] => [process.execPath, join(app, 'node_modules/imgix-sync/dist/command/index.js')]

test('the package has the two bundles and what npm always adds', () => {
  const bundles = globSync('dist/{client,command}/**/*.*', { cwd: ROOT })
  expect(files.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json', ...bundles].sort())
})

test('it brings no other package', () => {
  expect(globSync('node_modules/{*,@*/*}', { cwd: app })).toEqual(['node_modules/imgix-sync'])
})

test('its command syncs a folder', async () => {
  const imgix = await emulate()
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'public'))
  writeFileSync(join(folder, 'public/a.png'), PNG)
  const flags = ['--source-id', imgix.sourceId, '--api-url', imgix.apiUrl, '--root', 'public', '--mode', 'all']
  const env = { IMGIX_API_KEY: imgix.apiKey }
  const run = await runCommand(flags, { cwd: folder, env, command: [join(app, 'node_modules/.bin/imgix-sync')] })
  expect([run.code, run.stderr, [...imgix.objects.keys()]]).toEqual([0, '', ['a.png']])
})

const TERMINAL = 'Object.assign(process.stdout,{isTTY:true,columns:120,hasColors:()=>true})'

test('its command has colours and draws a bar on a terminal', async () => {
  const imgix = await emulate()
  const folder = createTree({ 'a.png': PNG })
  const flags = ['--source-id', imgix.sourceId, '--api-url', imgix.apiUrl, '--mode', 'all']
  const [node = '', ...bundle] = command()
  const terminal = [node, '--import', `data:text/javascript,${encodeURIComponent(TERMINAL)}`, ...bundle]
  const run = await runCommand(flags, { cwd: folder, env: { IMGIX_API_KEY: imgix.apiKey }, command: terminal })
  expect([run.code, run.stderr]).toEqual([0, ''])
  expect(run.stdout).toMatch(/░+ 0%.*1 uploaded, 1 purged/s)
  expect(run.stdout).toContain('\u001b[1mPlan: 1 upload')
})

test("its command syncs what changed, in GitLab's environment", async () => {
  const imgix = await emulate()
  const repository = createRepository()
  repository.write({ 'a.png': PNG, 'b.png': PNG })
  const before = repository.commit()
  repository.write({ 'a.png': Buffer.concat([PNG, PNG]) })
  const gitLab = { GITLAB_CI: 'true', CI: 'true', CI_COMMIT_SHA: repository.commit(), CI_COMMIT_BEFORE_SHA: before }
  const env = { IMGIX_API_KEY: imgix.apiKey, ...gitLab }
  const flags = ['--source-id', imgix.sourceId, '--api-url', imgix.apiUrl, '--json']
  const { code, stdout } = await runCommand(flags, { cwd: repository.dir, env, command: command() })
  expect([code, [...imgix.objects.keys()], JSON.parse(stdout).base]).toEqual([0, ['a.png'], before])
})

test('its emulator and its doctor are there', async () => {
  const cwd = temporaryFolder()
  const emulator = await runCommand(['emulator'], { cwd, command: command(), interrupt: /Requests:/ })
  const doctor = await runCommand(['doctor'], { cwd, command: command() })
  expect([emulator.code, doctor.code, doctor.stdout.includes('IMGIX_API_KEY is not set')]).toEqual([0, 1, true])
})

const PROGRAM = `import { createClient, createSource, ImgixError, listSources } from 'imgix-sync/client'
const client = createClient({ apiUrl: process.env.IMGIX_API_URL ?? '', apiKey: process.env.IMGIX_API_KEY ?? '' })
for await (const page of listSources(client)) console.log(page.map(({ attributes }) => attributes.name).length)
// @ts-expect-error a new Source needs a name
await createSource(client, {}).catch((error: unknown) => console.log(error instanceof ImgixError))
client.close()
`

test('its client has types, and runs', async () => {
  const imgix = await emulate()
  const types = join(ROOT, 'node_modules/@types')
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext' },
    ...{ types: ['node'], typeRoots: [types], skipLibCheck: false },
  }
  writeFileSync(join(app, 'program.ts'), PROGRAM)
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
  expect(execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', app], { encoding: 'utf8' })).toBe('')
  const env = { IMGIX_API_URL: imgix.apiUrl, IMGIX_API_KEY: imgix.apiKey }
  const run = await runCommand(['program.ts'], { cwd: app, env, command: [process.execPath] })
  expect([run.code, run.stderr, run.stdout]).toEqual([0, '', '1\ntrue\n'])
})

test('its types name each other as the compiled files would be called', () => {
  const names = globSync('node_modules/imgix-sync/dist/client/**/*.d.ts', { cwd: app })
  const modules = names.flatMap(
    (file) => readFileSync(join(app, file), 'utf8').match(/(?<=['"])\.{1,2}\/[^'"]+/g) ?? [],
  )
  expect(modules.length).toBeGreaterThan(50)
  expect(modules.filter((module) => !module.endsWith('.js'))).toEqual([])
})

test('its version is that of the repository', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const { stdout } = await runCommand(['--version'], { cwd: temporaryFolder(), command: command() })
  expect(stdout).toBe(`${version}\n`)
})
