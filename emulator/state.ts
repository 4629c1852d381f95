import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { Body, Permission } from './call.ts'
import type { SourceRecord } from './source-records.ts'
import type { StorageName } from './storages.ts'

export type SourceType = 's3' | 'gcs' | 'azure' | 's3_compatible' | 'webfolder' | 'webproxy'
export type SourceOptions = {
  id?: string
  type?: SourceType
  /** null: answers leave the attribute out, as old ones do. */
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
  storage: StorageName
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
/** The Asset Manager's record of an object. Dates are in seconds. */
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
/** Dates are in seconds, as in the API; `expiresAt` is in milliseconds since 1970. */
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
type Purge = { url: string; subImage: boolean; sequence: number; status: number }

/** Times are in seconds since 1970. */
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
  /** Extension in the URL; default `.csv`. */
  extension?: string
  headers?: Record<string, string>
  /** Default a presigned URL of the emulator. */
  url?: string
}

export type State = {
  settings: Settings
  /** Scheme, host and port; '' until the server listens. */
  origin: string
  /** The account's Sources by id. Assets, objects and sessions belong to the first. */
  sources: Map<string, SourceRecord>
  /** The objects in the bucket, by origin path without a leading slash. */
  objects: Map<string, StoredObject>
  assets: Map<string, AssetRecord>
  sessions: Map<string, Session>
  purges: Purge[]
  reports: Report[]
  /** Called for every purge, also for a duplicate. */
  onPurge: ((url: string) => void)[]
  /** Time of the last purge by decoded URL, from performance.now(). */
  purgedAt: Map<string, number>
  /** Counts stored objects and purges together, so that a test can compare their order. */
  sequence: number
}

/** @param source the Source that the account starts with */
export function createState(settings: Settings, source: SourceRecord): State {
  return {
    settings,
    origin: '',
    sources: new Map([[source.id, source]]),
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

/** Adds an object to the Asset Manager. The attributes that a user set survive new bytes. */
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

/** Puts an object into the bucket and the Asset Manager, stored one day ago. */
export function seedObject(state: State, originPath: string, content: Buffer | string): void {
  const body = Buffer.from(content)
  const sha256 = state.settings.hashBodies ? createHash('sha256').update(body).digest('hex') : ''
  const buffer = state.settings.keepBodies ? body : undefined
  const modifiedAt = Date.now() - dayMs
  storeObject(state, originPath, {
    bytes: body.length,
    sha256,
    buffer,
    contentType: undefined,
    via: 'upload',
    modifiedAt,
  })
  recordAsset(state, originPath, false)
}

/** The host names of the Source, as URLs have them. */
export function domainsOf({ source }: Settings): string[] {
  const names = [...source.imgixSubdomains.map((name) => `${name}.imgix.net`), ...source.customDomains]
  return names.map((name) => domainToASCII(name) || name)
}
