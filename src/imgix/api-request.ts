import { asError, readDocument, withoutAnswer } from './answers.ts'
import { ANY_TYPE, type ApiAnswer, type ApiRequest, type Sending } from './client.ts'
import type { ClientSettings } from './client-settings.ts'
import { ImgixError, readErrors, shorten } from './errors.ts'
import { isStream } from './http/given-body.ts'
import { type Attempt, backOff, retry, retryDelay } from './http/retry.ts'
import type { Answer, Outgoing } from './http/transport.ts'
import { isImgixs, isStrangers, strangersError } from './strangers.ts'

const JSON_API = 'application/vnd.api+json'

/** @see Client.request */
export async function requestApi(request: ApiRequest, sending: Sending): Promise<ApiAnswer> {
  const { settings, transport, pace, clock } = sending
  const url = new URL(`${settings.apiUrl}/api/v1/${request.path}`)
  const target = { method: request.method, path: url.pathname, permission: request.permission }
  const outgoing = { ...outgoingOf(request, settings), url }
  const halt = request.halt ?? request.signal // no AbortSignal.any for each request: what it joins would keep it for the run
  let perhapsDone = false
  const attempt = async (attempts: number, reuse: boolean): Promise<Attempt<ApiAnswer>> => {
    const slot = await pace.acquire(request.limit, { signal: halt, first: attempts > 1 || request.first === true })
    // what is sent once would fail for good on a kept connection that is closed by now
    const own = { reuse: reuse && request.once !== true, onSent: slot.sent, onUnderWay: slot.underWay }
    const answer = await transport.send({ ...outgoing, ...own }).catch(asError)
    const facts = { ...target, attempts, perhapsDone }
    if (answer instanceof Error) slot.underWay()
    else {
      slot.answered()
      clock.read(answer.headers)
    }
    const result =
      answer instanceof Error
        ? withoutAnswer(answer, { ...facts, host: url.host })
        : judge(answer, facts, { request, sending })
    if ('done' in result) return result
    if (!(answer instanceof Error) && answer.status === 429) slot.refused(result.waitMs ?? 0)
    perhapsDone ||= result.perhapsDone
    return request.once && perhapsDone ? { error: result.error, waitMs: undefined } : result
  }
  const onWait = (waitMs: number, reason: Error): void => {
    // the hourly limit of Sources can refuse a request for a long time, so each 429 is told, before short waits too
    const isRefused = request.limit === 'deploy' && reason instanceof ImgixError && reason.status === 429
    const tell = isRefused ? settings.onLongWait : sending.onWait
    tell(waitMs, reason)
  }
  const isOnce = isStream(request.upload)
  return retry(attempt, { maxAttempts: settings.maxAttempts, isStream: isOnce, signal: halt, onWait })
}

type Facts = { method: string; path: string; permission: string; attempts: number; perhapsDone: boolean }

/** What an answer comes to. */
function judge(
  answer: Answer,
  facts: Facts,
  { request, sending: { pace, redact } }: { request: ApiRequest; sending: Sending },
): { done: ApiAnswer } | ReturnType<typeof withoutAnswer> {
  const { status } = answer
  const { attempts, perhapsDone } = facts
  const { document, problem } = readDocument(answer)
  if (status >= 200 && status < 300) {
    const reason = problem ?? contradictionIn(document, request, redact)
    if (document !== undefined && reason === undefined) return { done: { status, document, attempts, perhapsDone } }
    const error = new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) })
    return { error, waitMs: backOff(attempts), perhapsDone: true }
  }
  const waitMs = retryDelay(answer, attempts, pace.refusedMs(request.limit))
  const reason = status < 400 ? 'a redirect, which is not followed' : undefined
  const error = isStrangers(answer, isImgixs(answer, document))
    ? strangersError(answer, facts, 'imgix')
    : new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) })
  return { error, waitMs, perhapsDone: waitMs !== undefined && status !== 429 }
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

function outgoingOf(
  { method, json, upload, signal, maxBytes }: ApiRequest,
  settings: ClientSettings,
): Omit<Outgoing, 'url'> {
  const headers = {
    accept: JSON_API,
    'accept-encoding': 'identity',
    authorization: `Bearer ${settings.apiKey}`,
    'user-agent': settings.userAgent,
    'content-type': upload === undefined ? JSON_API : (upload.contentType ?? ANY_TYPE), // bodiless requests too, as in imgix's own examples
  }
  const body = upload ?? (json === undefined ? undefined : { bytes: Buffer.from(JSON.stringify(json)) })
  return { method, headers, body, signal, maxBytes, onProgress: upload?.onProgress }
}
