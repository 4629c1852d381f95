import { createHash, createHmac } from 'node:crypto'

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string }
export type SignedRequest = {
  method: string
  /** Path and query as sent. */
  path: string
  query: string
  headers: Record<string, string | string[] | undefined>
}
/** `status`: default 403 */
export type Verdict = { ok: true } | { ok: false; status?: number; code: string; message: string }

/** What storages call the parts of this signature, and how they refuse a URL that has expired. */
export type Dialect = {
  /** of the algorithm and the first key: `AWS4` */
  readonly name: string
  /** of the parameters: `X-Amz` */
  readonly prefix: string
  /** the end of the scope: `s3/aws4_request` */
  readonly scope: readonly [service: string, terminator: string]
  readonly expired: { readonly status: number; readonly code: string; readonly message: string }
}

export const awsDialect: Dialect = {
  name: 'AWS4',
  prefix: 'X-Amz',
  scope: ['s3', 'aws4_request'],
  expired: { status: 403, code: 'AccessDenied', message: 'Request has expired' },
}

/** Presigns a request by query parameters. Only the host is signed, so the request can have any Content-Type. The
 *  session's id is a parameter, so that all URLs differ.
 *  @returns the query; `path` is raw and encoded
 *  @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *  @see https://docs.cloud.google.com/storage/docs/authentication/signatures */
export function presign(
  request: { method: string; path: string; host: string; session: string; expiresSeconds: number; now: Date },
  credentials: Credentials,
  dialect = awsDialect,
): string {
  const { prefix } = dialect
  const date = request.now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const query = [
    [`${prefix}-Algorithm`, algorithmOf(dialect)],
    [`${prefix}-Credential`, `${credentials.accessKeyId}/${scopeOf(date, credentials, dialect)}`],
    [`${prefix}-Date`, date],
    [`${prefix}-Expires`, String(request.expiresSeconds)],
    [`${prefix}-SignedHeaders`, 'host'],
    ['session', request.session],
  ]
    .map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const { method, path, host } = request
  const signature = sign({ method, path, query, headers: { host } }, { names: ['host'], date, credentials, dialect })
  return `${query}&${prefix}-Signature=${signature}`
}

/** Checks a presigned request as the storage does, with its error codes. */
export function verifyPresigned(
  request: SignedRequest,
  credentials: Credentials,
  nowMs: number,
  dialect = awsDialect,
): Verdict {
  const { prefix, expired } = dialect
  const algorithm = algorithmOf(dialect)
  const parameters = new Map(parse(request.query))
  const [given, date, names] = ['Signature', 'Date', 'SignedHeaders'].map(
    (name) => parameters.get(`${prefix}-${name}`) ?? '',
  )
  const expires = Number(parameters.get(`${prefix}-Expires`))
  if (!given || !date || !names) return refusal('AccessDenied', 'Access Denied')
  if (parameters.get(`${prefix}-Algorithm`) !== algorithm)
    return badQuery(`${prefix}-Algorithm only supports ${algorithm}`)
  if (!/^\d{8}T\d{6}Z$/.test(date)) return badQuery(`${prefix}-Date must be formatted yyyyMMddTHHmmssZ`)
  if (!(Number.isInteger(expires) && expires >= 1 && expires <= 604_800))
    return badQuery(`${prefix}-Expires is out of range`)
  const expected = `${credentials.accessKeyId}/${scopeOf(date, credentials, dialect)}`
  if (parameters.get(`${prefix}-Credential`) !== expected)
    return refusal('InvalidAccessKeyId', 'The key is not known here.')
  const signedHeaders = names.split(';')
  if (!signedHeaders.includes('host')) return refusal('AccessDenied', 'The host header must be signed')
  const isOwn = (name: string): boolean => name.startsWith(`${prefix.toLowerCase()}-`)
  const stray = Object.keys(request.headers).find((name) => isOwn(name) && !signedHeaders.includes(name))
  if (stray) return refusal('AccessDenied', `There were headers present in the request which were not signed: ${stray}`)
  const start = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  // S3 allows a clock that is 15 minutes ahead.
  if (start > nowMs + 900_000) return refusal('AccessDenied', 'Request is not valid yet')
  if (nowMs >= start + expires * 1000) return { ok: false, ...expired }
  if (sign(request, { names: signedHeaders, date, credentials, dialect }) === given) return { ok: true }
  return refusal(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  )
}

type Signing = { names: string[]; date: string; credentials: Credentials; dialect: Dialect }

/** @param names of the signed headers */
function sign(request: SignedRequest, { names, date, credentials, dialect }: Signing): string {
  const scope = scopeOf(date, credentials, dialect)
  const hash = sha256(canonical(request, names, dialect))
  const stringToSign = [algorithmOf(dialect), date, scope, hash].join('\n')
  const key = dialect.scope.reduce(
    (secret, part) => hmac(secret, part),
    hmac(hmac(`${dialect.name}${credentials.secretAccessKey}`, date.slice(0, 8)), credentials.region),
  )
  return hmac(key, stringToSign).toString('hex')
}

function algorithmOf({ name }: Dialect): string {
  return `${name}-HMAC-SHA256`
}

function canonical(request: SignedRequest, signedHeaders: string[], { prefix }: Dialect): string {
  const query = parse(request.query)
    .filter(([name]) => name !== `${prefix}-Signature`)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = signedHeaders.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('')
  const path = request.path.split('/').map(decodeURIComponent).map(encode).join('/')
  return [request.method, path, query, headers, signedHeaders.join(';'), 'UNSIGNED-PAYLOAD'].join('\n')
}

function parse(query: string): [string, string][] {
  return query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [decodeURIComponent(name), decodeURIComponent(value.join('='))]
  })
}

/** AWS encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function scopeOf(date: string, { region }: Credentials, { scope }: Dialect): string {
  return [date.slice(0, 8), region, ...scope].join('/')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function badQuery(message: string): Verdict {
  return refusal('AuthorizationQueryParametersError', message)
}

function refusal(code: string, message: string): Verdict {
  return { ok: false, status: code === 'AuthorizationQueryParametersError' ? 400 : 403, code, message }
}
