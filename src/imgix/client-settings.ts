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
   *  @param own public names that the URL can contain */
  readonly hide: (url: string, own: string) => void
  /** takes the caller's secrets out of a text of imgix, before the text is cut */
  readonly redact?: (text: string) => string
  /** looks up the names of hosts that answers name; default the system's look-up */
  readonly resolve?: Resolve
  /** is told of a long wait before it begins, and of each for the hourly limit of Sources */
  readonly onLongWait: (waitMs: number, reason: Error) => void
}

type Options<T> = { readonly [N in keyof T]?: T[N] | undefined }

/** The key, and the settings that differ from the defaults. undefined means the default. */
export type ClientOptions = Pick<ClientSettings, 'apiKey'> &
  Options<Omit<ClientSettings, 'apiKey' | 'rateLimits'> & { readonly rateLimits: Options<Limits> }>

const DEFAULTS: Omit<ClientSettings, 'apiKey' | 'rateLimits'> = {
  apiUrl: 'https://api.imgix.com',
  maxAttempts: 5,
  timeoutMs: 60_000,
  userAgent: 'imgix-sync-client/1',
  proxyFor: () => undefined,
  hide: () => {},
  onLongWait: () => {},
}
/** The longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** @throws TypeError for a setting that can't work. The API has to be https or on this machine, because it gets the key. */
export function readSettings(options: ClientOptions): ClientSettings {
  const given = withoutUndefined(options)
  const rateLimits = { ...DOCUMENTED_LIMITS, ...withoutUndefined(given.rateLimits ?? {}) }
  const settings = { ...DEFAULTS, ...given, rateLimits }
  const { maxAttempts, timeoutMs } = settings
  if (typeof settings.apiKey !== 'string') throw new TypeError('apiKey: a text')
  if (!(Number.isInteger(maxAttempts) && maxAttempts > 0)) throw new TypeError('maxAttempts: a whole number above 0')
  if (!(timeoutMs > 0 && timeoutMs <= TIMER_MAX_MS)) throw new TypeError(`timeoutMs: above 0, at most ${TIMER_MAX_MS}`)
  for (const [name, { count, perMs }] of Object.entries(rateLimits)) {
    if (!(count >= 1 && perMs > 0)) throw new TypeError(`rateLimits.${name}: count is at least 1, perMs above 0`)
  }
  return { ...settings, apiUrl: readApiUrl(settings.apiUrl) }
}

/** Whoever writes `apiUrl: process.env.API` wants the default where it is not set. */
function withoutUndefined<T extends object>(given: T): { readonly [N in keyof T]: Exclude<T[N], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [N in keyof T]: Exclude<T[N], undefined> }
}

function readApiUrl(text: string): string {
  const apiUrl = text.replace(/\/$/, '')
  const url = URL.parse(apiUrl)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return apiUrl
  throw new TypeError('apiUrl: an https URL, or http on a loopback host')
}
