import {
  type ClientRequest,
  Agent as HttpAgent,
  request as http,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as https } from 'node:https'
import type { LookupFunction } from 'node:net'
import { attemptOptions, watchConnection } from './addresses.ts'
import { type Body, type BodySource, openBody } from './body.ts'
import { awaitAnswer, type Receive } from './read-answer.ts'
import { SLICE_BYTES, sendBody, statusOf } from './send-body.ts'
import { type Abandonable, createTunnels } from './tunnel.ts'
import { ProxyError } from './unsent.ts'
import { type Watch, watchProgress } from './watch.ts'

export type Outgoing = {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Body | undefined
  readonly signal?: AbortSignal | undefined
  /** false: on a connection of its own */
  readonly reuse?: boolean
  /** A kept connection that is closed under the request is no error: it is sent again, on a new one. */
  readonly repeats?: boolean
  /** looks the host's name up, where no proxy does */
  readonly lookup?: LookupFunction
  /** reads the headers only, and closes the connection without the body */
  readonly headersOnly?: boolean
  /** the most bytes that the text of a success can have; a longer text is an error */
  readonly maxBytes?: number | undefined
  /** takes the body of a 200, of any length; `text` is '' then. The request fails with the error that it throws. */
  readonly receive?: Receive
  /** called when the connection of the request is open
   *  @param roundTripMs the longest round trip of the last new connections; undefined through a proxy */
  readonly onSent?: (roundTripMs: number | undefined) => void
  /** called for each part of a body beyond 1 MiB: the request must have reached the server by then */
  readonly onUnderWay?: () => void
  /** @param bytes of the body that have left in this attempt */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

export type Transport = {
  /** Sends one request and reads the whole answer, unless only its headers are wanted. It follows no redirect.
   *  @throws FileError, UnsentError, StaleConnection, or Node's own error where there was no complete answer */
  send(outgoing: Outgoing): Promise<Answer>
  /** Lets go of idle connections and of those that wait for a proxy, so that the process can end. */
  close(): void
}

// A request with a longer body waits for `100 Continue`, because a reset connection would lose a refusal.
const EXPECT_ABOVE_BYTES = 1 << 20
const ROUND_TRIPS = 8

type Way = { readonly reuse: boolean; readonly expects: boolean }
type ProxyFor = (url: URL) => URL | undefined

/** @param timeoutMs without progress in either direction, after which a request is given up
 *  @param proxyFor the proxy that leads to a URL, with its credentials */
export function createTransport(timeoutMs: number, proxyFor: ProxyFor = () => undefined): Transport {
  const tunnels = createTunnels()
  const agents = new Map<string, HttpAgent>() // by scheme and proxy
  const roundTripsMs: number[] = [] // of the last connections
  const withoutExpect = new Set<string>() // hosts that refuse to be asked first

  return {
    send,
    close() {
      tunnels.close()
      for (const agent of agents.values()) agent.destroy()
    },
  }

  function agentFor(secure: boolean, proxy: URL | undefined): HttpAgent {
    const name = `${secure} ${proxy?.href}`
    const options = { keepAlive: true, keepAliveMsecs: 10_000, maxFreeSockets: 16, scheduling: 'lifo' } as const
    const direct = secure ? HttpsAgent : HttpAgent
    const agent =
      agents.get(name) ?? (proxy === undefined ? new direct(options) : tunnels.agent(proxy, secure, options))
    agents.set(name, agent)
    return agent
  }

  async function send(outgoing: Outgoing): Promise<Answer> {
    try {
      const source = await openBody(outgoing.body)
      const { host } = outgoing.url
      const expects = source.bytes > EXPECT_ABOVE_BYTES && !withoutExpect.has(host)
      const way = { reuse: outgoing.reuse ?? true, expects }
      try {
        const answer = await exchange(outgoing, source, way).catch((error) => {
          if (!(error instanceof StaleConnection && outgoing.repeats)) throw error
          return exchange(outgoing, source, { ...way, reuse: false })
        })
        if (answer.status !== 417 || !expects) return answer
        withoutExpect.add(host)
        return await exchange(outgoing, source, { ...way, expects: false })
      } finally {
        await source.close()
      }
    } catch (error) {
      if (isStarved(error)) dropIdle()
      throw error
    }
  }

  /** Closes idle connections, because other requests need their sockets. */
  function dropIdle(): void {
    for (const agent of agents.values()) for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
  }

  async function exchange(outgoing: Outgoing, source: BodySource, { reuse, expects }: Way): Promise<Answer> {
    const { method, url, signal, lookup } = outgoing
    signal?.throwIfAborted()
    const secure = url.protocol === 'https:'
    const headers: Record<string, string> = { ...outgoing.headers }
    if (source.bytes > 0 || method === 'POST' || method === 'PUT') headers['content-length'] = String(source.bytes)
    if (expects) headers.expect = '100-continue'
    const proxy = proxyFor(url)
    const agent = reuse ? agentFor(secure, proxy) : proxy !== undefined && tunnels.agent(proxy, secure, {})
    const watch = watchProgress(timeoutMs, signal)
    try {
      const options: RequestOptions & Abandonable = { method, headers, agent, lookup, abandoned: watch.ended }
      Object.assign(options, attemptOptions(timeoutMs))
      const request = secure ? https(url, options) : http(url, options)
      const explain = watchConnection(request, secure, (roundTripMs) => {
        if (proxy !== undefined) return outgoing.onSent?.(undefined)
        if (roundTripMs !== undefined && roundTripsMs.push(roundTripMs) > ROUND_TRIPS) roundTripsMs.shift()
        outgoing.onSent?.(roundTripsMs.length === 0 ? undefined : Math.max(...roundTripsMs))
      })
      return await converse(request, source, { outgoing, watch }).catch((error) => {
        throw signal?.aborted ? error : explain(error)
      })
    } catch (error) {
      throw tunnels.explain(error, watch.ended)
    } finally {
      watch.stop()
    }
  }
}

/** Sends the body of a request and reads its answer, until both are over or the watch ends them. */
async function converse(
  request: ClientRequest,
  source: BodySource,
  { outgoing, watch }: { outgoing: Outgoing; watch: Watch },
): Promise<Answer> {
  // a failure to send the body ends the request, and every other end of the request ends the sending
  watch.ended.addEventListener('abort', () => request.destroy(watch.ended.reason), { once: true })
  const answer = awaitAnswer(request, watch, outgoing)
  const sent = sendBody(request, source, { ...outgoing, watch })
  sent.catch(watch.fail)
  try {
    const result = await answer
    // an early success counts only after the whole body is sent
    if (result.status < 300) await sent
    if (!request.writableEnded) {
      request.destroy()
      if (result.status < 300) throw new Error('an answer before the body was sent')
    }
    return result
  } catch (error) {
    const reason = error instanceof ProxyError ? error : watch.reason(error)
    watch.fail(reason) // whatever it was, nothing waits for this request any more
    if (isStale(request, reason) && watch.sentBytes() <= SLICE_BYTES && !outgoing.signal?.aborted) {
      throw new StaleConnection('the connection was closed', { cause: reason })
    }
    throw reason
  } finally {
    await sent.catch(() => {}) // it reads no more of the file when the caller closes it
  }
}

/** @returns whether the process has too many open files and sockets; then nothing was sent */
export function isStarved(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE' || (cause !== undefined && isStarved(cause))
}

/** A kept connection was closed under a request. That says nothing of the request: it can go out again on a new one. */
export class StaleConnection extends Error {
  override name = 'StaleConnection'
}

function isStale(request: ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return request.reusedSocket && statusOf(request) === undefined && (code === 'ECONNRESET' || code === 'EPIPE')
}
