import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { FileError } from '../../src/imgix/http/body.ts'
import { HostError, ProxyError } from '../../src/imgix/http/unsent.ts'
import { explain } from '../../src/report/explain.ts'

type Facts = Partial<ConstructorParameters<typeof ImgixError>[0]>

const UPLOAD: Facts = { path: '/api/v1/sources/SRC/upload/a.png', permission: 'Asset Manager Edit' }
const PURGE: Facts = { path: '/api/v1/purge', permission: 'Purge' }
const PUT: Facts = { method: 'PUT', path: 'bucket.example' }
const of = (facts: Facts): ImgixError => new ImgixError({ method: 'POST', path: '', ...facts })
const coded = (code: string): Error => Object.assign(new Error(code), { code })
const INVALID = { title: 'Invalid', detail: 'Invalid: 17 frames.' }
const NOT_FOUND = { title: 'NotFound', detail: 'Resource not found.' }

/** Every error of a request: what it says, and what it says to do. */
const TABLE: [string, Error, string][] = [
  [
    '401',
    of({ ...PURGE, status: 401 }),
    'api-key: imgix does not accept the key; check that the secret is set and that the key is active (401)',
  ],
  [
    '403',
    of({ ...PURGE, status: 403 }),
    "api-key: the key lacks the permission Purge (in newer accounts: Asset Purge); add it to the key in imgix's dashboard (403)",
  ],
  [
    '403 of a permission with one name',
    of({ ...PURGE, permission: 'Sources', status: 403 }),
    "api-key: the key lacks the permission Sources; add it to the key in imgix's dashboard (403)",
  ],
  [
    '403 of an upload that replaces',
    of({ ...UPLOAD, permission: 'Asset Manager Edit and Purge', status: 403 }),
    "api-key: the key lacks the permission Asset Manager Edit and Purge (in newer accounts: Asset Edit and Asset Purge); add it to the key in imgix's dashboard (403)",
  ],
  [
    '400 on a purge',
    of({ ...PURGE, status: 400, details: [NOT_FOUND] }),
    "imgix does not purge this URL; check domains and urls: the host must be a domain of this account's Sources (400 NotFound: Resource not found)",
  ],
  ['404 on a purge', of({ ...PURGE, status: 404 }), 'this host has no purge call; check api-url (404)'],
  [
    '400 on an upload',
    of({ ...UPLOAD, status: 400 }),
    "imgix refuses the upload; check the file and its name; if they are right, tell imgix's support (400)",
  ],
  [
    '404 on an upload',
    of({ ...UPLOAD, status: 404 }),
    'imgix does not find the Source, or this path in it; check source-id and api-url, or run the job again later (404)',
  ],
  [
    '409 on an upload',
    of({ ...UPLOAD, status: 409 }),
    'imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict (409)',
  ],
  [
    '409 under on-conflict: fail',
    of({ ...UPLOAD, status: 409, reason: 'taken, and on-conflict is fail', remedy: 'delete it' }),
    'taken, and on-conflict is fail; delete it (409)',
  ],
  [
    '413',
    of({ ...UPLOAD, status: 413 }),
    'the file is larger than imgix takes; make the file smaller, or leave it out by `files` (413)',
  ],
  [
    '415',
    of({ ...UPLOAD, status: 415 }),
    'imgix does not accept the file; open it and export it again, or leave it out by `files` (415)',
  ],
  [
    '422',
    of({ ...UPLOAD, status: 422, details: [INVALID], attempts: 2, requestId: 'abc' }),
    'imgix does not accept the file; open it and export it again, or leave it out by `files` (422 Invalid: 17 frames, 2 tries, request id abc)',
  ],
  [
    '429',
    of({ ...PURGE, status: 429 }),
    'not purged: imgix accepts no more requests for now; another job may use the same account; lower rate-limits, where it is an input, or run the job again later (429)',
  ],
  [
    '500 after all tries',
    of({ ...PURGE, status: 500, attempts: 5 }),
    "not purged: imgix failed; run the job again; if it stays, see imgix's status page (500, 5 tries)",
  ],
  [
    '504 after one try',
    of({ ...PURGE, status: 504 }),
    "not purged: imgix failed; run the job again; if it stays, see imgix's status page (504)",
  ],
  [
    'a redirect of the API',
    of({ ...PURGE, status: 302, reason: 'a redirect, which is not followed' }),
    'not purged: the API answered with a redirect, which is not followed; check api-url (302)',
  ],
  [
    'an answer that is not JSON',
    of({ ...PURGE, status: 200, reason: 'with an answer that is not JSON' }),
    "not purged: imgix's answer can't be used; run the job again; if it stays, check api-url and the proxy, or tell imgix's support (200 with an answer that is not JSON)",
  ],
  [
    'a list of assets that we can not use',
    of({
      method: 'GET',
      path: '/api/v1/sources/SRC/assets',
      status: 200,
      reason: 'with an asset that has no origin_path',
    }),
    "the Source's assets can't be listed: imgix's answer can't be used; run the job again; if it stays, check api-url and the proxy, or tell imgix's support (200 with an asset that has no origin_path)",
  ],
  [
    'no answer',
    of({ ...PURGE, reason: 'no answer from api.imgix.com (ENOTFOUND)', cause: coded('ENOTFOUND') }),
    "not purged: no answer from api.imgix.com (ENOTFOUND); run the job again; if it stays, check api-url and the runner's name server",
  ],
  [
    'a file that is called as a call is',
    of({ ...PURGE, path: '/api/v1/sources/SRC/assets/add/purge', status: 404 }),
    'imgix does not find it; check api-url, and source-id if it is set, or run the job again later (404)',
  ],
  [
    'a file in a folder that is called as a call is',
    of({ ...PURGE, path: '/api/v1/sources/SRC/assets/refresh/upload/reports', status: 400 }),
    "imgix refuses the request; check the inputs; if they are right, tell imgix's support (400)",
  ],
  [
    'no answer of the storage',
    of({ ...PUT, reason: 'no answer from bucket.example (ECONNRESET)', cause: coded('ECONNRESET') }),
    'not uploaded: no answer from bucket.example (ECONNRESET); run the job again; if it stays, check the network',
  ],
  [
    'a reason of our own',
    of({ ...PURGE, reason: 'an upload session for other.png' }),
    "not purged: an upload session for other.png; run the job again; if it stays, tell imgix's support",
  ],
  [
    'an answer of somebody between',
    of({ ...PURGE, reason: 'something between imgix and the runner answered 403 text/html', strangersStatus: 403 }),
    'not purged: something between imgix and the runner answered 403 text/html; run the job again; if it stays, let the runner reach the host, or set the proxy',
  ],
  [
    'a certificate that nobody knows',
    of({
      ...PURGE,
      reason: 'no answer from api.imgix.com (SELF_SIGNED_CERT_IN_CHAIN)',
      cause: coded('SELF_SIGNED_CERT_IN_CHAIN'),
    }),
    'not purged: no answer from api.imgix.com (SELF_SIGNED_CERT_IN_CHAIN): the runner does not trust its certificate; set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
  ],
  [
    'a certificate that is over',
    of({ ...PUT, reason: 'no answer from bucket.example (CERT_HAS_EXPIRED)', cause: coded('CERT_HAS_EXPIRED') }),
    "not uploaded: no answer from bucket.example (CERT_HAS_EXPIRED): its certificate is not valid now; check the runner's clock, then the certificate",
  ],
  [
    'a certificate of another host',
    of({
      ...PUT,
      reason: 'no answer from bucket.example (ERR_TLS_CERT_ALTNAME_INVALID)',
      cause: coded('ERR_TLS_CERT_ALTNAME_INVALID'),
    }),
    'not uploaded: no answer from bucket.example (ERR_TLS_CERT_ALTNAME_INVALID): its certificate is for another host; check api-url, and what intercepts TLS on the runner',
  ],
  [
    'a host that is not public',
    of({
      ...PURGE,
      reason: 'nothing was sent: its host is not public',
      cause: new HostError('its host is not public'),
    }),
    "not purged: nothing was sent: its host is not public; check api-url, and the runner's name server",
  ],
  [
    'a storage that is not public',
    of({ ...PUT, reason: 'nothing was sent: its host is not public', cause: new HostError('its host is not public') }),
    "not uploaded: nothing was sent: its host is not public; check the endpoint in the Source's settings, and the runner's name server",
  ],
  [
    '403 of the storage',
    of({ ...PUT, status: 403, details: [{ title: 'AccessDenied', detail: '' }] }),
    "the storage refuses the upload; check the upload credentials of the Source, and the runner's clock (403 AccessDenied)",
  ],
  [
    '404 of the storage',
    of({ ...PUT, status: 404 }),
    "the storage does not find the bucket; check the bucket in the Source's settings (404)",
  ],
  [
    '413 of the storage',
    of({ ...PUT, status: 413 }),
    'the file is larger than the storage takes; make the file smaller, or leave it out by `files` (413)',
  ],
  [
    'a redirect of a new bucket',
    of({ ...PUT, status: 307 }),
    "the storage answered with a redirect, which is not followed; check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later (307)",
  ],
  [
    '503 of the storage',
    of({ ...PUT, status: 503, attempts: 5 }),
    'not uploaded: the storage of the bucket failed; run the job again in some minutes (503, 5 tries)',
  ],
  [
    'a storage that calls a request too early',
    of({ ...PUT, status: 425, attempts: 5 }),
    'not uploaded: the storage of the bucket failed; run the job again in some minutes (425, 5 tries)',
  ],
  [
    '400 of the storage that passes',
    of({ ...PUT, status: 400, details: [{ title: 'BadDigest', detail: '' }] }),
    'not uploaded: the storage of the bucket failed; run the job again in some minutes (400 BadDigest)',
  ],
  [
    '400 of the storage',
    of({ ...PUT, status: 400, details: [{ title: 'InvalidArgument', detail: '' }] }),
    "the storage does not accept the file; check the file, and the bucket in the Source's settings (400 InvalidArgument)",
  ],
  [
    '200 of the storage with an error',
    of({ ...PUT, status: 200, details: [{ title: 'AccessDenied', detail: '' }] }),
    "the storage does not accept the file; check the file, and the bucket in the Source's settings (200 AccessDenied)",
  ],
  [
    '404 of the creation of a Source',
    of({ path: '/api/v1/sources', permission: 'Sources', status: 404 }),
    'imgix does not create the Source; check api-url, or run the job again later (404)',
  ],
  [
    'a 429 of a change to a Source',
    of({ method: 'PATCH', path: '/api/v1/sources/SRC', permission: 'Sources', status: 429, attempts: 5 }),
    'imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now; run the job again later (429, 5 tries)',
  ],
  [
    'a Source that imgix does not give',
    of({ method: 'GET', path: '/api/v1/sources/SRC', permission: 'Sources', status: 500, attempts: 5 }),
    "the Source can't be read: imgix failed; run the job again; if it stays, see imgix's status page (500, 5 tries)",
  ],
  [
    'assets that imgix does not list',
    of({ method: 'GET', path: '/api/v1/sources/SRC/assets', permission: 'Asset Manager Browse', status: 400 }),
    "the Source's assets can't be listed: imgix refuses the request; check the inputs; if they are right, tell imgix's support (400)",
  ],
  [
    '422 of metadata',
    of({ method: 'PATCH', path: '/api/v1/sources/SRC/assets/a.png', permission: 'Asset Manager Edit', status: 422 }),
    "imgix does not accept the change; check the metadata file, if there is one; if it is right, tell imgix's support (422)",
  ],
  [
    '413 of a Source',
    of({ method: 'GET', path: '/api/v1/sources/SRC', permission: 'Sources', status: 413 }),
    "the Source can't be read: imgix refuses the request; check the inputs; if they are right, tell imgix's support (413)",
  ],
  [
    '403 of reports',
    of({ method: 'GET', path: '/api/v1/reports', permission: 'Analytics', status: 403, requestId: 'abc' }),
    "api-key: the key lacks the permission Analytics; add it to the key in imgix's dashboard; if it has it, ask imgix whether the account has reports (403, request id abc)",
  ],
  [
    '429 of reports',
    of({ method: 'GET', path: '/api/v1/reports', permission: 'Analytics', status: 429 }),
    "the reports can't be listed: imgix accepts no more requests for now; another job may use the same account; lower rate-limits, where it is an input, or run the job again later (429)",
  ],
  [
    'a page in place of a part of a report',
    of({ method: 'GET', path: 'reports.example', status: 200, reason: 'with a page of HTML', attempts: 3 }),
    'the file did not arrive; run the job again; if it stays, check the network and the proxy (200 with a page of HTML, 3 tries)',
  ],
  [
    'a part of a report that is gone',
    of({ method: 'GET', path: 'reports.example', status: 404 }),
    "the storage does not give the file; run the job again; if it stays, tell imgix's support (404)",
  ],
  [
    'a file that changes',
    new FileError('the file changed while it was sent', { retryable: true }),
    'the file changed while it was sent; run the job again, and let no other step write to the files meanwhile',
  ],
  [
    'a file that is gone',
    new FileError('the file is no longer in the work tree', { retryable: false }),
    'the file is no longer in the work tree; run the job again, and let no other step write to the files meanwhile',
  ],
  [
    'a file that may not be read',
    new FileError("the file can't be read (EACCES)", { retryable: false, cause: coded('EACCES') }),
    "the file can't be read (EACCES); give the runner's user the permission for it",
  ],
  [
    'a file that may not be written',
    new FileError("the file can't be written (EACCES)", { retryable: false, cause: coded('EACCES') }),
    "the file can't be written (EACCES); give the runner's user the permission for it",
  ],
  [
    'a full disk',
    new FileError("the file can't be written (ENOSPC)", { retryable: false, cause: coded('ENOSPC') }),
    "the file can't be written (ENOSPC); make room on the runner's disk",
  ],
]

test.each(TABLE)('%s', (_, error, expected) => {
  expect(explain(error)).toBe(expected)
})

test.each([
  ['407', 407, true, 'check the user name and password in HTTPS_PROXY'],
  ['403', 403, true, 'check HTTPS_PROXY'],
  ['none', undefined, false, 'check HTTP_PROXY'],
])('a proxy that answers %s', (_, status, secure, remedy) => {
  const way = { proxy: new URL('http://u:secret@proxy.example'), target: 'api.imgix.com:443', secure }
  const cause = new ProxyError('why', status === undefined ? way : { ...way, status })
  const said = 'no tunnel to api.imgix.com:443 through the proxy proxy.example:80 (why)'
  for (const permission of ['Purge', undefined])
    expect(explain(of({ ...PURGE, permission, cause, reason: cause.message }))).toBe(`${said}; ${remedy}`)
})

test('anything else is its message', () => {
  expect([explain(new Error('why')), explain('text'), explain(undefined)]).toEqual(['why', 'text', 'undefined'])
})

describe('every status, with and without a key', () => {
  const statuses = [...Array(500).keys()].map((at) => at + 100).filter((status) => status >= 200)
  const requests: Facts[] = [
    ...[UPLOAD, PURGE, PUT, { method: 'GET', path: 'reports.example' }],
    ...['GET', 'PATCH'].map((method) => ({ method, path: '/api/v1/sources/SRC', permission: 'Sources' })),
    ...['GET', 'POST'].map((method) => ({ method, path: '/api/v1/sources', permission: 'Sources' })),
    ...['GET', 'PATCH'].map((method) => ({ method, path: '/api/v1/sources/SRC/assets/a', permission: 'Browse' })),
    ...['assets', 'assets/add/a', 'upload-sessions/create/a', 'upload-sessions/close/id', 'other'].map((path) => ({
      path: `/api/v1/sources/SRC/${path}`,
      permission: 'Asset Manager Edit',
    })),
    ...['reports', 'reports/id'].map((path) => ({ method: 'GET', path: `/api/v1/${path}`, permission: 'Analytics' })),
  ]
  test.each(requests)('%o', (facts) => {
    for (const status of [...statuses, undefined]) {
      const line = explain(of({ ...facts, status }))
      expect(line).toMatch(/; (check|run|lower|open|make|add|delete|set|give|choose|correct|take)/)
      expect(line).not.toMatch(/: $|: \(|\/api\/v1|undefined|\b(GET|PUT|POST|PATCH|DELETE)\b/)
    }
  })
})

/** Words by which a remedy begins, and names of texts that are one. */
const REMEDY =
  /[:;)] (\$\{(remedy|why|text|[A-Z]+)\b|(check|set|put|use|install|make|save|let|name|run|report|check out)\b)|is not allowed; /

test('the errors that say themselves what is wrong say what to do, too', () => {
  const src = new URL('../../src/', import.meta.url).pathname
  const silent = globSync('{select,inputs,plan,runner}/**/*.ts', { cwd: src }).flatMap((file) => {
    const text = readFileSync(`${src}${file}`, 'utf8')
    const thrown = text.matchAll(/new (?:Git|Tree|Base|Input|Unsettled)Error\(\s*\[?\s*([`'"])((?:(?!\1).)+)\1/gs)
    return [...thrown].flatMap(([, , message = '']) => (REMEDY.test(message) ? [] : [`${file}: ${message}`]))
  })
  expect(silent).toEqual([])
})
