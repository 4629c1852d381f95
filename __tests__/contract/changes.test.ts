import { describe, expect, test } from 'vitest'
import type { GitHubRun } from '../../emulator/github.ts'
import type { Lag } from '../../emulator/github-runs.ts'
import { compilePatterns } from '../../src/inputs/patterns.ts'
import { BaseError, findChanges } from '../../src/select/changes.ts'
import { type GitHub, openGitHub } from '../../src/select/github.ts'
import { openCommit } from '../../src/select/head-tree.ts'
import { openTestGit } from '../helpers/git.ts'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'

const NONE = '0'.repeat(40)

/** Three commits: the first of many files, then one that changes, adds, deletes and renames, then one beside the root. */
function site(): { repository: Repository; shas: [string, string, string] } {
  const repository = createRepository()
  const stays = { 'public/same.png': 'same', 'README.md': '1' }
  repository.write({
    ...stays,
    'public/a.png': '1',
    'public/old.png': 'moved',
    'public/gone.png': '1',
    'public/x.txt': '1',
  })
  const first = repository.commit()
  repository.write({ 'public/a.png': '2', 'public/old.png': null, 'public/new.png': 'moved', 'public/gone.png': null })
  repository.write({ 'public/x.txt': '2' })
  repository.link('public/link.png', 'a.png')
  const second = repository.commit()
  repository.write({ 'README.md': '2' })
  return { repository, shas: [first, second, repository.commit()] }
}

async function find(
  repository: Repository,
  {
    before,
    base = '',
    root = 'public',
    files = '**/*.png',
    onUnknownBase = 'all',
    github,
    deleted = 'purge',
    purge = true,
    event: more = {},
  }: {
    before: string
    base?: string
    root?: string
    files?: string
    onUnknownBase?: 'all' | 'fail'
    github?: GitHub
    deleted?: 'purge' | 'ignore'
    purge?: boolean
    event?: { name?: string; ref?: string }
  },
) {
  const git = await openTestGit(repository.dir, root)
  const { name = 'push', ref = 'refs/heads/main' } = more
  const payload = { before, after: repository.head(), ref, deleted: before === 'deleted' }
  const event = { name, payload, ref, sha: repository.head() }
  const query = { base, onUnknownBase, purge, deleted }
  return findChanges(await openCommit(git, compilePatterns(files)), github, event, query)
}

async function githubWith(runs: readonly GitHubRun[], lag?: Lag): Promise<GitHub> {
  const emulator = await emulateGitHub({ runs })
  if (lag !== undefined) emulator.lag(lag)
  const { signal } = new AbortController()
  const place = { apiUrl: emulator.apiUrl, token: emulator.token, repository: 'imgix-sync/site', runId: 3, signal }
  return openGitHub({ ...place, pause: async () => {} })
}

const NO_TOKEN = 'base: not from the last successful run: there is no github-token to read workflow runs with'
const QUIET = { notices: [], hints: [], warnings: [] }

const UNKNOWN_DELETED =
  'without a base the files that were deleted since the last publication are not known, so nothing is purged for them: if the base was unavailable for a moment, re-run this job; else run once with base set to the last commit that was published'

const CHANGED = [
  { path: 'public/a.png', change: 'modified' },
  { path: 'public/gone.png', change: 'deleted' },
  { path: 'public/link.png', change: 'added' },
  { path: 'public/new.png', change: 'added' },
  { path: 'public/old.png', change: 'deleted' },
]

test('a push', async () => {
  const { repository, shas } = site()
  expect(await find(repository, { before: shas[0] })).toEqual({
    base: shas[0],
    head: shas[2],
    baseStrategy: 'event',
    baseReason: 'the commit of the branch before the push',
    rootPath: 'public/',
    files: CHANGED,
    considered: 6,
    ...QUIET,
    steps: [NO_TOKEN, `base: ${shas[0]} (event): the commit of the branch before the push`],
  })
})

test('a push, in a clone of depth 1', async () => {
  const { repository, shas } = site()
  const clone = repository.clone({ depth: 1 })
  const { files, baseStrategy } = await find(clone, { before: shas[0] })
  expect({ files, baseStrategy }).toEqual({ files: CHANGED, baseStrategy: 'event' })
})

test('a push that changed nothing below the root', async () => {
  const { repository, shas } = site()
  const { files, considered, base } = await find(repository, { before: shas[1] })
  expect({ files, considered, base }).toEqual({ files: [], considered: 0, base: shas[1] })
})

test('the patterns mean the same for deleted files', async () => {
  const { repository, shas } = site()
  const { files } = await find(repository, { before: shas[0], files: '**\n!gone.png\n!*.txt\n!new*' })
  expect(files.map(({ path }) => path)).toEqual(['public/a.png', 'public/link.png', 'public/old.png'])
})

test('without a base, every file that matches', async () => {
  const { repository, shas } = site()
  expect(await find(repository, { before: NONE })).toEqual({
    base: '',
    head: shas[2],
    baseStrategy: 'all',
    rootPath: 'public/',
    files: ['public/a.png', 'public/link.png', 'public/new.png', 'public/same.png'].map((path) => ({
      path,
      change: 'present',
    })),
    considered: 5,
    ...QUIET,
    steps: [
      'base: not from the event: this is the first push of the branch',
      NO_TOKEN,
      'base: none, so every matching file is taken',
    ],
  })
})

test('a base that nobody has: every file, and it is said', async () => {
  const { repository } = site()
  const before = '1'.repeat(40)
  const { files, steps, baseStrategy } = await find(repository, { before })
  expect({ count: files.length, steps, baseStrategy }).toEqual({
    count: 4,
    steps: [
      NO_TOKEN,
      `base: ${before} (event) is not available: this clone lacks the commit, and its remote did not send it`,
      'base: none, so every matching file is taken',
    ],
    baseStrategy: 'all',
  })
})

test('a base that nobody has, where that is to fail', async () => {
  const { repository } = site()
  const before = '1'.repeat(40)
  const error = await find(repository, { before, onUnknownBase: 'fail' }).catch((cause) => cause)
  expect(error).toBeInstanceOf(BaseError)
  expect(error.message).toBe(
    `on-unknown-base: no base commit was found, and on-unknown-base is fail (${NO_TOKEN}; base: ${before} (event) is not available: this clone lacks the commit, and its remote did not send it): name a commit in base, or set on-unknown-base to all`,
  )
})

test('the base of the input', async () => {
  const { repository, shas } = site()
  const { base, baseStrategy, files } = await find(repository, { before: shas[1], base: 'HEAD~2' })
  expect({ base, baseStrategy, files }).toEqual({ base: shas[0], baseStrategy: 'input', files: CHANGED })
})

test('a push that deleted its branch', async () => {
  const { repository, shas } = site()
  expect(await find(repository, { before: 'deleted' })).toEqual({
    base: shas[2],
    head: shas[2],
    baseStrategy: 'event',
    rootPath: 'public/',
    files: [],
    considered: 0,
    notices: [],
    warnings: [],
    steps: ['nothing to do: the push deleted its branch or tag'],
  })
})

test('submodules are no files', async () => {
  const repository = createRepository()
  const commit = (...entries: string[]): string => {
    for (const entry of entries) repository.git('update-index', '--add', '--cacheinfo', entry)
    repository.git('commit', '--quiet', '--allow-empty', '-m', 'x')
    return repository.head()
  }
  repository.write({ 'a.png': '1', 'b.png': '1' })
  repository.git('add', '-A')
  const first = commit(`160000,${'1'.repeat(40)},was.png`, `160000,${'1'.repeat(40)},stays.png`)
  repository.git('rm', '--cached', '--quiet', 'a.png', 'was.png')
  repository.write({ 'was.png': 'x' })
  repository.git('add', 'was.png')
  commit(`160000,${'2'.repeat(40)},a.png`, `160000,${'2'.repeat(40)},stays.png`, `160000,${'2'.repeat(40)},new.png`)
  const { files } = await find(repository, { before: first, root: '.' })
  expect(files).toEqual([
    { path: 'a.png', change: 'deleted' },
    { path: 'was.png', change: 'added' },
  ])
  const all = await find(repository, { before: NONE, root: '.' })
  expect(all.files.map(({ path }) => path)).toEqual(['b.png', 'was.png'])
})

test("a list of runs that stays behind: every file, because the event's base is not believed", async () => {
  const { repository, shas } = site()
  const own = { id: 3, number: 3, branch: 'main', sha: shas[2], conclusion: null }
  const github = await githubWith([own], { hides: () => true, in: 'every list', times: 99 })
  const { baseStrategy, warnings } = await find(repository, { before: shas[1], github })
  const why = "GitHub's list of the workflow's runs lacks this run"
  expect({ baseStrategy, warnings }).toEqual({
    baseStrategy: 'all',
    warnings: [
      `earlier runs can't be read: ${why}; what they did not publish is unknown: run this job again later`,
      UNKNOWN_DELETED,
    ],
  })
})

test('a run that succeeded late, and whose commit is gone, can have published any file', async () => {
  const { repository, shas } = site()
  const run = { branch: 'main', conclusion: 'success' } as const
  const github = await githubWith([
    { id: 3, number: 3, branch: 'main', sha: shas[2], conclusion: null },
    { ...run, id: 2, number: 2, sha: shas[1] },
    { ...run, id: 1, number: 1, sha: '1'.repeat(40), updatedAt: '2030-01-01T00:00:00Z' },
  ])
  const { base, notices, files } = await find(repository, { before: shas[1], github })
  expect([base, files.length]).toEqual([shas[1], 4])
  expect(notices).toEqual([
    `the run of ${'1'.repeat(40)} failed or ended late, and which files it published is unknown (this clone lacks the commit, and its remote did not send it), so every matching file is taken`,
  ])
})

test('a workflow with other inputs, where every file is taken all the same', async () => {
  const repository = createRepository()
  const workflowPath = '.github/workflows/imgix.yml'
  repository.write({ [workflowPath]: 'files: a', 'a.png': '1', 'b.png': '1' })
  const before = repository.commit()
  repository.write({ [workflowPath]: 'files: b', 'a.png': '2' })
  const after = repository.commit()
  const tree = await openCommit(await openTestGit(repository.dir), compilePatterns('**/*.png'))
  const event = { name: 'push', payload: { before, after }, ref: 'refs/heads/main', sha: after }
  const query = { base: '', onUnknownBase: 'all', purge: true, deleted: 'purge', workflowPath } as const
  const success = { id: 1, number: 1, branch: 'main', sha: before, conclusion: 'success' } as const
  const notices = async (sha: string) => {
    const failure = { id: 2, number: 2, branch: 'main', sha, conclusion: 'failure' } as const
    const own = { id: 3, number: 3, branch: 'main', sha: after, conclusion: null }
    return (await findChanges(tree, await githubWith([success, failure, own]), event, query)).notices
  }
  expect(await notices(before)).toEqual([expect.stringContaining('takes only the files that changed')])
  expect(await notices('1'.repeat(40))).toEqual([expect.stringContaining('so every matching file is taken')])
})

describe('every file is taken, so the deleted ones are not known', () => {
  const GONE = '1'.repeat(40)
  const tag = { name: 'push', ref: 'refs/tags/v1' }

  test('a base that is gone: a warning says what is not purged', async () => {
    const { warnings } = await find(site().repository, { before: GONE })
    expect(warnings).toEqual([UNKNOWN_DELETED])
  })

  test('the input base, beside the warning about it', async () => {
    const { warnings } = await find(site().repository, { before: NONE, base: 'gone' })
    const why = 'this clone lacks the commit, and its remote did not send it'
    expect(warnings).toEqual([
      `base: 'gone' is not available (${why}: check the name), so every matching file is taken`,
      UNKNOWN_DELETED,
    ])
    expect((await find(site().repository, { before: NONE, base: GONE })).warnings).toEqual([
      `base: '${GONE}' is not available (${why}), so every matching file is taken`,
      UNKNOWN_DELETED,
    ])
  })

  test.each(['main', 'HEAD', '@'])('the input base %s, which is the commit that is checked out', async (base) => {
    const { baseStrategy, files, warnings } = await find(site().repository, { before: NONE, base })
    const text = `base: '${base}' is the commit that is checked out, so nothing changed: leave base out, or name an earlier commit`
    expect([baseStrategy, files, warnings]).toEqual(['input', [], [text]])
  })

  test('a tag, where another run would not know either', async () => {
    const { warnings } = await find(site().repository, { before: NONE, event: tag })
    expect(warnings).toEqual([UNKNOWN_DELETED])
  })

  test.each([
    ['the first push of a repository', { before: NONE }],
    ['deleted: ignore', { before: GONE, deleted: 'ignore' }],
    ['purge: false', { before: GONE, purge: false }],
  ] as const)('%s: nothing to tell', async (_, query) => {
    expect((await find(site().repository, query)).warnings).toEqual([])
  })

  test('no earlier run: nothing to tell', async () => {
    const { repository, shas } = site()
    const own = { id: 3, number: 1, branch: 'main', sha: shas[2], conclusion: null }
    const event = { name: 'schedule', ref: 'refs/heads/main' }
    const found = await find(repository, { before: NONE, event, github: await githubWith([own]) })
    expect([found.baseStrategy, found.warnings]).toEqual(['all', []])
  })
})

test.each([
  ['no earlier run', [], true],
  ['a success of another branch', [{ branch: 'other', conclusion: 'success' }], true],
  ['a success', [{ branch: 'main', conclusion: 'success' }], undefined],
  ['a failure', [{ branch: 'main', conclusion: 'failure' }], undefined],
] as const)('the first run: %s', async (_, earlier, isFirstRun) => {
  const { repository, shas } = site()
  const own = { id: 3, number: 2, branch: 'main', sha: shas[2], conclusion: null }
  const runs = earlier.map((run) => ({ id: 1, number: 1, sha: shas[0], ...run }))
  const found = await find(repository, { before: shas[1], github: await githubWith([...runs, own]) })
  expect(found.isFirstRun).toBe(isFirstRun)
})
