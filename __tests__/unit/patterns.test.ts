import { describe, expect, test } from 'vitest'
import { compilePatterns, PatternError } from '../../src/inputs/patterns.ts'

const SITE = { root: 'public', workspace: '/work/site', windows: false }

test.each([
  ['/a.png', "'/a.png' is not relative to root: write a.png"],
  ['/public/**', "'/public/**' is not relative to root: write **"],
  ['/work/site/public/img/**', "'/work/site/public/img/**' is not relative to root: write img/**"],
  ['/', "'/' is not relative to root"],
  ['// a comment', "'// a comment' is not relative to root"],
  ['!/a.png', "'!/a.png' is not relative to root: write !a.png"],
  ['!', "'!' is not relative to root"],
  ['~/a.png', "'~/a.png' is not relative to root"],
  ['~', "'~' is not relative to root"],
  ['../a.png', "'../a.png' has a '.' or '..' segment: set root to ."],
  ['!../public/a.png', "'!../public/a.png' has a '.' or '..' segment: write !a.png"],
  ['../../a.png', "'../../a.png' has a '.' or '..' segment: it leads out of the workspace"],
  ['a/../b.png', "'a/../b.png' has a '.' or '..' segment: write b.png"],
  ['a/..', "'a/..' has a '.' or '..' segment: write **"],
  ['a/./b.png', "'a/./b.png' has a '.' or '..' segment: write a/b.png"],
  ['a/.', "'a/.' has a '.' or '..' segment: write a"],
  ['././a', "'././a' has a '.' or '..' segment: write a"],
  ['a/\\.\\./b', "'a/\\.\\./b' has a '.' or '..' segment: write b"],
  ['a/[.]/b', "'a/[.]/b' has a '.' or '..' segment: write a/b"],
  ['a/[.][.]/b', "'a/[.][.]/b' has a '.' or '..' segment: write b"],
])('%s can be no pattern', (pattern, message) => {
  expect(() => compilePatterns(`ok\n${pattern}`, SITE)).toThrow(new PatternError(message))
})

test.each([
  ['[[[[[[', false],
  ['[/[/[/[/[/[[]', false],
  [`${'[[:alpha:]'.repeat(6)}.png`, false],
  ['[[[[[', true],
  [`${'[0-9a-f]'.repeat(64)}.png`, true],
  [`${'[[:alpha:]]'.repeat(30)}.png`, true],
  ['\\[\\[\\[\\[\\[\\[\\[', true],
])('%s: its brackets are few enough to be looked for: %j', (pattern, isPattern) => {
  const compile = () => compilePatterns(pattern, SITE)
  if (isPattern) return expect(compile()(pattern)).toBeTypeOf('boolean')
  expect(compile).toThrow(PatternError)
  expect(compile).toThrow(/^'\[.*' has more than 5 brackets that do not close$/)
})

test('where the root lies deeper, the folder that holds both is named', () => {
  const message = "'../b/*.png' has a '.' or '..' segment: set root to site"
  expect(() => compilePatterns('../b/*.png', { root: 'site/a' })).toThrow(new PatternError(message))
})

describe('on Windows', () => {
  const place = { root: 'public', workspace: 'D:\\a\\site', windows: true }

  test.each([
    ['C:\\img\\*.png', "'C:\\img\\*.png' is not relative to root"],
    ['c:img', "'c:img' is not relative to root"],
    ['D:/A/Site/Public/img', "'D:/A/Site/Public/img' is not relative to root: write img"],
    ['\\\\server\\share', "'\\\\server\\share' is not relative to root"],
    ['\\img', "'\\img' is not relative to root: write img"],
    ['..\\img\\*.png', "'..\\img\\*.png' has a '.' or '..' segment: set root to ."],
  ])('%s can be no pattern', (pattern, message) => {
    expect(() => compilePatterns(pattern, place)).toThrow(new PatternError(message))
  })

  test.each([
    ['a backslash in a pattern separates folders', 'img\\*.png', 'img/a.png', true],
    ['a backslash in a name of git does not', 'img/*.png', 'img\\a.png', false],
    ['such a name is one name', '*.png', 'img\\a.png', true],
    ['a drive in a name of git is a part of it', '*.png', 'C:a.png', true],
    ['case does not count', 'IMG/**/*.png', 'img/Deep/A.PNG', true],
  ])('%s', (_, pattern, path, expected) => {
    expect(compilePatterns(pattern, { windows: true })(path)).toBe(expected)
  })
})

test('each of two bad patterns is named, without advice where the root is not known', () => {
  const message = "'../b' has a '.' or '..' segment; '../c' has a '.' or '..' segment"
  expect(() => compilePatterns('a\n../b\n../c')).toThrow(new PatternError(message))
})

test.each([
  ['a name that is no UTF-8', '**', 'a\udce9.png', true],
  ['a name of two dots and more', '**/*.png', '..a/...png', true],
  ['a very long path', '**/*.png', `${'d/'.repeat(2000)}a.png`, true],
  ['case matters', '*.png', 'A.PNG', false],
  ['a folder is no prefix', 'img', 'imgs/a.png', false],
  ['a folder without its slash', './img', 'img/a.png', true],
  ['the root itself', '.', 'a/b.png', true],
])('%s', (_, patterns, path, expected) => {
  expect(compilePatterns(patterns)(path)).toBe(expected)
})

test.each(['**', '*.', '.?', '*./**', '*.*/**', '**/x', '[^a].', 'public', 'public/**'])(
  '%s takes no path with a dot or two for a folder, which git can hold',
  (pattern) => {
    const matches = compilePatterns(pattern)
    expect(['../x', './x', 'public/../x', 'public/..', '..', 'public/./x'].filter(matches)).toEqual([])
  },
)

// `a/**/b/**/b/**...` takes exponential time in matchers that back-track
test('many globstars against a long path end', () => {
  const matches = compilePatterns(`${'**/a/'.repeat(12)}b.png`)
  expect(matches(`${'a/'.repeat(60)}c.png`)).toBe(false)
}, 2000)
