import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The body of an answer can't be taken, for a reason that is not the network's. */
export class BodyError extends Error {
  override name = 'BodyError'
  /** another try can bring another body */
  readonly retryable: boolean
  constructor(message: string, { retryable = true, cause }: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.retryable = retryable
  }
}

const UNPACKERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}
/** The codes of Node's errors about packed bytes. */
const PROBLEMS = /^(Z_|ERR__)/
const NAME_MAX_LENGTH = 40

/** Unpacks a body that arrives packed although nobody requested that. The reader bounds its length.
 *  @throws BodyError */
export async function* unpacked(body: AsyncIterable<Buffer>, contentEncoding = ''): AsyncGenerator<Buffer> {
  const encoding = contentEncoding.trim().toLowerCase() || 'identity'
  if (encoding === 'identity') return yield* body
  if (!Object.hasOwn(UNPACKERS, encoding)) {
    const name = encoding.slice(0, NAME_MAX_LENGTH)
    for await (const _ of body) throw new BodyError(`an answer that is packed by '${name}'`, { retryable: false })
    return
  }
  let isEmpty = true
  const source = async function* () {
    for await (const chunk of body) {
      isEmpty = false
      yield chunk
    }
  }
  const unpacker = UNPACKERS[encoding as keyof typeof UNPACKERS]()
  pipeline(source, unpacker).catch(() => {}) // the reader below hears of it
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) yield chunk
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    if (!PROBLEMS.test(code)) throw cause
    if (!isEmpty) throw new BodyError(`an answer that is not the ${encoding} it is said to be`, { cause })
  }
}
