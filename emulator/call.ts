import type { IncomingHttpHeaders } from 'node:http'

export type Call = {
  method: string
  /** As sent, encoded. */
  path: string
  query: string
  /** Decoded; undefined for a path that servers can read in two ways. */
  segments: string[] | undefined
  headers: IncomingHttpHeaders
}
export type Answer = { status: number; headers: Record<string, string>; body: string | Buffer }
export type Body = { bytes: number; sha256: string; buffer: Buffer | undefined }

/** A call that passed the checks that need no body. `keep`: hold the body in memory. */
export type Admitted = { keep: boolean; finish: (body: Body) => Answer }
export type Permission = 'sources' | 'purge' | 'browse' | 'edit' | 'analytics'
type Operation = { permission: Permission; run: (call: Call) => Admitted }
/** The operations of one path by method; empty for an unknown path. */
export type Operations = { [method: string]: Operation }

/** Thrown to answer a call at once. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

const pathCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/
const queryCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]]|%[0-9A-Fa-f]{2})*$/

/** Splits a request target. Segments are undefined for a path that servers can read in two ways: characters that must be
 *  encoded, bytes that are not UTF-8, `.` and `..`, empty segments, and an encoded slash or NUL. */
export function parseTarget(target: string): Pick<Call, 'path' | 'query' | 'segments'> {
  const cut = target.indexOf('?')
  const path = cut === -1 ? target : target.slice(0, cut)
  const query = cut === -1 ? '' : target.slice(cut + 1)
  const valid = path.startsWith('/') && pathCharacters.test(path) && queryCharacters.test(query)
  return { path, query, segments: valid ? decodeSegments(path.slice(1)) : undefined }
}

/** @returns the decoded segments; undefined if one is unusable */
export function decodeSegments(path: string): string[] | undefined {
  if (!pathCharacters.test(path)) return undefined
  try {
    const segments = path.split('/').map(decodeURIComponent)
    return segments.some(isUnusable) ? undefined : segments
  } catch {
    return undefined
  }
}

function isUnusable(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..' || segment.includes('/') || segment.includes('\0')
}

export function hasBody(call: Call): boolean {
  return call.headers['transfer-encoding'] !== undefined || Number(call.headers['content-length'] ?? 0) > 0
}
