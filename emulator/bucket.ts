import { randomBytes } from 'node:crypto'
import { type Admitted, type Answer, type Call, Refusal } from './call.ts'
import { verifyPresigned } from './sigv4.ts'
import { type Session, type State, storeObject } from './state.ts'

export const bucketCredentials = {
  accessKeyId: 'AKIAEMULATEDBUCKET01',
  secretAccessKey: 'emulated/bucket/secret/key/for/loopback01',
  region: 'us-east-1',
}
/** The S3 limit of one PUT: 5 GiB. */
const maxBytes = 5 * 1024 ** 3

export function bucketPath(sourceId: string, originPath: string): string {
  return `/bucket/${sourceId}/${originPath.split('/').map(encodeURIComponent).join('/')}`
}

/** A PUT to a presigned URL, as strict as S3. The object is stored when its last byte has arrived. */
export function putObject(state: State, call: Call): Admitted {
  const [, sourceId, ...rest] = call.segments ?? []
  if (call.segments === undefined) refuseXml(400, 'InvalidURI', "Couldn't parse the specified URI.")
  if (sourceId !== state.settings.source.id) refuseXml(404, 'NoSuchBucket', 'The specified bucket does not exist')
  if (rest.length === 0) refuseXml(404, 'NoSuchKey', 'The specified key does not exist.')
  if (call.method !== 'PUT') refuseXml(405, 'MethodNotAllowed', 'The specified method is not allowed here.')
  requireHeaders(call)
  const session = authorize(state, call)
  return {
    keep: state.settings.keepBodies,
    finish: (body) => {
      if (session) requireOpen(session)
      storeObject(state, rest.join('/'), { ...body, contentType: call.headers['content-type'], via: 'session' })
      if (session) session.stored = true
      return { status: 200, headers: { etag: `"${randomBytes(16).toString('hex')}"` }, body: '' }
    },
  }
}

function requireHeaders({ headers }: Call): void {
  if (headers.authorization !== undefined) refuseXml(400, 'InvalidArgument', 'Only one auth mechanism allowed')
  const stray = Object.keys(headers).find((name) => name.startsWith('x-imgix'))
  if (stray) refuseXml(400, 'InvalidRequest', `${stray} does not belong here`)
  if (headers['transfer-encoding'] !== undefined) {
    refuseXml(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented')
  }
  if (headers['content-length'] === undefined) {
    refuseXml(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
  }
  if (Number(headers['content-length']) > maxBytes) {
    refuseXml(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
  }
}

/** @returns the session of the URL; undefined for a URL that a test signed itself */
function authorize(state: State, call: Call): Session | undefined {
  const verdict = verifyPresigned(call, bucketCredentials, Date.now())
  if (!verdict.ok) {
    return refuseXml(verdict.code === 'AuthorizationQueryParametersError' ? 400 : 403, verdict.code, verdict.message)
  }
  const session = state.sessions.get(new URLSearchParams(call.query).get('session') ?? '')
  if (session) requireOpen(session)
  return session
}

function requireOpen(session: Session): void {
  if (Date.now() >= session.expiresAt) refuseXml(403, 'AccessDenied', 'Request has expired')
  if (session.status !== 'PENDING') refuseXml(403, 'AccessDenied', 'Access Denied')
}

function refuseXml(status: number, code: string, message: string): never {
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`
  const answer: Answer = { status, headers: { 'content-type': 'application/xml' }, body }
  throw new Refusal(answer)
}
