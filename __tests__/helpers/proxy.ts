import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Made for the tests, until 2120, for localhost and 127.0.0.1: NODE_EXTRA_CA_CERTS of a run that is to believe it. */
export const CERTIFICATE_FILE = fileURLToPath(new URL('localhost.pem', import.meta.url))
const cert = readFileSync(CERTIFICATE_FILE, 'utf8')
const key = readFileSync(new URL('localhost-key.pem', import.meta.url))

const CREDENTIALS = 'jane:p%40ss%3Aw0rd'
/** as they go over the wire */
export const AUTHORIZATION = `Basic ${btoa(decodeURIComponent(CREDENTIALS))}`

export type TestProxy = {
  /** with the right credentials */
  url: string
  /** `127.0.0.1:12345`, as messages call it */
  host: string
  /** `CONNECT host:port`, and anything else that it was asked for, in order */
  asked: string[]
  /** the headers of all that */
  headers: IncomingHttpHeaders[]
  /** all bytes that went to the other end of its tunnels */
  through: () => string
  /** connections that it has at the moment */
  open: () => number
  /** instead of tunnels: nothing, a reset, or this answer; undefined: tunnels again */
  instead: 'hang' | 'reset' | (string & {}) | undefined
}

/** A CONNECT proxy on loopback that wants credentials, up until the test ends.
 *  @param options tunnels: so many before it does something else */
export async function startProxy(
  instead?: TestProxy['instead'],
  { secure = false, tunnels = 0 } = {},
): Promise<TestProxy> {
  const sockets = new Set<Socket>()
  const sent: Buffer[] = []
  const server = secure ? createSecureServer({ cert, key }) : createServer()
  const ask = ({ method, url, headers }: IncomingMessage): void => {
    proxy.asked.push(`${method} ${url}`)
    proxy.headers.push(headers)
  }
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    ask(request)
    // a server of HTTP keeps half-closed connections open
    client.resume().on('end', () => client.destroy())
    const now = proxy.asked.length > tunnels ? proxy.instead : undefined
    if (now === 'hang') return
    if (now === 'reset') return void client.resetAndDestroy()
    if (now !== undefined) return void client.end(now)
    if (request.headers['proxy-authorization'] !== AUTHORIZATION) {
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 6\r\n\r\nsecret')
    }
    // whatever its name, every target is on loopback
    const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1')
    target.on('error', () => {}).on('close', () => client.destroySoon())
    target.once('connect', () => client.write('HTTP/1.1 200 Established\r\n\r\n'))
    client.on('data', (chunk: Buffer) => sent.push(chunk)).on('close', () => target.destroy())
    client.pipe(target).pipe(client)
  })
  server.on('request', (request, response) => {
    ask(request)
    response.writeHead(400).end()
  })
  const origin = await listen(server, sockets)
  const proxy: TestProxy = {
    url: `${secure ? 'https' : 'http'}://${CREDENTIALS}@${origin}`,
    host: origin,
    ...{ asked: [], headers: [], instead },
    through: () => Buffer.concat(sent).toString('latin1'),
    open: () => sockets.size,
  }
  return proxy
}

/** Puts TLS before a server of plain http. @returns its https URL */
export async function serveTls(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const server = createTlsServer({ cert, key }, (client: TLSSocket) => {
    const target = connect(Number(port), hostname)
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      one.on('error', () => {}).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  return `https://${await listen(server, new Set())}`
}

async function listen(server: Server, sockets: Set<Socket>): Promise<string> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
