import { ImgixError, type ImgixFacts, isRecord } from './errors.ts'
import { FileError } from './http/body.ts'
import { JsonLimitError, parseJson } from './http/json.ts'
import { backOff } from './http/retry.ts'
import { type Answer, isStarved, StaleConnection } from './http/transport.ts'
import { BodyError } from './http/unpack.ts'
import { UnsentError, whyUnsent } from './http/unsent.ts'

type Reading = {
  /** the JSON object of an answer, {} for an empty answer; undefined for another body */
  readonly document?: Record<string, unknown>
  /** why it can't be the body of a success */
  readonly problem?: string | undefined
}

export function readDocument({ text }: Answer): Reading {
  if (text.trim() === '') return { document: {} }
  try {
    const document = parseJson(text, keepNumber)
    if (isRecord(document)) return { document, problem: problemOf(document) }
  } catch (error) {
    if (error instanceof JsonLimitError) return { problem: `with ${error.message}` }
  }
  return { problem: 'with an answer that is not JSON' }
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
function problemOf(document: Record<string, unknown>): string | undefined {
  const { errors } = document
  const hasData = 'data' in document
  // `errors: []` or `errors: null` beside `data` means that there is no error
  if (hasData && (errors === null || (Array.isArray(errors) && errors.length === 0))) return undefined
  if ('errors' in document) return hasData ? 'with errors beside its data' : 'with errors and no data'
  const isKnown = hasData || 'meta' in document || 'jsonapi' in document || Object.keys(document).length === 0
  return isKnown ? undefined : "with an answer that is not imgix's"
}

export function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

export type Facts = ImgixFacts & { readonly attempts: number }
/** `waitMs`: undefined where another try can't help */
export type Refusal = { readonly error: Error; readonly waitMs: number | undefined }
/** `perhapsDone`: the server can have carried out the request; the others: see `Attempt` */
type Failure = Refusal & { readonly perhapsDone: boolean; readonly starved?: boolean; readonly stale?: boolean }

/** What an attempt without a complete answer comes to. */
export function withoutAnswer(thrown: Error, facts: Facts): Failure {
  const stale = thrown instanceof StaleConnection
  const found = stale && thrown.cause instanceof Error ? thrown.cause : thrown
  const { code = '' } = found as NodeJS.ErrnoException
  const cause = code === 'ERR_INVALID_CHAR' ? new UnsentError(found.message) : found // Node's, of a header
  const { retryable = true } = cause as { retryable?: boolean }
  const error = cause instanceof FileError ? cause : new ImgixError({ ...facts, reason: why(cause, facts), cause })
  const starved = isStarved(cause)
  const isSent = !(starved || cause instanceof FileError || cause instanceof UnsentError || NEVER_SENT.includes(code))
  // a kept connection that was closed says nothing of the server: no need to give it time
  const waitMs = stale ? 0 : backOff(facts.attempts)
  return { error, waitMs: retryable ? waitMs : undefined, perhapsDone: isSent, starved, stale }
}

/** @param facts with a status if only the body is missing */
function why(cause: Error, { status, path, host = path }: Facts): string {
  if (cause instanceof UnsentError) return whyUnsent(cause, ` to ${host}`)
  if (cause instanceof BodyError) return status === undefined ? cause.message : `with ${cause.message}`
  const { code, message } = cause as NodeJS.ErrnoException
  const what = code === undefined || code === 'ETIMEDOUT' ? message : code
  return status === undefined ? `no answer from ${host} (${what})` : `with a body that did not arrive whole (${what})`
}
