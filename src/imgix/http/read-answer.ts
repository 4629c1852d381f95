import { once } from 'node:events'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Answer, Outgoing } from './transport.ts'

/** Takes a body chunk by chunk, as fast as it can use them. */
export type Receive = (body: AsyncIterable<Buffer>, headers: IncomingHttpHeaders) => Promise<void>

const ANSWER_MAX_BYTES = 16 << 20

/** @param progress called when something of the answer has come
 *  @throws Node's own error where the answer ends before it is complete, or what `receive` throws */
export async function awaitAnswer(
  request: ClientRequest,
  progress: () => void,
  { method, headersOnly = false, receive }: Pick<Outgoing, 'method' | 'headersOnly' | 'receive'>,
): Promise<Answer> {
  // from the answer on, that says what happened; bytes that do not belong to it may come in one packet with it
  let afterwards: Error | undefined
  request.on('error', (error) => {
    afterwards = error
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const { headers } = response
  const status = Number(response.statusCode)
  if (headersOnly && method !== 'HEAD') {
    request.destroy()
    return { status, headers, text: '' }
  }
  const body = watched(response, progress)
  if (receive === undefined || status !== 200) return { status, headers, text: await readText(request, body) }
  try {
    await receive(body, headers)
    if (afterwards !== undefined) throw afterwards
  } catch (error) {
    request.destroy() // nobody reads what is still to come
    throw error
  }
  return { status, headers, text: '' }
}

async function* watched(response: IncomingMessage, progress: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of response as AsyncIterable<Buffer>) {
    progress()
    yield chunk
  }
}

async function readText(request: ClientRequest, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > ANSWER_MAX_BYTES) {
      request.destroy()
      throw new Error(`an answer of more than ${ANSWER_MAX_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
