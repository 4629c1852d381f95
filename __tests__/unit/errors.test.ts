import { expect, test } from 'vitest'
import { ImgixError, readErrors } from '../../src/imgix/errors.ts'
import { ProxyError } from '../../src/imgix/http/proxy-errors.ts'
import { explain } from '../../src/report/explain.ts'

const REQUEST = { method: 'POST', path: '/api/v1/purge' }
const NOT_FOUND = { title: 'NotFound', detail: 'Resource not found.' }
const plain = (text: string): string => text

test.each([
  ['a status alone', { status: 500 }, 'POST /api/v1/purge: 500'],
  ['details', { status: 404, details: [NOT_FOUND] }, 'POST /api/v1/purge: 404 NotFound: Resource not found.'],
  ['a title alone', { status: 400, details: [{ title: 'url', detail: '' }] }, 'POST /api/v1/purge: 400 url'],
  ['a detail alone', { status: 400, details: [{ title: '', detail: 'No.' }] }, 'POST /api/v1/purge: 400 No.'],
  [
    'a request id and tries',
    { status: 503, attempts: 5, requestId: 'abc' },
    'POST /api/v1/purge: 503, 5 tries (request id abc)',
  ],
  ['no answer', { reason: 'no answer (ECONNRESET)' }, 'POST /api/v1/purge: no answer (ECONNRESET)'],
])('a message of %s', (_, facts, message) => {
  expect(new ImgixError({ ...REQUEST, ...facts }).message).toBe(message)
})

test('what an error knows by default', () => {
  const cause = new Error('why')
  const error = new ImgixError({ ...REQUEST, reason: 'x', cause })
  expect({ ...error, cause: error.cause }).toEqual({
    ...REQUEST,
    ...{ name: 'ImgixError', status: undefined, details: [], requestId: undefined, permission: undefined },
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
  expect(details).toEqual(Array.from({ length: 3 }, () => ({ title: 'A b c', detail: 'x'.repeat(300) })))
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

const UPLOAD = '/api/v1/sources/x/upload/a.png'

test.each([
  [
    '401',
    { status: 401, permission: 'Purge' },
    'api-key: imgix does not accept the key; check that the secret is set and that the key is active (POST /api/v1/purge: 401)',
  ],
  [
    '403',
    { status: 403, permission: 'Purge' },
    "api-key: the key lacks the permission Purge (in newer accounts: Asset Purge); add it to the key in imgix's dashboard (POST /api/v1/purge: 403)",
  ],
  [
    '403 of a permission with one name',
    { status: 403, permission: 'Sources' },
    "api-key: the key lacks the permission Sources; add it to the key in imgix's dashboard (POST /api/v1/purge: 403)",
  ],
  [
    '403 of an upload that replaces',
    { status: 403, path: UPLOAD, permission: 'Asset Manager Edit and Purge' },
    `api-key: the key lacks the permission Asset Manager Edit and Purge (in newer accounts: Asset Edit and Asset Purge); add it to the key in imgix's dashboard (POST ${UPLOAD}: 403)`,
  ],
  ['403 of the storage', { status: 403, method: 'PUT', path: 'bucket/a' }, 'PUT bucket/a: 403'],
  ['404', { status: 404, path: UPLOAD, permission: 'Asset Manager Edit' }, `POST ${UPLOAD}: 404`],
  [
    '409',
    { status: 409, path: UPLOAD, permission: 'Asset Manager Edit' },
    `imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict (POST ${UPLOAD}: 409)`,
  ],
  [
    '429',
    { status: 429, permission: 'Purge' },
    'imgix accepts fewer requests than rate-limits allows, or another job uses the same account; lower rate-limits (POST /api/v1/purge: 429)',
  ],
  [
    'no answer',
    { reason: 'no answer (ENOTFOUND)', permission: 'Purge' },
    'POST /api/v1/purge: no answer (ENOTFOUND); run the job again, and if it stays check api-url and the network',
  ],
  [
    '400',
    { status: 400, permission: 'Purge', details: [NOT_FOUND] },
    'POST /api/v1/purge: 400 NotFound: Resource not found.',
  ],
])('the explanation of %s', (_, facts, expected) => {
  expect(explain(new ImgixError({ ...REQUEST, ...facts }))).toBe(expected)
})

test.each([
  ['407', 407, true, 'check the user name and password in HTTPS_PROXY'],
  ['403', 403, true, 'check HTTPS_PROXY'],
  ['none', undefined, false, 'check HTTP_PROXY'],
])('the explanation of a proxy that answers %s', (_, status, secure, remedy) => {
  const way = { proxy: new URL('http://u:secret@proxy.example'), target: 'api.imgix.com:443', secure }
  const cause = new ProxyError('why', status === undefined ? way : { ...way, status })
  const said = 'no tunnel to api.imgix.com:443 through the proxy proxy.example:80 (why)'
  for (const permission of ['Purge', undefined]) {
    const error = new ImgixError({ ...REQUEST, permission, cause, reason: cause.message })
    expect(explain(error)).toBe(`POST /api/v1/purge: ${said}; ${remedy}`)
  }
})

test('the explanation of anything else', () => {
  expect([explain(new Error('why')), explain('text'), explain(undefined)]).toEqual(['why', 'text', 'undefined'])
})
