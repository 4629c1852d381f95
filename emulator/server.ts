import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Permission } from './call.ts'
import { type Context, type RequestRecord, serve } from './exchange.ts'
import { createFaults, type Fault } from './faults.ts'
import { createLimits, documentedRules, type LimitRules } from './limits.ts'
import type { SourceRecord } from './source-records.ts'
import type { AssetRecord, Purge, Report, Session, Settings, SourceOptions, StoredObject } from './state.ts'
import { createState, domainsOf, seedObject } from './state.ts'

export type EmulatorOptions = {
  apiKey?: string
  /** Default all; 'edit' includes 'browse'. */
  permissions?: readonly Permission[]
  source?: SourceOptions
  /** Classes that are left out keep their documented limit. */
  rateLimits?: 'documented' | 'off' | LimitRules
  /** The account's API knows `?overwrite=true`. */
  overwrite?: boolean
  /** An overwrite purges by itself, so that a purge right after it is a duplicate. */
  overwritePurges?: boolean
  /** A purge as a sub-image is a duplicate of one without, and the other way round. */
  duplicatesByUrl?: boolean
  sessionForms?: Settings['sessionForms']
  sessionRefusesExisting?: boolean
  keepBodies?: boolean
  /** false leaves sha256 empty, for bodies of gigabytes. */
  hashBodies?: boolean
  latencyMs?: number
  urlLifetimeMs?: number
  /** Where presigned URLs lead, as `https://host:port`; default to the emulator's own bucket. */
  storageUrl?: string
  /** Most objects that one page of a list holds, whatever is asked for. */
  listLimit?: number
  /** What answers say of a deployment after it was changed, one each, until it is done; default ['deploying']. */
  deployStatuses?: readonly string[]
  /** A PATCH of a part of a deployment leaves the other parts, against what the reference says. */
  mergesDeployments?: boolean
  /** Subdomains that Sources of other accounts have. */
  takenSubdomains?: readonly string[]
}
/** `closedBy` the side that ended it first; undefined while it stands. */
type Connection = { closedBy: 'client' | 'server' | undefined }
export type Emulator = {
  apiUrl: string
  apiKey: string
  sourceId: string
  sources: Map<string, SourceRecord>
  objects: Map<string, StoredObject>
  assets: Map<string, AssetRecord>
  sessions: Map<string, Session>
  purges: Purge[]
  /** What the account's reports are: to add to, and to change while a run is on. */
  reports: Report[]
  transcript: string[]
  requests: RequestRecord[]
  connections: Connection[]
  readonly violations: number
  /** host names that the Source answers to */
  domains: readonly string[]
  secureUrlToken: string | undefined
  onPurge: (tell: (url: string) => void) => void
  put: (originPath: string, body: Buffer | string) => void
  fault: (fault: Fault) => void
  stop: () => Promise<void>
}
export type { Fault } from './faults.ts'

/** Starts an imgix on 127.0.0.1: the Management API under `/api/v1/` and, under `/bucket/`, what presigned URLs lead to. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { rateLimits = 'documented', latencyMs = 0 } = options
  const state = createState(readSettings(options))
  const limits = createLimits(rateLimits === 'off' ? {} : { ...documentedRules, ...withoutName(rateLimits) })
  const context: Context = {
    state,
    limits,
    faults: createFaults(),
    latencyMs,
    ledger: { transcript: [], requests: [] },
  }
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 })
  server.on('request', (request, response) => void serve(context, request, response, false))
  server.on('checkContinue', (request, response) => void serve(context, request, response, true))
  const connections: Connection[] = []
  server.on('connection', (socket) => {
    const connection: Connection = { closedBy: undefined }
    const close = (side: 'client' | 'server') => () => {
      connection.closedBy ??= side
    }
    connections.push(connection)
    socket.on('end', close('client')).on('error', close('client')).on('close', close('server'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl: state.origin,
    apiKey: state.settings.apiKey,
    sourceId: state.settings.source.id,
    sources: state.sources,
    objects: state.objects,
    assets: state.assets,
    sessions: state.sessions,
    purges: state.purges,
    reports: state.reports,
    ...context.ledger,
    connections,
    get violations() {
      return limits.violations()
    },
    domains: domainsOf(state.settings),
    secureUrlToken: state.settings.source.secureUrlToken,
    onPurge: (tell) => void state.onPurge.push(tell),
    put: (originPath, body) => seedObject(state, originPath, body),
    fault: context.faults.add,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function withoutName(rateLimits: 'documented' | LimitRules): LimitRules {
  return rateLimits === 'documented' ? {} : rateLimits
}

function readSettings(options: EmulatorOptions): Settings {
  const permissions = new Set(options.permissions ?? (['sources', 'purge', 'browse', 'edit', 'analytics'] as const))
  if (permissions.has('edit')) permissions.add('browse')
  const source = options.source ?? {}
  return {
    apiKey: options.apiKey ?? 'ak_emulator_0123456789abcdef',
    permissions,
    source: {
      id: source.id ?? '5b81e81539ddc50001a5d955',
      type: source.type ?? 's3',
      allowsUpload: source.allowsUpload === undefined ? true : source.allowsUpload,
      imgixSubdomains: source.imgixSubdomains ?? ['assets-demo'],
      customDomains: source.customDomains ?? [],
      enabled: source.enabled ?? true,
      secureUrlToken: source.secureUrlToken,
    },
    overwrite: options.overwrite ?? true,
    overwritePurges: options.overwritePurges ?? false,
    duplicatesByUrl: options.duplicatesByUrl ?? false,
    sessionForms: options.sessionForms ?? 'both',
    sessionRefusesExisting: options.sessionRefusesExisting ?? false,
    keepBodies: options.keepBodies ?? true,
    hashBodies: options.hashBodies ?? true,
    urlLifetimeMs: options.urlLifetimeMs ?? 8 * 3600 * 1000,
    storageUrl: options.storageUrl,
    // imgix names no maximum ("cursor limits have maximum values"); clients must take fewer than they asked for
    listLimit: options.listLimit ?? 100,
    deployStatuses: options.deployStatuses ?? ['deploying'],
    mergesDeployments: options.mergesDeployments ?? false,
    takenSubdomains: options.takenSubdomains ?? [],
  }
}
