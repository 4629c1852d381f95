import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Repository } from '../../emulator/repository.ts'
import { serveGit } from '../helpers/git-server.ts'
import { type Run, scenario, temporaryFolder, url } from '../helpers/scenario.ts'
import { listen } from '../helpers/server.ts'

const TOKEN = 'ghs_0123456789abcdefABCDEF0123456789abcd'
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

type Scenario = Awaited<ReturnType<typeof scenario>>

/** A site with a push of two commits: one file changed, one added, one renamed, one deleted, one there for a commit only. */
async function pushed(options: Parameters<typeof scenario>[0] = {}) {
  const files = { 'a.png': '1', 'old.png': 'moved', 'gone.png': '1', 'same.png': '1' }
  const made = await scenario({ ...options, files: { ...files, ...options.files } })
  const before = made.site.head()
  made.site.write({ 'a.png': '2', 'new.png': 'moved', 'old.png': null, 'short-lived.png': '1' })
  made.site.commit()
  made.site.write({ 'b.png': '1', 'gone.png': null, 'short-lived.png': null })
  const event = made.site.pushEvent(before, made.site.commit())
  return { ...made, before, event }
}

const PUSHED = [
  ...['deleted gone.png', 'deleted old.png'],
  ...['a.png', 'b.png', 'gone.png', 'new.png', 'old.png'].map((path) => `purged ${url(path)}`),
  ...['uploaded a.png', 'uploaded b.png', 'uploaded new.png'],
]
const ALL = ['a.png', 'b.png', 'new.png', 'same.png']

/** The site as a clone from a server; what it asks for later goes there too. */
function cloneFrom(site: Repository, remote: string, options: { depth?: number } = {}): Repository {
  const clone = site.clone(options)
  clone.git('remote', 'set-url', 'origin', remote)
  return clone
}

/** GitHub's REST API, as far as there is an answer for a path; 404 for the rest, as to a token without permissions. */
async function fakeApi(answers: Record<string, unknown> = {}) {
  const asked: string[] = []
  const server = await listen(({ request }, response) => {
    const { pathname, searchParams } = new URL(request.split(' ')[1] ?? '', 'http://api')
    const path = decodeURIComponent(pathname).replace('/repos/imgix-sync/site/', '')
    asked.push(path)
    const answer = answers[path]
    if (answer === undefined) {
      response.writeHead(404).end('{"message":"Not Found"}')
      return
    }
    const list = Array.isArray(answer) ? answer : undefined
    const page = Number(searchParams.get('page') ?? 1)
    const size = Number(searchParams.get('per_page') ?? 30)
    if (list !== undefined && list.length > page * size) {
      searchParams.set('page', String(page + 1))
      response.setHeader('link', `<${server.url}${pathname}?${searchParams}>; rel="next"`)
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(list?.slice((page - 1) * size, page * size) ?? answer))
  })
  return { url: server.url, asked }
}

/** Every file below a folder with what it holds. */
function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = paths.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(files.map((path) => [path, readFileSync(path, 'latin1')]))
}

describe('how deep the clone is', () => {
  test.each([0, 1, 2, 3])('depth %i (0: all of it), over HTTP: the same files', async (depth) => {
    const { site, run, before, event } = await pushed()
    const { remote } = await serveGit(site.dir)
    const clone = cloneFrom(site, remote, depth === 0 ? {} : { depth })
    const done = await run({}, { workspace: clone.dir, event })
    expect([done.code, done.results]).toEqual([0, PUSHED])
    expect(done.outputs).toMatchObject({ base: before, 'base-strategy': 'event' })
  })

  test('what the fetch brings leaves the clone as shallow as it was, its branches and tags as they were', async () => {
    const { site, run, event } = await pushed()
    site.git('tag', 'v1', 'HEAD~1')
    const { remote } = await serveGit(site.dir)
    const clone = cloneFrom(site, remote, { depth: 1 })
    const state = () => [clone.git('for-each-ref'), clone.git('rev-list', '--count', 'HEAD'), clone.git('status')]
    const before = [...state(), readFileSync(`${clone.dir}/.git/config`, 'utf8')]
    await run({}, { workspace: clone.dir, event })
    expect([...state(), readFileSync(`${clone.dir}/.git/config`, 'utf8')]).toEqual(before)
  })
})

describe('sparse checkouts', () => {
  test.each([
    ['cone', ['--cone', 'in'], []],
    ['patterns', ['--no-cone', '/in/*'], []],
    ['cone, no blobs, as actions/checkout does it', ['--cone', 'in'], ['--filter=blob:none']],
  ])('%s: what is listed but not on disk fails by itself, what is deleted is purged', async (_, patterns, filter) => {
    const files = { 'in/a.png': '1', 'in/gone.png': '1', 'out/b.png': '1', 'out/gone.png': '1', 'out/same.png': '1' }
    const { site, run, stored, purges } = await scenario({ files })
    const before = site.head()
    site.write({ 'in/a.png': '2', 'in/gone.png': null, 'out/b.png': '2', 'out/gone.png': null, 'out/new.png': '1' })
    const event = site.pushEvent(before, site.commit())
    site.git('config', 'uploadpack.allowFilter', 'true')
    const { remote } = await serveGit(site.dir)
    const clone = temporaryFolder()
    const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, stdio: 'pipe' })
    git('clone', '--quiet', '--no-checkout', '--depth=1', ...filter, `file://${site.dir}`, '.')
    git('sparse-checkout', 'set', ...patterns)
    git('checkout', '--quiet', 'main')
    git('remote', 'set-url', 'origin', remote)
    const done = await run({}, { workspace: clone, event })
    const missing = 'a file in git, but not in the work tree: check it out, and let no earlier step delete it'
    expect(done.errors).toEqual([`out/b.png: ${missing}`, `out/new.png: ${missing}`, '2 of 5 files failed'])
    expect([done.code, stored()]).toEqual([1, ['in/a.png']])
    expect(purges()).toEqual([url('in/a.png'), url('in/gone.png'), url('out/gone.png')])
  })
})

describe('a workspace that git calls unsafe', () => {
  test.runIf(process.getuid?.() === 0).each([1, 0])(
    "depth %i, of another user: works, and the user's configuration stays as it is",
    async (depth) => {
      const { site, run, event } = await pushed()
      const { remote } = await serveGit(site.dir)
      const clone = cloneFrom(site, remote, depth === 0 ? {} : { depth })
      const home = temporaryFolder()
      mkdirSync(`${home}/.config/git`, { recursive: true })
      writeFileSync(`${home}/.gitconfig`, '[user]\n\tname = Mona\n; a comment\n[safe]\n\tdirectory = /elsewhere\n')
      writeFileSync(`${home}/.config/git/config`, '[alias]\n\tst = status\n')
      execFileSync('chown', ['-R', '4321:4321', clone.dir])
      const config = () => [contents(home), readFileSync(`${clone.dir}/.git/config`, 'utf8')]
      const before = config()
      const done = await run({}, { workspace: clone.dir, event, env: { HOME: home } })
      expect([done.code, done.results]).toEqual([0, PUSHED])
      expect(config()).toEqual(before)
    },
  )

  test.runIf(process.getuid?.() === 0)('no home folder, and none of the variables that git looks for', async () => {
    const { site, run, event } = await pushed()
    const clone = cloneFrom(site, (await serveGit(site.dir)).remote, { depth: 1 })
    execFileSync('chown', ['-R', '4321:4321', clone.dir])
    const env = { HOME: undefined, XDG_CONFIG_HOME: undefined, USER: undefined }
    expect(await run({}, { workspace: clone.dir, event, env })).toMatchObject({ code: 0, results: PUSHED })
  })
})

/** A PATH whose git writes down its arguments and its environment before it does what git does. */
function watchedGit() {
  const folder = temporaryFolder()
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  writeFileSync(
    `${folder}/git`,
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${folder}/arguments'\nenv >> '${folder}/environment'\nexec '${git}' "$@"\n`,
  )
  chmodSync(`${folder}/git`, 0o755)
  const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')
  return {
    path: `${folder}:${process.env.PATH}`,
    arguments: () => read('arguments'),
    environment: () => read('environment'),
  }
}

/** The token is nowhere that anything else could read it: the log but for its masks, outputs, summary, report, files. */
function expectNoToken(done: Run, folders: readonly string[]): void {
  const log = done.stdout.replace(/^::add-mask::.*$/gm, '')
  const files = folders.flatMap((folder) => Object.values(contents(folder)))
  const places = [log, done.stderr, done.summary, JSON.stringify(done.outputs), JSON.stringify(done.report), ...files]
  const secrets = [TOKEN, BASIC, Buffer.from(TOKEN).toString('base64')]
  expect(places.filter((place) => secrets.some((secret) => place.includes(secret)))).toEqual([])
}

describe('a private repository', () => {
  const auth = `AUTHORIZATION: basic ${BASIC}`

  /** A depth-1 clone of it and what the runner would tell. */
  async function privateClone(tokenOfServer = TOKEN) {
    const made = await pushed()
    const server = await serveGit(made.site.dir, { token: tokenOfServer })
    const clone = cloneFrom(made.site, server.remote, { depth: 1 })
    const api = await fakeApi()
    const home = temporaryFolder()
    const env = { GITHUB_SERVER_URL: server.serverUrl, GITHUB_API_URL: api.url, HOME: home }
    return { ...made, server, clone, home, options: { workspace: clone.dir, event: made.event, env } }
  }

  test('persist-credentials: false: the token is used, and is in no log, no argument and no configuration', async () => {
    const { run, server, clone, home, options, before } = await privateClone()
    const git = watchedGit()
    const config = readFileSync(`${clone.dir}/.git/config`, 'utf8')
    const env = { ...options.env, PATH: git.path }
    const done = await run({ 'github-token': TOKEN }, { ...options, env })
    expect([done.code, done.results]).toEqual([0, PUSHED])
    expect(done.outputs).toMatchObject({ base: before, 'base-strategy': 'event' })
    expect(new Set(server.authorizations.map((value) => value.toLowerCase()))).toEqual(
      new Set([`basic ${BASIC}`.toLowerCase()]),
    )
    expect(server.requests.filter((line) => line.endsWith('400'))).toEqual([])
    expect(done.stdout).toContain(`::add-mask::${TOKEN}\n`)
    expect(done.stdout).toContain(`::add-mask::${BASIC}\n`)
    expectNoToken(done, [clone.dir, home])
    expect(readFileSync(`${clone.dir}/.git/config`, 'utf8')).toBe(config)
    expect(contents(home)).toEqual({})
    const given = git.arguments()
    expect([given.includes(TOKEN), given.includes(BASIC), /^.* fetch .*/m.test(given)]).toEqual([false, false, true])
    const environment = git.environment()
    expect(environment).toContain(`=${auth}\n`)
    expect(environment).not.toMatch(/^INPUT_/m)
    expect(environment).not.toContain(`=${TOKEN}`)
  })

  test.each([
    ['in the configuration of the clone, as actions/checkout up to v5 leaves them', false],
    ['in a file of its own, as actions/checkout v6 leaves them', true],
  ])('persisted credentials %s: no header comes twice', async (_, included) => {
    const { run, server, clone, options } = await privateClone()
    const file = `${temporaryFolder()}/credentials.config`
    const key = `http.${server.serverUrl}/.extraheader`
    clone.git('config', ...(included ? ['--file', file] : ['--local']), key, auth)
    if (included) clone.git('config', `includeIf.gitdir:${clone.dir}/.git.path`, file)
    const before = readFileSync(`${clone.dir}/.git/config`, 'utf8')
    const done = await run({ 'github-token': TOKEN }, options)
    expect([done.code, done.results]).toEqual([0, PUSHED])
    expect(server.requests.map((line) => line.slice(-3))).not.toContain('400')
    expect(readFileSync(`${clone.dir}/.git/config`, 'utf8')).toBe(before)
    expectNoToken(done, [])
  })

  test('persisted credentials and no token', async () => {
    const { run, server, clone, options } = await privateClone()
    clone.git('config', `http.${server.serverUrl}/.extraheader`, auth)
    expect(await run({}, options)).toMatchObject({ code: 0, results: PUSHED })
  })

  test('persisted credentials that have expired: the token takes their place, and no header comes twice', async () => {
    const { run, server, clone, options } = await privateClone()
    const old = Buffer.from('x-access-token:ghs_old').toString('base64')
    clone.git('config', `http.${server.serverUrl}/.extraheader`, `AUTHORIZATION: basic ${old}`)
    expect(await run({ 'github-token': TOKEN }, options)).toMatchObject({ code: 0, results: PUSHED })
    expect(server.requests.map((line) => line.slice(-3))).not.toContain('400')
  })

  test.each([
    ['the token is refused', TOKEN],
    ['there is no token', ''],
  ])('%s: every file, and it is said', async (_, token) => {
    const { run, stored, clone, home, options, before } = await privateClone('another')
    const done = await run({ 'github-token': token }, options)
    expect([done.code, stored(), done.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
    expect(done.log).toContain(`base: ${before} (event) is not available`)
    expect(done.log).toContain('base: none, so every matching file is taken')
    expectNoToken(done, [clone.dir, home])
    const failing = await run({ 'github-token': token, 'on-unknown-base': 'fail' }, options)
    expect([failing.code, failing.results]).toEqual([1, []])
    expect(failing.errors).toEqual([expect.stringMatching(/^on-unknown-base: no base commit was found/)])
  })

  test('a remote on another server does not get the token', async () => {
    const { run, server, clone, options } = await privateClone()
    clone.git('remote', 'set-url', 'origin', server.remote.replace('127.0.0.1', 'localhost'))
    const done = await run({ 'github-token': TOKEN }, options)
    expect([done.code, done.outputs['base-strategy'], server.authorizations]).toEqual([0, 'all', []])
  })
})

describe("GitHub's API in place of git", () => {
  const file = (filename: string, status = 'modified', more: object = {}) => ({ filename, status, ...more })
  const changed = [
    ...[file('a.png'), file('b.png', 'added'), file('gone.png', 'removed'), file('README.md')],
    file('new.png', 'renamed', { previous_filename: 'old.png' }),
  ]
  const compared = (files: readonly object[], status = 'ahead') => ({ status, files, commits: [] })

  const withoutRepository = ({ site }: Scenario): string => {
    const folder = temporaryFolder()
    execFileSync('sh', ['-c', `cp -R "$0"/. "$1"; rm -rf "$1/.git"`, site.dir, folder])
    return folder
  }

  /** A run without git; `event` and `more` beside it. */
  async function runByApi(
    made: Awaited<ReturnType<typeof pushed>>,
    answer: object | undefined,
    { inputs = {}, ...more }: { inputs?: Record<string, string>; event?: { name: string; payload: unknown } } = {},
  ) {
    const api = await fakeApi({
      [`compare/${made.before}...${made.site.head()}`]: answer && {
        merge_base_commit: { sha: made.before },
        ...answer,
      },
      'pulls/7/files': answer,
    })
    const done = await made.run(
      { 'github-token': TOKEN, ...inputs },
      {
        workspace: withoutRepository(made),
        event: made.event,
        env: { GITHUB_API_URL: api.url, GITHUB_SHA: made.site.head() },
        ...more,
      },
    )
    expectNoToken(done, [])
    return { ...done, asked: api.asked }
  }

  const failing = { 'on-unknown-base': 'fail' }

  test('no .git: the files that the comparison lists, a rename as a delete and an add', async () => {
    const made = await pushed()
    const done = await runByApi(made, compared(changed))
    expect([done.code, done.results]).toEqual([0, PUSHED])
    expect(done.outputs).toMatchObject({ base: made.before, head: made.site.head(), 'base-strategy': 'event' })
    expect(done.log).toContain('contains no git repository')
    expect(done.log).toContain("GitHub's API is used instead")
  })

  test('no git on the PATH, beside a .git', async () => {
    const made = await pushed()
    const answer = { ...compared(changed), merge_base_commit: { sha: made.before } }
    const api = await fakeApi({ [`compare/${made.before}...${made.site.head()}`]: answer })
    const env = { PATH: temporaryFolder(), GITHUB_API_URL: api.url, GITHUB_SHA: made.site.head() }
    const done = await made.run({ 'github-token': TOKEN }, { event: made.event, env })
    expect([done.code, done.results]).toEqual([0, PUSHED])
    expect(done.log).toContain("git can't be run: no folder on PATH")
  })

  test('no git and no token: says so, and does nothing', async () => {
    const { run, event, asked } = await pushed()
    const done = await run({}, { event, env: { PATH: temporaryFolder() } })
    expect([done.code, asked(), done.errors]).toEqual([
      1,
      [],
      ["git can't be run: no folder on PATH outside the workspace has it: install git first"],
    ])
  })

  test('only what is below the root', async () => {
    const made = await pushed({ files: { 'public/a.png': '1', 'public2/b.png': '1' } })
    const listed = compared([file('public/a.png'), file('public2/b.png'), file('a.png'), file('public', 'removed')])
    const done = await runByApi(made, listed, { inputs: { root: 'public' } })
    expect([done.code, made.stored()]).toEqual([0, ['a.png']])
  })

  test.each([
    ['299 files', 299, 'event'],
    ['300 files, where the list ends', 300, 'all'],
  ])('%s: %i, base %s', async (_, length, strategy) => {
    const made = await pushed()
    const others = Array.from({ length: length - changed.length }, (_each, index) => file(`${index}.txt`))
    const listed = compared([...changed, ...others])
    const done = await runByApi(made, listed)
    expect([done.code, done.outputs['base-strategy']]).toEqual([0, strategy])
    expect(made.stored()).toEqual(strategy === 'all' ? ALL : ['a.png', 'b.png', 'new.png'])
    const failed = await runByApi(made, listed, { inputs: failing })
    expect(failed.code).toBe(strategy === 'all' ? 1 : 0)
    if (strategy === 'all')
      expect(failed.errors).toEqual([expect.stringMatching(/lists \d+ files, its limit, so others may be missing/)])
  })

  test.each([
    ['diverged', compared(changed, 'diverged')],
    ['behind', compared([], 'behind')],
    ['nothing', undefined],
    ['no list', { status: 'ahead' }],
  ])('a comparison of %s is not believed', async (_, answer) => {
    const made = await pushed()
    expect([(await runByApi(made, answer)).outputs['base-strategy'], made.stored()]).toEqual(['all', ALL])
    expect(await runByApi(made, answer, { inputs: failing })).toMatchObject({ code: 1, results: [] })
  })

  test.each([
    ['every page of the list', 250, 'merge-base'],
    ['3,000 files, where the list ends', 3000, 'all'],
  ])('a pull request: %s', async (_, length, strategy) => {
    const made = await pushed()
    const others = Array.from({ length: length - changed.length }, (_each, index) => file(`${index}.txt`))
    const payload = { number: 7, pull_request: { number: 7, base: { sha: made.before, ref: 'main' } } }
    const event = { name: 'pull_request', payload }
    const done = await runByApi(made, [...others, ...changed], { event, inputs: { 'dry-run': 'true' } })
    expect([done.code, done.outputs['base-strategy']]).toEqual([0, strategy])
    const planned = done.results.filter((line) => /^planned (?!https)/.test(line))
    expect(planned).toEqual((strategy === 'all' ? ALL : ['a.png', 'b.png', 'new.png']).map((path) => `planned ${path}`))
  })
})

describe('other places that files can be in', () => {
  test('a work tree beside the repository', async () => {
    const { site, run, event } = await pushed()
    const clone = cloneFrom(site, (await serveGit(site.dir)).remote, { depth: 1 })
    const folder = `${temporaryFolder()}/tree`
    clone.git('worktree', 'add', '--quiet', '--detach', folder)
    rmSync(`${clone.dir}/a.png`)
    expect(statSync(`${folder}/.git`).isFile()).toBe(true)
    expect(await run({}, { workspace: folder, event })).toMatchObject({ code: 0, results: PUSHED })
  })

  /** A superproject that holds a clone of the site as a submodule in `vendor/site`, checked out. */
  function superproject(site: Repository, made: Scenario): Repository {
    const parent = made.site.clone()
    parent.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${site.dir}`, 'vendor/site')
    parent.commit()
    return parent
  }

  test("a submodule's clone: its own history, by the base that the input names", async () => {
    const made = await pushed()
    const parent = superproject(made.site, made)
    const inputs = { root: 'vendor/site', base: 'HEAD~2' }
    const done = await made.run(inputs, {
      workspace: parent.dir,
      event: parent.pushEvent('0'.repeat(40), parent.head()),
    })
    expect(done.results.map((line) => line.replace('vendor/site/', ''))).toEqual(PUSHED)
  })

  test("a submodule's clone: the event's base is another repository's, so every file, never none", async () => {
    const made = await pushed()
    const parent = superproject(made.site, made)
    parent.write({ 'x.txt': 'x' })
    const before = parent.head()
    const next = parent.commit()
    const done = await made.run(
      { root: 'vendor/site' },
      { workspace: parent.dir, event: parent.pushEvent(before, next) },
    )
    expect([done.code, made.stored(), done.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
  })

  test("a submodule's clone, first push of a branch: its own `main` is not the one that the branch left", async () => {
    const made = await pushed()
    const parent = (await scenario()).site
    parent.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      `file://${made.site.dir}`,
      'vendor/site',
    )
    parent.commit()
    const { payload } = parent.pushEvent('0'.repeat(40), parent.head())
    const event = { name: 'push', payload: { ...payload, ref: 'refs/heads/topic' } }
    const env = { GITHUB_REF: 'refs/heads/topic' }
    const done = await made.run({ root: 'vendor/site' }, { workspace: parent.dir, event, env })
    expect([done.code, made.stored(), done.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
  })

  test('Git LFS pointers in the work tree are stored as they are, with guards off', async () => {
    const { push, imgix } = await scenario({
      files: { '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n' },
    })
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 12345\n`
    expect((await push({ 'a.png': pointer }, { guards: 'off' }, { depth: 1 })).code).toBe(0)
    expect(String(imgix.objects.get('a.png')?.body)).toBe(pointer)
  })

  test('a repository whose folder was moved after the checkout', async () => {
    const { site, run, event } = await pushed()
    const clone = cloneFrom(site, (await serveGit(site.dir)).remote, { depth: 1 })
    const folder = `${temporaryFolder()}/moved here`
    renameSync(clone.dir, folder)
    expect(await run({}, { workspace: folder, event })).toMatchObject({ code: 0, results: PUSHED })
  })
})

describe('links whose target changed, while they did not', () => {
  const pictures = { 'shared/b.png': '1', 'shared/deep/c.png': '1', 'public/plain.png': '1', 'public/t.txt': '1' }

  async function linked(links: Record<string, string>) {
    const made = await scenario({ files: pictures, inputs: { root: 'public' } })
    for (const [path, target] of Object.entries(links)) made.site.link(path, target)
    made.site.commit()
    return made
  }

  test.each([
    ['outside root', { 'public/a.png': '../shared/b.png' }, { 'shared/b.png': '2' }, ['a.png']],
    ['below root, and not matching itself', { 'public/a.png': 't.txt' }, { 'public/t.txt': '2' }, ['a.png']],
    ['beside its target', { 'public/a.png': 'plain.png' }, { 'public/plain.png': '2' }, ['a.png', 'plain.png']],
    [
      'over a link to a folder',
      { to: 'shared/deep', 'public/a.png': '../to/c.png' },
      { 'shared/deep/c.png': '2' },
      ['a.png'],
    ],
    ['over another link', { 'x.png': 'shared/b.png', 'public/a.png': '../x.png' }, { 'shared/b.png': '2' }, ['a.png']],
    ['to another file', { 'public/a.png': '../shared/b.png' }, { 'shared/deep/c.png': '2' }, []],
    ['that does not match', { 'public/a.txt': '../shared/b.png' }, { 'shared/b.png': '2' }, []],
    ['to itself', { 'public/a.png': 'a.png' }, { 'shared/b.png': '2' }, []],
  ] as const)('%s', async (_, links, change, expected) => {
    const { push, stored, purges } = await linked(links)
    const done = await push(change, {}, { depth: 1 })
    expect([done.code, stored(), purges()]).toEqual([0, expected, expected.map((path) => url(path))])
  })

  test('a link between that was set to another file', async () => {
    const { site, run, imgix } = await linked({ 'now.png': 'shared/b.png', 'public/a.png': '../now.png' })
    const before = site.head()
    site.link('now.png', 'shared/deep/c.png')
    const done = await run({}, { event: site.pushEvent(before, site.commit()), depth: 1 })
    expect([done.code, [...imgix.objects.keys()]]).toEqual([0, ['a.png']])
  })

  test('a target that was deleted: the link fails by itself', async () => {
    const { push } = await linked({ 'public/a.png': '../shared/b.png' })
    const done = await push({ 'shared/b.png': null, 'public/plain.png': '2' }, {}, { depth: 1 })
    expect(done.results).toEqual(['failed public/a.png', `purged ${url('plain.png')}`, 'uploaded public/plain.png'])
    expect(done.errors[0]).toBe(
      "public/a.png: a symbolic link whose target can't be reached (ENOENT): put the target back, or the file itself in place of the link",
    )
  })

  test('an absolute link, in the place where it is checked out', async () => {
    const { site, push, stored } = await linked({})
    site.link('public/a.png', `${site.dir}/shared/b.png`)
    site.commit()
    expect([(await push({ 'shared/b.png': '2' })).code, stored()]).toEqual([0, ['a.png']])
  })

  test("by GitHub's API too", async () => {
    const { site, run, stored } = await linked({ 'public/a.png': '../shared/b.png' })
    const before = site.head()
    site.write({ 'shared/b.png': '2' })
    const event = site.pushEvent(before, site.commit())
    const files = [{ filename: 'shared/b.png', status: 'modified' }]
    const answer = { status: 'ahead', files, merge_base_commit: { sha: before } }
    const api = await fakeApi({ [`compare/${before}...${site.head()}`]: answer })
    const env = { PATH: temporaryFolder(), GITHUB_API_URL: api.url, GITHUB_SHA: site.head() }
    const done = await run({ 'github-token': TOKEN }, { event, env })
    expect([done.code, stored()]).toEqual([0, ['a.png']])
  })
})
