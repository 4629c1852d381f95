import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/inputs/reader.ts'
import { GitError } from '../../src/select/git-output.ts'
import { TreeError } from '../../src/select/walk.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

const BUILT = 'so no push publishes one: set mode: all for files that a step makes'

function site(files: Record<string, string> = { 'public/a.png': '1', '.gitignore': 'dist\n' }): Repository {
  const repository = createRepository()
  repository.write(files)
  repository.commit()
  return repository
}

/** Pushes a file that no root contains. */
async function push(repository: Repository, inputs: Record<string, string>) {
  const before = repository.head()
  repository.write({ 'README.md': String(Math.random()) })
  repository.git('add', 'README.md')
  repository.git('commit', '--quiet', '-m', 'x')
  const { payload } = repository.pushEvent(before, repository.head())
  return select(repository.dir, inputs, { payload, sha: repository.head() })
}

const errorOf = async (...asked: Parameters<typeof push>): Promise<string | undefined> =>
  (await push(...asked)).rootError

/** A repository in a folder of a workspace that is none, and the event of its last commit. */
function checkoutBelow(path = 'site') {
  const workspace = createTree()
  const repository = site()
  const before = repository.head()
  repository.write({ 'README.md': '1' })
  const { payload } = repository.pushEvent(before, repository.commit())
  const event = { payload, sha: repository.head() }
  mkdirSync(join(workspace, path, '..'), { recursive: true })
  renameSync(repository.dir, join(workspace, path))
  return { workspace, event }
}

test('a root that git knows, beside a link whose name differs by case', async () => {
  const repository = createRepository()
  repository.write({ 'public/a.png': '1' })
  repository.git(
    'update-index',
    '--add',
    '--cacheinfo',
    `120000,${repository.git('hash-object', '-w', 'public/a.png')},PUBLIC`,
  )
  repository.git('add', 'public')
  repository.git('commit', '--quiet', '-m', 'x')
  rmSync(join(repository.dir, 'public'), { recursive: true })
  const error = await select(repository.dir, { mode: 'all', root: 'public' }).catch((cause) => cause)
  expect(error.message).toContain("there is no folder 'public'")
})

describe('a root that git does not know', () => {
  test('of files that git ignores', async () => {
    const repository = site()
    repository.write({ 'dist/a.png': '1' })
    const text = `root: git has no file below 'dist', ${BUILT}`
    expect(await errorOf(repository, { root: 'dist' })).toBe(text)
    rmSync(join(repository.dir, 'dist/a.png'))
    expect(await errorOf(repository, { root: 'dist' })).toBe(text)
  })

  test('but for a file that keeps the folder: a warning', async () => {
    const repository = site({ 'dist/.gitkeep': '', '.gitignore': 'dist/img\n' })
    repository.write({ 'dist/img/a.png': '1' })
    const { changes, rootError } = await push(repository, { root: 'dist' })
    const text =
      'files: none of the 1 files below dist/ matches, so no push publishes a file: check the patterns, or root, or set mode: all for files that a step makes, such as dist/img/a.png'
    expect([rootError, changes.warnings]).toEqual([undefined, [text]])
    rmSync(join(repository.dir, 'dist/img'), { recursive: true })
    expect((await push(repository, { root: 'dist' })).changes.warnings).toEqual([])
  })

  test.each([
    ['Public', 'public', 'case'],
    ['PUBLIC/Img', 'public/img', 'case'],
    ['cafe\u0301', 'caf\u00e9', 'Unicode form'],
  ])('by its case or Unicode form: %j for %j', async (root, right, difference) => {
    const files = { 'public/img/a.png': '1', 'caf\u00e9/a.png': '1' }
    const text = `root: '${root}' differs by ${difference} from '${right}', which is the name of the folder: set root: ${right}`
    const repository = site(files)
    expect(await errorOf(repository, { root })).toBe(text)
    mkdirSync(join(repository.dir, root), { recursive: true })
    expect(await errorOf(repository, { root })).toBe(text)
    rmSync(join(repository.dir, root), { recursive: true })
    await expect(select(repository.dir, { root, mode: 'all' })).rejects.toThrow(new TreeError(text))
  })

  test.each(['changed', 'all'])('a submodule that is not checked out, in mode: %s', async (mode) => {
    const repository = site()
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/site`)
    repository.git('commit', '--quiet', '-m', 'x')
    mkdirSync(join(repository.dir, 'vendor/site'), { recursive: true })
    for (const root of ['vendor/site', 'vendor/site/img']) {
      const text = `root: '${root}' needs the submodule 'vendor/site', which is not checked out: set submodules: true on actions/checkout, or run git submodule update --init`
      if (mode === 'changed') expect(await errorOf(repository, { root })).toBe(text)
      else await expect(select(repository.dir, { root, mode })).rejects.toThrow(new TreeError(text))
    }
  })

  test.each(['releases', 'none'])('behind a link to %s, which is a text file or leads nowhere', async (target) => {
    const repository = site({ 'releases/img/a.png': '1' })
    repository.link('current', target)
    repository.git('add', 'current')
    repository.git('commit', '--quiet', '-m', 'x')
    if (target === 'releases') {
      rmSync(join(repository.dir, 'current'))
      writeFileSync(join(repository.dir, 'current'), target)
    }
    const text = "root: 'current/img' leads through the link 'current' to no folder: set root to a folder without links"
    expect(await errorOf(repository, { root: 'current/img' })).toBe(text)
    await expect(select(repository.dir, { root: 'current/img', mode: 'all' })).rejects.toThrow(new TreeError(text))
  })

  test('that there is not: the folder of no repository, and of none in it', async () => {
    expect(await errorOf(site(), { root: 'publick' })).toBe("root: there is no folder 'publick': check its name")
  })

  test.each([
    ['the workspace', '.'],
    ['a folder', 'public'],
    ['a folder of folders', 'deep'],
    ['a sparse checkout without it', 'away'],
    ['a folder whose files do not match', 'texts'],
  ])('is not %s', async (_, root) => {
    const repository = site({ 'public/a.png': '1', 'deep/er/a.txt': '1', 'away/a.png': '1', 'texts/a.txt': '1' })
    rmSync(join(repository.dir, 'away'), { recursive: true })
    const { changes, rootError } = await push(repository, { root })
    expect([rootError, changes.warnings]).toEqual([undefined, []])
  })

  test('that the push emptied is no error', async () => {
    const repository = site()
    const before = repository.head()
    repository.write({ public: null })
    repository.commit()
    const { payload } = repository.pushEvent(before, repository.head())
    const { changes, rootError } = await select(repository.dir, { root: 'public' }, { payload, sha: repository.head() })
    expect([rootError, changes.files]).toEqual([undefined, [{ path: 'public/a.png', change: 'deleted' }]])
  })
})

describe('a repository that a checkout put into a folder', () => {
  const API = { 'github-token': 'x' }

  test.each([
    ['public', 'site', "there is no folder 'public', but the repository in 'site' has one: set root: site/public"],
    [
      'public',
      'a/b/site',
      "there is no folder 'public', but the repository in 'a/b/site' has one: set root: a/b/site/public",
    ],
    ['.', 'site', "the workspace is not a repository, but 'site' is: set root: site, or a folder in it"],
  ])('root %s of %s', async (root, path, text) => {
    const { workspace, event } = checkoutBelow(path)
    for (const token of [{}, API]) {
      await expect(select(workspace, { root, ...token }, event)).rejects.toThrow(new InputError([`root: ${text}`]))
    }
    const all = select(workspace, { root, mode: 'all' })
    if (root === '.') expect((await all).changes.warnings).toEqual([`root: ${text}`])
    else await expect(all).rejects.toThrow(new TreeError(`root: ${text}`))
    const { changes } = await select(workspace, { root: root === '.' ? path : `${path}/${root}` }, event)
    expect(changes.warnings).toEqual([])
  })

  test('beside other files, with mode: all: the whole workspace can be meant', async () => {
    const { workspace } = checkoutBelow()
    writeFileSync(join(workspace, 'b.png'), '1')
    expect((await select(workspace, { root: '.', mode: 'all' })).changes.warnings).toEqual([])
  })

  test('beside a repository of the workspace', async () => {
    const repository = site({ 'README.md': '1' })
    renameSync(site().dir, join(repository.dir, 'site'))
    expect(await errorOf(repository, { root: 'public' })).toBe(
      "root: there is no folder 'public', but the repository in 'site' has one: set root: site/public",
    )
  })

  test('that git can not read: its files are not those of the API', async () => {
    const { workspace, event } = checkoutBelow()
    rmSync(join(workspace, 'site/.git/HEAD'))
    await expect(select(workspace, { root: 'site/public', ...API }, event)).rejects.toThrow(GitError)
  })
})

test.each(['"public"', "'public'", 'public/**', 'public\\', '$GITHUB_WORKSPACE/public', '%CD%/public/*'])(
  'a root that is written by another habit: %s',
  async (root) => {
    const text = `root: '${root}' is not the path of a folder, without quotes, variables, wildcards or backslashes: set root: public`
    const repository = site()
    expect(await errorOf(repository, { root })).toBe(text)
    await expect(select(repository.dir, { root, mode: 'all' })).rejects.toThrow(new TreeError(text))
  },
)

test('a root in a submodule: the event names no commit of it, and that is told', async () => {
  const inner = site()
  const repository = site()
  repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'vendor/site')
  repository.git('commit', '--quiet', '-m', 'x')
  const { changes } = await push(repository, { root: 'vendor/site/public' })
  expect([changes.files, changes.baseStrategy]).toEqual([[{ path: 'public/a.png', change: 'present' }], 'all'])
  expect(changes.notices).toEqual([
    'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule',
  ])
})
