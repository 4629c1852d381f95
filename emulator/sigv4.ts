import { createHash, createHmac } from 'node:crypto'

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string }
export type SignedRequest = {
  method: string
  /** Path and query as sent. */
  path: string
  query: string
  headers: Record<string, string | string[] | undefined>
}
export type Verdict = { ok: true } | { ok: false; code: string; message: string }

const algorithm = 'AWS4-HMAC-SHA256'

/** Presigns a request for S3 by query parameters. Only the host is signed, so the request can have any Content-Type. The
 *  session's id is a parameter, so that all URLs differ.
 *  @returns the query; `path` is raw and encoded
 *  @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function presign(
  request: { method: string; path: string; host: string; session: string; expiresSeconds: number; now: Date },
  credentials: Credentials,
): string {
  const date = request.now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const query = [
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scopeOf(date, credentials.region)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(request.expiresSeconds)],
    ['X-Amz-SignedHeaders', 'host'],
    ['session', request.session],
  ]
    .map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const { method, path, host } = request
  return `${query}&X-Amz-Signature=${sign({ method, path, query, headers: { host } }, ['host'], date, credentials)}`
}

/** Checks a presigned request as S3 does, with S3's error codes. */
export function verifyPresigned(request: SignedRequest, credentials: Credentials, nowMs: number): Verdict {
  const parameters = new Map(parse(request.query))
  const [given, date, names] = ['Signature', 'Date', 'SignedHeaders'].map(
    (name) => parameters.get(`X-Amz-${name}`) ?? '',
  )
  const expires = Number(parameters.get('X-Amz-Expires'))
  if (!given || !date || !names) return refusal('AccessDenied', 'Access Denied')
  if (parameters.get('X-Amz-Algorithm') !== algorithm) return badQuery('X-Amz-Algorithm only supports AWS4-HMAC-SHA256')
  if (!/^\d{8}T\d{6}Z$/.test(date)) return badQuery('X-Amz-Date must be formatted yyyyMMddTHHmmssZ')
  if (!(Number.isInteger(expires) && expires >= 1 && expires <= 604_800))
    return badQuery('X-Amz-Expires is out of range')
  const expected = `${credentials.accessKeyId}/${scopeOf(date, credentials.region)}`
  if (parameters.get('X-Amz-Credential') !== expected)
    return refusal('InvalidAccessKeyId', 'The key is not known here.')
  const signedHeaders = names.split(';')
  if (!signedHeaders.includes('host')) return refusal('AccessDenied', 'The host header must be signed')
  const stray = Object.keys(request.headers).find((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name))
  if (stray) return refusal('AccessDenied', `There were headers present in the request which were not signed: ${stray}`)
  const start = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  // S3 allows a clock that is 15 minutes ahead.
  if (start > nowMs + 900_000) return refusal('AccessDenied', 'Request is not valid yet')
  if (nowMs >= start + expires * 1000) return refusal('AccessDenied', 'Request has expired')
  if (sign(request, signedHeaders, date, credentials) === given) return { ok: true }
  return refusal(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  )
}

function sign(request: SignedRequest, signedHeaders: string[], date: string, credentials: Credentials): string {
  const scope = scopeOf(date, credentials.region)
  const stringToSign = [algorithm, date, scope, sha256(canonical(request, signedHeaders))].join('\n')
  const key = ['s3', 'aws4_request'].reduce(
    (secret, part) => hmac(secret, part),
    hmac(hmac(`AWS4${credentials.secretAccessKey}`, date.slice(0, 8)), credentials.region),
  )
  return hmac(key, stringToSign).toString('hex')
}

function canonical(request: SignedRequest, signedHeaders: string[]): string {
  const query = parse(request.query)
    .filter(([name]) => name !== 'X-Amz-Signature')
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

function scopeOf(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/s3/aws4_request`
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
  return { ok: false, code, message }
}
