import { type ErrorDetail, ImgixError, isRecord } from './errors.ts'
import { AddressError } from './http/addresses.ts'
import { FileError } from './http/body.ts'
import { HostError } from './http/host-error.ts'
import { JsonLimitError, parseJson } from './http/json.ts'
import { ProxyError, ProxySettingError } from './http/proxy-errors.ts'
import { LengthError } from './http/read-answer.ts'
import { backOff } from './http/retry.ts'
import { type Answer, isStarved, StaleConnection } from './http/transport.ts'
import { PackingError } from './http/unpack.ts'

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

/** @returns the JSON object of an answer, {} for an empty answer; for another body, a description of it */
type Reading =
  | { readonly document: Record<string, unknown> }
  | { readonly document: undefined; readonly problem: string }

export function readDocument({ text }: Answer): Reading {
  if (text.trim() === '') return { document: {} }
  try {
    const document = parseJson(text, keepNumber)
    if (isRecord(document)) return { document }
  } catch (error) {
    if (error instanceof JsonLimitError) return { document: undefined, problem: `with ${error.message}` }
  }
  return { document: undefined, problem: 'with an answer that is not JSON' }
}

type RawJson = { rawJSON(text: string): unknown }

/** What users stored is written back as it was: a number that JavaScript can't hold stays the text that it is. */
function keepNumber(_key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  if (typeof value !== 'number' || String(value) === source) return value
  const digits = source.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length
  const isExact = Number.isFinite(value) && !Object.is(value, -0) && digits <= 15
  return isExact ? value : (JSON as unknown as RawJson).rawJSON(source)
}

/** A success is empty or a JSON:API document without errors: anything else comes from somebody between imgix and us. */
function isRefusal(document: Record<string, unknown>): boolean {
  const known = ['data', 'meta', 'jsonapi'].some((name) => name in document)
  return Object.keys(document).length > 0 && ('errors' in document ? hasErrors(document) : !known)
}

/** `errors: []` or `errors: null` beside `data` means that there is no error. */
function hasErrors({ errors, ...document }: Record<string, unknown>): boolean {
  const isEmpty = errors === null || (Array.isArray(errors) && errors.length === 0)
  return !('data' in document && isEmpty)
}

/** @returns the problem of an answer whose status does not tell it */
export function unusable(answer: Answer, reading: Reading): string | undefined {
  if (isSuccess(answer)) return whatIsWrong(reading)
  return answer.status < 400 ? 'a redirect, which is not followed' : undefined
}

function whatIsWrong(reading: Reading): string | undefined {
  const { document } = reading
  if (document === undefined) return reading.problem
  if (!isRefusal(document)) return undefined
  if (!('errors' in document)) return "with an answer that is not imgix's"
  return 'data' in document ? 'with errors beside its data' : 'with errors and no data'
}

/** A storage's error is XML, and its code a word. */
export function storageDetails({ text }: Answer): ErrorDetail[] {
  const code = /<Code>\s{0,9}([A-Za-z0-9]{1,64})\s{0,9}<\/Code>/.exec(text)?.[1]
  return code === undefined ? [] : [{ title: code, detail: '' }]
}

export function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

/** What an attempt without a complete answer comes to. */
export function withoutAnswer(
  cause: Error,
  facts: { method: string; path: string; permission?: string; attempts: number; perhapsDone?: boolean },
): { error: Error; waitMs: number | undefined; perhapsDone: boolean; starved?: boolean } {
  // a kept connection that was closed says nothing of the server: no need to give it time
  const waitMs = cause instanceof StaleConnection ? 0 : backOff(facts.attempts)
  const starved = isStarved(cause)
  if (cause instanceof FileError)
    return { error: cause, waitMs: cause.retryable ? waitMs : undefined, perhapsDone: false, starved }
  const isUnfit = (cause as NodeJS.ErrnoException).code === 'ERR_INVALID_CHAR' // Node's, of a header
  if (isUnfit || cause instanceof HostError || cause instanceof ProxySettingError) {
    const error = new ImgixError({ ...facts, reason: `nothing was sent: ${cause.message}`, cause })
    return { error, waitMs: undefined, perhapsDone: false }
  }
  if (cause instanceof ProxyError) {
    const error = new ImgixError({ ...facts, reason: cause.message, cause })
    return { error, waitMs: cause.retryable ? waitMs : undefined, perhapsDone: false }
  }
  if (cause instanceof AddressError) {
    const error = new ImgixError({ ...facts, reason: cause.message, cause })
    return { error, waitMs, perhapsDone: false, starved }
  }
  const { code } = (cause instanceof StaleConnection ? cause.cause : cause) as NodeJS.ErrnoException
  const why = code === 'ETIMEDOUT' ? `no answer, ${cause.message}` : `no answer (${code ?? cause.message})`
  const isRead = !(cause instanceof LengthError || cause instanceof PackingError)
  const reason = isRead ? why : cause.message
  const perhapsDone = !starved && (code === undefined || !NEVER_SENT.includes(code))
  return { error: new ImgixError({ ...facts, reason, cause }), waitMs, perhapsDone, starved }
}
