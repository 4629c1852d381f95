import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { decodeSegments } from './call.ts'
import { createFaults, type Fault, faultyAnswer } from './faults.ts'
import { createRenderingCache, type Held, type PurgeFate } from './rendering-cache.ts'
import type { Emulator } from './server.ts'

/** A certificate for *.imgix.net and assets.example.com, valid until 2120. A run trusts it by NODE_EXTRA_CA_CERTS. */
export const RENDERING_CERTIFICATE = fileURLToPath(new URL('rendering.pem', import.meta.url))

export type RenderingOptions = {
  /** The effect of the nth purge of a URL; undefined: at once. */
  purge?: (url: string, nth: number) => PurgeFate
  /** The validators in answers; default both. */
  validators?: 'both' | 'etag' | 'weak etag' | 'last-modified' | 'none'
  /** How far the clocks of the host and the bucket are ahead. */
  clockMs?: number
  latencyMs?: number
}
type Seen = { method: string; url: string; headers: IncomingHttpHeaders }
export type Rendering = {
  /** For HTTPS_PROXY of a run: every host leads here. */
  proxyUrl: string
  /** `HEAD https://host/path -> 200`, without the query */
  transcript: string[]
  requests: Seen[]
  /** The maximum number of simultaneous requests. */
  readonly most: number
  /** A path begins with the host. */
  fault: (fault: Fault) => void
  stop: () => Promise<void>
}
type Host = { imgix: Emulator; options: RenderingOptions; cache: ReturnType<typeof createRenderingCache> }

/** Starts the rendering host of an imgix for all its domains, behind a proxy on 127.0.0.1. */
export async function startRendering(imgix: Emulator, options: RenderingOptions = {}): Promise<Rendering> {
  const rendering: Host = { imgix, options, cache: createRenderingCache(imgix, options.purge) }
  const faults = createFaults()
  const ledger = { transcript: [] as string[], requests: [] as Seen[] }
  const load = { now: 0, most: 0 }
  const [cert, key] = ['rendering.pem', 'rendering-key.pem'].map((name) =>
    readFileSync(new URL(name, import.meta.url), 'utf8'),
  )
  const secure = createSecureServer({ cert, key }, async (request, response) => {
    const { method = '', headers, url = '' } = request
    const [path = '', query = ''] = url.split('?')
    ledger.requests.push({ method, url: `https://${headers.host}${url}`, headers })
    load.most = Math.max(load.most, ++load.now)
    const deed = faults.take(method, `${headers.host}${path}`)
    if (deed && 'hang' in deed) return void response.on('close', () => --load.now)
    await sleep(deed && 'delayMs' in deed ? deed.delayMs : (options.latencyMs ?? 0))
    const faulty = deed && 'answer' in deed ? faultyAnswer(deed) : undefined
    const { status, headers: own, body } = faulty ?? serve(rendering, { host: String(headers.host), path, query })
    ledger.transcript.push(`${method} https://${headers.host}${path} -> ${status}`)
    load.now -= 1 // before the answer: the client can send its next request as soon as it has it
    answer(request, response, {
      status,
      body: Buffer.from(body),
      headers: { date: dateOf(rendering, Date.now()), ...own },
    })
  })
  const sockets = new Set<Socket>()
  const proxy = createServer((_, response) => response.writeHead(405).end())
  proxy.on('connect', (_: IncomingMessage, socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    secure.emit('connection', socket)
  })
  secure.on('tlsClientError', () => {})
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    ...ledger,
    get most() {
      return load.most
    },
    fault: faults.add,
    stop: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

type Served = { status: number; headers: Record<string, string>; body: Buffer | string }

function serve(rendering: Host, { host, path, query }: { host: string; path: string; query: string }): Served {
  const { imgix, cache } = rendering
  const plain = (status: number, body: string): Served => ({ status, headers: { 'content-type': 'text/plain' }, body })
  const segments = decodeSegments(path.slice(1))
  if (!imgix.domains.includes(host)) return plain(410, 'bad_source')
  if (segments === undefined) return plain(400, 'the path is not encoded as a URL must be')
  const { secureUrlToken } = imgix
  if (secureUrlToken !== undefined && query !== `s=${signatureOf(secureUrlToken, path)}`) return plain(403, 'Forbidden')
  const held = cache.take(host, segments.join('/'))
  if (held === undefined) return plain(404, 'Not Found')
  const { body, contentType = 'application/octet-stream' } = held
  const isSvg = contentType === 'image/svg+xml'
  return {
    status: 200,
    headers: { 'content-type': contentType, ...validatorsOf(rendering, held) },
    body: isSvg ? rewriteSvg(body) : body,
  }
}

/** @see https://github.com/imgix/imgix-blueprint (MD5 of token and path) */
function signatureOf(token: string, path: string): string {
  return createHash('md5').update(`${token}${path}`).digest('hex')
}

function validatorsOf(rendering: Host, { etag, modifiedAt }: Held): Record<string, string> {
  const { validators = 'both' } = rendering.options
  const headers: Record<string, string> = {}
  if (validators === 'both' || validators === 'etag') headers.etag = `"${etag}"`
  if (validators === 'weak etag') headers.etag = `W/"${etag}"`
  if (validators === 'both' || validators === 'last-modified') headers['last-modified'] = dateOf(rendering, modifiedAt)
  return headers
}

function dateOf({ options: { clockMs = 0 } }: Host, ms: number): string {
  return new Date(ms + clockMs).toUTCString()
}

/** imgix rewrites SVG: other bytes of another size than the upload. */
function rewriteSvg(body: Buffer): Buffer {
  const text = body.toString('utf8').replace(/<!--.*?-->/gs, '')
  return Buffer.from(`<?xml version="1.0"?>\n${text.trim()}\n`)
}

function answer({ method }: IncomingMessage, response: ServerResponse, { status, headers, body }: Served): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(method === 'HEAD' ? undefined : body)
}
