import { expect, test } from 'vitest'
import { ImgixError, readErrors } from '../../src/imgix/errors.ts'

const REQUEST = { method: 'POST', path: '/api/v1/purge' }
const NOT_FOUND = { title: 'NotFound', detail: 'Resource not found.' }
const plain = (text: string): string => text

test.each([
  ['a status alone', { status: 500 }, '500'],
  ['details', { status: 404, details: [NOT_FOUND] }, '404 NotFound: Resource not found'],
  ['a title alone', { status: 400, details: [{ title: 'url', detail: '' }] }, '400 url'],
  ['a detail alone', { status: 400, details: [{ title: '', detail: 'No.' }] }, '400 No'],
  ['a request id and tries', { status: 503, attempts: 5, requestId: 'abc' }, '503, 5 tries, request id abc'],
  ['a detail that repeats its title', { status: 400, details: [{ title: 'No', detail: 'No way.' }] }, '400 No way'],
  [
    'details that repeat one another',
    { status: 400, details: [NOT_FOUND, NOT_FOUND] },
    '400 NotFound: Resource not found',
  ],
  [
    'a detail that is its title in other letters',
    { status: 503, details: [{ title: 'ServiceUnavailable', detail: 'Service unavailable' }] },
    '503 Service unavailable',
  ],
  [
    'a title that says more than its detail',
    { status: 404, details: [{ title: 'Not found here', detail: 'Not found' }] },
    '404 Not found here',
  ],
  ['an empty reason', { reason: '' }, 'no reason is known'],
  ['no answer', { reason: 'no answer (ECONNRESET)' }, 'no answer (ECONNRESET)'],
])('a message of %s', (_, facts, message) => {
  expect(new ImgixError({ ...REQUEST, ...facts }).message).toBe(message)
})

test('what an error knows by default', () => {
  const cause = new Error('why')
  const error = new ImgixError({ ...REQUEST, reason: 'x', cause })
  expect({ ...error, cause: error.cause }).toEqual({
    ...REQUEST,
    ...{ name: 'ImgixError', status: undefined, details: [], requestId: undefined, permission: undefined },
    ...{ reason: 'x', remedy: undefined },
    ...{ attempts: 1, perhapsDone: false, cause },
  })
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'x'],
  ['a list', []],
  ['no errors', {}],
  ['errors that are an object', { errors: {} }],
  ['errors that are no objects', { errors: [null, 'x', 7, []] }],
  ['errors that say nothing', { errors: [{}, { title: 7, detail: null, id: '' }] }],
])('the errors of %s', (_, document) => {
  expect(readErrors(document, plain)).toEqual({ details: [], requestId: undefined })
})

test('errors are one line each, not too long, and not too many', () => {
  const error = { title: 'A\n b\t c', detail: 'x'.repeat(5000), id: 'id 1', status: '400' }
  const { details, requestId } = readErrors({ errors: [error, error, error, error] }, plain)
  expect(details).toEqual(Array.from({ length: 3 }, () => ({ title: 'A b c', detail: `${'x'.repeat(300)}…` })))
  expect(requestId).toBe('id 1')
})

test('no part of a secret is left where a text is cut', () => {
  const secret = 'k3y-'.repeat(10)
  const redact = (text: string): string => text.replaceAll(secret, '***')
  for (const lead of [0, 1, 20, 39, 292, 299]) {
    const detail = 'x'.repeat(lead) + secret.repeat(1000)
    const [shown] = readErrors({ errors: [{ detail }] }, redact).details
    expect(shown?.detail ?? '').not.toContain('k3y')
  }
})

test('a secret is taken out before a text is cut', () => {
  const redact = (text: string): string => text.replaceAll('secret', '***')
  const { details } = readErrors({ errors: [{ detail: `${'x'.repeat(297)}secret` }] }, redact)
  expect(details).toEqual([{ title: '', detail: `${'x'.repeat(297)}***` }])
})

test('a long text is cut between two words', () => {
  const { details } = readErrors({ errors: [{ detail: `${'word '.repeat(58)}unquestionably` }] }, plain)
  expect(details).toEqual([{ title: '', detail: `${'word '.repeat(58).trim()}…` }])
})
