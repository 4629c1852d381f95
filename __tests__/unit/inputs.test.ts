import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readJobLog } from '../../emulator/workflow-commands.ts'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { type Inputs, readInputs } from '../../src/inputs/inputs.ts'
import { InputError } from '../../src/inputs/reader.ts'
import * as core from '../../src/runner/core.ts'
import { readEnvironment } from '../../src/runner/environment.ts'
import { setInputs } from '../helpers/inputs.ts'
import { spellingsOf } from '../helpers/spellings.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

const KEY = 'ak_0123456789abcdef'
const NEEDED = { 'api-key': KEY, 'source-id': '5b81e81539ddc50001a5d955' }

function read(inputs: Record<string, string>, workspace = createTree()): Inputs {
  setInputs(inputs)
  captureStdout()
  return readInputs(workspace)
}

function problemsOf(inputs: Record<string, string>, workspace = createTree()): readonly string[] {
  try {
    read(inputs, workspace)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toBe((error as InputError).problems.join('\n'))
    return (error as InputError).problems
  }
  return []
}

test('the defaults', () => {
  const { files, contentTypes, subImages, proxyFor, patternInputs, ...plain } = read(NEEDED)
  expect(plain).toEqual({
    apiKey: KEY,
    sourceId: '5b81e81539ddc50001a5d955',
    mode: 'changed',
    root: '.',
    selectsFiles: true,
    prefix: '',
    base: '',
    onUnknownBase: 'all',
    githubToken: '',
    upload: true,
    onConflict: 'overwrite',
    uploadVia: 'auto',
    sessionThresholdBytes: 30_000_000,
    guards: 'fail',
    force: false,
    untracked: 'include',
    shard: { index: 1, count: 1 },
    metadata: '',
    assetManager: 'off',
    purge: true,
    domains: [],
    urls: [],
    deleted: 'purge',
    verify: 'off',
    verifyTimeoutMs: 60_000,
    summary: 'pictures',
    rateLimits: DOCUMENTED_LIMITS,
    concurrency: 8,
    maxAttempts: 5,
    timeoutMs: 60_000,
    dryRun: false,
    apiUrl: 'https://api.imgix.com',
  })
  expect([contentTypes('a.png'), subImages('a.png'), proxyFor(new URL('https://api.imgix.com'))]).toEqual([
    undefined,
    false,
    undefined,
  ])
  const taken = [
    'a.png',
    'deep/A.JPEG',
    '.hidden.webp',
    'a.HeiC',
    'a.jp2',
    'a.pdf',
    'a.mp4',
    'a.svg',
    'a.tif',
    'a.ICNS',
  ]
  const left = ['a.html', 'a.js', 'a.css', 'a.woff2', 'png', 'a.png.txt', 'a.jpgx', 'a.heia', 'README.md']
  expect([taken.filter((path) => !files(path)), left.filter((path) => files(path))]).toEqual([[], []])
})

test('patterns as they are written, with their lines, for advice', () => {
  const more = { files: '# all\n*.png\n\n!b.png', 'content-types': '*.avif : image/avif\n*.x: text/x; charset=utf-8' }
  expect(read({ ...NEEDED, ...more }).patternInputs).toEqual([
    {
      name: 'files',
      lines: [
        { line: 2, pattern: '*.png' },
        { line: 4, pattern: '!b.png' },
      ],
      isDefault: false,
    },
    { name: 'sub-images', lines: [] },
    {
      name: 'content-types',
      lines: [
        { line: 1, pattern: '*.avif', rest: ': image/avif' },
        { line: 2, pattern: '*.x', rest: ': text/x; charset=utf-8' },
      ],
    },
  ])
})

test.each([
  ['files not set', {}, [true, true]],
  ['files set to nothing', { files: '' }, [false, false]],
  ['files set to spaces', { files: ' \n ' }, [false, false]],
  ['files set to a comment', { files: '# nothing' }, [false, false]],
  ['files set to an exclusion', { files: '!*.png' }, [true, false]],
  ['files set to a pattern', { files: '*.png' }, [true, true]],
])('%s', (_, more, expected) => {
  const { selectsFiles, files } = read({ ...NEEDED, ...more })
  expect([selectsFiles, files('a.png')]).toEqual(expected)
})

test.each([
  ['root', 'public', { root: 'public' }],
  ['root', './public/', { root: 'public' }],
  ['root', 'public/../public', { root: 'public' }],
  ['root', 'none/yet', { root: 'none/yet' }],
  ['prefix', '/site/', { prefix: 'site/' }],
  ['base', 'v1', { base: 'v1' }],
  ['on-unknown-base', 'fail', { onUnknownBase: 'fail' }],
  ['github-token', 'ghs_0123', { githubToken: 'ghs_0123' }],
  ['on-conflict', 'skip', { onConflict: 'skip' }],
  ['upload-via', 'direct', { uploadVia: 'direct' }],
  ['upload-via', 'session', { uploadVia: 'session' }],
  ['on-conflict', 'fail', { onConflict: 'fail' }],
  ['session-threshold', '1KB', { sessionThresholdBytes: 1000 }],
  ['guards', 'warn', { guards: 'warn' }],
  ['guards', 'off', { guards: 'off' }],
  ['untracked', 'ignore', { untracked: 'ignore' }],
  ['purge', 'FALSE', { purge: false }],
  ['upload', 'False', { upload: false }],
  ['dry-run', 'True', { dryRun: true }],
  ['domains', 'a.imgix.net', { domains: ['a.imgix.net'] }],
  ['urls', 'https://a.imgix.net/a.png', { urls: ['https://a.imgix.net/a.png'] }],
  ['deleted', 'ignore', { deleted: 'ignore' }],
  ['rate-limits', 'upload=9/s', { rateLimits: { ...DOCUMENTED_LIMITS, upload: { count: 9, perMs: 1000 } } }],
  ['concurrency', '64', { concurrency: 64 }],
  ['max-attempts', '20', { maxAttempts: 20 }],
  ['timeout', '5', { timeoutMs: 5000 }],
  ['api-url', 'http://localhost:1', { apiUrl: 'http://localhost:1' }],
])('%s: %s', (name, value, expected) => {
  expect(read({ ...NEEDED, [name]: value }, createTree(['public/a.png']))).toMatchObject(expected)
})

test.each([
  ['api-key', 'two words', "api-key: '***' is not allowed; one line of printable ASCII without spaces"],
  ['api-key', 'two\nlines', "api-key: '***' is not allowed; one line of printable ASCII without spaces"],
  ['api-key', 'clé', "api-key: '***' is not allowed; one line of printable ASCII without spaces"],
  [
    'source-id',
    'a/b',
    "source-id: 'a/b' is not allowed; the Source's id: 24 hexadecimal digits, the end of its dashboard URL",
  ],
  ['root', '/etc', "root: '/etc' is not allowed; a folder inside the workspace, relative to it"],
  ['root', '../x', "root: '../x' is not allowed; a folder inside the workspace, relative to it"],
  ['root', 'a/../../x', "root: 'a/../../x' is not allowed; a folder inside the workspace, relative to it"],
  ['root', '.git', "root: '.git' is not allowed; a folder inside the workspace, relative to it, and not in .git"],
  ['root', 'a.png', "root: 'a.png' is not allowed; a folder inside the workspace, relative to it"],
  ['root', 'out', "root: 'out' is not allowed; a folder inside the workspace, relative to it"],
  ['root', 'circle', "root: 'circle' is not allowed; a folder inside the workspace, relative to it (ELOOP)"],
  ['root', 'circle/a', "root: 'circle/a' is not allowed; a folder inside the workspace, relative to it (ELOOP)"],
  [
    'root',
    'x'.repeat(300),
    `root: '${'x'.repeat(200)}…' is not allowed; a folder inside the workspace, relative to it (ENAMETOOLONG)`,
  ],
  ...['none.yml', 'a', 'circle', 'a.png/b'].map((name) => [
    'metadata',
    name,
    `metadata: '${name}' is not allowed; a file inside the workspace, relative to it, and not in .git (there is none of that name)`,
  ]),
  [
    'files',
    '/a',
    "files: '/a' is not allowed; patterns relative to root, without '.' and '..' segments: '/a' is not relative to root: write a",
  ],
  ['prefix', 'a/../b', "prefix: 'a/../b' is not allowed; a folder such as site/images"],
  ['base', 'a\nb', "base: 'a\nb' is not allowed; a ref or a commit"],
  ['on-unknown-base', 'none', "on-unknown-base: 'none' is not allowed; all or fail"],
  ['guards', 'false', "guards: 'false' is not allowed; fail, warn or off"],
  ['untracked', 'false', "untracked: 'false' is not allowed; include or ignore"],
  ['upload', 'yes', "upload: 'yes' is not allowed; true or false"],
  ['upload', 'tRUE', "upload: 'tRUE' is not allowed; true or false"],
  ['purge', '1', "purge: '1' is not allowed; true or false"],
  ['dry-run', 'on', "dry-run: 'on' is not allowed; true or false"],
  ['upload-via', 'both', "upload-via: 'both' is not allowed; auto, direct or session"],
  ['on-conflict', 'Overwrite', "on-conflict: 'Overwrite' is not allowed; overwrite, skip or fail"],
  ['deleted', 'keep', "deleted: 'keep' is not allowed; purge or ignore"],
  ['session-threshold', '30', "session-threshold: '30' is not allowed; a number and B, KB, MB or GB, such as 30MB"],
  ['content-types', 'x', "content-types: 'x' is not allowed; lines of pattern: type, such as **/*.avif: image/avif"],
  ['domains', 'a/b', "domains: 'a/b' is not allowed; host names, one a line, such as assets.imgix.net"],
  [
    'urls',
    'ftp://x',
    "urls: 'ftp://x' is not allowed; https URLs of files, one a line, such as https://assets.imgix.net/a.png",
  ],
  ['concurrency', '0', "concurrency: '0' is not allowed; a whole number from 1 to 64"],
  ['concurrency', '65', "concurrency: '65' is not allowed; a whole number from 1 to 64"],
  ['concurrency', '1.5', "concurrency: '1.5' is not allowed; a whole number from 1 to 64"],
  ['concurrency', '0x8', "concurrency: '0x8' is not allowed; a whole number from 1 to 64"],
  ['max-attempts', '21', "max-attempts: '21' is not allowed; a whole number from 1 to 20"],
  ['timeout', '-1', "timeout: '-1' is not allowed; a whole number from 1 to 3600"],
  [
    'rate-limits',
    'x=1/s',
    "rate-limits: 'x=1/s' is not allowed; class=count/unit, class one of upload, purge, get, refresh, default, count a whole number from 1, unit s, m or h",
  ],
  [
    'api-url',
    'http://x.example',
    "api-url: 'http://x.example' is not allowed; an https URL, or http on a loopback host, without user name, query and fragment",
  ],
])('%s: %j is refused', (name, value, problem) => {
  const workspace = createTree(['a.png', 'a/'])
  symlinkSync('/tmp', join(workspace, 'out'))
  symlinkSync('circle', join(workspace, 'circle'))
  expect(problemsOf({ ...NEEDED, [name]: value }, workspace)).toEqual([problem])
})

const NO_KEY =
  "api-key: '' is not allowed; a Management API key, required unless dry-run is true: check that the secret exists; runs from forks and of Dependabot get none"
const NO_SOURCE =
  "source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on"

test.each([
  ['nothing at all', {}, [NO_KEY, NO_SOURCE]],
  ['a dry run with nothing', { 'dry-run': 'true' }, []],
  ['no key', { 'source-id': 'x' }, [NO_KEY]],
  ['uploads without a Source', { 'api-key': KEY, domains: 'a.net' }, [NO_SOURCE]],
  ['purges with domains', { 'api-key': KEY, upload: 'false', domains: 'a.net' }, []],
  ['purges with URLs', { 'api-key': KEY, upload: 'false', urls: 'https://a.net/a' }, []],
  ['purges without any', { 'api-key': KEY, upload: 'false' }, [NO_SOURCE]],
  ['neither uploads nor purges', { 'api-key': KEY, upload: 'false', purge: 'false' }, []],
  ['a dry-run that is neither is the only problem', { 'dry-run': 'x' }, ["dry-run: 'x' is not allowed; true or false"]],
])('together: %s', (_, inputs, problems) => {
  expect(problemsOf(inputs)).toEqual(problems)
})

test('all problems at once, each bad line of a list one', () => {
  const problems = problemsOf({
    'api-key': 'a b',
    concurrency: 'abc',
    timeout: '0',
    domains: 'a.net\nx y\n*.net',
    'on-conflict': 'x',
    'api-url': 'https://u:p@h.example',
  })
  expect(problems.map((problem) => problem.split(';')[0])).toEqual([
    "api-key: '***' is not allowed",
    "on-conflict: 'x' is not allowed",
    "domains: 'x y' is not allowed",
    "domains: '*.net' is not allowed",
    "concurrency: 'abc' is not allowed",
    "timeout: '0' is not allowed",
    "api-url: 'h.example' is not allowed",
    "source-id: '' is not allowed",
  ])
})

const TOKEN = 'ghs_QwErTyUiOpAsDfGhJkLz'
const OTHERS = Object.keys(
  (parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as { inputs: object }).inputs,
).filter((name) => name !== 'api-key' && name !== 'github-token')

test.each(OTHERS)('%s: no secret that is pasted into it is taken or told, however it is spelt', (name) => {
  for (const secret of [KEY, TOKEN])
    for (const spelling of [...spellingsOf(secret), `x/${secret}/y`, `https://u:${secret}@h.example/a`]) {
      const problems = problemsOf({ ...NEEDED, 'github-token': TOKEN, 'dry-run': 'true', [name]: spelling })
      expect(problems).toEqual([
        `${name}: '***' is not allowed; it contains the ${secret === KEY ? 'api-key' : 'github-token'}`,
      ])
    }
})

test('a secret is not taken for the other one: neither is sent to the host of the other', () => {
  expect(problemsOf({ ...NEEDED, 'api-key': TOKEN, 'github-token': TOKEN })).toEqual([
    "api-key: '***' is not allowed; it contains the github-token",
  ])
})

test.each(OTHERS)('%s: the user of a URL is not told', (name) => {
  const urls = ['https://me:hush/wo@rd@h.example:x/', 'https://me:hush@h.example/a.png', 'ssh://hush@h/']
  for (const value of [...urls, '//me:hush@h.example/', 'https:/me:hush@h/', 'https:\\\\me:hush@h.example']) {
    const problems = problemsOf({ ...NEEDED, 'dry-run': 'true', [name]: value })
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.map((problem) => core.redact(problem)).join('\n')).not.toMatch(/hush|rd@/)
  }
})

test('a key of one letter is no reason to refuse anything, nor to hide it', () => {
  expect(problemsOf({ ...NEEDED, 'api-key': 'a', root: 'assets', domains: 'a b' })).toEqual([
    "domains: 'a b' is not allowed; host names, one a line, such as assets.imgix.net",
  ])
  expect(problemsOf({ ...NEEDED, 'api-key': 'short', mode: 'in short', root: 'short' }).toSorted()).toEqual([
    "mode: 'in ***' is not allowed; changed or all",
    "root: '***' is not allowed; it contains the api-key",
  ])
})

test('a value that is long is cut', () => {
  const [problem] = problemsOf({ ...NEEDED, base: `\u0001${'x'.repeat(5000)}` })
  expect(problem?.length).toBeLessThan(260)
})

test('the key is masked before all else, each of its lines, and in no message', () => {
  const printed = captureStdout()
  setInputs({ 'api-key': 'first-secret\nsecond-secret', 'source-id': 'a b' })
  expect(() => readInputs('/')).toThrow(InputError)
  const { masks, log } = readJobLog(printed())
  expect(masks).toEqual(expect.arrayContaining(['first-secret', 'second-secret']))
  expect(log).not.toContain('secret')
})

test('a root that is a file whose text is too long for the target of a link', () => {
  const workspace = createTree()
  writeFileSync(join(workspace, 'a.txt'), 'x'.repeat(300))
  expect(problemsOf({ ...NEEDED, root: 'a.txt' }, workspace)).toEqual([
    "root: 'a.txt' is not allowed; a folder inside the workspace, relative to it",
  ])
})

test('a root that is a link inside the workspace', () => {
  const workspace = createTree(['real/a.png'])
  symlinkSync('real', join(workspace, 'link'))
  expect(read({ ...NEEDED, root: 'link' }, workspace).root).toBe('link')
})

test.each(['to-git', 'to-git/refs', '.GIT', '.Git/refs'])('a root that is .git by another name: %s', (root) => {
  const workspace = createTree(['.git/refs/a.png'])
  symlinkSync('.git', join(workspace, 'to-git'))
  expect(problemsOf({ ...NEEDED, root }, workspace)).toEqual([
    `root: '${root}' is not allowed; a folder inside the workspace, relative to it, and not in .git`,
  ])
})

test('the token is masked, also as git sends it', () => {
  setInputs({ ...NEEDED, 'github-token': 'ghs_0123' })
  const printed = captureStdout()
  readInputs(createTree())
  const encoded = Buffer.from('x-access-token:ghs_0123').toString('base64')
  expect(readJobLog(printed()).masks).toEqual(expect.arrayContaining(['ghs_0123', encoded]))
})

function setProxies(variables: Record<string, string>): void {
  setInputs(NEEDED)
  Object.assign(process.env, variables)
}

test('proxies: the password is masked in all its forms', () => {
  setProxies({ HTTPS_PROXY: 'http://u:p%40ss@proxy.example:3128', NO_PROXY: 'amazonaws.com' })
  const printed = captureStdout()
  const { proxyFor } = readInputs(createTree())
  expect(proxyFor(new URL('https://api.imgix.com'))?.host).toBe('proxy.example:3128')
  expect(proxyFor(new URL('https://b.s3.amazonaws.com/a'))).toBeUndefined()
  expect(readJobLog(printed()).masks).toEqual(expect.arrayContaining(['p%40ss', 'p@ss', btoa('u:p@ss')]))
})

test('proxies: what is wrong with them is told with what is wrong with the inputs', () => {
  setProxies({ https_proxy: 'socks5://u:secret@proxy.example', HTTP_PROXY: 'http://u:secret#@proxy.example' })
  process.env.INPUT_CONCURRENCY = '0'
  captureStdout()
  const problems = ['concurrency:', 'https_proxy: its value'].map((start) => new RegExp(start))
  expect(() => readInputs(createTree())).toThrow(
    expect.objectContaining({
      name: 'InputError',
      problems: problems.map((problem) => expect.stringMatching(problem)),
      message: expect.not.stringMatching('secret'),
    }),
  )
})

test.each([
  ['of another scheme', { http_proxy: 'socks5h://proxy.example' }],
  ['that nothing goes through', { HTTPS_PROXY: 'socks5h://proxy.example', NO_PROXY: '*' }],
  ['that imgix does not go through', { HTTPS_PROXY: 'socks5h://proxy.example', no_proxy: '.imgix.com' }],
  ['in a run without a key', { HTTPS_PROXY: 'socks5h://proxy.example', 'INPUT_API-KEY': '', 'INPUT_DRY-RUN': 'true' }],
])('proxies: a variable %s is no problem', (_, variables) => {
  setProxies(variables)
  captureStdout()
  expect(() => readInputs(createTree())).not.toThrow()
})

test('proxies: git has the variables too', () => {
  const variables = { HTTPS_PROXY: 'http://u:p@proxy.example', no_proxy: 'github.example' }
  setProxies(variables)
  expect(readEnvironment().childEnv).toMatchObject(variables)
})

test('the environment: other programs get none of the inputs', () => {
  const workspace = createTree()
  const event = join(workspace, 'event.json')
  writeFileSync(event, '{"before":"x"}')
  setInputs({ 'api-key': KEY })
  Object.assign(process.env, {
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_API_URL: 'https://github.example/api/v3',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'octocat/site',
    GITHUB_RUN_ID: '12345678901',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'octocat/site/.github/workflows/imgix.yml@refs/heads/main',
    RUNNER_TEMP: workspace,
  })
  const { childEnv, ...environment } = readEnvironment()
  expect(environment).toEqual({
    workspace,
    event: { name: 'push', payload: { before: 'x' }, ref: 'refs/heads/main', sha: 'a'.repeat(40) },
    github: {
      apiUrl: 'https://github.example/api/v3',
      serverUrl: 'https://github.example',
      repository: 'octocat/site',
      runId: 12345678901,
      workflow: 'imgix.yml',
    },
    attempt: 2,
    tempDir: workspace,
  })
  expect(Object.values(childEnv)).not.toContain(KEY)
  expect(childEnv.PATH).toBe(process.env.PATH)
})

test.each([
  ['', undefined],
  ['octocat/site/.github/workflows/imgix.yaml@refs/heads/a@b', 'imgix.yaml'],
  ['octocat/rules/.github/workflows/imgix.yml@refs/heads/main', undefined],
  ['octocat/site/ci/imgix.yml@refs/heads/main', undefined],
  ['octocat/site/.github/workflows/a/../imgix.yml@refs/heads/main', undefined],
])('the workflow of %j is %s', (ref, workflow) => {
  setInputs({})
  Object.assign(process.env, { GITHUB_REPOSITORY: 'octocat/site', GITHUB_WORKFLOW_REF: ref })
  expect(readEnvironment().github.workflow).toBe(workflow)
})

test.each([
  ['is no JSON', (path: string) => writeFileSync(path, '{')],
  ['has a secret', (path: string) => writeFileSync(path, 's3cr3t')],
  ['is not there', () => {}],
  ['is a folder', (path: string) => mkdirSync(path)],
])('an event file that %s is an event without a base, and a warning', (_, make) => {
  const path = join(createTree(), 'event.json')
  make(path)
  setInputs({})
  process.env.GITHUB_EVENT_PATH = path
  const printed = captureStdout()
  expect(readEnvironment().event.payload).toEqual({})
  const { annotations } = readJobLog(printed())
  expect(annotations.map(({ level }) => level)).toEqual(['warning'])
  expect(annotations.filter(({ message }) => message.includes('s3cr3t'))).toEqual([])
})

test.each([
  ['content-types', 'x\ny\nx', 2],
  ['domains', 'me:a@b.test\nme:c@b.test\nhttps://a', 2],
])('lines of %s that are alike, or are alike without what is hidden, are one problem', (name, value, number) => {
  expect(problemsOf({ ...NEEDED, [name]: value })).toHaveLength(number)
})
