import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RENDERING_CERTIFICATE, startRendering } from '../../emulator/rendering.ts'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import type { Finding } from '../../src/command/doctor/finding.ts'
import { checkGitHub } from '../../src/command/doctor/github.ts'
import { checkClock, checkProxy, isOldGit } from '../../src/command/doctor/machine.ts'
import { checkKey } from '../../src/command/doctor/permissions.ts'
import { checkSource } from '../../src/command/doctor/source.ts'
import type { SourceResource } from '../../src/imgix/sources.ts'
import { readProxies } from '../../src/inputs/proxies.ts'
import { readEnvironment } from '../../src/runner/environment.ts'
import { type CommandRun, runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { createTestClient } from '../helpers/imgix.ts'
import { createRepository } from '../helpers/repository.ts'
import { temporaryFolder } from '../helpers/scenario.ts'
import { listen } from '../helpers/server.ts'

const lines = (findings: readonly Finding[]): string[] => findings.map(({ level, what }) => `${level} ${what}`)
const bad = (findings: readonly Finding[]): string[] => lines(findings).filter((line) => !/^(ok|note) /.test(line))

function runDoctor(imgix: Emulator, env: Record<string, string>, args: readonly string[] = []): Promise<CommandRun> {
  const flags = ['--api-url', imgix.apiUrl, ...args]
  return runCommand(['doctor', ...flags], { cwd: temporaryFolder(), env: { IMGIX_API_KEY: imgix.apiKey, ...env } })
}

test('what a sync needs is there: a line each, and 0', async () => {
  const imgix = await emulate()
  const { proxyUrl, stop } = await startRendering(imgix)
  onTestFinished(stop)
  const { dir } = createRepository()
  const env = { IMGIX_API_KEY: imgix.apiKey, HTTPS_PROXY: proxyUrl, NODE_EXTRA_CA_CERTS: RENDERING_CERTIFICATE }
  const args = ['doctor', '--api-url', imgix.apiUrl, '--source-id', imgix.sourceId]
  const { code, stdout, stderr } = await runCommand(args, { cwd: dir, env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.split('\n').map((line) => line.replace(/git version.*|\/.* has/, '...'))).toEqual([
    'note  no proxy',
    'ok    ...',
    'warn  ... no commit; commit first, or use --mode all',
    'ok    imgix accepts the key',
    'ok    permission Sources: yes',
    'ok    permission Asset Manager Edit: yes',
    'ok    permission Asset Manager Browse: yes',
    'ok    permission Purge: yes',
    'ok    permission Analytics: yes',
    'ok    the clock is right',
    'ok    Source of type s3, with upload credentials',
    'ok    upload sessions: yes, files up to 5 GB',
    'ok    the Source is deployed',
    'ok    assets-demo.imgix.net answers',
    'A sync can work.',
    '',
  ])
  expect([imgix.objects.size, imgix.purges]).toEqual([0, []])
})

test('a key that is not accepted ends with 1, and is not shown', async () => {
  const imgix = await emulate()
  const { code, stdout } = await runDoctor(imgix, { IMGIX_API_KEY: 'ak_wrong_0123456789' }, ['--source-id', 'x'])
  expect([code, stdout.includes('ak_wrong')]).toEqual([1, false])
  expect(stdout).toContain("FAIL  imgix does not accept the key; copy the key again from imgix's dashboard")
  expect(imgix.transcript).toEqual(['GET /api/v1/sources/x -> 401'])
})

test.each([
  ['with spaces around it, which a sync takes off', (key: string) => ` ${key}\n`, 'ok    imgix accepts the key'],
  ['of two lines', (key: string) => `${key}\nb`, "FAIL  IMGIX_API_KEY: '***' is not allowed; one line of printable"],
])('a key %s', async (_, keyOf, line) => {
  const imgix = await emulate()
  const { stdout } = await runDoctor(imgix, { IMGIX_API_KEY: keyOf(imgix.apiKey) }, ['--source-id', imgix.sourceId])
  expect(stdout).toContain(line)
})

test('--json has every finding', async () => {
  const imgix = await emulate()
  const { code, stdout } = await runDoctor(imgix, { IMGIX_API_KEY: '' }, ['--json'])
  const { works, findings } = JSON.parse(stdout) as { works: boolean; findings: Finding[] }
  expect([code, works, bad(findings)]).toEqual([1, false, ['fail IMGIX_API_KEY is not set']])
})

test.each<[string, EmulatorOptions, string[]]>([
  ['every permission', {}, []],
  ['no Sources', { permissions: ['purge', 'edit'] }, ['warn permission Sources: no']],
  ['no Purge', { permissions: ['sources', 'edit'] }, ['fail permission Purge (Asset Purge): no']],
  [
    'Browse alone',
    { permissions: ['sources', 'purge', 'browse'] },
    ['fail permission Asset Manager Edit (Asset Edit): no'],
  ],
  [
    'no assets at all',
    { permissions: ['sources', 'purge'] },
    ['fail permission Asset Manager Edit (Asset Edit): no', 'warn permission Asset Manager Browse (Asset Browse): no'],
  ],
])('a key with %s', async (_, options, expected) => {
  const imgix = await emulate(options)
  const { findings } = await checkKey(createTestClient({ ...imgix }), imgix.sourceId)
  expect(bad(findings)).toEqual(expected)
})

test('a Source that is not there, and none that is named', async () => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix })
  // what the key may do at a Source that it can't see is not known
  expect(lines((await checkKey(client, 'nowhere')).findings)).toEqual([
    'ok imgix accepts the key',
    "fail imgix has no Source 'nowhere' that this key can see",
    'ok permission Purge: yes',
    'ok permission Analytics: yes',
  ])
  const [, named] = (await checkKey(client, '')).findings
  expect(named).toMatchObject({
    level: 'fail',
    what: '--source-id is not set',
    remedy: expect.stringContaining(imgix.sourceId),
  })
})

test('an answer of somebody between tells nothing of the key', async () => {
  const { url } = await listen((_, response) =>
    response.writeHead(403, { 'content-type': 'text/html' }).end('<html>no</html>'),
  )
  const { findings } = await checkKey(createTestClient({ apiUrl: url }), 'x')
  expect(lines(findings)).toEqual(['fail imgix does not answer'])
})

test.each<[string, SourceResource['attributes'], string[]]>([
  ['a web folder', { deployment: { type: 'webfolder' } }, ["fail imgix can't upload to a Source of type webfolder"]],
  [
    'without credentials',
    { deployment: { type: 'gcs', allows_upload: false } },
    ['fail Source of type gcs, without upload credentials'],
  ],
  [
    'that does not tell of credentials',
    { deployment: { type: 's3' } },
    ['warn Source of type s3; imgix does not tell whether it has upload credentials'],
  ],
])('a Source %s', async (_, attributes, expected) => {
  const settings = { apiUrl: 'https://api.imgix.com', proxyFor: () => undefined, timeoutMs: 1000 }
  const source = { id: 'x', type: 'sources', attributes: { deployment_status: 'deployed', ...attributes } }
  expect(bad(await checkSource(source, settings))).toEqual([...expected, 'fail the Source has no domain'])
})

test.each([[{}], [{ deployment: null }], [{ deployment: 'x' }]])(
  'a Source that can not be used, %j',
  async (attributes) => {
    const { url } = await listen(({ request }, response) => {
      const isSource = request === 'GET /api/v1/sources/x'
      const document = isSource ? { data: { id: 'x', type: 'sources', attributes } } : { errors: [{ status: '404' }] }
      response.writeHead(isSource ? 200 : 404, { 'content-type': 'application/vnd.api+json' })
      response.end(JSON.stringify(document))
    })
    const args = ['doctor', '--json', '--api-url', url, '--source-id', 'x']
    const { code, stdout, stderr } = await runCommand(args, {
      cwd: temporaryFolder(),
      env: { IMGIX_API_KEY: 'ak_0123' },
    })
    expect([code, stderr, bad(JSON.parse(stdout).findings)]).toEqual([1, '', ["fail the Source can't be used"]])
  },
)

test('a Source with more domains than are looked at says so', async () => {
  const settings = { apiUrl: 'https://api.imgix.com', proxyFor: () => undefined, timeoutMs: 1000 }
  const domains = Array.from({ length: 12 }, (_, index) => `${index}.invalid`)
  const deployment = { type: 's3', allows_upload: true, imgix_subdomains: [], custom_domains: domains }
  const told = lines(await checkSource({ id: 'x', type: 'sources', attributes: { deployment } }, settings))
  expect(told.filter((line) => line.includes('.invalid does not answer'))).toHaveLength(10)
  expect(told.at(-1)).toBe('note 2 more domains are not looked at')
})

test.each([
  ['disabled', 'fail the Source is disabled'],
  ['deploying', 'warn the Source is being deployed'],
  ['odd', "warn the Source's deployment is 'odd'"],
])('a deployment that is %s', async (status, expected) => {
  const settings = { apiUrl: 'https://api.imgix.com', proxyFor: () => undefined, timeoutMs: 1000 }
  const attributes = { deployment_status: status, deployment: { type: 's3', allows_upload: true } }
  expect(bad(await checkSource({ id: 'x', type: 'sources', attributes }, settings))[0]).toBe(expected)
})

test('the clock, and the proxy', () => {
  const client = createTestClient()
  const clock = (aheadMs: number) => lines(checkClock({ ...client, now: () => Date.now() - aheadMs }))
  expect([clock(0), clock(90_000), clock(-90_000), checkClock(client)]).toEqual([
    ['ok the clock is right'],
    ['warn the clock is 90 s ahead'],
    ['warn the clock is 90 s behind'],
    [],
  ])
  const proxy = (text: string) => checkProxy('https://api.imgix.com', readProxies({ HTTPS_PROXY: text }))
  expect(proxy('http://u:secret@proxy.example:3128')).toEqual({
    level: 'note',
    what: 'proxy for imgix: proxy.example:3128',
  })
  expect(proxy('socks://proxy')).toMatchObject({ level: 'fail' })
})

test('the token of GitHub', async () => {
  const { url } = await listen(({ request }, response) =>
    response.writeHead(request.includes('runs') ? 403 : 200).end('{}'),
  )
  const environment = readEnvironment()
  const github = { ...environment.github, apiUrl: url, repository: 'a/b' }
  const settings = { token: 'ghs_0123456789', proxyFor: () => undefined, timeoutMs: 5000 }
  expect(lines(await checkGitHub({ ...environment, github }, settings))).toEqual([
    'warn GitHub token: no actions: read (403)',
    'ok GitHub token: contents: read',
  ])
  expect(lines(await checkGitHub({ ...environment, github }, { ...settings, token: '' }))).toEqual([
    'warn GITHUB_TOKEN is not set',
  ])
  expect(await checkGitHub({ ...environment, github: { ...github, repository: '' } }, settings)).toEqual([])
})

test.each([
  [401, 'warn GitHub does not accept GITHUB_TOKEN (401)'],
  [500, 'warn GitHub token: its permissions are not known (500)'],
])('GitHub that answers %i does not tell permissions', async (status, line) => {
  const { url } = await listen((_, response) => response.writeHead(status).end('{}'))
  const environment = readEnvironment()
  const settings = { token: 'ghs_0123456789', proxyFor: () => undefined, timeoutMs: 5000 }
  const check = async (apiUrl: string) =>
    lines(await checkGitHub({ ...environment, github: { ...environment.github, apiUrl, repository: 'a/b' } }, settings))
  expect(await check(url)).toEqual([line])
  expect(await check('api.github')).toEqual([
    'warn GitHub token: its permissions are not known (GITHUB_API_URL is no URL)',
  ])
})

test.each([
  ['git version 2.9.5', true],
  ['git version 2.24.4 (Apple Git-1)', true],
  ['git version 2.25.0.windows.1', false],
  ['git version 2.100.0', false],
  ['git version 3.0.0', false],
  ['git version 1.99.0', true],
])('%s is old: %s', (version, isOld) => {
  expect(isOldGit(version)).toBe(isOld)
})

test.each([
  ['the key as a subcommand', ['ak_0123456789abcdef']],
  ['the key as a flag that does not exist', ['--ak_0123456789abcdef']],
  ['the key as the id of a Source', ['doctor', '--source-id', 'a ak_0123456789abcdef']],
  ['a password in api-url', ['doctor', '--api-url', 'https://me:ak_0123456789abcdef@imgix.test/ b']],
  ['the same without a scheme', ['doctor', '--api-url', 'me:an0ther-w0rd@imgix.test']],
  ['the token in a flag of the emulator', ['emulator', '--port', 'gh-t0ken-0123456789']],
])('%s is not shown', async (_, args) => {
  const env = { IMGIX_API_KEY: 'ak_0123456789abcdef', GITHUB_TOKEN: 'gh-t0ken-0123456789' }
  const { code, stdout, stderr } = await runCommand(args, { cwd: temporaryFolder(), env })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^error: .*\*\*\*/)
  expect(stderr).not.toMatch(/0123456789|an0ther/)
})

test('git gets no secret, and nothing that the repository configures is started', async () => {
  const { dir, git, write, commit } = createRepository()
  write({ 'a.png': 'x' })
  commit()
  git('config', 'core.fsmonitor', 'touch was-run')
  const folder = temporaryFolder()
  const script = '#!/bin/sh\nenv >> "$(dirname "$0")/env"\nexec /usr/bin/env PATH="$REAL_PATH" git "$@"\n'
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 })
  const imgix = await emulate()
  const secrets = { IMGIX_API_KEY: imgix.apiKey, GITHUB_TOKEN: 'gh-t0ken-0123456789' }
  const env = { ...secrets, PATH: `${folder}:${process.env.PATH}`, REAL_PATH: String(process.env.PATH) }
  const { stdout } = await runCommand(['doctor', '--api-url', imgix.apiUrl], { cwd: dir, env })
  expect(stdout).toContain('a whole clone in')
  const seen = readFileSync(join(folder, 'env'), 'utf8')
  expect(seen).toContain('GIT_ALLOW_PROTOCOL=none')
  expect(seen).not.toMatch(new RegExp(`${imgix.apiKey}|gh-t0ken`))
  expect(existsSync(join(dir, 'was-run'))).toBe(false)
})
