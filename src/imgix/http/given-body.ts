import { type BodySource, type Digest, digested, FileError } from './body.ts'

type Heard = {
  /** receives the digest each time that the body was sent to its end */
  readonly onDigest?: ((digest: Digest) => void) | undefined
}

/** Bytes in memory. */
export type BytesBody = Heard & { readonly bytes: Uint8Array }

/** A stream with its length. It can be read once, so the request is not tried again. */
export type StreamBody = Heard & { readonly stream: AsyncIterable<Uint8Array>; readonly size: number }

export function isStream(body: object | undefined): boolean {
  return body !== undefined && 'stream' in body
}

const taken = new WeakSet<object>()
const TAKEN = 'the stream was read before, and can be read once'

/** @throws FileError for a stream that was read before */
export function openGiven(body: BytesBody | StreamBody): BodySource {
  const close = async (): Promise<void> => {}
  if ('bytes' in body) {
    if (!ArrayBuffer.isView(body.bytes)) throw refuse(`bytes: a ${typeof body.bytes} is no Uint8Array`)
    const chunk = bufferOf(body.bytes)
    return { bytes: chunk.length, chunks: () => digested([chunk], body.onDigest), close }
  }
  if (!Number.isSafeInteger(body.size) || body.size < 0) throw refuse(`size: ${body.size} is not a number of bytes`)
  if (taken.has(body.stream)) throw refuse(TAKEN)
  return { bytes: body.size, chunks: () => digested(readStream(body), body.onDigest), close }
}

/** Holds the last chunk back until the stream has ended, so that one of another length is never complete at the server. */
async function* readStream({ stream, size }: StreamBody): AsyncGenerator<Buffer> {
  if (taken.has(stream)) throw refuse(TAKEN) // by the request that a server refused after its body had begun
  taken.add(stream)
  let bytes = 0
  let held: Buffer | undefined
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw refuse(`the stream gives a ${typeof chunk} instead of bytes`)
      bytes += chunk.byteLength
      if (bytes > size) throw refuse(`the stream is longer than its size, ${size} bytes`)
      if (held !== undefined) yield held
      held = bufferOf(chunk)
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause
    throw refuse(`the stream can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  if (bytes !== size) throw refuse(`the stream ended after ${bytes} of ${size} bytes`)
  if (held !== undefined) yield held
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function refuse(message: string, cause?: unknown): FileError {
  return new FileError(message, { retryable: false, cause })
}
