import { execFileSync } from 'node:child_process'
import { rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guard } from '../../src/plan/guards/guards.ts'
import { SAMPLES, startOf, UNMARKED_SAMPLES } from '../helpers/file-starts.ts'
import { sourceOf, uploadStep } from '../helpers/plan.ts'
import { createTree } from '../helpers/tree.ts'

type Options = { prefix?: string; signal?: AbortSignal }
const source = sourceOf()

/** Guards these files of a work tree as a run that uploads them would. */
async function guardFiles(topLevel: string, paths: readonly string[], options: Options = {}) {
  const { prefix = '', signal = new AbortController().signal } = options
  const uploads = paths.map((path) => {
    const absolutePath = join(topLevel, path)
    const originPath = prefix + path
    return uploadStep(path, { absolutePath, originPath, bytes: statSync(absolutePath).size })
  })
  return Object.fromEntries(await guard(uploads, { twins: [], source, signal }))
}

const LFS = 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull'
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
    ['empty.png', 'an empty file: put the real file in its place'],
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
  const problems = await guard(uploads, { twins: [], source: undefined, signal })
  expect(Object.fromEntries(problems)).toEqual({})
})

test('twins that are listed, of which none but the uploads need be on the disk', async () => {
  const topLevel = createTree({ 'a.png': startOf('png'), 'b.png': startOf('png'), 'B.png': startOf('png') })
  const upload = (path: string) => uploadStep(path, { absolutePath: join(topLevel, path) })
  const { signal } = new AbortController()
  const problems = await guard([upload('a.png'), upload('b.png')], { twins: ['a.png', 'A.png'], source, signal })
  expect(Object.fromEntries(problems)).toEqual({ 'a.png': CASE('A.png') })
})

test('a run that is cancelled stops looking', async () => {
  const topLevel = createTree({ 'a.png': 'x' })
  const reason = new Error('cancelled')
  await expect(guardFiles(topLevel, ['a.png'], { signal: AbortSignal.abort(reason) })).rejects.toThrow(reason)
})

test('no uploads, nothing to look at', async () => {
  expect(await guardFiles('/does/not/exist', [])).toEqual({})
})
