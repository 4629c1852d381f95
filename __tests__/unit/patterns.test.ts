import { describe, expect, test } from 'vitest'
import { compilePatterns, PatternError } from '../../src/inputs/patterns.ts'

test.each([
  '/a.png',
  '/public/**',
  '/work/site/public/img/**',
  '/',
  '// a comment',
  '!/a.png',
  '!',
  '~/a.png',
  '~',
  '../a.png',
  '!../public/a.png',
  '../../a.png',
  'a/../b.png',
  'a/..',
  'a/./b.png',
  'a/.',
  '././a',
  'a/\\.\\./b',
  'a/[.]/b',
  'a/[.][.]/b',
  'a'.repeat(4097),
])('%s can be no pattern', (pattern) => {
  expect(() => compilePatterns(`ok\n${pattern}`, false)).toThrow(new PatternError([pattern]))
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
  const compile = () => compilePatterns(pattern, false)
  if (isPattern) return expect(compile()(pattern)).toBeTypeOf('boolean')
  expect(compile).toThrow(new PatternError([pattern]))
})

describe('on Windows', () => {
  test.each(['C:\\img\\*.png', 'c:img', 'D:/A/Site/Public/img', '\\\\server\\share', '\\img', '..\\img\\*.png'])(
    '%s can be no pattern',
    (pattern) => {
      expect(() => compilePatterns(pattern, true)).toThrow(new PatternError([pattern]))
    },
  )

  test.each([
    ['a backslash in a pattern separates folders', 'img\\*.png', 'img/a.png', true],
    ['a backslash in a name of git does not', 'img/*.png', 'img\\a.png', false],
    ['such a name is one name', '*.png', 'img\\a.png', true],
    ['a drive in a name of git is a part of it', '*.png', 'C:a.png', true],
    ['case does not count', 'IMG/**/*.png', 'img/Deep/A.PNG', true],
  ])('%s', (_, pattern, path, expected) => {
    expect(compilePatterns(pattern, true)(path)).toBe(expected)
  })
})

test('each of two bad patterns is named', () => {
  expect(() => compilePatterns('a\n../b\n../c')).toThrow(new PatternError(['../b', '../c']))
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
