import { asError, withoutAnswer } from './answers.ts'
import { ANY_TYPE, type OnWait, type Upload } from './client.ts'
import type { ClientSettings } from './client-settings.ts'
import { ImgixError } from './errors.ts'
import type { Hosts } from './http/hosts.ts'
import { type Attempt, backOff, retry } from './http/retry.ts'
import { StaleConnection, type Transport } from './http/transport.ts'
import { readStored, refusalOfPut } from './storage-answers.ts'
import { admitUrl, hostOf } from './storage-url.ts'

type PutSettings = Pick<ClientSettings, 'maxAttempts'> & { transport: Transport; hosts: Hosts; onWait: OnWait }

export type StoragePut = Upload & {
  readonly url: string
  /** public names that the URL can contain */
  readonly own?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** receives a description of a success that possibly does not come from the storage */
  readonly onDoubt?: (answer: string) => void
}

/** @see Client.put */
export async function putFile(put: StoragePut, means: PutSettings): Promise<{ attempts: number }> {
  const url = await admitUrl(put.url, { method: 'PUT', hosts: means.hosts })
  try {
    return await putAs(put, url, { ...means, withType: true, triedBefore: 0 })
  } catch (error) {
    // a stream can be read once
    if (!(error instanceof ImgixError) || !isUnsigned(error) || 'stream' in put) throw error
    // a different request, and not a repeated one, because the signed type is another
    return putAs(put, url, { ...means, withType: false, triedBefore: error.attempts })
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

type Form = { withType: boolean; triedBefore: number }

function putAs(
  put: StoragePut,
  url: URL,
  { withType, triedBefore, ...means }: PutSettings & Form,
): Promise<{ attempts: number }> {
  const { transport, hosts, maxAttempts, onWait } = means
  const { signal, onProgress } = put
  const { lookup } = hosts
  const headers: Record<string, string> = {
    ...(withType && { 'content-type': put.contentType ?? ANY_TYPE }),
    ...(isSas(url) && { 'x-ms-blob-type': 'BlockBlob' }),
  }
  const isStream = 'stream' in put
  let reuse = !isStream // as for requests of the API
  const attempt = async (tries: number): Promise<Attempt<{ attempts: number }>> => {
    const attempts = triedBefore + tries
    const facts = { method: 'PUT', path: hostOf(url), attempts }
    const outgoing = { method: 'PUT', url, headers, body: put, signal, reuse, onProgress, lookup }
    const answer = await transport.send(outgoing).catch(asError)
    reuse = !(answer instanceof StaleConnection)
    if (answer instanceof Error) return withoutAnswer(answer, facts)
    const { isStored, doubt } = readStored(answer)
    if (isStored) {
      if (doubt !== undefined) put.onDoubt?.(doubt)
      return { done: { attempts } }
    }
    const refused = refusalOfPut(answer, facts)
    // another request for the same object is under way at the storage
    const isBusy = answer.status === 409 && refused.waitMs === undefined
    return isBusy ? { ...refused, waitMs: backOff(attempts) } : refused
  }
  return retry(attempt, { maxAttempts: isStream ? 1 : maxAttempts, signal, onWait })
}
