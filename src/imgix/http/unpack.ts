import { pipeline } from 'node:stream/promises'
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** An answer is packed in a way that can't be read. */
export class PackingError extends Error {
  override name = 'PackingError'
}

/** 8 MB, the most that an answer can require (RFC 9659); Node's own limit is 128 MB for each. */
const ZSTD_WINDOW_LOG = 23

const UNPACKERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
}
/** The codes of Node's errors about packed bytes. */
const PROBLEMS = /^(Z_|ZSTD_|ERR__)/
const NAME_MAX_LENGTH = 40

/** Unpacks a body that arrives packed although nobody requested that. The reader bounds its length.
 *  @throws PackingError */
export async function* unpacked(body: AsyncIterable<Buffer>, contentEncoding = ''): AsyncGenerator<Buffer> {
  const encoding = contentEncoding.trim().toLowerCase() || 'identity'
  if (encoding === 'identity') return yield* body
  if (!Object.hasOwn(UNPACKERS, encoding)) {
    for await (const _ of body)
      throw new PackingError(`an answer that is packed by '${encoding.slice(0, NAME_MAX_LENGTH)}'`)
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
    if (!isEmpty) throw new PackingError(`an answer that is not the ${encoding} it is said to be`, { cause })
  }
}
