import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** One request as a server got it; `complete`: all of the body that its headers announce arrived. */
export type Seen = {
  request: string
  headers: Record<string, string>
  body: Buffer
  complete: boolean
}

export type LocalServer = { url: string; seen: Seen[] }

type Handler = (seen: Seen, response: ServerResponse, request: IncomingMessage) => unknown

type ServerOptions = {
  /** what happens instead of '100 Continue' to a request that expects one; it has to read the request on */
  onExpect?: (request: IncomingMessage, response: ServerResponse, read: () => void) => unknown
}

/** A real HTTP server on loopback, up until the test ends. The handler answers when the body is whole. */
export async function listen(handler: Handler, { onExpect }: ServerOptions = {}): Promise<LocalServer> {
  const seen: Seen[] = []
  const server = createServer({ keepAliveTimeout: 60_000 })
  const read = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url, rawHeaders } = request
    const one: Seen = { request: `${method} ${url}`, headers: {}, body: Buffer.alloc(0), complete: false }
    for (let at = 0; at < rawHeaders.length; at += 2) one.headers[String(rawHeaders[at])] = String(rawHeaders[at + 1])
    seen.push(one)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
    request.on('end', () => {
      Object.assign(one, { body: Buffer.concat(chunks), complete: true })
      handler(one, response, request)
    })
  }
  server.on('request', read)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const go = (): void => {
      response.writeContinue()
      read(request, response)
    }
    if (onExpect === undefined) go()
    else onExpect(request, response, go)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** A bare TCP server, for what no HTTP server would do. */
export async function listenTcp(onConnection: (socket: Socket, number: number) => void): Promise<{ url: string }> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket, sockets.size)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
