import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { addAbortSignal } from 'node:stream'
import type { Answer, Outgoing } from './transport.ts'
import { BodyError, unpacked } from './unpack.ts'
import { waitFor } from './wait-for.ts'
import type { Watch } from './watch.ts'

/** Takes a body chunk by chunk, as fast as it can use them. */
export type Receive = (body: AsyncIterable<Buffer>, headers: IncomingHttpHeaders) => Promise<void>

/** Of one object, such as a report with the URLs of a thousand files. */
const ANSWER_MAX_BYTES = 4 << 20
/** What says why a request failed is short. Of a longer text, such as the page of a proxy, only the status counts. */
const REFUSAL_MAX_BYTES = 1 << 20
/** A server that goes on with '102 Processing' and the like instead of an answer. */
const INFORMATION_MAX = 100

const SWITCHED = '101 Switching Protocols'

/** @throws Node's own error where the answer ends before it is complete, or what `receive` throws */
export async function awaitAnswer(
  request: ClientRequest,
  watch: Watch,
  { method, headersOnly = false, receive, maxBytes = ANSWER_MAX_BYTES }: Expected,
): Promise<Answer> {
  // from now on the answer tells what happened; surplus bytes can arrive in one packet with it
  let afterwards: Error | undefined
  request.on('error', (error) => {
    afterwards = error
  })
  refuseOtherAnswers(request, watch)
  const [response] = await waitFor<[IncomingMessage]>(request, 'response', watch.ended)
  const { headers } = response
  const status = Number(response.statusCode)
  if (status === 101) throw new Error(SWITCHED) // without the headers that make it an upgrade
  if (headersOnly && method !== 'HEAD') {
    request.destroy()
    return { status, headers, text: '' }
  }
  addAbortSignal(watch.ended, response)
  const isDownload = receive !== undefined && status === 200
  const body = watched(response, watch.answered(isDownload))
  if (!isDownload) {
    const text = readText(request, unpacked(body, headers['content-encoding']), status < 300 ? maxBytes : undefined)
    return { status, headers, text: await text }
  }
  try {
    await receive(body, headers)
    if (afterwards !== undefined) throw afterwards
  } catch (error) {
    request.destroy() // nobody reads what is still to come
    throw error
  }
  return { status, headers, text: '' }
}

type Expected = Pick<Outgoing, 'method' | 'headersOnly' | 'receive' | 'maxBytes'>

/** A 101 ends HTTP on the connection, and nobody requested that. Other 1xx answers can arrive without an end. */
function refuseOtherAnswers(request: ClientRequest, watch: Watch): void {
  request.once('upgrade', (_answer, socket: Duplex) => {
    socket.on('error', () => {}) // Node handles no error of this socket any more
    watch.fail(new Error(SWITCHED))
    socket.destroy()
  })
  let left = INFORMATION_MAX
  request.on('information', ({ statusCode }) => {
    left -= 1
    if (left < 0) watch.fail(new Error(`${statusCode} again and again`))
  })
}

async function* watched(response: IncomingMessage, onPart: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of response as AsyncIterable<Buffer>) {
    onPart(chunk.length)
    yield chunk
  }
}

/** @param maxBytes of a success; undefined for a refusal: its status counts, and of its text the beginning, if it can be read */
async function readText(
  request: ClientRequest,
  body: AsyncIterable<Buffer>,
  maxBytes: number | undefined,
): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= (maxBytes ?? REFUSAL_MAX_BYTES)) continue
      request.destroy()
      if (maxBytes !== undefined) throw new BodyError(`an answer of more than ${maxBytes} bytes`)
      break
    }
  } catch (error) {
    if (maxBytes === undefined && error instanceof BodyError) return ''
    throw error
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxBytes ?? REFUSAL_MAX_BYTES)
}
