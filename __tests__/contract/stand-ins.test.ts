import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findStandIns, readStandIn } from '../../src/select/stand-ins.ts'
import type { WorkTreeFile } from '../../src/select/work-tree.ts'
import { openTestGit } from '../helpers/git.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

const FILES = { 'public/a.png': '12345', 'shared/b.png': '123', 'shared/deep/c.png': '1' }

/** A work tree as git writes it with `core.symlinks=false`: each link is a text file. */
function textLinks(links: Record<string, string>, files: Record<string, string> = FILES): Repository {
  const repository = createRepository()
  repository.write(files)
  for (const [path, target] of Object.entries(links)) repository.link(path, target)
  repository.commit()
  for (const path of Object.keys(links)) rmSync(join(repository.dir, path))
  repository.git('config', 'core.symlinks', 'false')
  repository.git('checkout', '--quiet', '--force', 'HEAD', '--', '.')
  return repository
}

/** @returns by path: the path of the bytes in the work tree, or the problem */
function bytesOf(files: ReadonlyMap<string, WorkTreeFile>, dir: string): Record<string, string> {
  const shown = [...files].map(([path, file]) => {
    const text = 'problem' in file ? file.problem : file.absolutePath.slice(dir.length + 1)
    return [path, text]
  })
  return Object.fromEntries(shown.sort())
}

async function taken({ dir }: Repository, inputs: Record<string, string> = {}): Promise<Record<string, string>> {
  const { files } = await select(dir, { root: 'public', ...inputs })
  return bytesOf(files, dir)
}

const unreachable = (code: string): string =>
  `a symbolic link whose target can't be reached (${code}): put the target back, or the file itself in place of the link`

describe.each(['changed', 'all'])('a text file that stands for a link, in mode: %s', (mode) => {
  test('is read as the link', async () => {
    const repository = textLinks({
      'public/link.png': 'a.png',
      'public/far.png': '../shared/b.png',
      'public/twice.png': 'far.png',
      'public/by-folder.png': '../to-shared/deep/c.png',
      'to-shared': 'shared',
    })
    repository.write({ 'public/plain.png': 'a.png' })
    repository.commit()
    expect(await taken(repository, { mode })).toEqual({
      'public/a.png': 'public/a.png',
      'public/by-folder.png': 'shared/deep/c.png',
      'public/far.png': 'shared/b.png',
      'public/link.png': 'public/a.png',
      'public/plain.png': 'public/plain.png',
      'public/twice.png': 'shared/b.png',
    })
  })

  test('leads nowhere that a link may not lead', async () => {
    const outside = createTree({ 'secret.png': 'secret' })
    const repository = textLinks({
      'public/out.png': join(outside, 'secret.png'),
      'public/up.png': '../../../../../../etc/passwd',
      'public/git.png': '../.git/config',
      'public/by-git.png': '../to-git/config',
      'to-git': '.git',
      'public/loop.png': 'loop.png',
      'public/one.png': 'two.png',
      'public/two.png': 'one.png',
      'public/none.png': 'nothing.png',
      'public/folder.png': '../shared',
      'public/by-link.png': '../real/secret.png',
    })
    symlinkSync(outside, join(repository.dir, 'real'))
    const leaves =
      'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place'
    const intoGit = 'a symbolic link into .git, which is never followed: put the file itself in its place'
    const { 'public/folder.png': folder, ...found } = await taken(repository, { mode })
    expect(found).toEqual({
      'public/a.png': 'public/a.png',
      'public/by-git.png': intoGit,
      'public/by-link.png': leaves,
      'public/git.png': intoGit,
      'public/loop.png': unreachable('ELOOP'),
      'public/none.png': unreachable('ENOENT'),
      'public/one.png': unreachable('ELOOP'),
      'public/out.png': leaves,
      'public/two.png': unreachable('ELOOP'),
      'public/up.png': leaves,
      ...(mode === 'all' && {
        'public/folder.png/b.png': 'shared/b.png',
        'public/folder.png/deep/c.png': 'shared/deep/c.png',
      }),
    })
    const toFolder = 'a symbolic link to a folder: put the files themselves in its place'
    expect(folder).toBe(mode === 'all' ? undefined : toFolder)
  })

  test('with the bytes that a step put in its place is those', async () => {
    const repository = textLinks({ 'public/link.png': 'a.png' })
    writeFileSync(join(repository.dir, 'public/link.png'), 'the bytes of a.png')
    expect((await taken(repository, { mode }))['public/link.png']).toBe('public/link.png')
  })

  test('is found where no setting tells it, and with SHA-256', async () => {
    const repository = createRepository({ objectFormat: 'sha256' })
    repository.write(FILES)
    repository.link('public/link.png', '../shared/b.png')
    repository.commit()
    rmSync(join(repository.dir, 'public/link.png'))
    writeFileSync(join(repository.dir, 'public/link.png'), '../shared/b.png')
    expect((await taken(repository, { mode }))['public/link.png']).toBe('shared/b.png')
  })
})

describe('mode: all', () => {
  test('follows a text file that stands for a link to a folder, also where the patterns start below it', async () => {
    const repository = textLinks({ 'public/img': '../shared', 'public/img2': 'img/deep', 'public/out': '../..' })
    const behind = { 'public/img/b.png': 'shared/b.png', 'public/img/deep/c.png': 'shared/deep/c.png' }
    expect(await taken(repository, { mode: 'all' })).toEqual({
      ...behind,
      'public/a.png': 'public/a.png',
      'public/img2/c.png': 'shared/deep/c.png',
    })
    const { files, changes } = await select(repository.dir, {
      mode: 'all',
      root: 'public',
      files: 'img/**\nout/**/*.png',
    })
    expect(bytesOf(files, repository.dir)).toEqual(behind)
    expect([...(changes.leftOut?.keys() ?? [])]).toEqual(['public/out'])
  })

  test('untracked: ignore takes what is tracked behind it, and nothing else', async () => {
    const repository = textLinks({ 'public/img': '../shared' })
    repository.write({ 'shared/left.png': '1' })
    expect(Object.keys(await taken(repository, { mode: 'all', untracked: 'ignore' }))).toEqual([
      'public/a.png',
      'public/img/b.png',
      'public/img/deep/c.png',
    ])
  })
})

test('mode: changed takes a text file that stands for a link when its target alone changed', async () => {
  const repository = textLinks({
    'public/far.png': '../to-shared/b.png',
    'public/link.png': 'a.png',
    'to-shared': 'shared',
  })
  const before = repository.head()
  repository.write({ 'shared/b.png': 'new' })
  repository.git('add', 'shared/b.png')
  repository.git('commit', '--quiet', '-m', 'x')
  const { payload } = repository.pushEvent(before, repository.head())
  const { files, changes } = await select(repository.dir, { root: 'public' }, { payload, sha: repository.head() })
  expect(changes.files).toEqual([{ path: 'public/far.png', change: 'modified' }])
  expect(bytesOf(files, repository.dir)).toEqual({ 'public/far.png': 'shared/b.png' })
})

test('where every link is one, git is asked nothing more', async () => {
  const repository = createRepository()
  repository.write(FILES)
  repository.link('public/link.png', 'a.png')
  repository.commit()
  const git = await openTestGit(repository.dir, 'public')
  const asked = { ...git, listTree: () => Promise.reject(new Error('asked')) }
  expect(await findStandIns(asked, repository.head(), ['public/link.png', 'public/gone.png'])).toEqual(new Map())
})

test.each(['a:b.png', '..\\secret.png', 'img./a.png', 'nul'])(
  'Windows: the target %j is no path there',
  async (target) => {
    const repository = textLinks({ 'public/link.png': target })
    const [path = '', id = ''] =
      [...(await (await openTestGit(repository.dir)).listTree(repository.head())).links][0] ?? []
    const file = join(repository.dir, path)
    expect(await readStandIn(file, id, false)).toBe(target)
    await expect(readStandIn(file, id, true)).rejects.toMatchObject({ code: 'EINVAL' })
  },
)
