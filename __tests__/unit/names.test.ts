import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { isGitName } from '../../src/inputs/git-name.ts'
import { isInWorkspace } from '../../src/inputs/paths.ts'
import { explainWindowsName, findTwins, isDiskName } from '../../src/select/names.ts'
import { nameAsGit } from '../../src/select/tracked.ts'
import { filesOf } from '../helpers/plan.ts'

test.each([
  '.git',
  '.GIT',
  '.Git',
  'GIT~1',
  'git~1',
  '.git.',
  '.git ',
  '.git . .',
  '.git::$INDEX_ALLOCATION',
  '.git:stream',
  'GIT~1 .',
  'git~1::$DATA',
  '.git. :a.b:\n',
  '.g\u200cit',
  '\ufeff.git',
])('%j is .git on some disk', (name) => expect(isGitName(name)).toBe(true))

test.each([
  '.github',
  '.gitignore',
  'git',
  'x.git',
  '.git-old',
  'git~2',
  'GIT~10',
  '.gi',
  '..git',
  'a.git.b',
  '.:git',
  '.git\n',
  '\u{1f600}',
])('%j is a name like any other', (name) => expect(isGitName(name)).toBe(false))

describe('inside the workspace', () => {
  test.each([
    ['a folder in it', 'D:\\a\\site', 'D:\\a\\site\\img', true],
    ['itself', 'D:\\a\\site', 'D:\\a\\site', true],
    ['in other case', 'D:\\a\\site', 'd:\\A\\Site\\img', true],
    ['a name with dots', 'D:\\a\\site', 'D:\\a\\site\\..x', true],
    ['beside it', 'D:\\a\\site', 'D:\\a\\site2', false],
    ['above it', 'D:\\a\\site', 'D:\\a', false],
    ['another drive', 'D:\\a\\site', 'C:\\a\\site\\img', false],
    ['a share', 'D:\\a\\site', '\\\\server\\share\\img', false],
    ['another share', '\\\\server\\one', '\\\\server\\two\\img', false],
    ['in a share', '\\\\server\\one', '\\\\server\\one\\img', true],
    ['.git', 'D:\\a\\site', 'D:\\a\\site\\.GIT\\refs', false],
    ['the short name of .git', 'D:\\a\\site', 'D:\\a\\site\\sub\\GIT~1', false],
  ])('Windows: %s', (_, workspace, target, expected) => {
    expect(isInWorkspace(workspace, target, path.win32)).toBe(expected)
  })

  test.each([
    ['a folder in it', '/w', '/w/img', true],
    ['a backslash in a name', '/w', '/w/..\\x', true],
    ['beside it', '/w', '/w2', false],
    ['.git', '/w', '/w/sub/.git/x', false],
  ])('POSIX: %s', (_, workspace, target, expected) => {
    expect(isInWorkspace(workspace, target, path.posix)).toBe(expected)
  })
})

test.each([
  ['img\\a.png', 'its name contains a backslash, which separates folders on Windows'],
  ['..\\..\\a.png', 'its name contains a backslash, which separates folders on Windows'],
  ['img/C:a.png', 'its name contains a character that Windows allows in no name'],
  ['a.png:stream', 'its name contains a character that Windows allows in no name'],
  ['what?.png', 'its name contains a character that Windows allows in no name'],
  ['new\nline.png', 'its name contains a character that Windows allows in no name'],
  ['a.png.', 'its name ends with a dot or a space, which Windows drops'],
  ['img /a.png', 'its name ends with a dot or a space, which Windows drops'],
  ['NUL', 'its name is that of a device on Windows'],
  ['aux.png', 'its name is that of a device on Windows'],
  ['img/com1/a.png', 'its name is that of a device on Windows'],
  ['img/a b.png', undefined],
  ['console.png', undefined],
  ['com10.png', undefined],
  ['nul-a.png', undefined],
  ['..a/b..c', undefined],
])('Windows: %j', (name, problem) => {
  expect(explainWindowsName(name)).toBe(problem)
  expect([isDiskName(name, true), isDiskName(name, false)]).toEqual([problem === undefined, true])
})

describe('a disk that ignores case or Unicode form', () => {
  /** Takes one name for another as such a disk does. */
  const ignoring = (disk: readonly string[]) => async (one: string, other: string) =>
    disk.includes(one) && one.normalize().toLowerCase() === other.normalize().toLowerCase()
  const named = (disk: string[], tracked: string[]) => nameAsGit(disk, new Set(tracked), ignoring(disk))

  test.each([
    ['the names are the same', ['a.png', 'b.png'], ['a.png', 'b.png'], ['a.png', 'b.png']],
    ['a rename that the disk did not see', ['img/Logo.png'], ['img/logo.png'], ['img/logo.png']],
    ['of a folder, too', ['Img/a.png', 'Img/new.png'], ['img/a.png'], ['Img/new.png', 'img/a.png']],
    ['decomposed by HFS+', ['cafe\u0301.png'], ['caf\u00e9.png'], ['caf\u00e9.png']],
    ['one file for two names of git', ['Logo.png'], ['Logo.png', 'logo.png'], ['Logo.png']],
    ['nothing is tracked', ['a.png'], [], ['a.png']],
  ])('%s', async (_, disk, tracked, expected) => {
    expect(await named(disk, tracked)).toEqual(expected)
  })

  test('another one has two files', async () => {
    expect(await nameAsGit(['Logo.png'], new Set(['logo.png']), async () => false)).toEqual(['Logo.png'])
  })
})

test('twins among the names of git, and among the files', () => {
  const names = ['a.png', 'A.png', 'img/b.png', 'IMG/b.png', 'caf\u00e9.png', 'cafe\u0301.png', 'c.png', 'C.PNG']
  const paths = ['a.png', 'img/b.png', 'cafe\u0301.png', 'c.png', 'new.png']
  const files = filesOf({ ...Object.fromEntries(paths.map((path) => [path, 1])), 'NEW.png': 1, 'A.png': 'missing' })
  const all = new Set([...names, ...files.keys()])
  const twinsOf = (taken: typeof files) => findTwins(taken, all, () => true)
  expect(twinsOf(files)).toEqual(
    [
      'A.png',
      'C.PNG',
      'IMG/b.png',
      'NEW.png',
      'a.png',
      'c.png',
      'cafe\u0301.png',
      'caf\u00e9.png',
      'img/b.png',
      'new.png',
    ].sort(),
  )
  expect(twinsOf(filesOf({ 'b.png': 1 }))).toEqual([])
  expect(twinsOf(filesOf({ 'a.png': 'missing' }))).toEqual([])
})
