import type { ClientRequest, IncomingMessage } from 'node:http'
import { type BodySource, CHUNK_BYTES } from './body.ts'
import type { Outgoing } from './transport.ts'
import type { Watch } from './watch.ts'

const EXPECT_WAIT_MS = 1000
// What is written at once: progress is seen by such a part, so that a slow line is not taken for a dead one.
export const SLICE_BYTES = 128 << 10
// A connection that accepts a slice within this time gets a whole chunk.
const QUICK_MS = 50
// What a system may hold of a connection after the last write, and the last slices that tell how fast it goes.
const SYSTEM_BUFFER_BYTES = 8 << 20
const RATE_SLICES = 9

/** Sends a body slice by slice, and stops where the request ends or is refused. */
export async function sendBody(
  request: ClientRequest,
  source: BodySource,
  { watch, onUnderWay, onProgress }: { watch: Watch } & Pick<Outgoing, 'onUnderWay' | 'onProgress'>,
): Promise<void> {
  if (request.getHeader('expect') !== undefined) await waitForContinue(request, watch.ended)
  let ended = request.destroyed || watch.ended.aborted || isRefused(request)
  const ending = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true
      resolve()
    }
    watch.ended.addEventListener('abort', end, { once: true })
    request.once('close', end)
    request.once('response', () => isRefused(request) && end())
  })
  if (ended) return // a body that can be read once is not begun
  const written = [{ at: performance.now(), bytes: 0 }] // the last slices, which tell how fast the line takes them
  let sliceBytes = SLICE_BYTES
  for await (const chunk of source.chunks()) {
    for (let start = 0; start < chunk.length && !ended; ) {
      const slice = chunk.subarray(start, start + sliceBytes)
      start += slice.length
      if (watch.sentBytes() > CHUNK_BYTES) onUnderWay?.()
      // the chunk's memory is read into again when this is over
      await Promise.race([new Promise((resolve) => request.write(slice, resolve)), ending])
      watch.progress(slice.length)
      onProgress?.(watch.sentBytes())
      const at = performance.now()
      sliceBytes = at - Number(written.at(-1)?.at) < QUICK_MS ? CHUNK_BYTES : SLICE_BYTES
      if (written.push({ at, bytes: watch.sentBytes() }) > RATE_SLICES) written.shift()
    }
    if (ended) return
  }
  if (ended) return
  request.end()
  // the time for the bytes that the system has accepted and not sent, at the rate of the last slices
  const [first, last] = [written[0], written.at(-1)]
  const msPerByte = (Number(last?.at) - Number(first?.at)) / (Number(last?.bytes) - Number(first?.bytes))
  watch.allow(msPerByte * Math.min(SYSTEM_BUFFER_BYTES, watch.sentBytes()) || 0)
}

/** Resolves when the server says 'continue', answers without it or stays silent, and when the request ends. */
function waitForContinue(request: ClientRequest, ended: AbortSignal): Promise<void> {
  request.flushHeaders()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, EXPECT_WAIT_MS)
    const go = (): void => {
      clearTimeout(timer)
      resolve()
    }
    for (const event of ['continue', 'response', 'close']) request.once(event, go)
    ended.addEventListener('abort', go, { once: true })
  })
}

function isRefused(request: ClientRequest): boolean {
  return Number(statusOf(request)) >= 300
}

/** @returns the status of the answer; undefined before it */
export function statusOf(request: ClientRequest): number | undefined {
  return (request as ClientRequest & { res?: IncomingMessage | null }).res?.statusCode
}
