import { expect, test } from 'vitest'
import { openTestGit } from '../helpers/git.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'

const NAMES = [
  'plain.png',
  'with space.png',
  ' leading and trailing ',
  'new\nline.png',
  'tab\t.png',
  'carriage\rreturn.png',
  'q"uote\'s.png',
  'back\\slash.png',
  'hash#question?percent%25plus+amp&.png',
  '[brackets]{braces}(parens).png',
  '*.png',
  ':(top)magic.png',
  ':!exclude.png',
  '-dash.png',
  '--/in a folder of dashes.png',
  '--stat',
  '.dot.png',
  '...',
  'é.png',
  'e\u0301.png',
  '\u{1f600}.png',
  '\u202ertl.png',
  '\x01\x7f.png',
  'a/b/c/d.png',
  '::error::x.png',
]

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)

test('every name that git can hold, listed', async () => {
  const repository = createRepository()
  repository.write(Object.fromEntries(NAMES.map((name) => [name, 'x'])))
  const git = await openTestGit(repository.dir)
  const paths = [...(await git.listTree(repository.commit())).files]
  expect(paths.sort()).toEqual(NAMES.toSorted())
})

test('every name that git can hold, added, changed and deleted', async () => {
  const repository = createRepository()
  const all = (content: string | null) => Object.fromEntries(NAMES.map((name) => [name, content]))
  const [none, added, changed, deleted] = [{}, all('1'), all('2'), all(null)].map((files) => {
    repository.write(files)
    return repository.commit()
  })
  const git = await openTestGit(repository.dir)
  const expected = (before: string | undefined, after: string | undefined) =>
    NAMES.map((path) => ({ path, before, after })).sort(byPath)
  expect((await git.diff(none ?? '', added ?? '')).sort(byPath)).toEqual(expected(undefined, 'file'))
  expect((await git.diff(added ?? '', changed ?? '')).sort(byPath)).toEqual(expected('file', 'file'))
  expect((await git.diff(changed ?? '', deleted ?? '')).sort(byPath)).toEqual(expected('file', undefined))
})

test('a name that is no UTF-8 is no other name, and no well-formed text', async () => {
  const repository = createRepository()
  repository.writeBytes(Buffer.from([0xe9, 0x2e, 0x70]), 'x')
  repository.writeBytes(Buffer.from('\u00e9.p'), 'x')
  const git = await openTestGit(repository.dir)
  const paths = [...(await git.listTree(repository.commit())).files]
  expect(paths.map((path) => path.isWellFormed())).toEqual([true, false])
  expect(new Set(paths).size).toBe(2)
})

/** Two commits that change a file at the top, one below the root and one each in two folders beside it. */
function around(root: string, other: string): { repository: Repository; first: string; second: string } {
  const repository = createRepository()
  const [first = '', second = ''] = ['1', '2'].map((content) => {
    const paths = ['top.png', 'a.png', `${root}/a.png`, `${root}2/b.png`, `${other}/c.png`]
    repository.write(Object.fromEntries(paths.map((path) => [path, content])))
    return repository.commit()
  })
  return { repository, first, second }
}

test.each([
  ['public', 'other'],
  ['pub lic', 'pub'],
  ['[a]', 'a'],
  ['*', 'other'],
  [':(top)', 'other'],
  ['-x', 'other'],
  ['--', 'other'],
  ['public', '--'],
  ['é', 'e\u0301'],
  ['new\nline', 'new'],
  ['a/b', 'a/c'],
  ['.hidden', 'hidden'],
])('only what is below the root %j, and not what is in %j', async (root, other) => {
  const { repository, first, second } = around(root, other)
  const git = await openTestGit(repository.dir, root)
  expect(git.rootPath).toBe(`${root}/`)
  expect([...(await git.listTree(second)).files]).toEqual([`${root}/a.png`])
  expect(await git.diff(first, second)).toEqual([{ path: `${root}/a.png`, before: 'file', after: 'file' }])
})

test('a root that is gone since the base', async () => {
  const repository = createRepository()
  repository.write({ 'public/a.png': '1', 'b.png': '1' })
  const first = repository.commit()
  repository.write({ public: null })
  const second = repository.commit()
  const git = await openTestGit(repository.dir, 'public')
  expect(await git.diff(first, second)).toEqual([{ path: 'public/a.png', before: 'file', after: undefined }])
  expect([...(await git.listTree(second)).files]).toEqual([])
})

function withSubmodule(repository: Repository, path: string): void {
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${path}`)
}

test('kinds: files, links, submodules, and what changes from one to another', async () => {
  const repository = createRepository()
  const commit = (): string => {
    repository.git('commit', '--quiet', '--allow-empty', '-m', 'x')
    return repository.head()
  }
  repository.write({ file: '1', mode: '1', 'file to link': '1', 'file to submodule': '1', 'file to folder': '1' })
  repository.link('link', 'file')
  repository.git('add', '-A')
  withSubmodule(repository, 'submodule')
  withSubmodule(repository, 'submodule to file')
  const first = commit()

  repository.write({ 'submodule to file': 'x' })
  repository.link('file to link', 'file')
  repository.git('add', 'submodule to file', 'file to link')
  repository.git('rm', '--cached', '--quiet', 'file to submodule', 'file to folder')
  withSubmodule(repository, 'file to submodule')
  repository.write({ 'file to folder': null })
  repository.write({ 'file to folder/inner': 'x' })
  repository.git('add', 'file to folder/inner')
  repository.git('update-index', '--chmod=+x', 'mode')
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'2'.repeat(40)},submodule`)
  const second = commit()

  const git = await openTestGit(repository.dir)
  const files = ['file', 'file to folder', 'file to link', 'file to submodule', 'link', 'mode']
  expect([...(await git.listTree(first)).files]).toEqual(files)
  expect([...(await git.listTree(first)).submodules.keys()]).toEqual(['submodule', 'submodule to file'])
  expect([...(await git.listTree(first)).links.keys()]).toEqual(['link'])
  expect((await git.diff(first, second)).sort(byPath)).toEqual([
    { path: 'file to folder', before: 'file', after: undefined },
    { path: 'file to folder/inner', before: undefined, after: 'file' },
    { path: 'file to link', before: 'file', after: 'link' },
    { path: 'file to submodule', before: 'file', after: 'submodule' },
    { path: 'mode', before: 'file', after: 'file' },
    { path: 'submodule', before: 'submodule', after: 'submodule' },
    { path: 'submodule to file', before: 'submodule', after: 'file' },
  ])
})

test('a rename is a delete and an add', async () => {
  const repository = createRepository()
  const content = 'the same bytes\n'.repeat(100)
  repository.write({ 'old.png': content })
  const first = repository.commit()
  repository.write({ 'old.png': null, 'new.png': content })
  const git = await openTestGit(repository.dir)
  expect(await git.diff(first, repository.commit())).toEqual([
    { path: 'new.png', before: undefined, after: 'file' },
    { path: 'old.png', before: 'file', after: undefined },
  ])
})

test.each([
  ['diff.renames', 'copies'],
  ['diff.noprefix', 'true'],
  ['diff.mnemonicPrefix', 'true'],
  ['diff.relative', 'true'],
  ['diff.external', 'false'],
  ['diff.ignoreSubmodules', 'all'],
  ['diff.submodule', 'log'],
  ['diff.wordRegex', '.'],
  ['diff.orderFile', '/nonexistent'],
  ['diff.algorithm', 'patience'],
  ['diff.statGraphWidth', '1'],
  ['color.ui', 'always'],
  ['color.diff', 'always'],
  ['core.quotePath', 'true'],
  ['core.pager', 'false'],
  ['pager.diff', 'true'],
  ['pager.ls-tree', 'true'],
  ['status.relativePaths', 'false'],
  ['status.renames', 'copies'],
  ['core.ignoreCase', 'true'],
  ['core.precomposeUnicode', 'true'],
  ['core.fsmonitor', 'false'],
  ['core.abbrev', '4'],
  ['log.showSignature', 'true'],
  ['alias.diff-tree', 'log'],
  ['submodule.recurse', 'true'],
  ['core.attributesFile', '/nonexistent'],
])('the configuration %s=%s changes nothing', async (key, value) => {
  const repository = createRepository()
  repository.write({ 'a.png': 'x'.repeat(100), 'ä b.png': '1', '.gitattributes': '*.png diff=hidden -text\n' })
  const first = repository.commit()
  repository.write({ 'copy.png': 'x'.repeat(100), 'ä b.png': '2', 'sub/A.PNG': '1' })
  const second = repository.commit()
  repository.git('config', key, value)
  const git = await openTestGit(repository.dir)
  expect(await git.head()).toEqual({ sha: second, parents: [first] })
  expect(await git.diff(first, second)).toEqual([
    { path: 'copy.png', before: undefined, after: 'file' },
    { path: 'sub/A.PNG', before: undefined, after: 'file' },
    { path: 'ä b.png', before: 'file', after: 'file' },
  ])
  expect([...(await git.listTree(second)).files]).toEqual([
    '.gitattributes',
    'a.png',
    'copy.png',
    'sub/A.PNG',
    'ä b.png',
  ])
})
