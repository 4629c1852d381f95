import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { compilePatterns, readPatternLines } from '../../src/inputs/patterns.ts'
import { findAll } from '../../src/select/folder.ts'
import { TreeError, walk } from '../../src/select/walk.ts'
import { listFolder, probeFiles } from '../../src/select/work-tree.ts'
import { randomOf } from '../helpers/random.ts'
import { createTree } from '../helpers/tree.ts'

const ONE = { index: 1, count: 1 }

type Asked = { root?: string; files?: string; shard?: typeof ONE; base?: string }

/** In a folder without git. */
async function find(workspace: string, { root = '.', files = '**', shard = ONE, base = '' }: Asked = {}) {
  const patternInputs = [{ name: 'files', lines: readPatternLines(files) }]
  const asked = { root, files: compilePatterns(files), patternInputs, shard, base, untracked: 'include' } as const
  return (await findAll(workspace, { git: undefined, head: '' }, asked)).changes
}

const pathsOf = async (...asked: Parameters<typeof find>): Promise<string[]> =>
  (await find(...asked)).files.map(({ path }) => path)

function link(workspace: string, links: Record<string, string>): void {
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(workspace, path))
}

test('every file below the root that matches, in order, whether git knows it or not', async () => {
  const workspace = createTree([
    'dist/b.png',
    'dist/a/c.png',
    'dist/.hidden/d.png',
    'dist/e.txt',
    'other/f.png',
    '.gitignore',
  ])
  expect(await find(workspace, { root: 'dist', files: '**/*.png' })).toEqual({
    ...{ base: '', head: '', baseStrategy: 'all', rootPath: 'dist/', considered: 4, notices: [], warnings: [] },
    ...{ leftOut: new Map(), tracked: new Set() },
    files: ['dist/.hidden/d.png', 'dist/a/c.png', 'dist/b.png'].map((path) => ({ path, change: 'present' })),
    steps: [
      'mode: all, so every matching file is compared with the Source',
      'untracked: without a git repository it is unknown which files git tracks',
    ],
  })
})

test('a base is not looked at, and that is said', async () => {
  const { steps } = await find(createTree(['a.png']), { base: 'v1' })
  expect(steps[0]).toBe("base: 'v1' has no effect in mode: all")
})

test('.git is never looked into, wherever it is, folder or file', async () => {
  const workspace = createTree([
    '.git/a.png',
    'sub/.git',
    'sub/b.png',
    'sub/deep/.git/c.png',
    'sub/deep/.Git/c.png',
    'x.git/d.png',
    '.github/e.png',
  ])
  expect(await pathsOf(workspace)).toEqual(['.github/e.png', 'sub/b.png', 'x.git/d.png'])
})

describe('links', () => {
  test('inside the workspace are followed, also below one another and outside the root', async () => {
    const workspace = createTree(['dist/a.png', 'shared/deep/b.png', 'shared/c.png'])
    link(workspace, {
      'dist/file.png': 'a.png',
      'dist/folder': '../shared',
      'shared/again': 'deep',
      'dist/absolute': join(workspace, 'shared/deep'),
      'dist/twice': 'folder',
    })
    const below = ['again/b.png', 'c.png', 'deep/b.png']
    expect(await pathsOf(workspace, { root: 'dist' })).toEqual([
      ...['dist/a.png', 'dist/absolute/b.png', 'dist/file.png'],
      ...below.map((path) => `dist/folder/${path}`),
      ...below.map((path) => `dist/twice/${path}`),
    ])
  })

  test('out of the workspace, or into .git, are not followed: of folders the run warns, files fail', async () => {
    const outside = createTree(['secret.png', 'folder/secret.png'])
    const workspace = createTree(['a.png', '.git/token.png', '.git/refs/x.png'])
    link(workspace, {
      'folder-out': join(outside, 'folder'),
      'into-git': '.git/refs',
      'git-itself': '.git',
      'out.png': join(outside, 'secret.png'),
      'git.png': '.git/token.png',
    })
    const { files, leftOut } = await find(workspace, { files: '**/*.png' })
    const paths = files.map(({ path }) => path)
    expect(paths).toEqual(['a.png', 'git.png', 'out.png'])
    const why =
      'a symbolic link to a folder outside the workspace or in .git, which is never followed: put the files themselves there'
    expect(leftOut).toEqual(new Map(['folder-out', 'git-itself', 'into-git'].map((path) => [path, why])))
    expect(await pathsOf(workspace)).toEqual(['a.png', 'folder-out', 'git-itself', 'git.png', 'into-git', 'out.png'])
    const looked = await probeFiles(paths, { workspace, topLevel: workspace, listedBy: 'folder' })
    expect([looked.get('git.png'), looked.get('out.png')]).toEqual([
      { problem: 'a symbolic link into .git, which is never followed: put the file itself in its place' },
      {
        problem: 'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
      },
    ])
  })

  test('a folder of the workspace by way of outside is inside', async () => {
    const outside = createTree([])
    const workspace = createTree(['real/a.png'])
    link(outside, { back: join(workspace, 'real') })
    link(workspace, { 'by-way': join(outside, 'back') })
    expect(await pathsOf(workspace)).toEqual(['by-way/a.png', 'real/a.png'])
  })

  test('that lead in a circle end there', async () => {
    const workspace = createTree(['a/b/x.png'])
    link(workspace, {
      'a/b/up': '..',
      'a/b/self': '.',
      'a/top': '..',
      'loop.png': 'loop.png',
      'one.png': 'two.png',
      'two.png': 'one.png',
    })
    expect(await pathsOf(workspace)).toEqual(['a/b/x.png', 'loop.png', 'one.png', 'two.png'])
  })

  test('that lead nowhere are files that fail by themselves', async () => {
    const workspace = createTree(['a.png'])
    link(workspace, { 'broken.png': 'none.png', 'loop.png': 'loop.png' })
    const looked = await probeFiles(await pathsOf(workspace), { workspace, topLevel: workspace, listedBy: 'folder' })
    expect(looked.get('broken.png')).toEqual({
      problem:
        "a symbolic link whose target can't be reached (ENOENT): put the target back, or the file itself in place of the link",
    })
    expect(looked.get('loop.png')).toEqual({
      problem:
        "a symbolic link whose target can't be reached (ELOOP): put the target back, or the file itself in place of the link",
    })
  })

  test('among folders that all have one another end the run, not the runner', async () => {
    const names = Array.from({ length: 4 }, (_, at) => `p${at}`)
    const workspace = createTree(names.map((name) => `${name}/index.png`))
    for (const name of names)
      link(
        workspace,
        Object.fromEntries(names.filter((other) => other !== name).map((other) => [`${name}/${other}`, `../${other}`])),
      )
    expect(await pathsOf(workspace)).toHaveLength(64) // reached through 60 links
    const error = await walk({ workspace, root: workspace, rootPath: '' }, [''], { maxLinkedFolders: 50 }).catch(
      (cause) => cause,
    )
    expect(error).toBeInstanceOf(TreeError)
    expect(error.message).toMatch(
      /^root: more than 50 folders are reached through symbolic links, such as p\d\/.*: set root to a folder without such links$/,
    )
  })
})

describe('only what the patterns point at is looked at', () => {
  const TREE = ['public/img/a.png', 'public/b.png', 'public/x.txt', 'other/deep/c.png', 'node_modules/d.png', 'e.png']
  const onlyAt = (folders: string) => `files: only the folders and files that the patterns name are read: ${folders}`

  test.each<[string, string, string[], string | undefined]>([
    ['a folder', 'public/**', ['public/b.png', 'public/img/a.png', 'public/x.txt'], 'public'],
    ['a folder without its slash', 'public/img', ['public/img/a.png'], 'public/img'],
    ['a folder in another', 'public\npublic/img', ['public/b.png', 'public/img/a.png', 'public/x.txt'], 'public'],
    ['a file', 'e.png', ['e.png'], 'e.png'],
    ['two', 'other/*/*.png\ne.png', ['e.png', 'other/deep/c.png'], 'other, e.png'],
    ['what is excluded', '!other/**\npublic/*.png', ['public/b.png'], 'public'],
    ['what is not there', 'gone/**\ne.png/x\ne.png', ['e.png'], 'gone, e.png'],
    ['a class of one letter', '[p]ublic/*.png', ['public/b.png'], 'public'],
    ['a class with a bracket', '[]p]ublic/*.png', ['public/b.png'], undefined],
    ['a globstar', '**/deep/*', ['other/deep/c.png'], undefined],
  ])('%s', async (_, files, expected, folders) => {
    const { files: found, steps } = await find(createTree(TREE), { files })
    expect(found.map(({ path }) => path)).toEqual(expected)
    const told = steps.filter((step) => step.startsWith('files:'))
    expect(told).toEqual(folders === undefined ? [] : [onlyAt(folders)])
  })

  test('what lies beside is not read', async () => {
    const workspace = createTree(TREE)
    link(workspace, { 'linked.png': 'e.png' })
    const readdir = vi.spyOn(fs, 'readdir')
    syncBuiltinESMExports()
    onTestFinished(() => {
      readdir.mockRestore()
      syncBuiltinESMExports()
    })
    const { considered } = await find(workspace, { files: 'public/img/*.png\ne.png' })
    expect(considered).toBe(2)
    expect(readdir.mock.calls.map(([folder]) => String(folder))).toEqual([join(workspace, 'public/img')])
  })

  test('a link on the way is followed, and one that leads out is told', async () => {
    const outside = createTree(['folder/secret.png'])
    const workspace = createTree(['releases/2/img/a.png', '.git/refs/b.png'])
    link(workspace, { current: 'releases/2', out: outside, 'releases/2/git': '../../.git' })
    expect(await pathsOf(workspace, { files: 'current/img/*' })).toEqual(['current/img/a.png'])
    const files = 'current/**/*.png\nout/folder/**\ncurrent/git/refs/**'
    const { files: found, leftOut } = await find(workspace, { files })
    expect(found.map(({ path }) => path)).toEqual(['current/img/a.png'])
    expect([...(leftOut?.keys() ?? [])]).toEqual(['current/git', 'out'])
  })

  test('never .git, however it is spelt', async () => {
    const names = [
      '.git/a',
      '.GIT/a',
      'sub/.Git/a',
      'GIT~1/a',
      '.git./a',
      '.g\u200cit/a',
      '.github/a',
      'x.git/a',
      'git/a',
    ]
    const workspace = createTree(names)
    expect(await pathsOf(workspace)).toEqual(['.github/a', 'git/a', 'x.git/a'])
    const files = names.map((name) => name.replace('a', '**')).join('\n')
    expect(await pathsOf(workspace, { files })).toEqual(['.github/a', 'git/a', 'x.git/a'])
  })

  test.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'as a look at everything finds it, seed %i',
    async (seed) => {
      const random = randomOf(seed)
      const folders = ['a', 'b', 'a/c', 'b/c', '[a]', 'a/c/d']
      const workspace = createTree(folders.flatMap((folder) => [`${folder}/x.png`, `${folder}/.y.jpg`]))
      link(workspace, { 'a/up': '..', 'b/to-a': '../a', 'b/x.lnk': 'x.png', 'a/c/to-b': '../../b', gone: 'nowhere' })
      const all = (await walk({ workspace, root: workspace, rootPath: '' })).paths
      for (let sets = 0; sets < 20; sets += 1) {
        const some = (max: number, separator: string, part: () => string): string =>
          Array.from({ length: random.count(max) }, part).join(separator)
        const files = some(3, '\n', () => {
          const sign = random.pick(['', '', '!', './'])
          return sign + some(4, '/', () => random.pick(PARTS)) + random.pick(['', '', '/', '/**'])
        })
        const found = await pathsOf(workspace, { files }).catch(() => [])
        expect({ files, found }).toEqual({ files, found: all.filter(compilePatterns(files)) })
      }
    },
  )
})

const PARTS = [
  'a',
  'b',
  'c',
  '[a]',
  '[[]a]',
  '[]a]',
  '[!]',
  '\\[a\\]',
  'up',
  'to-a',
  'to-b',
  'x.png',
  'x.lnk',
  '**',
  '*',
  '?',
  '*.png',
  'gone',
]

describe('names', () => {
  const bytes = (folder: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name])
  const latin = Buffer.from('caf\xe9', 'latin1')

  test.runIf(process.platform === 'linux')(
    'that are not UTF-8 are told as such, also below a folder of such a name',
    async () => {
      const workspace = createTree(['a.png', 'q\ufffd.png'])
      writeFileSync(bytes(workspace, Buffer.concat([latin, Buffer.from('.png')])), 'x')
      mkdirSync(bytes(workspace, Buffer.concat([latin, Buffer.from('/in/.git')])), { recursive: true })
      writeFileSync(bytes(workspace, Buffer.concat([latin, Buffer.from('/in/b.png')])), 'x')
      writeFileSync(bytes(workspace, Buffer.concat([latin, Buffer.from('/in/.git/c.png')])), 'x')
      const paths = await pathsOf(workspace)
      expect(paths).toEqual(['a.png', 'caf\udce9.png', 'caf\udce9/in/b.png', 'q\ufffd.png'])
      expect((await listFolder({ workspace, root: '.' })).files).toEqual(paths)
      const looked = await probeFiles(paths, { workspace, topLevel: workspace, listedBy: 'folder' })
      const problem = 'its name is not UTF-8, so no URL can contain it: rename it'
      expect([...looked.values()].map((file) => ('problem' in file ? file.problem : file.bytes))).toEqual(
        expect.arrayContaining([1, problem, problem, 1]),
      )
    },
  )

  test('of every other kind', async () => {
    const names = ['a b.png', 'new\nline.png', '#%?.png', 'e\u0301.png', '-rf.png', '😀.png', '..a/b.png', 'C:\\x.png']
    expect(await pathsOf(createTree(names))).toEqual([...names].sort())
  })
})

test('a file that went meanwhile is not missing from git', async () => {
  const workspace = createTree(['a.png'])
  const looked = await probeFiles(['gone.png'], { workspace, topLevel: workspace, listedBy: 'folder' })
  expect(looked.get('gone.png')).toEqual({
    problem: 'it has disappeared since the folder was listed: does another process change the folder during this run?',
  })
})

const HINT = 'did the build step fail or write to another folder, or is the download step missing?'

test.each([
  ['a folder that is not there', { root: 'dist' }, `root: there is no folder 'dist': ${HINT}`],
  ['a folder without files', { root: 'empty' }, `root: 'empty' contains no file: ${HINT}`],
  ['a folder that holds nothing but .git', { root: 'only-git' }, `root: 'only-git' contains no file: ${HINT}`],
  [
    'patterns that take none',
    { root: 'full', files: '*.gif' },
    "files: none of the 2 files below 'full' matches: check the patterns, or root",
  ],
  [
    'a folder that is not there',
    { root: 'full', files: 'img/**\n!img/x' },
    "files: none of the 2 files below 'full' matches: check the patterns, or root",
  ],
  [
    "root's own folder",
    { root: 'full', files: 'full/*.png' },
    "files: none of the 2 files below 'full' matches: line 1, 'full/*.png', matches no file: patterns are relative to root; write *.png",
  ],
  [
    'exclusions alone',
    { root: 'full', files: '!*.gif' },
    "files: none of the 2 files below 'full' matches: every line starts with !, so no file matches: put a pattern such as **/* before them",
  ],
])('%s is an error', async (_, asked, message) => {
  const workspace = createTree(['full/a.png', 'full/b.png', 'empty/', 'only-git/.git/a.png'])
  const error = await find(workspace, asked).catch((cause) => cause)
  expect(error).toBeInstanceOf(TreeError)
  expect(error.message).toBe(message)
})

test('shards have every file once, and one without files is no error', async () => {
  const workspace = createTree(['a.png', 'b.png'])
  const shards = [1, 2, 3, 4, 5].map((index) => find(workspace, { shard: { index, count: 5 } }))
  const found = await Promise.all(shards)
  expect(found.flatMap(({ files }) => files.map(({ path }) => path)).sort()).toEqual(['a.png', 'b.png'])
  expect(found.map(({ matching }) => matching)).toEqual(Array(5).fill(2))
  expect(found.filter(({ files }) => files.length === 0).length).toBeGreaterThanOrEqual(3)
})
