import { execFileSync } from 'node:child_process'
import fs, { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { GitError } from '../../src/select/git-output.ts'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

const CHECKOUT = 'put actions/checkout before this step, or start in a clone'
const AGAIN = 'the clone is damaged: delete it, and clone the repository again'

function site(): Repository & { entry: string } {
  const repository = createRepository()
  repository.write({ 'public/a.png': '1' })
  repository.commit()
  repository.git('status') // writes the index, as a checkout does
  return { ...repository, entry: join(repository.dir, '.git') }
}

async function complaint(workspace: string, inputs: Record<string, string> = {}): Promise<string> {
  const error = await select(workspace, { root: 'public', ...inputs }).catch((cause) => cause)
  expect(error).toBeInstanceOf(GitError)
  return error.message
}

describe('a workspace that has no repository is told as what it is', () => {
  test.each<[string, (entry: string) => void, string]>([
    ['.git is empty', (entry) => mkdirSync(entry), 'is empty'],
    ['.git has no HEAD', (entry) => mkdirSync(join(entry, 'objects'), { recursive: true }), 'has no HEAD'],
    [
      '.git is a file of something else',
      (entry) => writeFileSync(entry, 'x'),
      'is a file without the path of a repository',
    ],
    ['.git is a link', (entry) => symlinkSync('none', entry), 'is a link that leads nowhere'],
  ])('%s', async (_, write, says) => {
    const workspace = createTree(['public/a.png'])
    const entry = join(workspace, '.git')
    write(entry)
    expect(await complaint(workspace)).toBe(`${workspace} contains no git repository (${entry} ${says}): ${CHECKOUT}`)
  })

  test.each<[string, (entry: string) => void, string]>([
    ['HEAD is missing', (entry) => rmSync(join(entry, 'HEAD')), 'has no HEAD'],
    ['HEAD is cut', (entry) => truncateSync(join(entry, 'HEAD')), 'has a damaged HEAD'],
    ['HEAD is something else', (entry) => writeFileSync(join(entry, 'HEAD'), '\0\0\0\0'), 'has a damaged HEAD'],
    ['objects are missing', (entry) => rmSync(join(entry, 'objects'), { recursive: true }), 'has no objects'],
  ])('%s', async (_, damage, says) => {
    const { dir, entry } = site()
    damage(entry)
    expect(await complaint(dir)).toBe(`${dir} contains no git repository (${entry} ${says}): ${CHECKOUT}`)
  })

  test("a folder of a repository: GitHub's API would name the files of another folder", async () => {
    const repository = createRepository()
    repository.write({ 'a.png': '1', 'public/a.png': 'another' })
    const base = repository.commit()
    repository.write({ 'a.png': '2' })
    const sha = repository.commit()
    const { apiUrl, token } = await emulateGitHub({ dir: repository.dir })
    const [workspace, place] = [join(repository.dir, 'public'), { apiUrl, repository: 'imgix-sync/site' }]
    const error = await select(workspace, { base, 'github-token': token }, { sha }, place).catch((cause) => cause)
    expect(error).toBeInstanceOf(GitError)
    const outside = `(the repository in ${repository.dir} is outside it and is not used)`
    expect(error.message).toBe(`${workspace} contains no git repository ${outside}: ${CHECKOUT}`)
  })

  test('a checkout in a folder, whose .git is damaged', async () => {
    const workspace = createTree(['site/public/a.png', 'site/.git/objects/x'])
    expect(await complaint(workspace, { root: 'site/public' })).toBe(
      `${workspace} contains no git repository (${workspace}/site/.git has no HEAD): ${CHECKOUT}`,
    )
  })

  test('that is empty: the API could name files, and none is there', async () => {
    const workspace = createTree()
    for (const token of [{}, { 'github-token': 'x' }]) {
      expect(await complaint(workspace, token)).toBe(`${workspace} contains no git repository: ${CHECKOUT}`)
    }
  })

  test('mode: all goes on without it', async () => {
    const { dir, entry } = site()
    rmSync(join(entry, 'HEAD'))
    const { changes } = await select(dir, { root: 'public', mode: 'all' })
    expect(changes.files.map(({ path }) => path)).toEqual(['public/a.png'])
    expect(await complaint(dir, { mode: 'all', untracked: 'ignore' })).toContain(`${entry} has no HEAD`)
  })
})

describe('a clone that is damaged is told as that', () => {
  const objectOf = (dir: string, sha: string): string => join(dir, '.git/objects', sha.slice(0, 2), sha.slice(2))

  test.each<[string, (file: string, entry: string) => void, RegExp]>([
    ['missing', (file) => rmSync(file), /bad file/],
    ['cut', (file) => writeFileSync(file, ''), /is empty/],
    ['something else', (file) => writeFileSync(file, 'x'), /corrupt|unable/],
    [
      'in another repository, which is gone',
      (file, entry) => {
        rmSync(file)
        writeFileSync(join(entry, 'objects/info/alternates'), '/nonexistent/objects\n')
      },
      /\/nonexistent\/objects/,
    ],
  ])('the commit is %s', async (_, damage, says) => {
    const { dir, head, entry } = site()
    const file = objectOf(dir, head())
    chmodSync(file, 0o644)
    damage(file, entry)
    const text = await complaint(dir)
    expect(text).toMatch(says)
    expect(text.replace(/ \(.*\):/, ':')).toBe(`HEAD is ${head()}, which is not a commit of this clone: ${AGAIN}`)
  })

  test.each(['', 'x\n', `${'1'.repeat(39)}\n`])('the branch is %j', async (text) => {
    const { dir, entry } = site()
    writeFileSync(join(entry, 'refs/heads/main'), text)
    expect(await complaint(dir)).toBe(`the branch of HEAD names no commit: ${AGAIN}`)
  })

  test('a tree is missing', async () => {
    const { dir, git } = site()
    rmSync(objectOf(dir, git('rev-parse', 'HEAD:public')))
    expect(await complaint(dir)).toMatch(/^git ls-tree: (fatal|error): .*: check that the clone is complete$/)
  })

  test('the index is damaged: only untracked needs it', async () => {
    const repository = site()
    const { dir, entry } = repository
    writeFileSync(join(entry, 'index'), 'x')
    writeFileSync(join(dir, 'public/new.png'), '1')
    expect((await select(dir, { root: 'public' })).changes.files).toEqual([{ path: 'public/a.png', change: 'present' }])
    expect((await select(dir, { root: 'public', mode: 'all' })).changes.files).toHaveLength(2)
    expect(await complaint(dir, { root: 'public', mode: 'all', untracked: 'ignore' })).toMatch(
      /^git ls-files: (fatal|error): .*: check that the clone is complete$/,
    )
  })

  test('there is no commit yet', async () => {
    const { dir } = createRepository()
    mkdirSync(join(dir, 'public'))
    expect(await complaint(dir)).toBe('HEAD is not a commit: check out a commit first')
  })
})

describe('a clone of another user', () => {
  test.runIf(process.getuid?.() === 0)('works without safe.directory, in both modes', async () => {
    const { dir } = site()
    execFileSync('chown', ['-R', '4321:4321', dir])
    for (const mode of ['changed', 'all']) {
      const { changes, files } = await select(dir, { root: 'public', mode, untracked: 'ignore' })
      expect([changes.files.length, files.size, changes.notices]).toEqual([1, 1, []])
    }
  })

  test('that this user can not read', async () => {
    const { dir, entry } = site()
    const readdirSync = vi.spyOn(fs, 'readdirSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
    })
    syncBuiltinESMExports()
    onTestFinished(() => {
      readdirSync.mockRestore()
      syncBuiltinESMExports()
    })
    expect(await complaint(dir)).toBe(`${entry} can't be read (EACCES): let the user of this process read it`)
  })
})
