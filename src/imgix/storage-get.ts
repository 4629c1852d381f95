import { asError, withoutAnswer } from './answers.ts'
import type { Sending } from './client.ts'
import { FileError } from './http/body.ts'
import { type Attempt, retry } from './http/retry.ts'
import type { Answer } from './http/transport.ts'
import { BodyError, unpacked } from './http/unpack.ts'
import { codeOf, refusal } from './storage-answers.ts'
import { admitUrl, hostOf } from './storage-url.ts'
import { isHtml } from './strangers.ts'

export type StorageGet = {
  readonly url: string
  /** public names that the URL can contain */
  readonly own?: string | undefined
  /** Takes the file, from its start with each attempt. Where it can't, it throws. */
  readonly receive: (body: AsyncIterable<Buffer>) => Promise<void>
  readonly signal?: AbortSignal | undefined
}

const REDIRECTS = [301, 302, 303, 307, 308]
const REDIRECTS_MAX = 3
// A part of a report has at most 64 MB, packed (docs.imgix.com/apis/management/reports, read 2026-11).
const FILE_MAX_BYTES = 2e9
const PAGE = 'a page of HTML, from something between the storage and the runner'

/** A file that the storage keeps packed by gzip arrives unpacked, unless it is called `.gz`.
 *  @see Client.get */
export async function getFile(get: StorageGet, sending: Sending): Promise<{ attempts: number }> {
  const { own, signal } = get
  const { settings, transport, hosts, onWait } = sending
  const first = await admitUrl(get.url, { method: 'GET', own }, sending)
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': settings.userAgent }
  const attempt = async (attempts: number, reuse: boolean): Promise<Attempt<{ attempts: number }>> => {
    let url = first
    for (let redirects = 0; ; redirects += 1) {
      let status: number | undefined // until its body begins, a file does not count as answered
      const receive = async (body: AsyncIterable<Buffer>, answered: Answer['headers']): Promise<void> => {
        status = 200
        await hand(contentOf(body, answered, first), get)
      }
      const outgoing = { method: 'GET', url, headers, signal, reuse, receive, lookup: hosts.lookup }
      const answer = await transport.send(outgoing).catch(asError)
      const facts = { method: 'GET', path: hostOf(url), attempts }
      if (answer instanceof Error) return withoutAnswer(answer, { ...facts, status })
      if (answer.status === 200) return { done: { attempts } }
      const isRedirect = REDIRECTS.includes(answer.status) && redirects < REDIRECTS_MAX
      const next = isRedirect ? answer.headers.location : undefined
      const reason = answer.status < 400 ? 'which is no file' : undefined
      if (next === undefined) return refusal(answer, { ...facts, reason })
      url = await admitUrl(next, { method: 'GET', own, base: url }, sending)
    }
  }
  return retry(attempt, { maxAttempts: settings.maxAttempts, signal, onWait })
}

/** What the receiver can't do, such as to write to a full disk, is no fault of the body, and no other try helps.
 *  @throws what the body throws, or FileError */
async function hand(body: AsyncIterable<Buffer>, { receive, signal }: StorageGet): Promise<void> {
  let isBroken = false
  const watched = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of body) yield chunk
    } catch (error) {
      isBroken = true
      throw error
    }
  }
  try {
    await receive(watched())
  } catch (cause) {
    if (isBroken || cause instanceof FileError) throw cause
    signal?.throwIfAborted()
    const { code, message } = asError(cause) as NodeJS.ErrnoException
    throw new FileError(`the file can't be written (${code ?? message})`, { retryable: false, cause })
  }
}

/** @returns the file in a body, chunk by chunk
 *  @throws BodyError */
function contentOf(body: AsyncIterable<Buffer>, headers: Answer['headers'], { pathname }: URL): AsyncIterable<Buffer> {
  if (isHtml(headers)) throw new BodyError(PAGE) // no report is one
  // without either, a cut body looks like a complete one
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new BodyError('a body whose size it does not tell', { retryable: false })
  }
  const encoding = headers['content-encoding'] ?? ''
  const isArchive = /\.gz$/i.test(pathname) && /^(x-)?gzip$/i.test(encoding)
  return limited(checked(isArchive ? body : unpacked(body, encoding)))
}

const START_BYTES = 1024
const START_OF_PAGE = /^<(html|!doctype\s+html)\b/i
const START_OF_ERROR = /^(<\?xml[^>]*>\s*)?<Error[\s>]/

/** A gateway, and a storage that fails late, can answer 200 with what is no file, whatever its type says.
 *  @throws BodyError for a body that begins as a page or as the error of a storage */
async function* checked(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of body) {
    if (start === undefined) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < START_BYTES) continue
    yield admit(start)
    start = undefined
  }
  if (start !== undefined && start.length > 0) yield admit(start)
}

function admit(start: Buffer): Buffer {
  const text = start
    .toString('utf8', 0, START_BYTES)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (START_OF_PAGE.test(text)) throw new BodyError(PAGE)
  if (!START_OF_ERROR.test(text)) return start
  const code = codeOf(text)
  throw new BodyError(`an error of the storage in the place of the file${code === undefined ? '' : `: ${code}`}`)
}

/** @throws BodyError for a body that is too long for a part of a report */
export async function* limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > FILE_MAX_BYTES)
      throw new BodyError(`a body of more than ${FILE_MAX_BYTES / 1e9} GB`, { retryable: false })
    yield chunk
  }
}
