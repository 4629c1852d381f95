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

/** A storage answers XML, or nothing. */
function isStorages(answer: Answer): boolean {
  const text = answer.text.trim()
  return text === '' || storageDetails(answer).length > 0 || (/^\uFEFF?</.test(text) && !isPage(answer))
}

/** What an answer to a PUT comes to. Each storage that imgix knows says by an ETag alone that the bytes are stored.
 *  @returns `doubt`: a description of a success that possibly does not come from the storage */
export function judgePut(answer: Answer, facts: Facts): Refusal | { readonly doubt: string | undefined } {
  const { status, headers } = answer
  if (status < 200 || status >= 300 || storageDetails(answer).length > 0) {
    const { error, waitMs } = refusal(answer, facts)
    // another request for the same object is under way at the storage
    return { error, waitMs: waitMs ?? (status === 409 ? backOff(facts.attempts) : undefined) }
  }
  const hasTag = Boolean(headers.etag)
  const isOwn = isStorages(answer)
  // a page stores nothing, whatever its headers say, and can be temporary
  if (isPage(answer) || !(hasTag || isOwn))
    return { error: strangersError(answer, facts, 'the storage'), waitMs: backOff(facts.attempts) }
  return { doubt: hasTag && isOwn ? undefined : `${describeAnswer(answer)}${hasTag ? '' : ', and no ETag'}` }
}
