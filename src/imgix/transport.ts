import { once } from 'node:events'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as http,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as https } from 'node:https'

export type Outgoing = {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | { readonly file: string }
  readonly signal?: AbortSignal | undefined
  /** called when the connection stands that the request leaves on */
  readonly onSent?: () => void
  /** called once when the request must have reached the server, though its body is still on the way */
  readonly onUnderWay?: () => void
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

export type Transport = {
  /** Sends one request and reads the whole answer. A redirect is an answer like any other.
   *  @throws FileError, or Node's own error where there was no complete answer */
  send(outgoing: Outgoing): Promise<Answer>
  /** Lets go of idle connections, so that the process can end. */
  close(): void
}

/** The file to send is not what it was: gone, changed while it was sent, not to be read. */
export class FileError extends Error {
  override name = 'FileError'
  /** sending it again, from its start, may do */
  readonly retryable: boolean
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retryable = options.retryable
  }
}

const CHUNK_BYTES = 1 << 20
const ANSWER_MAX_BYTES = 16 << 20
// A body above this asks before it is sent, so that a refusal is heard and not lost in a reset connection.
const EXPECT_ABOVE_BYTES = 1 << 20
const EXPECT_WAIT_MS = 1000

/** @param timeoutMs without progress in either direction, after which a request is given up */
export function createTransport(timeoutMs: number): Transport {
  const options = { keepAlive: true, keepAliveMsecs: 10_000, scheduling: 'lifo' } as const
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  return {
    async send(outgoing) {
      const source = await openBody(outgoing.body)
      try {
        return await exchange(outgoing, source)
      } finally {
        await source.close()
      }
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }

  async function exchange(outgoing: Outgoing, source: Source): Promise<Answer> {
    const { method, url, signal } = outgoing
    signal?.throwIfAborted()
    const secure = url.protocol === 'https:'
    const headers: Record<string, string> = { ...outgoing.headers }
    if (source.bytes > 0 || method === 'POST' || method === 'PUT') headers['content-length'] = String(source.bytes)
    if (source.bytes > EXPECT_ABOVE_BYTES) headers.expect = '100-continue'
    const request = secure
      ? https(url, { method, headers, agent: agents['https:'] })
      : http(url, { method, headers, agent: agents['http:'] })
    const watch = watchProgress(request, timeoutMs, signal)
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', () => outgoing.onSent?.())
      else outgoing.onSent?.()
    })
    try {
      const answer = awaitAnswer(request, watch.progress)
      const sent = sendBody(request, source, { progress: watch.progress, onUnderWay: outgoing.onUnderWay })
      // a body that can't be sent ends the request; what ends the request otherwise ends the sending
      sent.catch((error) => request.destroy(error))
      const result = await answer
      if (!request.writableFinished) request.destroy()
      return result
    } finally {
      watch.stop()
    }
  }
}

function watchProgress(request: ClientRequest, timeoutMs: number, signal: AbortSignal | undefined) {
  const timer = setTimeout(() => {
    const seconds = Math.round(timeoutMs / 1000)
    request.destroy(Object.assign(new Error(`no progress for ${seconds} s`), { code: 'ETIMEDOUT' }))
  }, timeoutMs)
  const abort = (): void => void request.destroy(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  return {
    progress: (): void => void timer.refresh(),
    stop(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

async function awaitAnswer(request: ClientRequest, progress: () => void): Promise<Answer> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  request.on('error', () => {}) // from here on the answer says what happened
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    progress()
    bytes += chunk.length
    if (bytes > ANSWER_MAX_BYTES) {
      request.destroy()
      throw new Error(`an answer of more than ${ANSWER_MAX_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return {
    status: Number(response.statusCode),
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  }
}

type Source = { bytes: number; chunks(): AsyncIterable<Buffer> | Iterable<Buffer>; close(): Promise<void> }

async function sendBody(
  request: ClientRequest,
  source: Source,
  { progress, onUnderWay }: { progress: () => void; onUnderWay: (() => void) | undefined },
): Promise<void> {
  if (request.getHeader('expect') !== undefined) await waitForContinue(request)
  let ended = request.destroyed || isAnswered(request)
  const ending = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true
      resolve()
    }
    request.once('close', end).once('response', end)
  })
  let sentBytes = 0
  for await (const chunk of source.chunks()) {
    if (ended) return
    if (sentBytes > CHUNK_BYTES) onUnderWay?.()
    // the chunk's memory is read into again when this is over
    await Promise.race([new Promise((resolve) => request.write(chunk, resolve)), ending])
    sentBytes += chunk.length
    progress()
  }
  if (!ended) request.end()
}

/** Resolves when the server says 'continue', when it answers without it, or when it stays silent. */
function waitForContinue(request: ClientRequest): Promise<void> {
  request.flushHeaders()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, EXPECT_WAIT_MS)
    for (const event of ['continue', 'response', 'close']) {
      request.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
    }
  })
}

function isAnswered(request: ClientRequest): boolean {
  return (request as ClientRequest & { res?: IncomingMessage | null }).res != null
}

async function openBody(body: Outgoing['body']): Promise<Source> {
  if (body === undefined) return { bytes: 0, chunks: () => [], close: async () => {} }
  if (Buffer.isBuffer(body)) return { bytes: body.length, chunks: () => [body], close: async () => {} }
  const file = await openFile(body.file)
  try {
    const { size, mtimeNs } = await statFile(file)
    const bytes = Number(size)
    return { bytes, chunks: () => (bytes === 0 ? [] : readChunks(file, bytes, mtimeNs)), close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // the path is a real one: a link that has taken the file's place since is not followed, a pipe does not block
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'ENOENT') throw new FileError('the file is no longer in the work tree', { retryable: false, cause })
    const retryable = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO'].includes(code)
    throw new FileError(`the file can't be read (${code})`, { retryable, cause })
  }
}

async function statFile(file: FileHandle): Promise<{ size: bigint; mtimeNs: bigint }> {
  const stats = await file.stat({ bigint: true })
  if (!stats.isFile()) throw new FileError('it is not a regular file', { retryable: false })
  return stats
}

/**
 * Reads a file in two buffers: while one is sent the other is filled. Holds the last chunk back until the file is known
 * to be unchanged, so that a torn file is never complete at the server.
 */
async function* readChunks(file: FileHandle, bytes: number, mtimeNs: bigint): AsyncGenerator<Buffer> {
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK_BYTES, bytes))))
  const fill = async (position: number, buffer: Buffer): Promise<Buffer> => {
    const bytesRead = await readOrFail(file, buffer.subarray(0, Math.min(buffer.length, bytes - position)), position)
    if (bytesRead === 0 || position + bytesRead === bytes) {
      const now = await statFile(file)
      if (bytesRead === 0 || now.size !== BigInt(bytes) || now.mtimeNs !== mtimeNs) {
        throw new FileError('the file changed while it was sent', { retryable: true })
      }
    }
    return buffer.subarray(0, bytesRead)
  }
  let position = 0
  let next = fill(0, buffers[0] as Buffer)
  try {
    for (let turn = 1; position < bytes; turn += 1) {
      const chunk = await next
      position += chunk.length
      if (position < bytes) next = fill(position, buffers[turn % 2] as Buffer)
      yield chunk
    }
  } finally {
    await next.catch(() => {}) // a read that nobody waits for any more must end before the file is closed
  }
}

async function readOrFail(file: FileHandle, target: Buffer, position: number): Promise<number> {
  try {
    return (await file.read(target, 0, target.length, position)).bytesRead
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new FileError(`the file can't be read (${code})`, { retryable: code === 'EIO', cause })
  }
}
