import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GitError } from '../../src/select/git-output.ts'
import { TreeError } from '../../src/select/walk.ts'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository } from '../helpers/repository.ts'
import { select, selectPush } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

const ALL = { mode: 'all', root: 'public' }

/** Two files in git, one that a step left lying about, and one that it built where git ignores it. */
function site() {
  const repository = createRepository()
  repository.write({ 'public/a.png': '1', 'public/img/b.png': '1', 'other/c.png': '1', '.gitignore': 'built\n' })
  repository.commit()
  repository.write({ 'public/left.png': '1', 'public/built/d.png': '1', 'public/left.txt': '1' })
  return repository
}

async function taken(
  workspace: string,
  inputs: Record<string, string> = {},
): Promise<[paths: string[], step: string | undefined]> {
  const { changes } = await select(workspace, { ...ALL, ...inputs })
  return [changes.files.map(({ path }) => path), changes.steps.find((step) => step.startsWith('untracked:'))]
}

describe('untracked', () => {
  const IN_GIT = ['public/a.png', 'public/img/b.png']

  test('include, the default, says how many there are', async () => {
    expect(await taken(site().dir)).toEqual([
      [...IN_GIT, 'public/built/d.png', 'public/left.png'].sort(),
      'untracked: include, so the run takes 2 of 4 matching files that git does not track: public/built/d.png, public/left.png',
    ])
  })

  test('ignore takes what git tracks, changed or not', async () => {
    const repository = site()
    repository.write({ 'public/a.png': 'by a step' })
    expect(await taken(repository.dir, { untracked: 'ignore' })).toEqual([
      IN_GIT,
      'untracked: ignore, so the run leaves out 2 of 4 matching files that git does not track: public/built/d.png, public/left.png',
    ])
  })

  test('only files that match count, where the patterns point', async () => {
    const step = 'untracked: git tracks all 1 matching files'
    expect(await taken(site().dir, { files: 'img/*.png' })).toEqual([['public/img/b.png'], step])
    expect(await taken(site().dir, { files: 'img/*.png', untracked: 'ignore' })).toEqual([['public/img/b.png'], step])
  })

  test('a file that only the index has is tracked, and one that only the commit has', async () => {
    const repository = site()
    repository.git('add', 'public/left.png')
    repository.git('rm', '--cached', '--quiet', 'public/a.png')
    expect((await taken(repository.dir, { untracked: 'ignore' }))[0]).toEqual([...IN_GIT, 'public/left.png'])
  })

  test('below a folder that a checkout put into the workspace', async () => {
    const workspace = createTree(['left.png'])
    const repository = createRepository()
    repository.write({ 'public/a.png': '1' })
    repository.commit()
    repository.git('clone', '--quiet', repository.dir, join(workspace, 'site'))
    writeFileSync(join(workspace, 'site/public/left.png'), '1')
    const inputs = { root: 'site/public', untracked: 'ignore' }
    expect((await taken(workspace, inputs))[0]).toEqual(['site/public/a.png'])
  })

  test('files of a submodule are tracked there', async () => {
    const inner = createRepository()
    inner.write({ 'deep/a.png': '1' })
    inner.commit()
    const repository = site()
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'public/sub')
    writeFileSync(join(repository.dir, 'public/sub/left.png'), '1')
    const [paths] = await taken(repository.dir, { untracked: 'ignore' })
    expect(paths).toEqual([...IN_GIT, 'public/sub/deep/a.png'])
  })

  test('through links: the link and the file must both be tracked', async () => {
    const repository = site()
    repository.link('public/file.png', '../other/c.png')
    repository.link('public/folder', '../other')
    repository.link('public/to-left.png', 'left.png')
    repository.git('add', 'public/file.png', 'public/folder', 'public/to-left.png')
    repository.write({ 'other/left.png': '1' })
    symlinkSync('../other', join(repository.dir, 'public/new-folder'))
    symlinkSync('a.png', join(repository.dir, 'public/new.png'))
    const [paths] = await taken(repository.dir, { untracked: 'ignore', files: '**/*.png\n!built' })
    expect(paths).toEqual(['public/a.png', 'public/file.png', 'public/folder/c.png', 'public/img/b.png'])
  })

  test('ignore, where git tracks none, or there is no git to ask', async () => {
    const error = await taken(site().dir, { root: 'public/built', untracked: 'ignore' }).catch((cause) => cause)
    expect(error).toBeInstanceOf(TreeError)
    expect(error.message).toBe(
      'untracked: git tracks none of the 1 matching files: set untracked to include, or check root and files',
    )
    const workspace = createTree(['public/a.png'])
    await expect(taken(workspace, { untracked: 'ignore' })).rejects.toThrow(GitError)
    expect((await taken(workspace))[1]).toBe('untracked: without a git repository it is unknown which files git tracks')
  })
})

describe('twins in git of which the disk has one', () => {
  const TWINS = {
    'public/Logo.png': '1',
    'public/logo.png': '2',
    'public/caf\u00e9.png': '1',
    'public/cafe\u0301.png': '2',
  }

  function twins() {
    const repository = createRepository()
    repository.write({ ...TWINS, 'public/a.png': '1', 'public/A.txt': '1' })
    repository.commit()
    return repository
  }

  test('a push of one', async () => {
    const repository = twins()
    const selection = await selectPush(repository, { 'public/Logo.png': '3', 'public/a.png': '2' }, { root: 'public' })
    expect(selection.twins).toEqual(['public/Logo.png', 'public/logo.png'])
    rmSync(join(repository.dir, 'public/logo.png'))
    const before = repository.git('rev-parse', 'HEAD~1')
    const event = { payload: { before }, sha: repository.head() }
    expect((await select(repository.dir, { root: 'public' }, event)).twins).toEqual(selection.twins)
  })

  test('a full sync', async () => {
    const repository = twins()
    for (const path of ['public/logo.png', 'public/cafe\u0301.png']) rmSync(join(repository.dir, path))
    const { changes, twins: found } = await select(repository.dir, ALL)
    expect(changes.files.map(({ path }) => path)).toEqual(['public/Logo.png', 'public/a.png', 'public/caf\u00e9.png'])
    expect(found).toEqual(['public/Logo.png', 'public/cafe\u0301.png', 'public/caf\u00e9.png', 'public/logo.png'])
  })

  /** A push of files to a workspace without git, whose disk has these others. */
  async function pushByApi(files: Record<string, string>, others: Record<string, string>, inputs = {}) {
    const repository = createRepository()
    const base = repository.commit()
    repository.write(files)
    const sha = repository.commit()
    const { apiUrl, token } = await emulateGitHub({ dir: repository.dir })
    const workspace = createTree(others)
    const api = { root: 'public', 'github-token': token, base, ...inputs }
    return (await select(workspace, api, { sha }, { apiUrl, repository: 'imgix-sync/site' })).twins
  }

  test("by GitHub's API, among the files on the disk that match", async () => {
    const pushed = ['a.png', 'img/b.png', 'caf\u00e9/c.png', 'd.png', 'e.png'].map((name) => [`public/${name}`, '1'])
    const files = Object.fromEntries(pushed)
    const twins = ['A.png', 'Img/b.png', 'cafe\u0301/c.png', 'D.txt', 'E.png/f.png', 'img/only-there.png']
    const others = Object.fromEntries([...twins.map((name) => [`public/${name}`, '1']), ['Public/d.png', '1']])
    const disk = { ...files, ...others }
    const found = ['A.png', 'a.png', 'img/b.png', 'Img/b.png', 'caf\u00e9/c.png', 'cafe\u0301/c.png']
    expect(await pushByApi(files, disk, { files: '**/*.png' })).toEqual(found.map((name) => `public/${name}`).sort())
    const patterns = '**/*.png\n!A.png\n!Img\n!cafe\u0301'
    expect(await pushByApi(files, disk, { files: patterns })).toEqual([])
  })

  test('a disk that ignores case has the one file by another name', async () => {
    expect(await pushByApi({ 'public/img/a.png': '1' }, { 'public/IMG/A.png': '1' })).toEqual([])
  })

  test('none where the patterns leave it out, or guards are off', async () => {
    const files = '**/*.png\n!logo.png\n!cafe\u0301.png'
    expect((await select(twins().dir, { ...ALL, files })).twins).toEqual([])
    expect((await select(twins().dir, { ...ALL, guards: 'off' })).twins).toEqual([])
  })
})

test.each(['include', 'ignore'])(
  'a tracked link that is never followed fails, with untracked: %s',
  async (untracked) => {
    const repository = createRepository()
    repository.write({ 'public/a.png': '1' })
    repository.link('public/out.png', '/etc/hostname')
    repository.link('public/git.png', '../.git/HEAD')
    repository.commit()
    repository.git('status') // writes the index
    const { changes, files } = await select(repository.dir, { ...ALL, untracked })
    const problems = [...files].flatMap(([path, file]) => ('problem' in file ? [path] : []))
    expect(problems.sort()).toEqual(['public/git.png', 'public/out.png'])
    expect(changes.steps).toContain('untracked: git tracks all 3 matching files')
  },
)

describe('files that git tracks and that are not on disk', () => {
  const noticesOf = async (dir: string, inputs: Record<string, string> = {}): Promise<readonly string[]> =>
    (await select(dir, { ...ALL, ...inputs })).changes.notices
  const told = (files: string): string =>
    `git has matching files that are not in the work tree, so the run leaves them out: ${files}: check them out, or keep an earlier step from deleting them`

  test.each(['include', 'ignore'])('a step deleted one; untracked: %s', async (untracked) => {
    const { dir } = site()
    rmSync(join(dir, 'public/img/b.png'))
    expect(await noticesOf(dir, { untracked })).toEqual([told('public/img/b.png')])
    expect(await noticesOf(dir, { untracked, files: 'a.png' })).toEqual([])
  })

  test('a sparse checkout', async () => {
    const repository = site()
    repository.write({ 'public/img/c.png': '1' })
    repository.commit()
    repository.git('sparse-checkout', 'set', '--no-cone', '/public/*.png')
    expect(await noticesOf(repository.dir)).toEqual([told('public/img/b.png and 1 more')])
  })

  test('a link is there, whatever it leads to, and a submodule is told by itself', async () => {
    const repository = site()
    repository.link('public/folder', '../other')
    repository.link('public/broken.png', 'nothing.png')
    repository.commit()
    expect(await noticesOf(repository.dir, { files: '**' })).toEqual([])
  })
})
