import { randomBytes } from 'node:crypto'
import { type Admitted, type Answer, type Call, Refusal } from './call.ts'
import { type Session, type State, storeObject } from './state.ts'
import { type Storage, storages } from './storages.ts'

export { bucketCredentials } from './storages.ts'

export function bucketPath(sourceId: string, originPath: string): string {
  return `/bucket/${sourceId}/${originPath.split('/').map(encodeURIComponent).join('/')}`
}

/** The limit of a key, in bytes. */
const keyMaxBytes = 1024

/** A PUT to a presigned URL, as strict as the storage. The object is stored when its last byte has arrived. */
export function putObject(state: State, call: Call): Admitted {
  const storage = storages[state.settings.storage]
  const refuse = (status: number, code: string, message: string): never => refuseXml(storage, { status, code, message })
  const [, sourceId, ...rest] = call.segments ?? []
  const key = rest.join('/')
  if (call.segments === undefined) refuse(400, 'InvalidURI', "Couldn't parse the specified URI.")
  if (sourceId !== state.settings.source.id) refuse(404, 'NoSuchBucket', 'The specified bucket does not exist')
  if (rest.length === 0) refuse(404, 'NoSuchKey', 'The specified key does not exist.')
  if (Buffer.byteLength(key) > keyMaxBytes) refuse(400, 'KeyTooLongError', 'Your key is too long')
  if (call.method !== 'PUT') refuse(405, 'MethodNotAllowed', 'The specified method is not allowed here.')
  requireHeaders(call, storage)
  const session = authorize(state, call, storage)
  return {
    keep: state.settings.keepBodies,
    finish: (body) => {
      if (session) requireOpen(session, storage)
      storeObject(state, key, { ...body, contentType: call.headers['content-type'], via: 'session' })
      if (session) session.stored = true
      const { status, headers } = storage.stored
      return { status, headers: { ...headers, etag: `"${randomBytes(16).toString('hex')}"` }, body: '' }
    },
  }
}

function requireHeaders({ headers }: Call, storage: Storage): void {
  const refuse = (status: number, code: string, message: string): never => refuseXml(storage, { status, code, message })
  if (headers.authorization !== undefined) refuse(400, 'InvalidArgument', 'Only one auth mechanism allowed')
  const stray = Object.keys(headers).find((name) => name.startsWith('x-imgix'))
  if (stray) refuse(400, 'InvalidRequest', `${stray} does not belong here`)
  if (headers['transfer-encoding'] !== undefined) {
    refuse(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented')
  }
  if (headers['content-length'] === undefined) {
    refuse(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
  }
  if (Number(headers['content-length']) > storage.maxBytes) {
    refuse(storage.tooLarge === 'EntityTooLarge' ? 400 : 413, storage.tooLarge, 'Your proposed upload is too large')
  }
}

/** @returns the session of the URL; undefined for a URL that a test signed itself */
function authorize(state: State, call: Call, storage: Storage): Session | undefined {
  const verdict = storage.verify(call, Date.now())
  if (!verdict.ok) return refuseXml(storage, { status: 403, ...verdict })
  const session = state.sessions.get(new URLSearchParams(call.query).get('session') ?? '')
  if (session) requireOpen(session, storage)
  return session
}

function requireOpen(session: Session, storage: Storage): void {
  if (Date.now() >= session.expiresAt) refuseXml(storage, storage.expired)
  if (session.status !== 'PENDING') refuseXml(storage, { status: 403, code: 'AccessDenied', message: 'Access Denied' })
}

type Refused = { status: number; code: string; message: string }

function refuseXml({ start, errorHeaders }: Storage, { status, code, message }: Refused): never {
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  const body = `${start}<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`
  const answer: Answer = { status, headers: { 'content-type': 'application/xml', ...errorHeaders(code) }, body }
  throw new Refusal(answer)
}
