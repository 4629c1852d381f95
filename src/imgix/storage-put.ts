import { asError, withoutAnswer } from './answers.ts'
import { ANY_TYPE, type Sending, type Upload } from './client.ts'
import { ImgixError } from './errors.ts'
import { isStream } from './http/given-body.ts'
import { type Attempt, retry } from './http/retry.ts'
import { judgePut } from './storage-answers.ts'
import { admitUrl, hostOf } from './storage-url.ts'

export type StoragePut = Upload & {
  readonly url: string
  /** public names that the URL can contain */
  readonly own?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** receives a description of a success that possibly does not come from the storage */
  readonly onDoubt?: (answer: string) => void
}

type Put = StoragePut & { readonly to: URL; readonly headers: Readonly<Record<string, string>> }

/** @see Client.put */
export async function putFile(put: StoragePut, sending: Sending): Promise<{ attempts: number }> {
  const to = await admitUrl(put.url, { method: 'PUT', own: put.own }, sending)
  const headers: Record<string, string> = isSas(to) ? { 'x-ms-blob-type': 'BlockBlob' } : {}
  try {
    const type = put.contentType ?? ANY_TYPE
    return await putAs({ ...put, to, headers: { 'content-type': type, ...headers } }, sending)
  } catch (error) {
    // a stream can be read once
    if (!(error instanceof ImgixError) || !isUnsigned(error) || isStream(put)) throw error
    // a different request, and not a repeated one, because the signed type is another
    return putAs({ ...put, to, headers }, sending, error.attempts)
  }
}

function isUnsigned({ status, details }: ImgixError): boolean {
  return status === 403 && details[0]?.title === 'SignatureDoesNotMatch'
}

/** A shared access signature of Azure, which signs no headers, and whose PUT has to name the kind of blob.
 *  @see https://learn.microsoft.com/rest/api/storageservices/put-blob */
function isSas({ searchParams }: URL): boolean {
  return ['sv', 'se', 'sig'].every((name) => searchParams.has(name))
}

function putAs(put: Put, sending: Sending, triedBefore = 0): Promise<{ attempts: number }> {
  const { to: url, headers, signal, onProgress } = put
  const { transport, hosts, settings, onWait } = sending
  const attempt = async (tries: number, reuse: boolean): Promise<Attempt<{ attempts: number }>> => {
    const attempts = triedBefore + tries
    const facts = { method: 'PUT', path: hostOf(url), attempts }
    const outgoing = { method: 'PUT', url, headers, body: put, signal, reuse, onProgress, lookup: hosts.lookup }
    const answer = await transport.send(outgoing).catch(asError)
    if (answer instanceof Error) return withoutAnswer(answer, facts)
    const judged = judgePut(answer, facts)
    if ('error' in judged) return judged
    if (judged.doubt !== undefined) put.onDoubt?.(judged.doubt)
    return { done: { attempts } }
  }
  return retry(attempt, { maxAttempts: settings.maxAttempts, isStream: isStream(put), signal, onWait })
}
