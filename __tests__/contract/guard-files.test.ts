import { execFileSync } from 'node:child_process'
import { rmSync, statSync, symlinkSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { compilePatterns } from '../../src/inputs/patterns.ts'
import { guard } from '../../src/plan/guards/guards.ts'
import { SAMPLES, startOf, UNMARKED_SAMPLES } from '../helpers/file-starts.ts'
import { sourceOf, uploadStep } from '../helpers/plan.ts'
import { createTree } from '../helpers/tree.ts'

type Options = { rootPath?: string; files?: string; prefix?: string; signal?: AbortSignal }

/** Guards these files of a work tree as a run that uploads them would. */
async function guardFiles(topLevel: string, paths: readonly string[], options: Options = {}) {
  const { rootPath = '', files = '**', prefix = '', signal = new AbortController().signal } = options
  const uploads = paths.map((path) => {
    const absolutePath = join(topLevel, path)
    const originPath = prefix + path.slice(rootPath.length)
    return uploadStep(path, { absolutePath, originPath, bytes: statSync(absolutePath).size })
  })
  const workTree = { topLevel, rootPath, matches: compilePatterns(files) }
  return Object.fromEntries(await guard(uploads, { ...workTree, source: sourceOf(), signal }))
}

const LFS = 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout'
const HTML = 'its bytes are an HTML page, but it is called .jpg: put the real file in its place'
const CASE = (twin: string) =>
  `its path differs only by case from ${twin}: rename one of the two, or leave one out by \`files\``
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a2146'.repeat(8)}\nsize 12345\n`

test('nothing is wrong with files that are what they are called', async () => {
  const files = [...SAMPLES, ...UNMARKED_SAMPLES].flatMap(([, extensions, start], index) =>
    extensions.map((extension) => [`${index}.${extension}`, start] as const),
  )
  const topLevel = createTree(Object.fromEntries(files))
  expect(
    await guardFiles(
      topLevel,
      files.map(([path]) => path),
    ),
  ).toEqual({})
})

test('what is wrong with files, in their order', async () => {
  const topLevel = createTree({
    'good.png': startOf('png'),
    'empty.png': '',
    'pointer.png': POINTER,
    'pointer.woff2': POINTER,
    'long.txt': POINTER + 'x-more \n'.repeat(200),
    'img/page.jpg': '<html>',
    'notes.txt': '<html>',
  })
  const paths = ['notes.txt', 'img/page.jpg', 'long.txt', 'pointer.woff2', 'pointer.png', 'empty.png', 'good.png']
  const problems = await guardFiles(topLevel, paths, { prefix: 'site/' })
  expect(Object.entries(problems)).toEqual([
    ['img/page.jpg', HTML],
    ['pointer.woff2', LFS],
    ['pointer.png', LFS],
    ['empty.png', 'an empty file: put the real one in its place'],
  ])
})

test("a file's own fault comes before its name's", async () => {
  const topLevel = createTree({ 'a.jpg': '<html>', 'A.jpg': startOf('jpg') })
  expect(await guardFiles(topLevel, ['a.jpg', 'A.jpg'])).toEqual({ 'a.jpg': HTML, 'A.jpg': CASE('a.jpg') })
})

test('more files than are read at a time, and longer ones than are read', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `${index}.png`)
  const content = Buffer.concat([startOf('png'), Buffer.alloc(100_000, POINTER)])
  const topLevel = createTree(Object.fromEntries(names.map((name) => [name, content])))
  expect(await guardFiles(topLevel, names)).toEqual({})
})

test('what can not be read any more is left to the upload', async () => {
  const topLevel = createTree({
    'gone.png': 'x',
    'emptied.png': '',
    'link.png': 'x',
    'pipe.png': 'x',
    'folder/a.png': 'x',
  })
  const uploads = ['gone.png', 'emptied.png', 'link.png', 'pipe.png', 'folder'].map((path) =>
    uploadStep(path, { absolutePath: join(topLevel, path) }),
  )
  for (const name of ['gone.png', 'link.png', 'pipe.png']) rmSync(join(topLevel, name))
  symlinkSync('folder/a.png', join(topLevel, 'link.png'))
  execFileSync('/usr/bin/mkfifo', [join(topLevel, 'pipe.png')])
  const { signal } = new AbortController()
  const problems = await guard(uploads, { topLevel, rootPath: '', matches: () => true, source: undefined, signal })
  expect(Object.fromEntries(problems)).toEqual({})
})

test('twins in the work tree that are not uploaded', async () => {
  const png = startOf('png')
  const topLevel = createTree({
    'public/a.png': png,
    'public/A.png': png,
    'public/Img/b.png': png,
    'public/img/b.png': png,
    'public/img/only-there.png': png,
    'public/caf\u00e9/c.png': png,
    'public/cafe\u0301/c.png': png,
    'public/d.png': png,
    'public/D.txt': png,
    'public/e.png': png,
    'public/E.png/f.png': png,
    'Public/d.png': png,
  })
  const paths = ['a.png', 'img/b.png', 'caf\u00e9/c.png', 'd.png', 'e.png'].map((path) => `public/${path}`)
  const options = { rootPath: 'public/', files: '**/*.png' }
  expect(await guardFiles(topLevel, paths, options)).toEqual({
    'public/a.png': CASE('public/A.png'),
    'public/img/b.png': CASE('public/Img/b.png'),
    'public/caf\u00e9/c.png':
      'its path differs only by Unicode form from public/cafe\u0301/c.png: rename one of the two, or leave one out by `files`',
  })
  expect(await guardFiles(topLevel, paths, { ...options, files: '**/*.png\n!A.png\n!Img\n!cafe\u0301' })).toEqual({})
})

test('twins that are listed, of which none but the uploads need be on the disk', async () => {
  const topLevel = createTree({ 'a.png': startOf('png'), 'b.png': startOf('png'), 'B.png': startOf('png') })
  const upload = (path: string) => uploadStep(path, { absolutePath: join(topLevel, path) })
  const { signal } = new AbortController()
  const place = { topLevel, rootPath: '', matches: () => true, source: undefined, signal }
  const twins = ['a.png', 'A.png']
  const guarded = async (isListed: boolean) =>
    Object.fromEntries(await guard([upload('a.png'), upload('b.png')], { ...place, twins, isListed }))
  expect(await guarded(false)).toEqual({ 'a.png': CASE('A.png'), 'b.png': CASE('B.png') })
  expect(await guarded(true)).toEqual({ 'a.png': CASE('A.png') })
})

test('a file system that ignores case has the one file by another name', async () => {
  const topLevel = createTree({ 'IMG/A.png': startOf('png') })
  const upload = uploadStep('img/a.png', { absolutePath: join(topLevel, 'IMG/A.png') })
  const { signal } = new AbortController()
  const problems = await guard([upload], { topLevel, rootPath: '', matches: () => true, source: undefined, signal })
  expect(Object.fromEntries(problems)).toEqual({})
})

test('no folder is read but those on the way to the uploads, and their twins, once', async () => {
  const png = startOf('png')
  const topLevel = createTree({
    ...{ 'r/a/1.png': png, 'r/a/2.png': png, 'r/a/deep/3.png': png, 'r/A/1.png': png },
    ...{ 'r/a/other/x.png': png, 'r/b/x.png': png, 'other/x.png': png },
  })
  const readdir = vi.spyOn(fs, 'readdir')
  syncBuiltinESMExports()
  onTestFinished(() => {
    readdir.mockRestore()
    syncBuiltinESMExports()
  })
  await guardFiles(topLevel, ['r/a/1.png', 'r/a/2.png', 'r/a/deep/3.png'], { rootPath: 'r/' })
  const folders = readdir.mock.calls.map(([folder]) => String(folder).slice(topLevel.length))
  expect(folders.sort()).toEqual(['/r/', '/r/A/', '/r/a/', '/r/a/deep/'])
})

test('a run that is cancelled stops looking', async () => {
  const topLevel = createTree({ 'a.png': 'x' })
  const reason = new Error('cancelled')
  await expect(guardFiles(topLevel, ['a.png'], { signal: AbortSignal.abort(reason) })).rejects.toThrow(reason)
})

test('no uploads, nothing to look at', async () => {
  expect(await guardFiles('/does/not/exist', [])).toEqual({})
})
