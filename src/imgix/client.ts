import { setTimeout as sleep } from 'node:timers/promises'
import { ImgixError, isRecord, readErrors } from './errors.ts'
import { createPace, type LimitClass, type Pace, type RateLimits } from './pace.ts'
import { type Answer, createTransport, FileError, type Outgoing, type Transport } from './transport.ts'

export type ClientSettings = {
  readonly apiUrl: string
  readonly apiKey: string
  readonly rateLimits: RateLimits
  /** tries per request, the first included */
  readonly maxAttempts: number
  /** without progress, after which an attempt is given up */
  readonly timeoutMs: number
  readonly userAgent: string
  /** gets every presigned URL before it is used, so that logs can hide it */
  readonly hide: (secret: string) => void
}

type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** below api/v1/, its segments encoded */
  readonly path: string
  readonly limit: LimitClass
  /** the key's permission that it needs, by the name in imgix's dashboard */
  readonly permission: string
  readonly json?: unknown
  readonly upload?: { readonly file: string; readonly contentType: string }
  readonly signal?: AbortSignal | undefined
}

export type ApiAnswer = {
  readonly status: number
  readonly document: Record<string, unknown>
  readonly attempts: number
  /** an attempt before this one may have been carried out, its answer lost */
  readonly perhapsDone: boolean
}

type StoragePut = {
  readonly url: string
  readonly file: string
  readonly contentType: string
  readonly signal?: AbortSignal | undefined
}

export type Client = {
  /** Sends one request of the Management API, paced and tried again as its answers demand.
   *  @throws ImgixError, FileError */
  request(request: ApiRequest): Promise<ApiAnswer>
  /** Puts one file to a presigned URL; neither the key nor any header of imgix goes there.
   *  @throws ImgixError, FileError */
  put(put: StoragePut): Promise<{ attempts: number }>
  close(): void
}

const JSON_API = 'application/vnd.api+json'
const RETRIED = [408, 429, 500, 502, 503, 504]
const BACK_OFF_MS = 500
const BACK_OFF_MAX_MS = 30_000
const RETRY_AFTER_MAX_MS = 120_000

export function createClient(settings: ClientSettings): Client {
  const transport = createTransport(settings.timeoutMs)
  const pace = createPace(settings.rateLimits)
  const redact = (text: string): string =>
    (settings.apiKey === '' ? text : text.replaceAll(settings.apiKey, '***')).replace(
      /\S+@\S+|https?:\/\/\S+\?\S+/g,
      '***',
    )
  return {
    request: (request) => requestApi(request, { settings, transport, pace, redact }),
    put: (put) => putFile(put, { settings, transport }),
    close: () => transport.close(),
  }
}

type Means = { settings: ClientSettings; transport: Transport; pace: Pace; redact: (text: string) => string }

async function requestApi(request: ApiRequest, means: Means): Promise<ApiAnswer> {
  const { settings, transport, pace, redact } = means
  const url = new URL(`${settings.apiUrl}/api/v1/${request.path}`)
  const target = { method: request.method, path: url.pathname, permission: request.permission }
  let perhapsDone = false
  const attempt = async (attempts: number): Promise<Attempt<ApiAnswer>> => {
    const slot = await pace.acquire(request.limit, { signal: request.signal, first: attempts > 1 })
    try {
      const answer = await transport.send({
        ...outgoing(request, url, settings),
        onSent: slot.sent,
        onUnderWay: slot.underWay,
      })
      slot.answered()
      const document = readDocument(answer)
      if (answer.status >= 200 && answer.status < 300 && document !== undefined) {
        return { done: { status: answer.status, document, attempts, perhapsDone } }
      }
      const waitMs = retryDelay(answer, attempts)
      if (answer.status === 429) slot.refused(waitMs)
      else perhapsDone ||= answer.status < 300 || answer.status >= 500 || answer.status === 408
      const reason = answer.status < 400 ? unusable(answer) : undefined
      const failure = {
        ...target,
        attempts,
        perhapsDone,
        status: answer.status,
        reason,
        ...readErrors(document, redact),
      }
      const again = RETRIED.includes(answer.status) || answer.status < 300
      return { error: new ImgixError(failure), waitMs: again ? waitMs : undefined }
    } catch (cause) {
      const failed = noAnswer(cause, { ...target, attempts, perhapsDone, signal: request.signal })
      perhapsDone ||= failed.sent
      return { error: failed.error, waitMs: failed.again ? backOff(attempts) : undefined }
    } finally {
      slot.underWay()
    }
  }
  return retry(attempt, settings.maxAttempts, request.signal)
}

async function putFile(
  put: StoragePut,
  { settings, transport }: Pick<Means, 'settings' | 'transport'>,
): Promise<{ attempts: number }> {
  settings.hide(put.url)
  const url = new URL(put.url)
  const target = { method: 'PUT', path: `${url.host}${url.pathname}` }
  let withType = true
  const attempt = async (attempts: number): Promise<Attempt<{ attempts: number }>> => {
    const headers: Record<string, string> = withType ? { 'content-type': put.contentType } : {}
    try {
      const answer = await transport.send({ method: 'PUT', url, headers, body: { file: put.file }, signal: put.signal })
      if (answer.status >= 200 && answer.status < 300) return { done: { attempts } }
      const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(answer.text)?.[1]
      const error = new ImgixError({ ...target, attempts, status: answer.status, reason: code })
      // the type may not be what was signed: once more without one
      const unsigned = answer.status === 403 && code === 'SignatureDoesNotMatch' && withType
      if (unsigned) withType = false
      return {
        error,
        waitMs: unsigned ? 0 : RETRIED.includes(answer.status) ? retryDelay(answer, attempts) : undefined,
      }
    } catch (cause) {
      const failed = noAnswer(cause, { ...target, attempts, signal: put.signal })
      return { error: failed.error, waitMs: failed.again ? backOff(attempts) : undefined }
    }
  }
  return retry(attempt, settings.maxAttempts, put.signal)
}

type Attempt<T> = { done: T } | { error: Error; waitMs: number | undefined }

async function retry<T>(
  attempt: (attempts: number) => Promise<Attempt<T>>,
  maxAttempts: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt(attempts)
    if ('done' in result) return result.done
    if (result.waitMs === undefined || attempts >= maxAttempts) throw result.error
    await sleep(result.waitMs, undefined, { signal })
  }
}

function outgoing(request: ApiRequest, url: URL, settings: ClientSettings): Outgoing {
  const { method, json, upload, signal } = request
  const headers: Record<string, string> = {
    accept: JSON_API,
    authorization: `Bearer ${settings.apiKey}`,
    'user-agent': settings.userAgent,
  }
  if (upload !== undefined) headers['content-type'] = upload.contentType
  else if (json !== undefined) headers['content-type'] = JSON_API
  const body =
    upload !== undefined ? { file: upload.file } : json === undefined ? undefined : Buffer.from(JSON.stringify(json))
  return body === undefined ? { method, url, headers, signal } : { method, url, headers, signal, body }
}

/** @returns the JSON object that an answer holds, {} for an empty answer, undefined for anything else */
function readDocument(answer: Answer): Record<string, unknown> | undefined {
  if (answer.text.trim() === '') return {}
  try {
    const document: unknown = JSON.parse(answer.text)
    return isRecord(document) ? document : undefined
  } catch {
    return undefined
  }
}

function unusable(answer: Answer): string {
  return answer.status < 300 ? 'with an answer that is not JSON' : 'a redirect, which is not followed'
}

function noAnswer(
  cause: unknown,
  target: {
    method: string
    path: string
    permission?: string
    attempts: number
    perhapsDone?: boolean
    signal: AbortSignal | undefined
  },
): { error: Error; again: boolean; sent: boolean } {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  if (target.signal?.aborted) return { error, again: false, sent: true }
  if (error instanceof FileError) return { error, again: error.retryable, sent: false }
  const { code } = error as NodeJS.ErrnoException
  const neverSent =
    code !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)
  const reason = code === 'ETIMEDOUT' ? `no answer, ${error.message}` : `no answer (${code ?? error.message})`
  return { error: new ImgixError({ ...target, reason, cause }), again: true, sent: !neverSent }
}

function retryDelay(answer: Answer, attempts: number): number {
  const header = answer.headers['retry-after']
  if (header === undefined) return backOff(attempts)
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(waitMs) ? backOff(attempts) : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS)
}

function backOff(attempts: number): number {
  return Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** attempts) * (0.5 + Math.random() / 2)
}
