import { asError, isSuccess, readDocument, unusable, withoutAnswer } from './answers.ts'
import { ANY_TYPE, type ApiAnswer, type ApiRequest, type OnWait } from './client.ts'
import type { ClientSettings } from './client-settings.ts'
import { ImgixError, readErrors, shorten } from './errors.ts'
import { type Attempt, backOff, retry, retryDelay } from './http/retry.ts'
import { type Answer, type Outgoing, StaleConnection, type Transport } from './http/transport.ts'
import type { Pace } from './pace.ts'
import { isImgixs, isStrangers, strangersError } from './strangers.ts'

type Sending = {
  settings: ClientSettings
  transport: Transport
  pace: Pace
  /** takes secrets out of a text */
  redact: (text: string) => string
  onWait: OnWait
  clock: { read(headers: Answer['headers']): void }
}

const JSON_API = 'application/vnd.api+json'

/** @see Client.request */
export async function requestApi(request: ApiRequest, sending: Sending): Promise<ApiAnswer> {
  const { settings, transport, pace, onWait, clock } = sending
  const url = new URL(`${settings.apiUrl}/api/v1/${request.path}`)
  const target = { method: request.method, path: url.pathname, permission: request.permission }
  const halt = request.halt ?? request.signal // no AbortSignal.any for each request: what it joins would keep it for the run
  let perhapsDone = false
  const isStream = request.upload !== undefined && 'stream' in request.upload
  let reuse = !isStream // a kept connection can be closed by now, and a stream can't be sent again
  const attempt = async (attempts: number): Promise<Attempt<ApiAnswer>> => {
    const slot = await pace.acquire(request.limit, { signal: halt, first: attempts > 1 || request.first === true })
    const { onSent, onUnderWay } = { onSent: slot.sent, onUnderWay: slot.underWay }
    const answer = await transport
      .send({ ...outgoing(request, url, settings), reuse, onSent, onUnderWay })
      .catch(asError)
    const facts = { ...target, attempts, perhapsDone }
    if (answer instanceof Error) {
      slot.underWay()
      reuse = !(answer instanceof StaleConnection)
      const failed = withoutAnswer(answer, facts)
      perhapsDone ||= failed.perhapsDone
      return request.once && perhapsDone ? { error: failed.error, waitMs: undefined } : failed
    }
    slot.answered()
    clock.read(answer.headers)
    const judged = judge(answer, facts, { request, sending })
    if ('done' in judged) return judged
    if (answer.status === 429) slot.refused(judged.waitMs ?? 0)
    else perhapsDone ||= judged.waitMs !== undefined
    return request.once && perhapsDone ? { error: judged.error, waitMs: undefined } : judged
  }
  return retry(attempt, {
    maxAttempts: isStream ? 1 : settings.maxAttempts,
    signal: halt,
    onWait: onWaitOf(request, { settings, onWait }),
  })
}

type Facts = { method: string; path: string; permission: string; attempts: number; perhapsDone: boolean }

/** What an answer comes to. */
function judge(
  answer: Answer,
  facts: Facts,
  { request, sending: { pace, redact } }: { request: ApiRequest; sending: Sending },
): Attempt<ApiAnswer> {
  const { status } = answer
  const { attempts, perhapsDone } = facts
  const reading = readDocument(answer)
  const { document } = reading
  const isDone = isSuccess(answer)
  const reason = unusable(answer, reading) ?? (isDone ? contradictionIn(document, request, redact) : undefined)
  if (isDone && document !== undefined && reason === undefined)
    return { done: { status, document, attempts, perhapsDone } }
  const waitMs = isDone ? backOff(attempts) : retryDelay(answer, attempts, pace.refusedMs(request.limit))
  if (isStrangers(answer, isImgixs(answer, document))) return { error: strangersError(answer, facts, 'imgix'), waitMs }
  return { error: new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) }), waitMs }
}

/** @returns the contradiction, cut short and without secrets; undefined for none */
function contradictionIn(
  document: ApiAnswer['document'] = {},
  { contradiction }: ApiRequest,
  redact: Sending['redact'],
): string | undefined {
  const reason = contradiction?.(document)
  return reason && shorten(reason, redact)
}

/** The hourly limit of Sources can refuse a request for a long time, so the run announces each 429, before short waits
 *  too. */
function onWaitOf({ limit }: ApiRequest, { settings, onWait }: Pick<Sending, 'settings' | 'onWait'>): OnWait {
  if (limit !== 'deploy') return onWait
  return (waitMs, reason) => {
    const isRefused = reason instanceof ImgixError && reason.status === 429
    const tell = isRefused ? settings.onLongWait : onWait
    tell(waitMs, reason)
  }
}

function outgoing(request: ApiRequest, url: URL, settings: ClientSettings): Outgoing {
  const { method, json, upload, signal, maxBytes } = request
  const headers: Record<string, string> = {
    accept: JSON_API,
    'accept-encoding': 'identity',
    authorization: `Bearer ${settings.apiKey}`,
    'user-agent': settings.userAgent,
  }
  headers['content-type'] = upload === undefined ? JSON_API : (upload.contentType ?? ANY_TYPE) // bodiless requests too, as in imgix's own examples
  const body = upload ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)))
  const { onProgress } = upload ?? {}
  const outgoing = { method, url, headers, signal, maxBytes }
  return body === undefined ? outgoing : { ...outgoing, body, onProgress }
}
