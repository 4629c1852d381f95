import fs, { renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parseFile, parseFolder, parseRoot } from '../../src/inputs/paths.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

/** Reads the disk as one that ignores case and Unicode form, and kept the name that a folder had before. */
function keepName(dir: string, name: string, kept: string): void {
  const native = fs.realpathSync.native
  const spy = vi
    .spyOn(fs.realpathSync, 'native')
    .mockImplementation(((path: string) =>
      path === join(dir, name) ? join(dir, kept) : native(path)) as typeof native)
  onTestFinished(() => spy.mockRestore())
}

async function pushed({ dir, head, pushEvent, git }: Repository, inputs: Record<string, string>): Promise<unknown> {
  const { payload } = pushEvent(git('rev-parse', 'HEAD~1'), head())
  const { changes, files, rootError } = await select(dir, inputs, { payload, sha: head() })
  return [changes.rootPath, changes.files, [...files.values()].map((file) => 'bytes' in file && file.bytes), rootError]
}

describe('a disk that ignores case or Unicode form, and has another name for the root than git', () => {
  test.each([
    ['case', 'public', 'Public'],
    ['Unicode form, as HFS+ has it', 'caf\u00e9', 'cafe\u0301'],
  ])('%s', async (_, name, kept) => {
    const repository = createRepository()
    repository.write({ [`${name}/a.png`]: '1', [`${name}/b.png`]: '1' })
    repository.commit()
    repository.write({ [`${name}/a.png`]: '22' })
    repository.commit()
    keepName(repository.dir, name, kept)
    const expected = [`${name}/`, [{ path: `${name}/a.png`, change: 'modified' }], [2], undefined]
    expect(await pushed(repository, { root: name })).toEqual(expected)
  })

  test('git has it by the name on disk', async () => {
    const repository = createRepository()
    repository.write({ 'public/a.png': '1' })
    repository.commit()
    repository.write({ 'public/a.png': '22' })
    repository.commit()
    symlinkSync('public', join(repository.dir, 'Public'))
    const expected = ['public/', [{ path: 'public/a.png', change: 'modified' }], [2], undefined]
    expect(await pushed(repository, { root: 'Public' })).toEqual(expected)
  })
})

/** As of a mapped drive, or of a folder with a short name. */
describe('a workspace by another name than its own', () => {
  function site() {
    const repository = createRepository()
    repository.write({ 'site/public/a.png': '1', 'site/public/to.txt': '1', 'meta.yml': '' })
    repository.link('site/public/link.png', 'a.png')
    repository.link('site/linked', 'public')
    repository.commit()
    repository.git('status') // writes the index, as a checkout does
    const workspace = join(createTree(), 'mapped')
    symlinkSync(repository.dir, workspace)
    return { repository, workspace }
  }

  test('inputs may name what is in it', () => {
    const { workspace } = site()
    expect(parseRoot('site/linked', workspace)).toBe('site/linked')
    expect(parseRoot('site/public/a.png', workspace)).toMatchObject({ allowed: expect.any(String) })
    expect(parseFile('site/linked/a.png', workspace)).toBe('site/linked/a.png')
    expect(parseFolder('site/linked/new', workspace)).toBe('site/linked/new')
  })

  test.each(['changed', 'all'])('has the same files in mode: %s', async (mode) => {
    const { repository, workspace } = site()
    const inputs = { root: 'site/public', mode, untracked: 'ignore' }
    const [own, mapped] = [await select(repository.dir, inputs), await select(workspace, inputs)]
    expect(mapped).toEqual(own)
    expect([...own.files.keys()].sort()).toEqual(['site/public/a.png', 'site/public/link.png'])
  })

  test('and a checkout in a folder of it', async () => {
    const workspace = createTree()
    const { repository } = site()
    renameSync(repository.dir, join(workspace, 'checkout'))
    const mapped = join(createTree(), 'mapped')
    symlinkSync(workspace, mapped)
    const inputs = { root: 'checkout/site/public' }
    expect(await select(mapped, inputs)).toEqual(await select(workspace, inputs))
  })
})

test('a root that git wrote as a text file in place of a link', () => {
  const files = { current: 'releases/5', bad: 'releases/6', out: '..', git: '.git', empty: '', many: 'releases/5\n' }
  const workspace = createTree({ ...files, 'releases/5/a.png': '1', '.git/HEAD': '' })
  const allowed = 'a folder inside the workspace, relative to it'
  expect(parseRoot('current', workspace)).toEqual({
    allowed: `${allowed}; it is a text file that git wrote in place of a link: set root: releases/5`,
  })
  for (const name of ['bad', 'out', 'git', 'empty', 'many']) expect(parseRoot(name, workspace)).toEqual({ allowed })
})
