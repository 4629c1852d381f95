import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { asError, withoutAnswer } from './answers.ts'
import type { Sending } from './client.ts'
import { ImgixError } from './errors.ts'
import { FileError } from './http/body.ts'
import { type Attempt, backOff, retry } from './http/retry.ts'
import type { Answer } from './http/transport.ts'
import { refusal } from './storage-answers.ts'
import { admitUrl, hostOf } from './storage-url.ts'
import { isHtml } from './strangers.ts'

export type StorageGet = {
  readonly url: string
  /** public names that the URL can contain */
  readonly own?: string | undefined
  /** Takes the file, from its start with each attempt. It throws a FileError where it can't. */
  readonly receive: (body: AsyncIterable<Buffer>) => Promise<void>
  readonly signal?: AbortSignal | undefined
}

const REDIRECTS = [301, 302, 303, 307, 308]
const REDIRECTS_MAX = 3
// A part of a report has at most 64 MB, packed (docs.imgix.com/apis/management/reports, read 2026-11).
const FILE_MAX_BYTES = 2e9

/** A file that the storage keeps packed by gzip arrives unpacked, unless it is called `.gz`.
 *  @see Client.get */
export async function getFile(
  get: StorageGet,
  { settings, transport, hosts, onWait }: Sending,
): Promise<{ attempts: number }> {
  const { signal } = get
  const admit = async (text: string, base?: URL): Promise<URL> => {
    const url = await admitUrl(text, { method: 'GET', hosts, base })
    // a redirect's location can be as short as a slash
    for (const form of new Set([url.href, ...(base === undefined ? [text] : [])])) settings.hide(form, get.own ?? '')
    return url
  }
  const first = await admit(get.url)
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': settings.userAgent }
  const attempt = async (attempts: number, reuse: boolean): Promise<Attempt<{ attempts: number }>> => {
    let url = first
    for (let redirects = 0; ; redirects += 1) {
      let begun = false
      const receive = async (body: AsyncIterable<Buffer>, answered: Answer['headers']): Promise<void> => {
        begun = true
        await unpack(body, { headers: answered, isArchive: /\.gz$/i.test(first.pathname), receive: get.receive })
      }
      const outgoing = { method: 'GET', url, headers, signal, reuse, receive, lookup: hosts.lookup }
      const answer = await transport.send(outgoing).catch(asError)
      const facts = { method: 'GET', path: hostOf(url), attempts }
      if (answer instanceof Error) return begun ? withoutBody(answer, facts) : withoutAnswer(answer, facts)
      if (answer.status === 200) return { done: { attempts } }
      const isRedirect = REDIRECTS.includes(answer.status) && redirects < REDIRECTS_MAX
      const next = isRedirect ? answer.headers.location : undefined
      const reason = answer.status < 400 ? 'which is no file' : undefined
      if (next === undefined) return refusal(answer, { ...facts, reason })
      url = await admit(next, url)
    }
  }
  return retry(attempt, { maxAttempts: settings.maxAttempts, signal, onWait })
}

type Facts = { method: string; path: string; attempts: number }

/** A body that can't be accepted, for a reason that is not the network's. */
class BodyError extends Error {
  override name = 'BodyError'
  /** another try can bring another one */
  readonly isPassing: boolean
  constructor(message: string, isPassing = false) {
    super(message)
    this.isPassing = isPassing
  }
}

const PAGE = 'a page of HTML, from something between the storage and the runner'

type Unpacking = { headers: Answer['headers']; isArchive: boolean } & Pick<StorageGet, 'receive'>

async function unpack(body: AsyncIterable<Buffer>, { headers, isArchive, receive }: Unpacking): Promise<void> {
  if (isHtml(headers)) throw new BodyError(PAGE, true) // no report is one
  const encoding = headers['content-encoding']?.toLowerCase() || 'identity'
  // without either, a cut body looks like a complete one
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new BodyError('a body whose size it does not tell')
  }
  const isPacked = /^(x-)?gzip$/.test(encoding)
  if (!isPacked && encoding !== 'identity') throw new BodyError(`a body that is packed by '${encoding.slice(0, 40)}'`)
  if (!isPacked || isArchive) return receive(limited(body))
  await pipeline(body, createGunzip(), (unpacked: AsyncIterable<Buffer>) => receive(limited(unpacked)))
}

/** @throws BodyError for a body that is too long for a part of a report */
export async function* limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > FILE_MAX_BYTES) throw new BodyError(`a body of more than ${FILE_MAX_BYTES / 1e9} GB`)
    yield chunk
  }
}

function withoutBody(cause: Error, facts: Facts): { error: Error; waitMs: number | undefined } {
  if (cause instanceof FileError) return withoutAnswer(cause, facts)
  const isFinal = cause instanceof BodyError && !cause.isPassing
  const error = new ImgixError({ ...facts, status: 200, reason: `with ${whyUnread(cause)}`, cause })
  return { error, waitMs: isFinal ? undefined : backOff(facts.attempts) }
}

function whyUnread(cause: Error): string {
  const { code = '', message } = cause as NodeJS.ErrnoException
  if (cause instanceof BodyError) return message
  if (code.startsWith('Z_')) return `a body that is not the gzip it is said to be (${code})`
  if (code.startsWith('HPE_')) return `a body that is longer than it says (${code})`
  return `a body that ends too soon (${code === 'ETIMEDOUT' ? message : code || message})`
}
