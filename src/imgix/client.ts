import { requestApi } from './api-request.ts'
import { type ClientOptions, type ClientSettings, readSettings } from './client-settings.ts'
import type { Contradiction } from './contradictions.ts'
import { withoutPrivate } from './errors.ts'
import type { FileBody } from './http/body.ts'
import type { BytesBody, StreamBody } from './http/given-body.ts'
import { createHosts, type Hosts } from './http/hosts.ts'
import { parseDate } from './http/retry.ts'
import { type Answer, createTransport, type Outgoing, type Transport } from './http/transport.ts'
import { createPace, type LimitClass, type Pace } from './pace.ts'
import { getFile, type StorageGet } from './storage-get.ts'
import { putFile, type StoragePut } from './storage-put.ts'

/** By the names in imgix's dashboard: its older document has Image for Asset, newer ones leave Manager out. */
export const PERMISSIONS = [
  'Account Admin',
  'Analytics',
  'Billing',
  'Sources',
  'Purge',
  'Asset Manager Browse',
  'Asset Manager Edit',
] as const
type Permission = (typeof PERMISSIONS)[number]

export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** below api/v1/, its segments encoded */
  readonly path: string
  readonly limit: LimitClass
  readonly permission: Permission | 'Asset Manager Edit and Purge'
  readonly json?: unknown
  readonly upload?: Upload
  /** the most bytes that its answer can have; default as for one object */
  readonly maxBytes?: number
  /** goes before the others of its class */
  readonly first?: boolean
  /** no further try after a try that imgix can have carried out */
  readonly once?: boolean
  /** finds a contradiction between the request and a success; such a success is an error, and the request is repeated */
  readonly contradiction?: Contradiction
} & Ends

export type Ends = {
  /** ends the request, also while it is under way */
  readonly signal?: AbortSignal | undefined
  /** no further try starts after it; it is aborted with `signal` at the latest */
  readonly halt?: AbortSignal | undefined
}

export type ApiAnswer = {
  readonly status: number
  readonly document: Record<string, unknown>
  readonly attempts: number
  /** imgix can have carried out an earlier attempt, whose answer was lost */
  readonly perhapsDone: boolean
}

type Sent = {
  /** default application/octet-stream */
  readonly contentType?: string
} & Pick<Outgoing, 'onProgress'>

/** A file that a request sends, and who is told of it. */
export type FileUpload = FileBody & Sent

/** What a request sends: a file by its path, bytes in memory, or a stream with its length. */
export type Upload = FileUpload | ((BytesBody | StreamBody) & Sent)

export const ANY_TYPE = 'application/octet-stream'

export type Client = {
  /** Sends one request of the Management API, paced and tried again as its answers demand.
   *  @throws ImgixError, FileError */
  request(request: ApiRequest): Promise<ApiAnswer>
  /** Puts one file to a presigned URL; neither the key nor any header of imgix goes there.
   *  @throws ImgixError, FileError */
  put(put: StoragePut): Promise<{ attempts: number }>
  /** Gets one file from a presigned URL; neither the key nor any header of imgix goes there.
   *  @throws ImgixError, FileError */
  get(get: StorageGet): Promise<{ attempts: number }>
  /** @returns the time by the API's own clock, in ms since 1970, or a moment before; undefined before its first answer */
  now(): number | undefined
  close(): void
} & Pick<Pace, 'expect' | 'slowDowns'>

// A wait that lasts longer is announced.
const LONG_WAIT_MS = 30_000

/** Adds the key, keeps the rate limits, repeats requests and reads answers. It holds connections open until `close`.
 *  @param options the key is needed; by default requests keep to imgix's documented limits
 *  @throws TypeError for an API that the key is not sent to: it has to be https, or on this machine */
export function createClient(options: ClientOptions): Client {
  const settings = readSettings(options)
  const { apiUrl, apiKey, redact: redactOwn = (text: string) => text } = settings
  const sending: Sending = {
    settings,
    transport: createTransport(settings.timeoutMs, settings.proxyFor),
    hosts: createHosts(apiUrl, settings.resolve),
    pace: createPace(settings.rateLimits, settings.sharesLimits),
    clock: createClock(),
    onWait: createAnnouncer(settings.onLongWait),
    redact: (text) => withoutPrivate(redactOwn(apiKey === '' ? text : text.replaceAll(apiKey, '***'))),
  }
  const { pace, clock, transport } = sending
  return {
    ...pace,
    now: clock.now,
    request: (request) => requestApi(request, sending),
    put: (put) => putFile(put, sending),
    get: (get) => getFile(get, sending),
    close: transport.close,
  }
}

type OnWait = ClientSettings['onLongWait']

/** What a client's requests share. */
export type Sending = {
  readonly settings: ClientSettings
  readonly transport: Transport
  readonly hosts: Hosts
  readonly pace: Pace
  readonly clock: ReturnType<typeof createClock>
  readonly onWait: OnWait
  /** takes secrets out of a text */
  readonly redact: (text: string) => string
}

/** The clock of a server, from the `date` header of its last answer: whole seconds. */
function createClock() {
  let aheadMs: number | undefined
  return {
    now: (): number | undefined => (aheadMs === undefined ? undefined : performance.now() + aheadMs),
    read({ date }: Answer['headers']): void {
      const told = parseDate(date)
      if (told !== undefined) aheadMs = told - performance.now()
    },
  }
}

/** Many requests can wait at once. Announces the first long wait, then only a wait that ends at least 15 s later. */
function createAnnouncer(onLongWait: OnWait): OnWait {
  let announcedUntil = 0
  return (waitMs, reason) => {
    const until = performance.now() + waitMs
    if (waitMs <= LONG_WAIT_MS || until < announcedUntil + LONG_WAIT_MS / 2) return
    announcedUntil = until
    onLongWait(waitMs, reason)
  }
}
