import { expect, test } from 'vitest'
import { compilePatterns, PatternError } from '../../src/inputs/patterns.ts'

test.each([
  ['/a.png', "'/a.png' is not relative to root"],
  ['/', "'/' is not relative to root"],
  ['!/a.png', "'!/a.png' is not relative to root"],
  ['!', "'!' is not relative to root"],
  ['~/a.png', "'~/a.png' is not relative to root"],
  ['~', "'~' is not relative to root"],
  ['../a.png', "'../a.png' has a '.' or '..' segment"],
  ['a/../b.png', "'a/../b.png' has a '.' or '..' segment"],
  ['a/..', "'a/..' has a '.' or '..' segment"],
  ['a/./b.png', "'a/./b.png' has a '.' or '..' segment"],
  ['a/.', "'a/.' has a '.' or '..' segment"],
  ['././a', "'././a' has a '.' or '..' segment"],
  ['a/\\.\\./b', "'a/\\.\\./b' has a '.' or '..' segment"],
])('%s can be no pattern', (pattern, message) => {
  expect(() => compilePatterns(`ok\n${pattern}`)).toThrow(new PatternError(message))
})

test('the first of two bad patterns is named', () => {
  expect(() => compilePatterns('a\n../b\n../c')).toThrow(new PatternError("'../b' has a '.' or '..' segment"))
})

test.each([
  ['a name that is no UTF-8', '**', 'a\udce9.png', true],
  ['a name of two dots and more', '**/*.png', '..a/...png', true],
  ['a very long path', '**/*.png', `${'d/'.repeat(2000)}a.png`, true],
  ['case counts', '*.png', 'A.PNG', false],
  ['a folder is no prefix', 'img', 'imgs/a.png', false],
  ['the root itself', '.', 'a/b.png', true],
])('%s', (_, patterns, path, expected) => {
  expect(compilePatterns(patterns)(path)).toBe(expected)
})

// `a/**/b/**/b/**...` takes exponential time in matchers that back-track
test('many globstars against a long path end', () => {
  const matches = compilePatterns(`${'**/a/'.repeat(12)}b.png`)
  expect(matches(`${'a/'.repeat(60)}c.png`)).toBe(false)
}, 2000)
