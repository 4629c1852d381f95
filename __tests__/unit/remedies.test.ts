import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { FileError } from '../../src/imgix/http/body.ts'
import { HostError } from '../../src/imgix/http/host-error.ts'
import { ProxyError } from '../../src/imgix/http/proxy-errors.ts'
import { explain } from '../../src/report/explain.ts'

type Facts = Partial<ConstructorParameters<typeof ImgixError>[0]>

const UPLOAD: Facts = { path: '/api/v1/sources/SRC/upload/a.png', permission: 'Asset Manager Edit' }
const PURGE: Facts = { path: '/api/v1/purge', permission: 'Purge' }
const PUT: Facts = { method: 'PUT', path: 'bucket.example' }
const AGAIN = 'run the job again'
const of = (facts: Facts): ImgixError => new ImgixError({ method: 'POST', path: '', ...facts })
const coded = (code: string): Error => Object.assign(new Error(code), { code })
const NOT_FOUND = { title: 'NotFound', detail: 'Resource not found.' }

/** Every error of a request: what it says, and what it says to do. */
const TABLE: [string, Error, string][] = [
  [
    '401',
    of({ ...PURGE, status: 401 }),
    'api-key: imgix does not accept the key; check that the secret is set and that the key is active (POST /api/v1/purge: 401)',
  ],
  [
    '403',
    of({ ...PURGE, status: 403 }),
    "api-key: the key lacks the permission Purge (in newer accounts: Asset Purge); add it to the key in imgix's dashboard (POST /api/v1/purge: 403)",
  ],
  [
    '403 of a permission with one name',
    of({ ...PURGE, permission: 'Sources', status: 403 }),
    "api-key: the key lacks the permission Sources; add it to the key in imgix's dashboard (POST /api/v1/purge: 403)",
  ],
  [
    '403 of an upload that replaces',
    of({ ...UPLOAD, permission: 'Asset Manager Edit and Purge', status: 403 }),
    `api-key: the key lacks the permission Asset Manager Edit and Purge (in newer accounts: Asset Edit and Asset Purge); add it to the key in imgix's dashboard (POST ${UPLOAD.path}: 403)`,
  ],
  [
    '400 on a purge',
    of({ ...PURGE, status: 400, details: [NOT_FOUND] }),
    "imgix does not purge this URL; check domains and urls: the host must be a domain of this account's Sources (POST /api/v1/purge: 400 NotFound: Resource not found.)",
  ],
  [
    '404 on a purge',
    of({ ...PURGE, status: 404 }),
    'this host has no purge call; check api-url (POST /api/v1/purge: 404)',
  ],
  [
    '400 on an upload',
    of({ ...UPLOAD, status: 400 }),
    `imgix refused the request (400); check the inputs and the file; if they are right, tell imgix's support the request (POST ${UPLOAD.path}: 400)`,
  ],
  [
    '404 on an upload',
    of({ ...UPLOAD, status: 404 }),
    `imgix does not know this path; check source-id and api-url, or ${AGAIN} later (POST ${UPLOAD.path}: 404)`,
  ],
  [
    '409 on an upload',
    of({ ...UPLOAD, status: 409 }),
    `imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict (POST ${UPLOAD.path}: 409)`,
  ],
  [
    '409 under on-conflict: fail',
    of({ ...UPLOAD, status: 409, reason: 'taken, and on-conflict is fail', remedy: 'delete it' }),
    `POST ${UPLOAD.path}: 409 taken, and on-conflict is fail; delete it`,
  ],
  [
    '413',
    of({ ...UPLOAD, status: 413 }),
    `the file is larger than imgix takes; make the file smaller, or leave it out by \`files\` (POST ${UPLOAD.path}: 413)`,
  ],
  [
    '415',
    of({ ...UPLOAD, status: 415 }),
    `imgix does not accept the file; open it and export it again, or leave it out by \`files\` (POST ${UPLOAD.path}: 415)`,
  ],
  [
    '422',
    of({ ...UPLOAD, status: 422 }),
    `imgix does not accept the file; open it and export it again, or leave it out by \`files\` (POST ${UPLOAD.path}: 422)`,
  ],
  [
    '429',
    of({ ...PURGE, status: 429 }),
    'imgix accepts fewer requests than rate-limits allows, or another job uses the same account; lower rate-limits (POST /api/v1/purge: 429)',
  ],
  [
    '500 after all tries',
    of({ ...PURGE, status: 500, attempts: 5 }),
    `imgix failed 5 times; ${AGAIN}; if it stays, see imgix's status page (POST /api/v1/purge: 500, 5 tries)`,
  ],
  [
    '504 after one try',
    of({ ...PURGE, status: 504 }),
    `imgix failed once; ${AGAIN}; if it stays, see imgix's status page (POST /api/v1/purge: 504)`,
  ],
  [
    'a redirect of the API',
    of({ ...PURGE, status: 302, reason: 'a redirect, which is not followed' }),
    'the API answered with a redirect, which is not followed; check api-url (POST /api/v1/purge: 302 a redirect, which is not followed)',
  ],
  [
    'an answer that is not JSON',
    of({ ...PURGE, status: 200, reason: 'with an answer that is not JSON' }),
    `imgix's answer can't be used; ${AGAIN}; if it stays, tell imgix's support the request (POST /api/v1/purge: 200 with an answer that is not JSON)`,
  ],
  [
    'no answer',
    of({ ...PURGE, reason: 'no answer (ENOTFOUND)', cause: coded('ENOTFOUND') }),
    `POST /api/v1/purge: no answer (ENOTFOUND); ${AGAIN}, and if it stays check api-url and the network`,
  ],
  [
    'no answer of the storage',
    of({ ...PUT, reason: 'no answer (ECONNRESET)', cause: coded('ECONNRESET') }),
    `PUT bucket.example: no answer (ECONNRESET); ${AGAIN}, and if it stays check the network`,
  ],
  [
    'a reason of our own',
    of({ ...PURGE, reason: 'opens sessions for other paths than asked' }),
    `POST /api/v1/purge: opens sessions for other paths than asked; ${AGAIN}; if it stays, tell imgix's support the request`,
  ],
  [
    'an answer of somebody between',
    of({ ...PURGE, reason: 'something between imgix and the runner answered 403 text/html', strangersStatus: 403 }),
    `POST /api/v1/purge: something between imgix and the runner answered 403 text/html; ${AGAIN}; if it stays, let the runner reach the host, or set the proxy`,
  ],
  [
    'a certificate that nobody knows',
    of({ ...PURGE, reason: 'no answer (SELF_SIGNED_CERT_IN_CHAIN)', cause: coded('SELF_SIGNED_CERT_IN_CHAIN') }),
    'the runner does not trust the certificate of the host (SELF_SIGNED_CERT_IN_CHAIN); set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it (POST /api/v1/purge: no answer (SELF_SIGNED_CERT_IN_CHAIN))',
  ],
  [
    'a certificate that is over',
    of({ ...PUT, reason: 'no answer (CERT_HAS_EXPIRED)', cause: coded('CERT_HAS_EXPIRED') }),
    "the certificate of the host is not valid now (CERT_HAS_EXPIRED); check the runner's clock, then the certificate (PUT bucket.example: no answer (CERT_HAS_EXPIRED))",
  ],
  [
    'a certificate of another host',
    of({ ...PUT, reason: 'no answer', cause: coded('ERR_TLS_CERT_ALTNAME_INVALID') }),
    'the certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID); check api-url, and what intercepts TLS on the runner (PUT bucket.example: no answer)',
  ],
  [
    'a host that is not public',
    of({ ...PURGE, reason: 'nothing was sent: x', cause: new HostError('x') }),
    "nothing was sent: the host's address is not public; check api-url and the runner's name server (POST /api/v1/purge: nothing was sent: x)",
  ],
  [
    'a storage that is not public',
    of({ ...PUT, reason: 'nothing was sent: x', cause: new HostError('x') }),
    "nothing was sent: the host's address is not public; check the endpoint in the Source's settings and the runner's name server (PUT bucket.example: nothing was sent: x)",
  ],
  [
    '403 of the storage',
    of({ ...PUT, status: 403, details: [{ title: 'AccessDenied', detail: '' }] }),
    "the storage answered 403 AccessDenied; check the upload credentials of the Source, and the runner's clock (PUT bucket.example: 403 AccessDenied)",
  ],
  [
    '404 of the storage',
    of({ ...PUT, status: 404 }),
    "the storage answered 404; check the bucket in the Source's settings (PUT bucket.example: 404)",
  ],
  [
    '413 of the storage',
    of({ ...PUT, status: 413 }),
    'the storage answered 413; make the file smaller, or leave it out by `files` (PUT bucket.example: 413)',
  ],
  [
    'a redirect of a new bucket',
    of({ ...PUT, status: 307 }),
    "the storage answered 307: a redirect, which is not followed; check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later (PUT bucket.example: 307)",
  ],
  [
    '503 of the storage',
    of({ ...PUT, status: 503, attempts: 5 }),
    `the storage answered 503; ${AGAIN} in some minutes (PUT bucket.example: 503, 5 tries)`,
  ],
  [
    'a storage that calls a request too early',
    of({ ...PUT, status: 425, attempts: 5 }),
    `the storage answered 425; ${AGAIN} in some minutes (PUT bucket.example: 425, 5 tries)`,
  ],
  [
    '400 of the storage that passes',
    of({ ...PUT, status: 400, details: [{ title: 'BadDigest', detail: '' }] }),
    `the storage answered 400 BadDigest; ${AGAIN} in some minutes (PUT bucket.example: 400 BadDigest)`,
  ],
  [
    '400 of the storage',
    of({ ...PUT, status: 400, details: [{ title: 'InvalidArgument', detail: '' }] }),
    "the storage answered 400 InvalidArgument; check the file, and the bucket in the Source's settings (PUT bucket.example: 400 InvalidArgument)",
  ],
  [
    'a file that changes',
    new FileError('the file changed while it was sent', { retryable: true }),
    `the file changed while it was sent; ${AGAIN}, and let no other step write to the files meanwhile`,
  ],
  [
    'a file that is gone',
    new FileError('the file is no longer in the work tree', { retryable: false }),
    `the file is no longer in the work tree; let no other step write to the files while this one runs, and ${AGAIN}`,
  ],
  [
    'a file that may not be read',
    new FileError("the file can't be read (EACCES)", { retryable: false }),
    "the file can't be read (EACCES); give the runner the permission to read it",
  ],
  [
    'a file that may not be written',
    new FileError("the file can't be written (EACCES)", { retryable: false }),
    "the file can't be written (EACCES); give the runner the permission to write it",
  ],
  [
    'a full disk',
    new FileError("the file can't be written (ENOSPC)", { retryable: false }),
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
    expect(explain(of({ ...PURGE, permission, cause, reason: cause.message }))).toBe(
      `POST /api/v1/purge: ${said}; ${remedy}`,
    )
})

test('anything else is its message', () => {
  expect([explain(new Error('why')), explain('text'), explain(undefined)]).toEqual(['why', 'text', 'undefined'])
})

describe('every status, with and without a key', () => {
  const statuses = [...Array(500).keys()].map((at) => at + 100).filter((status) => status >= 200)
  test.each([UPLOAD, PURGE, PUT, { path: '/api/v1/sources/SRC', permission: 'Sources' }])('%o', (facts) => {
    for (const status of [...statuses, undefined]) {
      const line = explain(of({ ...facts, status }))
      expect(line).toMatch(/; (check|run|lower|open|make|add|delete|set|give)/)
      expect(line).not.toMatch(/: $|: \(|\/api\/v1\/\S*$|undefined/)
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
