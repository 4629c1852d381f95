import { createHash } from 'node:crypto'
import type { Body, Permission } from './call.ts'
import { firstSource, type SourceRecord } from './source-records.ts'

export type SourceType = 's3' | 'gcs' | 'azure' | 's3_compatible' | 'webfolder' | 'webproxy'
export type SourceOptions = {
  id?: string
  type?: SourceType
  /** null leaves the attribute out, as old answers do. */
  allowsUpload?: boolean | null
  imgixSubdomains?: string[]
  customDomains?: string[]
  enabled?: boolean
  secureUrlToken?: string
}
export type Settings = {
  apiKey: string
  permissions: ReadonlySet<Permission>
  source: Required<Omit<SourceOptions, 'secureUrlToken'>> & { secureUrlToken: string | undefined }
  overwrite: boolean
  overwritePurges: boolean
  duplicatesByUrl: boolean
  sessionForms: 'both' | 'explicit' | 'plain'
  sessionRefusesExisting: boolean
  keepBodies: boolean
  hashBodies: boolean
  urlLifetimeMs: number
  /** Undefined: the emulator itself. */
  storageUrl: string | undefined
  listLimit: number
  deployStatuses: readonly string[]
  mergesDeployments: boolean
  takenSubdomains: readonly string[]
}

export type StoredObject = {
  bytes: number
  sha256: string
  contentType: string | undefined
  body: Buffer | undefined
  via: 'upload' | 'session'
  storedAt: number
  /** The bucket's Last-Modified, in milliseconds since 1970. */
  modifiedAt: number
}
/** What the Asset Manager knows beyond the object itself; dates in seconds. */
export type AssetRecord = {
  updatable: {
    categories: unknown
    custom_fields: unknown
    description: unknown
    name: unknown
    tags: unknown
  }
  dateCreated: number
  dateModified: number
  uploadedByApi: boolean
}
type SessionStatus = 'PENDING' | 'CLOSED' | 'COMPLETE' | 'CANCELED'
/** Dates in seconds, as the API has them; `expiresAt` in milliseconds since 1970. */
export type Session = {
  id: string
  originPath: string
  status: SessionStatus
  url: string
  stored: boolean
  expiresAt: number
  dateCreated: number
  dateModified: number
}
export type Purge = { url: string; subImage: boolean; sequence: number; status: number }

/** Times in seconds since 1970. */
export type Report = {
  id: string
  type: string
  key: string
  periodStart: number
  periodEnd: number
  completed: boolean
  files: ReportFile[]
}
type ReportFile = {
  body: Buffer
  /** Of the name in its URL; default `.csv`. */
  extension?: string
  headers?: Record<string, string>
  /** Instead of a presigned one. */
  url?: string
}

export type State = {
  settings: Settings
  /** Scheme, host and port; known once the server listens. */
  origin: string
  /** The account's Sources by id; assets, objects and sessions are those of the first. */
  sources: Map<string, SourceRecord>
  /** What is in the bucket, by origin path without a leading slash. */
  objects: Map<string, StoredObject>
  assets: Map<string, AssetRecord>
  sessions: Map<string, Session>
  purges: Purge[]
  reports: Report[]
  /** Are told of every purge, duplicates too. */
  onPurge: ((url: string) => void)[]
  /** When a URL, decoded, was last purged, in the clock of performance.now(). */
  purgedAt: Map<string, number>
  /** Grows with every object stored and every purge, so that a test can tell which came first. */
  sequence: number
}

export function createState(settings: Settings): State {
  return {
    settings,
    origin: '',
    sources: new Map([[settings.source.id, firstSource(settings)]]),
    objects: new Map(),
    assets: new Map(),
    sessions: new Map(),
    purges: [],
    reports: [],
    onPurge: [],
    purgedAt: new Map(),
    sequence: 0,
  }
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

export function storeObject(
  state: State,
  originPath: string,
  object: Body & Pick<StoredObject, 'contentType' | 'via'> & { modifiedAt?: number },
): void {
  const { bytes, sha256, buffer: body, contentType, via, modifiedAt = Date.now() } = object
  state.sequence += 1
  state.objects.set(originPath, { bytes, sha256, contentType, body, via, storedAt: state.sequence, modifiedAt })
}

/** Lets the Asset Manager see an object. What a user wrote about an asset survives new bytes. */
export function recordAsset(state: State, originPath: string, uploadedByApi: boolean): void {
  const known = state.assets.get(originPath)
  const now = nowSeconds()
  state.assets.set(originPath, {
    updatable: known?.updatable ?? { categories: [], custom_fields: null, description: null, name: null, tags: {} },
    dateCreated: known?.dateCreated ?? now,
    dateModified: now,
    uploadedByApi: uploadedByApi || (known?.uploadedByApi ?? false),
  })
}

const dayMs = 86_400_000

/** Puts something at the origin as if it had been there for a day, and been found by imgix, before the test began. */
export function seedObject(state: State, originPath: string, content: Buffer | string): void {
  const body = Buffer.from(content)
  const sha256 = state.settings.hashBodies ? createHash('sha256').update(body).digest('hex') : ''
  const buffer = state.settings.keepBodies ? body : undefined
  const modifiedAt = Date.now() - dayMs
  storeObject(state, originPath, {
    ...{ bytes: body.length, sha256, buffer, contentType: undefined, via: 'upload', modifiedAt },
  })
  recordAsset(state, originPath, false)
}

/** Host names that the Source answers to. */
export function domainsOf({ source }: Settings): string[] {
  return [...source.imgixSubdomains.map((name) => `${name}.imgix.net`), ...source.customDomains]
}
