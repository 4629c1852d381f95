import { createHash } from 'node:crypto'
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admitted, type Answer, type Body, type Call, parseTarget, Refusal } from './call.ts'
import { errorAnswer } from './documents.ts'
import { type Deed, type Faults, faultyAnswer } from './faults.ts'
import type { Limits } from './limits.ts'
import { admit, isStorage, passGateway } from './routes.ts'
import type { State } from './state.ts'

export type RequestRecord = {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  /** Bytes of the body that were read. */
  bytes: number
  /** 'hang' until the answer. */
  status: number | 'reset' | 'hang'
  /** performance.now() at arrival. */
  at: number
}
type Ledger = { transcript: string[]; requests: RequestRecord[] }
export type Context = {
  state: State
  limits: Limits
  faults: Faults
  latencyMs: number
  ledger: Ledger
  /** Gets each line of the transcript. */
  onRequest: (line: string) => void
}
type Exchange = {
  context: Context
  request: IncomingMessage
  response: ServerResponse
  record: RequestRecord
  /** The client waits for '100 Continue' before it sends the body. */
  waits: boolean
  /** A fault that is still to be applied while the body arrives. */
  meanwhile?: { meanwhile: () => void; atBytes?: number } | undefined
}

/** One request from arrival to answer. A refusal does not depend on a race: a body that the client is already sending is
 *  read to its end first, and a body that waits for '100 Continue' is not requested. */
export async function serve(context: Context, request: IncomingMessage, response: ServerResponse, waits: boolean) {
  const at = performance.now()
  const { method = '', headers } = request
  const { path, query, segments } = parseTarget(request.url ?? '')
  const record: RequestRecord = { method, path, query, headers, bytes: 0, status: 'hang', at }
  context.ledger.requests.push(record)
  const exchange: Exchange = { context, request, response, record, waits }
  const call: Call = { method, path, query, segments, headers }
  try {
    passGateway(context.state, context.limits, call, at)
  } catch (error) {
    return send(exchange, await refusal(exchange, error))
  }
  const deed = context.faults.take(method, path)
  if (deed && 'delayMs' in deed) await sleep(deed.delayMs)
  if (deed && 'hang' in deed) return note(exchange, 'hang')
  if (deed && 'resetAfterBytes' in deed) return resetAfter(exchange, deed.resetAfterBytes)
  if (deed && 'raw' in deed) return sendRaw(exchange, deed.raw)
  if (deed && 'answer' in deed) return send(exchange, await refusal(exchange, new Refusal(faultyAnswer(deed))))
  if (deed && 'meanwhile' in deed) exchange.meanwhile = deed
  passBytes(exchange, 0)
  const answer = await carryOut(exchange, call)
  await (deed ? spoil(exchange, answer, deed) : send(exchange, answer))
}

/** @returns undefined if the client closed the connection before the end of its body; the call then has no effect */
async function carryOut(exchange: Exchange, call: Call): Promise<Answer | undefined> {
  let admitted: Admitted
  try {
    admitted = admit(exchange.context.state, call)
  } catch (error) {
    return refusal(exchange, error)
  }
  if (exchange.waits) exchange.response.writeContinue()
  exchange.waits = false
  const body = await readBody(exchange, admitted.keep, exchange.context.state.settings.hashBodies)
  if (!body) return undefined
  try {
    return admitted.finish(body)
  } catch (error) {
    return refusal(exchange, error)
  }
}

async function refusal(exchange: Exchange, error: unknown): Promise<Answer | undefined> {
  const answer = error instanceof Refusal ? error.answer : errorAnswer(500, String(error))
  // Close the connection: the server would read the next request as the body.
  if (exchange.waits) return { ...answer, headers: { ...answer.headers, connection: 'close' } }
  return (await readBody(exchange, false, false)) && answer
}

/** Reads the body in chunks. Memory stays flat unless `keep` is set. */
async function readBody(exchange: Exchange, keep: boolean, hash: boolean): Promise<Body | undefined> {
  const { request, record } = exchange
  const digest = hash ? createHash('sha256') : undefined
  const chunks: Buffer[] = []
  if (request.readableEnded) return { bytes: record.bytes, sha256: '', buffer: undefined }
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      passBytes(exchange, chunk.length)
      digest?.update(chunk)
      if (keep) chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  if (!request.complete) return undefined
  return { bytes: record.bytes, sha256: digest?.digest('hex') ?? '', buffer: keep ? Buffer.concat(chunks) : undefined }
}

function passBytes(exchange: Exchange, bytes: number): void {
  const { record, meanwhile } = exchange
  record.bytes += bytes
  if (meanwhile === undefined || record.bytes < (meanwhile.atBytes ?? 0)) return
  exchange.meanwhile = undefined
  meanwhile.meanwhile()
}

async function send(exchange: Exchange, answer: Answer | undefined): Promise<void> {
  const { context, response } = exchange
  if (answer && context.latencyMs > 0) await sleep(context.latencyMs)
  if (!answer || response.destroyed) return note(exchange, 'reset')
  note(exchange, answer.status)
  response.writeHead(answer.status, headersOf(answer)).end(answer.body)
}

async function spoil(exchange: Exchange, answer: Answer | undefined, deed: Deed): Promise<void> {
  const { socket } = exchange.request
  if (!answer || !('loseAnswer' in deed || 'cutAnswer' in deed || 'stallAnswer' in deed || 'dripMs' in deed)) {
    return send(exchange, answer && faultyAnswer(deed, answer))
  }
  note(exchange, 'dripMs' in deed ? answer.status : 'reset')
  if ('loseAnswer' in deed) return void socket.resetAndDestroy()
  const lines = Object.entries(headersOf(answer)).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('')}\r\n`)
  const body = bytesOf(answer.body)
  if ('dripMs' in deed) return drip(socket, Buffer.concat([head, body]), deed.dripMs)
  const stalls = 'stallAnswer' in deed
  const sent = body.subarray(0, stalls ? deed.stallAnswer : deed.cutAnswer)
  socket.write(Buffer.concat([head, sent]), () => stalls || socket.destroy())
}

const pieces = 10

async function drip(socket: Socket, bytes: Buffer, ms: number): Promise<void> {
  const size = Math.ceil(bytes.length / pieces)
  for (let start = 0; start < bytes.length && !socket.destroyed; start += size) {
    await sleep(ms)
    socket.write(bytes.subarray(start, start + size))
  }
  socket.end()
}

async function sendRaw(exchange: Exchange, bytes: string): Promise<void> {
  if (!exchange.waits && (await readBody(exchange, false, false)) === undefined) return note(exchange, 'reset')
  note(exchange, Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes)?.[1] ?? 0) || 'reset')
  exchange.request.socket.end(bytes)
}

/** Resets the connection after so many bytes, or at the end of a shorter body. */
async function resetAfter(exchange: Exchange, bytes: number): Promise<void> {
  const { request, response, record } = exchange
  if (exchange.waits && bytes > 0) response.writeContinue()
  await new Promise<void>((resolve) => {
    const count = (chunk: Buffer) => {
      record.bytes += chunk.length
      if (record.bytes >= bytes) resolve()
    }
    if (bytes === 0) resolve()
    else request.on('data', count).once('close', resolve).once('end', resolve)
  })
  note(exchange, 'reset')
  request.socket.resetAndDestroy()
}

function bytesOf(body: Answer['body']): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}

function headersOf(answer: Answer): Record<string, string> {
  return { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) }
}

/** The transcript leaves out the query of a presigned URL: it is a secret and differs every time. */
function note({ context, record }: Exchange, status: RequestRecord['status']): void {
  record.status = status
  const query = record.query === '' || isStorage(record.path) ? '' : `?${record.query}`
  const line = `${record.method} ${record.path}${query} -> ${status}`
  context.ledger.transcript.push(line)
  context.onRequest(line)
}
