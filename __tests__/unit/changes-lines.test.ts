import { expect, test } from 'vitest'
import type { Selected } from '../../src/events.ts'
import { changesLines, changesSentence } from '../../src/report/changes-lines.ts'
import { changesOf } from '../helpers/plan.ts'

const FILE = { path: 'a.png', change: 'added' } as const

test.each([
  [
    'one of one',
    { files: [FILE], considered: 1 },
    '1 of 1 changed file between 1111111 and 2222222 matches the files patterns',
  ],
  [
    'one of two',
    { files: [FILE], considered: 2 },
    '1 of 2 changed files between 1111111 and 2222222 matches the files patterns',
  ],
  [
    'none of two, below a root',
    { considered: 2, rootPath: 'public/' },
    'none of 2 changed files below public/ between 1111111 and 2222222 matches the files patterns',
  ],
  ['none of one', { considered: 1 }, 'the changed file between 1111111 and 2222222 does not match the files patterns'],
  ['nothing', {}, 'nothing changed between 1111111 and 2222222'],
  ['nothing below a root', { rootPath: 'public/' }, 'nothing changed below public/ between 1111111 and 2222222'],
  ['one commit', { base: '2'.repeat(40) }, 'base and head are the same commit: nothing changed'],
  [
    'no base',
    { base: '', baseStrategy: 'all', files: [FILE], considered: 3 },
    '1 of 3 files matches the files patterns',
  ],
  [
    'a base whose commit is not known: the pull request of the API',
    { base: '', baseStrategy: 'merge-base', files: [FILE], considered: 3 },
    '1 of 3 changed files between the base and 2222222 matches the files patterns',
  ],
  [
    'a shard of all files',
    { base: '', baseStrategy: 'all', files: [FILE], matching: 2, considered: 3 },
    '2 of 3 files match the files patterns, 1 of those in this shard',
  ],
  [
    'a shard without changed files',
    { matching: 2, considered: 3, rootPath: 'public/' },
    '2 of 3 changed files below public/ between 1111111 and 2222222 match the files patterns, none of those in this shard',
  ],
  [
    'a deleted branch',
    { steps: ['nothing to do: the push deleted its branch or tag'] },
    'nothing to do: the push deleted its branch or tag',
  ],
] satisfies [string, Partial<Selected>, string][])('changes: %s', (_, more, expected) => {
  const changes: Selected = { ...changesOf([]), ...more }
  expect(changesSentence(changes)).toBe(expected)
})

test('the lines of changes, escaped', () => {
  const changes: Selected = { ...changesOf([]), steps: ['base: a\n::error::b'] }
  expect(changesLines(changes)).toEqual([
    'base: a\\n::error::b',
    `head: ${'2'.repeat(40)}`,
    'nothing changed between 1111111 and 2222222',
  ])
})

test('a folder without a commit has no line for it', () => {
  const changes: Selected = { ...changesOf([FILE]), head: '', base: '', baseStrategy: 'all', steps: ['mode: all'] }
  expect(changesLines(changes)).toEqual(['mode: all', '1 of 1 file matches the files patterns'])
})
