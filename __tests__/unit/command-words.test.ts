import { expect, test } from 'vitest'
import { inOwnWords } from '../../src/command/words.ts'
import { textsIn } from '../helpers/messages.ts'

test.each([
  ['api-key: it is not accepted', 'IMGIX_API_KEY: it is not accepted'],
  ['root: it is not allowed', 'root: it is not allowed'],
  [
    '/a contains no git repository: put actions/checkout before this step',
    '/a contains no git repository: start in a clone of the repository',
  ],
  ["git can't be run (ENOENT): install git before this step", "git can't be run (ENOENT): install git first"],
  ['no answer; run the job again, and report this', 'no answer; run it again, and report this'],
])('%s', (theirs, ours) => {
  expect(inOwnWords(theirs)).toBe(ours)
})

test("no remedy names GitHub's checkout", () => {
  const texts = textsIn(new URL('../../src/', import.meta.url)).filter(({ file }) => !file.startsWith('command/'))
  const theirs = texts.map(({ text }) => text).filter((text) => text.includes('actions/checkout'))
  expect(theirs.length).toBeGreaterThan(3)
  expect(theirs.filter((text) => inOwnWords(text).includes('actions/checkout'))).toEqual([])
})
