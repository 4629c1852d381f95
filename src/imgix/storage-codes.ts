import { ImgixError } from './errors.ts'

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

/** Whether the storage itself says that another try can help. */
export function isPassing({ details }: ImgixError): boolean {
  return details.some(({ title }) => TRANSIENT_CODES.includes(title))
}

/** The URL was good for a while, and is no more. S3 and Azure call it 403, Google's storage and R2 400. */
export function isExpired(error: unknown): boolean {
  if (!(error instanceof ImgixError) || error.permission !== undefined) return false
  const isSaid = error.details.some(({ title }) => EXPIRED_CODES.includes(title))
  return isSaid || (error.status === 403 && !isPassing(error))
}
