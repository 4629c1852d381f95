import { onTestFinished } from 'vitest'
import { type Client, createClient } from '../../src/imgix/client.ts'
import type { ClientSettings } from '../../src/imgix/client-settings.ts'
import type { ImgixError } from '../../src/imgix/errors.ts'
import type { Resolve } from '../../src/imgix/http/hosts.ts'
import type { RateLimits } from '../../src/imgix/pace.ts'
import type { NewSource } from '../../src/imgix/sources.ts'

export const SOURCE_ID = '5b81e81539ddc50001a5d955'
export const API_KEY = 'ak_0123456789abcdef'

/** What a Source can't be created without. */
export const NEW_SOURCE = {
  name: 'a',
  deployment: { type: 's3', s3_bucket: 'images', imgix_subdomains: ['assets'] },
} as const satisfies NewSource

/** The request of an error, and what came of it. */
export function messageOf({ method, path, message }: ImgixError): string {
  return `${method} ${path}: ${message}`
}

const UNLIMITED = { count: 1e6, perMs: 1000 }
export const NO_LIMITS: RateLimits = {
  upload: UNLIMITED,
  purge: UNLIMITED,
  get: UNLIMITED,
  refresh: UNLIMITED,
  default: UNLIMITED,
}

/** Looks names up without a network: every name leads there, but the API's own. */
export function namesLeadTo(address: string): Resolve & { asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = async (name) => {
    if (name === 'api.imgix.com') return [{ address: '8.8.8.8', family: 4 }]
    asked.push(name)
    return [{ address, family: address.includes(':') ? 6 : 4 }]
  }
  return Object.assign(resolve, { asked })
}

const noNames: Resolve = async () => {
  throw Object.assign(new Error('tests have no network'), { code: 'ENOTFOUND' })
}

/** A client of a Management API without rate limits, closed when the test ends; `hidden` are the secrets that it had hidden. */
export function createTestClient(settings: Partial<ClientSettings> = {}): Client & { hidden: string[] } {
  const hidden: string[] = []
  const client = createClient({
    apiUrl: 'https://api.imgix.com',
    apiKey: API_KEY,
    rateLimits: NO_LIMITS,
    maxAttempts: 1,
    timeoutMs: 5000,
    userAgent: 'imgix-sync/1',
    proxyFor: () => undefined,
    resolve: noNames,
    hide: (secret) => hidden.push(secret),
    onLongWait: () => {},
    ...settings,
  })
  onTestFinished(client.close)
  return { ...client, hidden }
}

/** An errors document as the reference shows it. */
export function errorsDocument(status: number, title: string, detail: string): string {
  const error = { detail, id: '56ba72bdd33d4395b464fae69f0d31c7', meta: {}, status: String(status), title }
  return JSON.stringify({ errors: [error], jsonapi: { version: '1.0' }, meta: {} })
}

/** A document with one object, with the `meta` that real answers have. */
export function dataDocument(type: string, id: string, attributes: Record<string, unknown>): string {
  const meta = {
    authentication: { authorized: true, clientId: null, mode: 'PUBLIC_APIKEY', tag: 'cindy@ymail.com', user: null },
    server: { commit: '8835d05b', status: { healthy: true, read_only: false, tombstone: false }, version: '3.120.0' },
  }
  return JSON.stringify({ data: { attributes, id, type }, included: [], jsonapi: { version: '1.0' }, meta })
}
