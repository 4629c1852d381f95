import type { Facts, Refusal } from './answers.ts'
import { type ErrorDetail, ImgixError } from './errors.ts'
import { backOff, retryDelay } from './http/retry.ts'
import type { Answer } from './http/transport.ts'
import { describeAnswer, isPage, isStrangers, strangersError } from './strangers.ts'

/** Codes that say 'try again', whatever the status: those that the SDKs of AWS (for Cloudflare, too), Google and Azure try
 *  again, and those of a body that arrived otherwise than it was sent. Read 2026-11:
 *  https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 *  https://docs.cloud.google.com/storage/docs/xml-api/reference-status
 *  https://developers.cloudflare.com/r2/api/error-codes/
 *  https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const TRANSIENT_CODES = [
  ...['BadDigest', 'IncompleteBody', 'InternalError', 'OperationAborted', 'RequestTimeout', 'ServiceUnavailable'],
  ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'Throttling', 'ThrottlingException', 'ThrottledException'],
  ...['RequestThrottled', 'RequestThrottledException', 'RequestLimitExceeded', 'BandwidthLimitExceeded'],
  ...['PriorRequestNotComplete', 'TooManyRequests', 'TooManyRequestsException', 'TransactionInProgressException'],
  ...['RequestTimeoutException', 'TimeoutError', 'ConditionalRequestConflict', 'ClientDisconnect', 'RateLimitExceeded'],
  ...['ServerBusy', 'OperationTimedOut', 'Md5Mismatch', 'Crc64Mismatch', 'CrcMismatch', 'XAmzContentChecksumMismatch'],
]
const EXPIRED_CODES = ['ExpiredToken', 'ExpiredRequest']

/** Whether the storage itself says that another try can help. At a PUT, 409 says that another request for the
 *  object is under way. */
export function isPassing({ method, status, details }: Pick<ImgixError, 'method' | 'status' | 'details'>): boolean {
  return (method === 'PUT' && status === 409) || details.some(({ title }) => TRANSIENT_CODES.includes(title))
}

/** The URL was good for a while, and is no more. S3 and Azure call it 403, Google's storage and R2 400. */
export function isExpired(error: unknown): boolean {
  if (!(error instanceof ImgixError) || error.permission !== undefined) return false
  const isSaid = error.details.some(({ title }) => EXPIRED_CODES.includes(title))
  return isSaid || (error.status === 403 && !isPassing(error))
}

/** A storage's error is XML, and its code a word. */
export function storageDetails({ text }: Answer): ErrorDetail[] {
  const code = codeOf(text)
  return code === undefined ? [] : [{ title: code, detail: '' }]
}

export function codeOf(xml: string): string | undefined {
  return /<Code>\s{0,9}([A-Za-z0-9]{1,64})\s{0,9}<\/Code>/.exec(xml)?.[1]
}

/** A storage answers XML, or nothing. */
function isStorages(answer: Answer, details: readonly ErrorDetail[]): boolean {
  const text = answer.text.trim()
  return text === '' || details.length > 0 || (/^\uFEFF?</.test(text) && !isPage(answer))
}

/** The storage's refusal, or that of somebody between. */
export function refusal(answer: Answer, facts: Facts): Refusal {
  const { status } = answer
  const details = storageDetails(answer)
  const waitMs = retryDelay(
    isPassing({ ...facts, status, details }) ? { ...answer, status: 503 } : answer,
    facts.attempts,
  )
  const isOther = isStrangers(answer, isStorages(answer, details))
  return {
    error: isOther ? strangersError(answer, facts, 'the storage') : new ImgixError({ ...facts, status, details }),
    waitMs,
  }
}

/** What an answer to a PUT comes to. Each storage that imgix knows says by an ETag alone that the bytes are stored.
 *  @returns `doubt`: a description of a success that possibly does not come from the storage */
export function judgePut(answer: Answer, facts: Facts): Refusal | { readonly doubt: string | undefined } {
  const { status, headers } = answer
  const details = storageDetails(answer)
  if (status < 200 || status >= 300 || details.length > 0) return refusal(answer, facts)
  const hasTag = Boolean(headers.etag)
  const isOwn = isStorages(answer, details)
  // a page stores nothing, whatever its headers say, and can be temporary
  if (isPage(answer) || !(hasTag || isOwn))
    return { error: strangersError(answer, facts, 'the storage'), waitMs: backOff(facts.attempts) }
  return { doubt: hasTag && isOwn ? undefined : `${describeAnswer(answer)}${hasTag ? '' : ', and no ETag'}` }
}
