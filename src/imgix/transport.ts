import { once } from 'node:events'
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as http,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as https } from 'node:https'
import { type Body, type BodySource, CHUNK_BYTES, openBody } from './body.ts'

export type Outgoing = {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Body
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

  async function exchange(outgoing: Outgoing, source: BodySource): Promise<Answer> {
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
    let sent: Promise<void> | undefined
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', () => outgoing.onSent?.())
      else outgoing.onSent?.()
    })
    try {
      const answer = awaitAnswer(request, watch.progress)
      sent = sendBody(request, source, { progress: watch.progress, onUnderWay: outgoing.onUnderWay })
      // a body that can't be sent ends the request; what ends the request otherwise ends the sending
      sent.catch((error) => request.destroy(error))
      const result = await answer
      if (!request.writableFinished) request.destroy()
      return result
    } catch (error) {
      throw watch.reason(error)
    } finally {
      watch.stop()
      await sent?.catch(() => {}) // it reads no more of the file when the caller closes it
    }
  }
}

function watchProgress(request: ClientRequest, timeoutMs: number, signal: AbortSignal | undefined) {
  let timedOut: Error | undefined
  const timer = setTimeout(() => {
    timedOut = Object.assign(new Error(`no progress for ${timeoutMs / 1000} s`), {
      code: 'ETIMEDOUT',
    })
    request.destroy(timedOut)
  }, timeoutMs)
  const abort = (): void => void request.destroy(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  return {
    progress: (): void => void timer.refresh(),
    /** the error that a timeout is, whatever its end of the connection made of it */
    reason: (error: unknown): unknown => timedOut ?? error,
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

async function sendBody(
  request: ClientRequest,
  source: BodySource,
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
