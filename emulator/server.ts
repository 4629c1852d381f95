import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Permission } from './call.ts'
import { type Context, type RequestRecord, serve } from './exchange.ts'
import { createFaults, type Fault } from './faults.ts'
import { createLimits, documentedRules, type LimitRules } from './limits.ts'
import { yesterdaysReport } from './reports.ts'
import { firstSource } from './source-records.ts'
import { createState, domainsOf, type Settings, type SourceOptions, type State, seedObject } from './state.ts'

export type EmulatorOptions = {
  /** Default any free port. */
  port?: number
  apiKey?: string
  /** Default all; 'edit' includes 'browse'. */
  permissions?: readonly Permission[]
  source?: SourceOptions
  /** Classes that are left out keep their documented limit. */
  rateLimits?: 'documented' | 'off' | LimitRules
  /** The API supports `?overwrite=true`. */
  overwrite?: boolean
  /** An overwrite also purges, so that a purge directly after it is a duplicate. */
  overwritePurges?: boolean
  /** A purge and a purge as a sub-image are duplicates of each other. */
  duplicatesByUrl?: boolean
  sessionForms?: Settings['sessionForms']
  sessionRefusesExisting?: boolean
  keepBodies?: boolean
  /** Gets each line of the transcript when its answer is sent. */
  onRequest?: (line: string) => void
  /** false: sha256 is '', which saves time for bodies of gigabytes. */
  hashBodies?: boolean
  latencyMs?: number
  urlLifetimeMs?: number
  /** Origin of presigned URLs, as `https://host:port`; default the emulator's own. */
  storageUrl?: string
  /** The storage behind presigned URLs; default S3. */
  storage?: Settings['storage']
  /** Maximum size of a page, whatever the client requests. */
  listLimit?: number
  /** `deployment_status` of the answers after a change, one each, until the deployment is done; default ['deploying']. */
  deployStatuses?: readonly string[]
  /** A PATCH keeps the attributes of a deployment that it does not name, unlike in the reference. */
  mergesDeployments?: boolean
  /** The account has a complete report of the day before. */
  sampleReport?: boolean
  /** Subdomains of Sources of other accounts. */
  takenSubdomains?: readonly string[]
}
/** `closedBy`: the side that closed it first; undefined while it is open. */
type Connection = { closedBy: 'client' | 'server' | undefined }
/** A test can add to and change all parts of the account, also during a run. */
export type Emulator = Pick<State, 'sources' | 'objects' | 'assets' | 'sessions' | 'purges' | 'reports'> & {
  apiUrl: string
  apiKey: string
  sourceId: string
  transcript: string[]
  requests: RequestRecord[]
  connections: Connection[]
  readonly violations: number
  /** The host names of the Source. */
  domains: readonly string[]
  secureUrlToken: string | undefined
  onPurge: (tell: (url: string) => void) => void
  put: (originPath: string, body: Buffer | string) => void
  fault: (fault: Fault) => void
  stop: () => Promise<void>
}
export type { Fault } from './faults.ts'

/** Starts an imgix on 127.0.0.1: the Management API under `/api/v1/`, and the storage of presigned URLs under `/bucket/`.
 *  @throws Node's own error for a port that is taken */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, rateLimits = 'documented', latencyMs = 0, onRequest = () => {} } = options
  const settings = readSettings(options)
  const state = createState(settings, firstSource(settings))
  if (options.sampleReport === true) state.reports.push(yesterdaysReport())
  const limits = createLimits(rateLimits === 'off' ? {} : { ...documentedRules, ...withoutName(rateLimits) })
  const context: Context = {
    state,
    limits,
    faults: createFaults(),
    latencyMs,
    ledger: { transcript: [], requests: [] },
    onRequest,
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
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
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
    storage: options.storage ?? 's3',
    // imgix documents that there is a maximum, but not which one
    listLimit: options.listLimit ?? 100,
    deployStatuses: options.deployStatuses ?? ['deploying'],
    mergesDeployments: options.mergesDeployments ?? false,
    takenSubdomains: options.takenSubdomains ?? [],
  }
}
