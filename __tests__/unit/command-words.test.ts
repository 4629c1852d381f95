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
  ['next: Fix the inputs in the workflow file, and push.', 'next: Fix the options, and run it again.'],
  [
    'next: Fix the other inputs in the workflow file. Set the secret that api-key reads, then push. A pull request from a fork has no secrets: there, only a dry run works.',
    'next: Fix the other options. Set IMGIX_API_KEY, then run it again.',
  ],
  [
    'next: Set the secret that api-key reads, then run this job again. A pull request from a fork has no secrets: there, only a dry run works.',
    'next: Set IMGIX_API_KEY, then run it again.',
  ],
  [
    'next: Do what the errors above say, and push. That push takes only the files that it changes: for the others, run once with mode: all.',
    'next: Do what the errors above say, and run it again.',
  ],
  [
    'next: Do what the errors above say, and push: that run publishes what is missing.',
    'next: Do what the errors above say, and run it again.',
  ],
  [
    'next: Fix the inputs in the workflow file, and push. If the job lacks actions: read, that push takes only the files that it changes: for the others, run once with mode: all.',
    'next: Fix the options, and run it again.',
  ],
  ['next: Do what the errors above say, and push.', 'next: Do what the errors above say, and run it again.'],
  [
    'next: Do what the errors above say. Push the files that you change; for the others, run this job again: it publishes what is missing.',
    'next: Do what the errors above say, then run it again: it publishes what is missing.',
  ],
  [
    'next: Do what the errors above say, then push, or run this job again: that run takes what is missing.',
    'next: Do what the errors above say, then run it again: that run takes what is missing.',
  ],
  ['Run this job again: it takes what is missing', 'Run it again: it takes what is missing'],
  ["set it in the step's env", 'set it in the environment'],
])('%s', (theirs, ours) => {
  expect(inOwnWords(theirs)).toBe(ours)
})

const texts = textsIn(new URL('../../src/', import.meta.url)).filter(({ file }) => !file.startsWith('command/'))

test.each([
  ['actions/checkout', 3],
  ["the step's env", 1],
  ['the job again', 3],
  [', and push', 0],
  ['or in the secret', 0],
  ['in the workflow file', 0],
  ['no other step ', 1],
])("no text names '%s' of GitHub's workflows", (words, least) => {
  const theirs = texts.map(({ text }) => text).filter((text) => text.includes(words))
  expect(theirs.length).toBeGreaterThan(least)
  expect(theirs.filter((text) => inOwnWords(text).includes(words))).toEqual([])
})
