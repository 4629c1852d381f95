import { type ErrorDetail, ImgixError, type ImgixFacts, isRecord } from './errors.ts'
import { FileError } from './http/body.ts'
import { JsonLimitError, parseJson } from './http/json.ts'
import { LengthError } from './http/read-answer.ts'
import { type Attempt, backOff } from './http/retry.ts'
import { type Answer, isStarved, StaleConnection } from './http/transport.ts'
import { PackingError } from './http/unpack.ts'
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

/** A storage's error is XML, and its code a word. */
export function storageDetails({ text }: Answer): ErrorDetail[] {
  const code = /<Code>\s{0,9}([A-Za-z0-9]{1,64})\s{0,9}<\/Code>/.exec(text)?.[1]
  return code === undefined ? [] : [{ title: code, detail: '' }]
}

export function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

type Facts = ImgixFacts & { readonly attempts: number }
type Failure = Exclude<Attempt<never>, { done: never }> & { perhapsDone: boolean }

/** What an attempt without a complete answer comes to. */
export function withoutAnswer(cause: Error, facts: Facts): Failure {
  // a kept connection that was closed says nothing of the server: no need to give it time
  const stale = cause instanceof StaleConnection
  const waitMs = stale ? 0 : backOff(facts.attempts)
  const starved = isStarved(cause)
  const { code } = (stale ? cause.cause : cause) as NodeJS.ErrnoException
  const host = facts.host ?? facts.path
  const unsent = code === 'ERR_INVALID_CHAR' ? new UnsentError(cause.message) : cause // Node's, of a header
  if (unsent instanceof FileError || unsent instanceof UnsentError) {
    const isFile = unsent instanceof FileError
    const error = isFile ? unsent : new ImgixError({ ...facts, reason: whyUnsent(unsent, ` to ${host}`), cause })
    return { error, waitMs: unsent.retryable ? waitMs : undefined, perhapsDone: false, starved }
  }
  const why = `no answer from ${host} (${code === 'ETIMEDOUT' ? cause.message : (code ?? cause.message)})`
  const isRead = !(cause instanceof LengthError || cause instanceof PackingError)
  const error = new ImgixError({ ...facts, reason: isRead ? why : cause.message, cause })
  const perhapsDone = !starved && (code === undefined || !NEVER_SENT.includes(code))
  return { error, waitMs, perhapsDone, starved, stale }
}
