import { describe, expect, test } from 'vitest'
import type { GitHubRun } from '../../emulator/github.ts'
import { compilePatterns } from '../../src/inputs/patterns.ts'
import { findMergeBase } from '../../src/select/base-commit.ts'
import { findChanges } from '../../src/select/changes.ts'
import { openGitHub } from '../../src/select/github.ts'
import { openCommit } from '../../src/select/head-tree.ts'
import { openTestGit } from '../helpers/git.ts'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'

async function openTestGitHub(dir: string, { runs = [], runId = 1 }: { runs?: GitHubRun[]; runId?: number } = {}) {
  const emulator = await emulateGitHub({ dir, runs })
  const { apiUrl, token, transcript } = emulator
  const { signal } = new AbortController()
  const github = openGitHub({ apiUrl, token, repository: 'imgix-sync/site', runId, signal, pause: async () => {} })
  return { github, transcript }
}

async function find(
  git: Awaited<ReturnType<typeof openTestGit>>,
  github: Awaited<ReturnType<typeof openTestGitHub>>['github'] | undefined,
  { base = '', payload = {}, sha }: { base?: string; payload?: object; sha: string },
) {
  const event = { name: 'push', payload, ref: 'refs/heads/main', sha }
  const query = {
    base,
    onUnknownBase: 'all',
    purge: true,
    deleted: 'purge',
  } as const
  return findChanges(await openCommit(git, compilePatterns('**/*.png')), github, event, query)
}

const files = (found: Awaited<ReturnType<typeof find>>) => found.files.map(({ path, change }) => `${change} ${path}`)

/**
 * A branch `topic` that takes back a change of main, and main with a merge of an older commit. In a clone that has main to
 * a depth of 3, the branch and main seem to have left each other at that older commit.
 */
function crossing(): { origin: Repository; older: string; last: string; main: string; topic: string } {
  const origin = createRepository()
  const { git } = origin
  origin.write({ 'a.png': '1', 'b.png': '1' })
  const older = origin.commit()
  git('checkout', '--quiet', '-b', 'side')
  git('commit', '--quiet', '--allow-empty', '-m', 'side')
  git('checkout', '--quiet', 'main')
  origin.write({ 'a.png': '2' })
  const last = origin.commit()
  git('checkout', '--quiet', '-b', 'topic')
  origin.write({ 'a.png': '1' })
  const topic = origin.commit()
  git('checkout', '--quiet', 'main')
  for (const text of ['1', '2', '3', '4']) git('commit', '--quiet', '--allow-empty', '-m', text)
  git('merge', '--quiet', '--no-ff', '-m', 'merge', 'side')
  return { origin, older, last, main: origin.head(), topic }
}

/** A clone of `topic` to a depth of 20, and then of main to a depth of 3. */
function cutClone({ origin }: { origin: Repository }): Repository {
  origin.git('checkout', '--quiet', 'topic')
  const clone = origin.clone({ depth: 20 })
  clone.git('fetch', '--quiet', '--depth=3', 'origin', '+refs/heads/main:refs/remotes/origin/main')
  return clone
}

describe('the merge base of a shallow history', () => {
  test('git alone gives an earlier one', () => {
    const made = crossing()
    const clone = cutClone(made)
    expect(clone.git('merge-base', 'origin/main', 'HEAD')).toBe(made.older)
  })

  test('it is asked of the API', async () => {
    const made = crossing()
    const clone = cutClone(made)
    const before = clone.git('rev-list', '--count', '--all')
    const { github } = await openTestGitHub(made.origin.dir)
    const git = await openTestGit(clone.dir)
    expect(await findMergeBase(git, github, { ref: 'main', head: made.topic })).toEqual({ sha: made.last })
    expect(clone.git('rev-list', '--count', '--all')).toBe(before)
  })

  test('without the API the history is deepened', async () => {
    const made = crossing()
    const git = await openTestGit(cutClone(made).dir)
    expect(await findMergeBase(git, undefined, { ref: 'main', head: made.topic })).toEqual({ sha: made.last })
  })

  test('with neither it is unknown', async () => {
    const made = crossing()
    const clone = cutClone(made)
    clone.git('remote', 'set-url', 'origin', '/nonexistent')
    const git = await openTestGit(clone.dir)
    const why =
      'the history of this clone is too short to tell the last common commit: set fetch-depth: 0 on actions/checkout, or fetch the whole history'
    expect(await findMergeBase(git, undefined, { ref: 'main', head: made.topic })).toEqual({ why })
  })

  test('the file that the branch took back is published', async () => {
    const made = crossing()
    const git = await openTestGit(cutClone(made).dir)
    const repository = { default_branch: 'main' }
    const payload = { ref: 'refs/heads/topic', before: '0'.repeat(40), after: made.topic, repository }
    const found = await find(git, undefined, { payload, sha: made.topic })
    expect([found.base, files(found)]).toEqual([made.last, ['modified a.png']])
  })

  test('two clones of depth 1 have none, until they are deepened', async () => {
    const made = crossing()
    made.origin.git('checkout', '--quiet', 'topic')
    const git = await openTestGit(made.origin.clone({ depth: 1 }).dir)
    expect(await findMergeBase(git, undefined, { ref: made.main, head: made.topic })).toEqual({ sha: made.last })
  })

  test.each([0, 2, 20])('no fetch and no question where depth %i is enough', async (depth) => {
    const made = crossing()
    made.origin.git('checkout', '--quiet', 'topic')
    const clone = made.origin.clone(depth === 0 ? {} : { depth })
    clone.git('remote', 'set-url', 'origin', '/nonexistent')
    const git = await openTestGit(clone.dir)
    expect(await findMergeBase(git, undefined, { ref: made.last, head: made.topic })).toEqual({ sha: made.last })
  })
})

/** Four commits on main, each of one file; the third also deletes and renames. */
function line(): { origin: Repository; shas: string[] } {
  const origin = createRepository()
  const shas = ['0', '1', '2', '3'].map((text) => {
    origin.write({ [`${text}.png`]: text, ...(text === '2' ? { '0.png': null } : { 'text.txt': text }) })
    return origin.commit()
  })
  return { origin, shas }
}
const at = (shas: readonly string[], index: number): string => shas.at(index) ?? ''

describe('a base that a clone of depth 1 lacks, by a name that no remote knows', () => {
  test.each([
    ['HEAD~1', 1, ['added 3.png']],
    ['HEAD^', 1, ['added 3.png']],
    ['@~1', 1, ['added 3.png']],
    ['HEAD~1^', 2, ['deleted 0.png', 'added 2.png', 'added 3.png']],
    ['HEAD~3', 3, ['deleted 0.png', 'added 1.png', 'added 2.png', 'added 3.png']],
    ['v1^', 2, ['deleted 0.png', 'added 2.png', 'added 3.png']],
  ])('%s: the history is deepened', async (base, back, expected) => {
    const { origin, shas } = line()
    origin.git('tag', 'v1', at(shas, -2))
    const git = await openTestGit(origin.clone({ depth: 1 }).dir)
    const found = await find(git, undefined, { base, sha: at(shas, -1) })
    expect([found.base, files(found).sort()]).toEqual([at(shas, -1 - back), expected.sort()])
  })

  test('a short SHA: the API knows it, and git fetches it', async () => {
    const { origin, shas } = line()
    const { github } = await openTestGitHub(origin.dir)
    const git = await openTestGit(origin.clone({ depth: 1 }).dir)
    const found = await find(git, github, { base: at(shas, 1).slice(0, 8), sha: at(shas, -1) })
    expect([found.base, files(found)]).toEqual([at(shas, 1), ['deleted 0.png', 'added 2.png', 'added 3.png']])
  })

  test.each(['HEAD^2', 'abcdef1', 'no-branch'])('%s: the remedy is named', async (base) => {
    const { origin, shas } = line()
    const git = await openTestGit(origin.clone({ depth: 1 }).dir)
    const { baseStrategy, steps } = await find(git, undefined, { base, sha: at(shas, -1) })
    expect([baseStrategy, steps]).toEqual([
      'all',
      [
        `base: ${base} (input) is not available: this clone lacks the commit, and its remote did not send it: check the name, set fetch-depth: 0 on actions/checkout, or fetch the whole history`,
        'base: none, so every matching file is taken',
      ],
    ])
  })
})

describe('a push whose workflow checks out another commit', () => {
  const EARLIER = { id: 2, number: 2, branch: 'main', conclusion: 'success' } as const

  /** The last run published the second commit. The push is of the third. */
  async function pushed({ origin, shas }: ReturnType<typeof line>, clone: Repository, hasApi = true) {
    const own = { id: 3, number: 3, branch: 'main', sha: at(shas, 2), conclusion: null }
    const runs = [own, { ...EARLIER, sha: at(shas, 1) }]
    const { github } = await openTestGitHub(hasApi ? origin.dir : '/nonexistent', { runs, runId: 3 })
    const payload = { ref: 'refs/heads/main', before: at(shas, 1), after: at(shas, 2) }
    return find(await openTestGit(clone.dir), github, { payload, sha: at(shas, 2) })
  }

  test.each([true, false])('a later commit of the branch, or one that a step made; by the API: %s', async (hasApi) => {
    const made = line()
    const clone = made.origin.clone({ depth: 1 })
    expect(files(await pushed(made, clone, hasApi))).toEqual(['deleted 0.png', 'added 2.png', 'added 3.png'])
    clone.write({ '4.png': '4' })
    clone.commit()
    expect(files(await pushed(made, clone, hasApi))).toContain('added 4.png')
  })

  test.each([
    ['a branch beside it', ['--quiet', '-b', 'pages', 'main~3']],
    ['an unrelated branch', ['--quiet', '--orphan', 'pages']],
  ])('%s: earlier runs say nothing of it', async (_, options) => {
    const made = line()
    made.origin.git('checkout', ...options)
    made.origin.write({ '1.png': '1' }) // as it was published from main
    made.origin.commit()
    const { baseStrategy, steps } = await pushed(made, made.origin.clone({ depth: 1 }))
    const why = 'not from runs: the commit that is checked out is not the commit of the event'
    expect([baseStrategy, steps[0]]).toEqual(['all', `base: ${why}`])
  })

  test('an unrelated branch, at the first push of a branch: files of the other one can have been deleted', async () => {
    const { origin, shas } = line()
    origin.git('checkout', '--quiet', '--orphan', 'pages')
    origin.commit()
    const runs = [
      { id: 3, number: 3, branch: 'main', sha: at(shas, 2), conclusion: null },
      { ...EARLIER, sha: at(shas, 1) },
    ]
    const { github } = await openTestGitHub(origin.dir, { runs, runId: 3 })
    const payload = { ref: 'refs/heads/main', before: '0'.repeat(40), after: at(shas, 2) }
    const found = await find(await openTestGit(origin.clone({ depth: 1 }).dir), github, { payload, sha: at(shas, 2) })
    expect([found.baseStrategy, found.warnings]).toEqual([
      'all',
      [expect.stringContaining('nothing is purged for them')],
    ])
  })
})

test.each([
  [1, true],
  [2, undefined],
])('the first push of a branch, in run %i of the workflow', async (number, isFirstRun) => {
  const { origin, shas } = line()
  origin.git('checkout', '--quiet', '-b', 'topic')
  origin.write({ 'topic.png': '1' })
  const own = { id: 9, number, branch: 'topic', sha: origin.commit(), conclusion: null }
  const before = { id: 8, number: 1, branch: 'main', sha: at(shas, -1), conclusion: 'success' } as const
  const { github } = await openTestGitHub(origin.dir, { runs: number === 1 ? [own] : [own, before], runId: 9 })
  const payload = { ref: 'refs/heads/topic', before: '0'.repeat(40), repository: { default_branch: 'main' } }
  const found = await find(await openTestGit(origin.clone().dir), github, { payload, sha: own.sha })
  expect([found.baseStrategy, files(found), found.isFirstRun]).toEqual(['merge-base', ['added topic.png'], isFirstRun])
})

describe('a remote that cannot be reached', () => {
  async function cutOff() {
    const { origin, shas } = line()
    const clone = origin.clone({ depth: 1 })
    clone.git('remote', 'set-url', 'origin', '/nonexistent')
    const { github, transcript } = await openTestGitHub(origin.dir)
    return { origin, shas, git: await openTestGit(clone.dir), github, transcript }
  }

  test('the API tells the difference', async () => {
    const { shas, git, github } = await cutOff()
    const found = await find(git, github, { base: at(shas, 1), sha: at(shas, -1) })
    expect([found.base, found.baseStrategy, files(found).sort()]).toEqual([
      at(shas, 1),
      'input',
      ['added 2.png', 'added 3.png', 'deleted 0.png'],
    ])
  })

  test('a metadata file, whose earlier version is unknown then', async () => {
    const { origin, shas } = await cutOff()
    origin.write({ 'meta.yml': '"*.png": { name: x }\n' })
    const sha = origin.commit()
    const clone = origin.clone({ depth: 1 })
    clone.git('remote', 'set-url', 'origin', '/nonexistent')
    const { apiUrl, token } = await emulateGitHub({ dir: origin.dir })
    const inputs = { base: at(shas, 1), metadata: 'meta.yml', 'github-token': token }
    const { changes, touched } = await select(clone.dir, inputs, { sha }, { apiUrl, repository: 'imgix-sync/site' })
    expect([changes.base, touched]).toEqual([at(shas, 1), []])
    expect(changes.warnings).toEqual([expect.stringMatching(/^metadata: without git and the base commit/)])
  })

  test('a base by HEAD is not asked of the API, which has another HEAD', async () => {
    const { shas, git, github, transcript } = await cutOff()
    const { baseStrategy } = await find(git, github, { base: 'HEAD~1', sha: at(shas, -1) })
    expect([baseStrategy, transcript]).toEqual(['all', []])
  })

  test('a list as long as the limit is not believed', async () => {
    const { origin, shas, github } = await cutOff()
    const many = Array.from({ length: 301 }, (_, index) => [`many/${index}.png`, 'x'])
    origin.write(Object.fromEntries(many))
    const head = origin.commit()
    const clone = origin.clone({ depth: 1 })
    clone.git('remote', 'set-url', 'origin', '/nonexistent')
    const { baseStrategy, steps } = await find(await openTestGit(clone.dir), github, { base: at(shas, 1), sha: head })
    expect(baseStrategy).toBe('all')
    expect(steps[0]).toMatch(/did not send it; GitHub's API lists 300 files, its limit, so others may be missing$/)
  })

  test('a base that is no ancestor is not compared by the API', async () => {
    const { origin, shas, git, github } = await cutOff()
    origin.git('checkout', '--quiet', '-b', 'other', at(shas, 0))
    origin.write({ 'x.png': 'x' })
    const other = origin.commit()
    const { baseStrategy } = await find(git, github, { base: other, sha: at(shas, -1) })
    expect(baseStrategy).toBe('all')
  })
})
