import { type AgentOptions, Agent as HttpAgent, request as http, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as https } from 'node:https'
import { isIP, isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { attemptOptions, watchConnection } from './addresses.ts'
import { AddressError, ProxyError, portOf, type Way } from './unsent.ts'
import { waitFor } from './wait-for.ts'

/** What a request through a tunnel has among its options: without a connection yet, it can't end one by itself. */
export type Abandonable = { readonly abandoned: AbortSignal }

export function createTunnels() {
  const closing = new AbortController()
  const underWay = new WeakMap<AbortSignal, Way>() // by what abandons the request
  return {
    /** An agent whose connections, plain ones too, are tunnels through a proxy: it learns host and port and no more.
     *  Its requests have to be `Abandonable`. */
    agent(proxy: URL, secure: boolean, options: AgentOptions): HttpAgent {
      const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
      const encrypt = agent.createConnection.bind(agent)
      agent.createConnection = (given, callback) => {
        const { host, port, abandoned } = given as { host: string; port: number } & Abandonable
        const target = `${isIPv6(host) ? `[${host}]` : host}:${port}`
        const signal = AbortSignal.any([abandoned, closing.signal])
        const open = async (): Promise<Duplex> => {
          underWay.set(abandoned, { proxy, target, secure })
          const socket = await connect({ proxy, target, secure }, signal)
          underWay.delete(abandoned)
          // handed over when it is ready, because that is when the request leaves
          return secure ? handshake(encrypt({ ...given, socket } as typeof given) as Socket, signal) : socket
        }
        open().then(
          (socket) => callback?.(null, socket),
          (error) => callback?.(error, undefined as never),
        )
        return undefined
      }
      return agent
    },
    /** @returns a time limit of a request that was waiting for its tunnel as the proxy's failure, any other error as it is */
    explain(error: unknown, abandoned: AbortSignal): unknown {
      const way = underWay.get(abandoned)
      const { code, message } = error as NodeJS.ErrnoException
      return way !== undefined && code === 'ETIMEDOUT' ? new ProxyError(message, { ...way, cause: error }) : error
    },
    /** Ends the tunnels that are not ready yet; the others are their agents'. */
    close: (): void => closing.abort(new Error('closed')),
  }
}

/** @throws ProxyError, or the signal's reason */
async function connect(way: Way, signal: AbortSignal): Promise<Socket> {
  const { proxy, target } = way
  const host = proxy.hostname.replace(/^\[|\]$/g, '')
  const request = (proxy.protocol === 'https:' ? https : http)({
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: { host: target, ...authorization(proxy) },
    host,
    port: portOf(proxy),
    servername: isIP(host) === 0 ? host : '', // Node's default is the name in the header `host`
    ...attemptOptions(),
  })
  const explain = watchConnection(request)
  try {
    request.end()
    const [answer, socket, early] = await waitFor<[IncomingMessage, Socket, Buffer]>(request, 'connect', signal)
    const status = Number(answer.statusCode)
    if (status >= 200 && status < 300 && early.length === 0) return socket
    socket.destroy()
    if (status >= 200 && status < 300) throw new ProxyError('its answer is not HTTP', way)
    throw new ProxyError(String(status), { ...way, status })
  } catch (cause) {
    request.on('error', () => {}).destroy()
    if (cause instanceof ProxyError) throw cause
    throw signal.aborted ? signal.reason : new ProxyError(explainCode(explain(cause)), { ...way, cause })
  }
}

function explainCode(cause: unknown): string {
  if (cause instanceof AddressError) return cause.message
  const { code = 'no answer' } = cause as NodeJS.ErrnoException
  return code.startsWith('HPE_') ? 'its answer is not HTTP' : code
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username + password === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

async function handshake(socket: Socket, signal: AbortSignal): Promise<Duplex> {
  try {
    await waitFor(socket, 'secureConnect', signal)
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    throw signal.aborted ? signal.reason : error
  }
}
