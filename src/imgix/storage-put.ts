import { asError, isSuccess, storageDetails, withoutAnswer } from './answers.ts'
import type { ClientSettings, FileUpload, OnWait } from './client.ts'
import { ImgixError } from './errors.ts'
import type { Hosts } from './http/hosts.ts'
import { type Attempt, backOff, retry, retryDelay } from './http/retry.ts'
import { StaleConnection, type Transport } from './http/transport.ts'
import { admitUrl, hostOf } from './storage-url.ts'

type PutSettings = Pick<ClientSettings, 'maxAttempts'> & { transport: Transport; hosts: Hosts; onWait: OnWait }

export type StoragePut = FileUpload & {
  readonly url: string
  /** names that the URL may hold and everybody may read */
  readonly own?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** @see Client.put */
export async function putFile(
  put: StoragePut,
  { transport, hosts, maxAttempts, onWait }: PutSettings,
): Promise<{ attempts: number }> {
  const url = await admitUrl(put.url, { method: 'PUT', hosts })
  const target = { method: 'PUT', path: hostOf(url) }
  let withType = true
  let reuse = true
  const attempt = async (attempts: number): Promise<Attempt<{ attempts: number }>> => {
    const headers: Record<string, string> = withType ? { 'content-type': put.contentType } : {}
    const { signal, onProgress } = put
    const { lookup } = hosts
    const outgoing = { method: 'PUT', url, headers, body: put, signal, reuse, onProgress, lookup }
    const answer = await transport.send(outgoing).catch(asError)
    reuse = !(answer instanceof StaleConnection)
    if (answer instanceof Error) return withoutAnswer(answer, { ...target, attempts })
    if (isSuccess(answer)) return { done: { attempts } }
    const details = storageDetails(answer)
    const error = new ImgixError({ ...target, attempts, status: answer.status, details })
    // the type may not be what was signed: once more without one
    const unsigned = answer.status === 403 && details[0]?.title === 'SignatureDoesNotMatch' && withType
    if (unsigned) withType = false
    // another request for the same object is under way at the storage
    const busy = answer.status === 409 ? backOff(attempts) : undefined
    return { error, waitMs: unsigned ? 0 : (busy ?? retryDelay(answer, attempts)) }
  }
  return retry(attempt, { maxAttempts, signal: put.signal, onWait })
}
