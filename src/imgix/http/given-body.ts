import { type BodySource, type Digest, digested, FileError } from './body.ts'

type Heard = {
  /** receives the digest each time that the body was sent to its end */
  readonly onDigest?: ((digest: Digest) => void) | undefined
}

/** Bytes in memory. */
export type BytesBody = Heard & { readonly bytes: Uint8Array }

/** A stream with its length. It can be read once, so the request is not tried again. */
export type StreamBody = Heard & { readonly stream: AsyncIterable<Uint8Array>; readonly size: number }

const taken = new WeakSet<object>()

/** @throws FileError for a stream that was read before */
export function openGiven(body: BytesBody | StreamBody): BodySource {
  const close = async (): Promise<void> => {}
  if ('bytes' in body) {
    const { buffer, byteOffset, byteLength } = body.bytes
    return {
      bytes: byteLength,
      chunks: () => digested([Buffer.from(buffer, byteOffset, byteLength)], body.onDigest),
      close,
    }
  }
  if (!Number.isSafeInteger(body.size) || body.size < 0) throw refuse(`size: ${body.size} is not a number of bytes`)
  if (taken.has(body.stream)) throw refuse('the stream was read before, and can be read once')
  return { bytes: body.size, chunks: () => digested(readStream(body), body.onDigest), close }
}

/** Holds the last chunk back until the stream has ended, so that one of another length is never complete at the server. */
async function* readStream({ stream, size }: StreamBody): AsyncGenerator<Buffer> {
  taken.add(stream)
  let bytes = 0
  let held: Buffer | undefined
  for await (const chunk of readable(stream)) {
    if (!(chunk instanceof Uint8Array)) throw refuse(`the stream gives a ${typeof chunk} instead of bytes`)
    bytes += chunk.byteLength
    if (bytes > size) throw refuse(`the stream is longer than its size, ${size} bytes`)
    if (held !== undefined) yield held
    held = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  }
  if (bytes !== size) throw refuse(`the stream ended after ${bytes} of ${size} bytes`)
  if (held !== undefined) yield held
}

async function* readable(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw refuse(`the stream can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

function refuse(message: string, cause?: unknown): FileError {
  return new FileError(message, { retryable: false, cause })
}
