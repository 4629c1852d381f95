import { storageDetails } from './answers.ts'
import { ImgixError, type ImgixFacts } from './errors.ts'
import { backOff, retryDelay } from './http/retry.ts'
import type { Answer } from './http/transport.ts'
import { isPassing } from './storage-codes.ts'
import { describeAnswer, isPage, isStrangers, strangersError } from './strangers.ts'

type Facts = ImgixFacts & { readonly attempts: number }
/** `waitMs`: undefined where another try can't help */
type Refusal = { readonly error: ImgixError; readonly waitMs: number | undefined }

/** The storage's refusal, or that of somebody between. */
export function refusal(answer: Answer, facts: Facts): Refusal {
  const { status } = answer
  const waitMs = retryDelay(answer, facts.attempts)
  if (isStrangers(answer, isStorages(answer))) {
    return { error: strangersError(answer, facts, 'the storage'), waitMs }
  }
  const error = new ImgixError({ ...facts, status, details: storageDetails(answer) })
  // with any status, such a code means the same as 503
  const passingMs = isPassing(error) ? retryDelay({ ...answer, status: 503 }, facts.attempts) : undefined
  return { error, waitMs: waitMs ?? passingMs }
}

/** Why an answer to a PUT stored nothing. A page in place of the storage's answer can be temporary. */
export function refusalOfPut(answer: Answer, facts: Facts): Refusal {
  if (answer.status >= 300 || storageDetails(answer).length > 0) return refusal(answer, facts)
  return { error: strangersError(answer, facts, 'the storage'), waitMs: backOff(facts.attempts) }
}

/** A storage answers XML, or nothing. */
function isStorages(answer: Answer): boolean {
  const text = answer.text.trim()
  return text === '' || storageDetails(answer).length > 0 || (/^\uFEFF?</.test(text) && !isPage(answer))
}

/**
 * Whether an answer to a PUT says that the bytes are stored. Each storage that imgix knows says so by an ETag, and has
 * nothing else to say. A page does not, with or without an ETag.
 * @returns `doubt`: a description of an answer that possibly does not come from the storage
 */
export function readStored(answer: Answer): { isStored: boolean; doubt?: string } {
  const { status, headers } = answer
  if (status < 200 || status >= 300 || storageDetails(answer).length > 0 || isPage(answer)) return { isStored: false }
  const hasTag = headers.etag !== undefined && headers.etag !== ''
  if (hasTag && isStorages(answer)) return { isStored: true }
  const doubt = `${describeAnswer(answer)}${hasTag ? '' : ', and no ETag'}`
  return hasTag || isStorages(answer) ? { isStored: true, doubt } : { isStored: false }
}
