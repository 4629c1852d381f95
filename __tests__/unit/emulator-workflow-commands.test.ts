import { expect, test } from 'vitest'
import { readJobLog, readOutputs } from '../../emulator/workflow-commands.ts'

test('annotations are decoded, properties with their own two characters', () => {
  const { annotations } = readJobLog('::error file=a%2Cb.png,title=x%3A%25::50%25 of%0Aa%3Ab\n::notice::ok\n')
  expect(annotations).toEqual([
    { level: 'error', message: '50% of\na%3Ab', properties: { file: 'a,b.png', title: 'x:%' } },
    { level: 'notice', message: 'ok', properties: {} },
  ])
})

test('a mask hides from its line on, not before', () => {
  const { log, masks } = readJobLog('early s3cret\n::add-mask::s3cret\nlate s3cret\n::group::of s3cret\n::endgroup::\n')
  expect(masks).toEqual(['s3cret'])
  expect(log).toBe('early s3cret\nlate ***\nof ***\n')
})

test('commands are stopped until their token', () => {
  const { log, annotations } = readJobLog('::stop-commands::t0k\n::error::no\n::t0k::\n::error::yes\n')
  expect(log).toBe('::error::no\n')
  expect(annotations.map(({ message }) => message)).toEqual(['yes'])
})

test('outputs: a block keeps its newlines and whatever looks like an output', () => {
  expect(readOutputs('a<<EOF1\none\nb=two\n\nEOF1\nplain=x=y\nempty<<E\n\nE\n')).toEqual({
    a: 'one\nb=two\n',
    plain: 'x=y',
    empty: '',
  })
})

test('an output block that is never closed is an error', () => {
  expect(() => readOutputs('a<<EOF1\none\n')).toThrow("output 'a' has no closing delimiter")
})
