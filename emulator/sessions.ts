import { randomUUID } from 'node:crypto'
import { bucketPath } from './bucket.ts'
import type { Admitted, Answer, Call, Operations } from './call.ts'
import { dataAnswer, refuse } from './documents.ts'
import { requireUploads, withoutBody } from './sources.ts'
import { nowSeconds, recordAsset, type Session, type State } from './state.ts'
import { storages } from './storages.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The documents show two forms of every path. A server with the plain form alone reads `create/img/a.png` as an origin
 *  path. */
export function sessionOperations(state: State, tail: string[]): Operations {
  const { sessionForms } = state.settings
  const explicit = sessionForms === 'plain' ? {} : explicitOperations(state, tail)
  if (Object.keys(explicit).length > 0) return explicit
  return sessionForms === 'explicit' ? {} : plainOperations(state, tail)
}

function explicitOperations(state: State, [verb, ...rest]: string[]): Operations {
  const [id = '', ...more] = rest
  const hasId = id !== '' && more.length === 0
  if (verb === 'create' && id !== '') return { POST: edit((call) => createSession(state, call, rest.join('/'))) }
  if (verb === 'status' && hasId) return { GET: edit((call) => getStatus(state, call, id)) }
  if (verb === 'close' && hasId) return { POST: edit((call) => closeSession(state, call, id)) }
  if (verb === 'cancel' && hasId) return { DELETE: edit((call) => cancelSession(state, call, id)) }
  return {}
}

function plainOperations(state: State, tail: string[]): Operations {
  const [first = '', ...more] = tail
  if (first === '') return {}
  if (more.length === 0 && (uuid.test(first) || state.sessions.has(first))) {
    return {
      GET: edit((call) => getStatus(state, call, first)),
      POST: edit((call) => closeSession(state, call, first)),
    }
  }
  const create = { POST: edit((call) => createSession(state, call, tail.join('/'))) }
  return more.length > 0 ? create : { ...create, GET: edit((call) => getStatus(state, call, first)) }
}

function edit(run: (call: Call) => Admitted): Operations[string] {
  return { permission: 'edit', run }
}

function createSession(state: State, call: Call, originPath: string): Admitted {
  const { settings } = state
  requireUploads(settings)
  if (settings.source.type === 'azure') refuse(400, 'Upload sessions are not supported for Sources of type azure.')
  if (settings.sessionRefusesExisting && state.objects.has(originPath)) {
    refuse(409, 'An asset already exists at this path at the origin.')
  }
  return withoutBody(call, () => {
    const session = openSession(state, originPath)
    state.sessions.set(session.id, session)
    return sessionAnswer(state, session, { url: session.url })
  })
}

function openSession(state: State, originPath: string): Session {
  const path = bucketPath(state.settings.source.id, originPath)
  const now = new Date()
  const lifetimeMs = state.settings.urlLifetimeMs
  const origin = state.settings.storageUrl ?? state.origin
  const { host } = new URL(origin)
  const expiresSeconds = Math.max(1, Math.ceil(lifetimeMs / 1000))
  const id = randomUUID()
  const storage = storages[state.settings.storage]
  const query = storage.presign({ method: 'PUT', path, host, session: id, expiresSeconds, now })
  return {
    id,
    originPath,
    status: 'PENDING',
    url: `${origin}${path}?${query}`,
    stored: false,
    expiresAt: now.getTime() + lifetimeMs,
    dateCreated: nowSeconds(),
    dateModified: nowSeconds(),
  }
}

/** A closed session is complete at its second look. */
function getStatus(state: State, call: Call, id: string): Admitted {
  const session = find(state, id)
  return withoutBody(call, () => {
    if (session.status === 'CLOSED') move(session, 'COMPLETE')
    if (session.status === 'PENDING' && Date.now() >= session.expiresAt) close(state, session)
    return sessionAnswer(state, session)
  })
}

function closeSession(state: State, call: Call, id: string): Admitted {
  const session = find(state, id)
  return withoutBody(call, () => {
    if (session.status === 'CANCELED') refuse(409, 'The upload session was canceled.')
    if (session.status === 'PENDING') close(state, session)
    return sessionAnswer(state, session)
  })
}

function cancelSession(state: State, call: Call, id: string): Admitted {
  const session = find(state, id)
  return withoutBody(call, () => {
    if (session.status === 'CLOSED' || session.status === 'COMPLETE') refuse(409, 'The upload session was closed.')
    move(session, 'CANCELED')
    return sessionAnswer(state, session)
  })
}

function find(state: State, id: string): Session {
  return state.sessions.get(id) ?? refuse(404, 'Resource not found.')
}

function close(state: State, session: Session): void {
  move(session, 'CLOSED')
  if (session.stored) recordAsset(state, session.originPath, true)
}

function move(session: Session, status: Session['status']): void {
  session.status = status
  session.dateModified = nowSeconds()
}

function sessionAnswer(state: State, session: Session, more: { url?: string } = {}): Answer {
  const attributes = {
    date_created: session.dateCreated,
    date_expires: session.dateCreated + Math.ceil(state.settings.urlLifetimeMs / 1000),
    date_modified: session.dateModified,
    id: session.id,
    origin_path: `/${session.originPath}`,
    source_id: state.settings.source.id,
    status: session.status,
    ...more,
  }
  return dataAnswer({ attributes, id: session.id, type: 'asset_uploads' })
}
