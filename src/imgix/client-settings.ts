import { isLoopback, type Resolve } from './http/hosts.ts'
import { DOCUMENTED_LIMITS, type Limits } from './pace.ts'

export type ClientSettings = {
  readonly apiUrl: string
  /** a key of the Management API */
  readonly apiKey: string
  readonly rateLimits: Limits
  /** other jobs go at their parts of the limits at the same time */
  readonly sharesLimits?: boolean
  /** tries per request, the first included */
  readonly maxAttempts: number
  /** without progress, after which an attempt is given up */
  readonly timeoutMs: number
  readonly userAgent: string
  /** the proxy that leads to a URL, with its credentials; undefined where none does */
  readonly proxyFor: (url: URL) => URL | undefined
  /** gets every presigned URL before it is used, so that logs can hide it
   *  @param own names that the URL may hold and everybody may read */
  readonly hide: (url: string, own: string) => void
  /** takes the caller's secrets out of what imgix says, before it is cut short */
  readonly redact?: (text: string) => string
  /** looks up the names of hosts that answers name; default the system's look-up */
  readonly resolve?: Resolve
  /** is told of a long wait before it begins, and of each for the hourly limit of Sources */
  readonly onLongWait: (waitMs: number, reason: Error) => void
}

/** The key, and what is to differ from the defaults. */
export type ClientOptions = Pick<ClientSettings, 'apiKey'> & Partial<ClientSettings>

const DEFAULTS: Omit<ClientSettings, 'apiKey'> = {
  apiUrl: 'https://api.imgix.com',
  rateLimits: DOCUMENTED_LIMITS,
  maxAttempts: 5,
  timeoutMs: 60_000,
  userAgent: 'imgix-sync-client/1',
  proxyFor: () => undefined,
  hide: () => {},
  onLongWait: () => {},
}

/** @throws TypeError for an API that the key is not sent to: it has to be https, or on this machine */
export function readSettings(options: ClientOptions): ClientSettings {
  const settings = { ...DEFAULTS, ...options }
  const apiUrl = settings.apiUrl.replace(/\/$/, '')
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return { ...settings, apiUrl }
  throw new TypeError('apiUrl: an https URL, or http on a loopback host')
}
