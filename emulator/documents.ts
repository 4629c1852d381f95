import { randomBytes } from 'node:crypto'
import { type Answer, type Call, hasBody, Refusal } from './call.ts'

/** The key owner's address. Every real answer contains it, and no log may. */
export const accountTag = 'owner@imgix-account.example'
const jsonApi = 'application/vnd.api+json'

const titles: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  411: 'LengthRequired',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableEntity',
  429: 'TooManyRequests',
  500: 'InternalServerError',
}

const meta = {
  authentication: {
    authorized: true,
    clientId: null,
    mode: 'PUBLIC_APIKEY',
    modeTitle: 'Public API Key',
    tag: accountTag,
    user: null,
  },
  server: { commit: '8835d05b', status: { healthy: true, read_only: false, tombstone: false }, version: '3.120.0' },
}

/** A document of one object or a list, as in the reference's examples. */
export function dataAnswer(data: unknown, more: Record<string, unknown> = {}): Answer {
  return jsonAnswer(200, { data, included: [], jsonapi: { version: '1.0' }, meta: { ...meta, ...more } })
}

export function errorAnswer(status: number, detail: string, headers: Record<string, string> = {}): Answer {
  const id = randomBytes(16).toString('hex')
  const error = { detail, id, meta: {}, status: String(status), title: titles[status] ?? 'ServiceUnavailable' }
  const answer = jsonAnswer(status, { errors: [error], jsonapi: { version: '1.0' }, meta })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** @throws Refusal with a JSON:API errors document */
export function refuse(status: number, detail: string, headers: Record<string, string> = {}): never {
  throw new Refusal(errorAnswer(status, detail, headers))
}

/** The `data` of a JSON:API request, with the checks that all resources share.
 *  @throws Refusal 400 */
export function readDocument(call: Call, body: Buffer | undefined, type: string): Record<string, unknown> {
  requireJsonApi(call)
  const document = parseObject(body)
  const data = asObject(document.data)
  if (!data) refuse(400, "The document has no object 'data'.")
  if (data.type !== type) refuse(400, `data.type must be '${type}'.`)
  if (!asObject(data.attributes)) refuse(400, "The document has no object 'data.attributes'.")
  return data
}

/** For calls without a body, or with `{}`.
 *  @throws Refusal 400 */
export function requireEmptyDocument(call: Call, body: Buffer | undefined): void {
  if (!hasBody(call)) return
  requireJsonApi(call)
  if (Object.keys(parseObject(body)).length > 0) refuse(400, 'This call takes no attributes.')
}

function requireJsonApi(call: Call): void {
  if (call.headers['content-type'] !== jsonApi) refuse(400, `The Content-Type of this call must be ${jsonApi}.`)
}

/** Keeps the attributes that `fields[type]` names. A dot selects inside an object; an unknown name is ignored. */
export function sparse(attributes: Record<string, unknown>, fields: string | null): Record<string, unknown> {
  if (fields === null) return attributes
  const kept: Record<string, unknown> = {}
  for (const field of fields.split(',')) {
    const [name = '', ...nested] = field.split('.')
    if (!(name in attributes)) continue
    const inner = asObject(attributes[name])
    if (nested.length === 0 || !inner) kept[name] = attributes[name]
    else kept[name] = { ...asObject(kept[name]), ...sparse(inner, nested.join('.')) }
  }
  return kept
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : undefined
}

function parseObject(body: Buffer | undefined): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    refuse(400, 'The body is not valid JSON.')
  }
  return asObject(value) ?? refuse(400, 'The body is not a JSON object.')
}

function jsonAnswer(status: number, document: unknown): Answer {
  return { status, headers: { 'content-type': jsonApi }, body: JSON.stringify(document) }
}
