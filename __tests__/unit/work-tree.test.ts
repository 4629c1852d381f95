import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { probeFiles, type WorkTreeFile } from '../../src/select/work-tree.ts'
import { identityOf } from '../helpers/plan.ts'
import { createTree } from '../helpers/tree.ts'

const LEAVES = {
  problem: 'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
}
const INTO_GIT = { problem: 'a symbolic link into .git, which is never followed: put the file itself in its place' }

/** Each has the identity of the file at its real path. */
function looksOf(files: ReadonlyMap<string, WorkTreeFile>): Record<string, unknown> {
  const looks = [...files].map(([path, look]) => {
    if ('problem' in look) return [path, look]
    const { identity, ...rest } = look
    expect(identity).toEqual(identityOf(look.absolutePath))
    return [path, rest]
  })
  return Object.fromEntries(looks)
}

test('files and links as they are on disk', async () => {
  const outside = createTree({ 'secret.txt': 'secret' })
  const topLevel = createTree({
    'a.png': '12345',
    'empty.png': '',
    'folder/inner.png': '1',
    'new\nline.png': '12',
    '.git/config': 'token',
    'sub/.GIT/config': 'token',
    '..a/b.png': '1',
  })
  const links: Record<string, string> = {
    'link.png': 'a.png',
    'twice.png': 'link.png',
    'absolute.png': join(topLevel, 'a.png'),
    'out.png': join(outside, 'secret.txt'),
    'up.png': '../../../../../../etc/passwd',
    'out-twice.png': 'out.png',
    'dangling.png': 'none.png',
    'loop.png': 'loop.png',
    'to-folder.png': 'folder',
    'to-git.png': '.git/config',
    'to-git-in-capitals.png': 'sub/.GIT/config',
    'dots.png': '..a/b.png',
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(topLevel, name))
  symlinkSync(outside, join(topLevel, 'linked-folder'))
  const socket = createServer().listen(join(topLevel, 'socket.png'))
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const paths = [
    'a.png',
    'empty.png',
    'new\nline.png',
    'none.png',
    'a.png/b',
    'socket.png',
    'linked-folder/secret.txt',
    'a\udce9.png',
  ]
  const files = await probeFiles([...paths, ...Object.keys(links)], { workspace: topLevel, topLevel })
  expect(looksOf(files)).toEqual({
    'a.png': { absolutePath: join(topLevel, 'a.png'), bytes: 5 },
    'empty.png': { absolutePath: join(topLevel, 'empty.png'), bytes: 0 },
    'new\nline.png': { absolutePath: join(topLevel, 'new\nline.png'), bytes: 2 },
    'none.png': {
      problem: 'a file in git, but not in the work tree: check it out, and let no earlier step delete it',
    },
    'a.png/b': { problem: "it can't be read (ENOTDIR)" },
    'socket.png': { problem: expect.stringMatching(/^it is not a regular file: /) },
    'linked-folder/secret.txt': LEAVES,
    'a\udce9.png': { problem: 'its name is not UTF-8, so no URL can contain it: rename it' },
    'link.png': { absolutePath: join(topLevel, 'a.png'), bytes: 5 },
    'twice.png': { absolutePath: join(topLevel, 'a.png'), bytes: 5 },
    'absolute.png': { absolutePath: join(topLevel, 'a.png'), bytes: 5 },
    'out.png': LEAVES,
    'up.png': LEAVES,
    'out-twice.png': LEAVES,
    'dangling.png': {
      problem:
        "a symbolic link whose target can't be reached (ENOENT): put the target back, or the file itself in place of the link",
    },
    'loop.png': {
      problem:
        "a symbolic link whose target can't be reached (ELOOP): put the target back, or the file itself in place of the link",
    },
    'to-folder.png': { problem: 'a symbolic link to a folder: put the files themselves in its place' },
    'to-git.png': INTO_GIT,
    'to-git-in-capitals.png': INTO_GIT,
    'dots.png': { absolutePath: join(topLevel, '..a/b.png'), bytes: 1 },
  })
})

test('a repository in a folder of the workspace may link to the rest of it, not to what has its name for a start', async () => {
  const parent = createTree({ 'work/shared/a.png': '1', 'work2/b.png': '1' })
  const topLevel = join(parent, 'work/site')
  mkdirSync(topLevel)
  symlinkSync('../shared/a.png', join(topLevel, 'a.png'))
  symlinkSync('../../work2/b.png', join(topLevel, 'b.png'))
  const files = await probeFiles(['a.png', 'b.png'], { workspace: join(parent, 'work'), topLevel })
  expect(looksOf(files)).toEqual({
    'a.png': { absolutePath: join(parent, 'work/shared/a.png'), bytes: 1 },
    'b.png': LEAVES,
  })
})

test('many files', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `${index}.png`)
  const topLevel = createTree(names)
  const files = await probeFiles(names, { workspace: topLevel, topLevel })
  expect(files.size).toBe(500)
})

test("on Windows a name of git's that is another one on disk is not read", async () => {
  const topLevel = createTree({ 'img\\a.png': '1', 'img/a.png': '1', 'a.png.': '1', 'b.png': '1', 'c:d.png': '1' })
  const paths = ['img\\a.png', '..\\secret.png', 'a.png.', 'c:d.png', 'nul.png', 'b.png']
  const probed = await probeFiles(paths, { workspace: topLevel, topLevel, windows: true })
  const remedy = 'rename it, or run this job on another system'
  const backslash = { problem: `its name contains a backslash, which separates folders on Windows: ${remedy}` }
  expect(looksOf(probed)).toEqual({
    'img\\a.png': backslash,
    '..\\secret.png': backslash,
    'a.png.': { problem: `its name ends with a dot or a space, which Windows drops: ${remedy}` },
    'c:d.png': { problem: `its name contains a character that Windows allows in no name: ${remedy}` },
    'nul.png': { problem: `its name is that of a device on Windows: ${remedy}` },
    'b.png': { absolutePath: join(topLevel, 'b.png'), bytes: 1 },
  })
  const elsewhere = await probeFiles(['img\\a.png'], { workspace: topLevel, topLevel, windows: false })
  expect(looksOf(elsewhere)).toEqual({ 'img\\a.png': { absolutePath: join(topLevel, 'img\\a.png'), bytes: 1 } })
})
