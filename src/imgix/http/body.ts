import { createHash } from 'node:crypto'
import { type BigIntStats, constants, readlinkSync } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { type BytesBody, openGiven, type StreamBody } from './given-body.ts'

/** What a request sends: a file by its real path, bytes, or a stream. */
export type Body = FileBody | BytesBody | StreamBody

export type FileBody = {
  readonly file: string
  /** identifies the file that was found: no other file is read. `ctimeNs`: the last change of its bytes or names */
  readonly identity?: { readonly dev: bigint; readonly ino: bigint; readonly ctimeNs: bigint } | undefined
  /** Checks the bytes of a file that changed since then. @returns the problem */
  readonly inspect?: ((file: FileHandle, bytes: number) => Promise<string | undefined>) | undefined
  /** receives the digest each time that the file has been read to its end */
  readonly onDigest?: ((digest: Digest) => void) | undefined
}

/** `sha256` in hexadecimal digits */
export type Digest = { readonly sha256: string; readonly bytes: number }

export type BodySource = {
  readonly bytes: number
  /** Each chunk's memory is used again when the next one is asked for. */
  chunks(): AsyncIterable<Buffer> | Iterable<Buffer>
  close(): Promise<void>
}

export const CHUNK_BYTES = 1 << 20

/** A file can't be sent or written: it is gone, it changed while it was sent, or it can't be opened. */
export class FileError extends Error {
  override name = 'FileError'
  /** sending it again from its start can succeed */
  readonly retryable: boolean
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retryable = options.retryable
  }
}

/** @param buffers two buffers of CHUNK_BYTES, from a caller that opens many files in turn
 *  @throws FileError */
export async function openBody(body: Body | undefined, buffers?: readonly Buffer[]): Promise<BodySource> {
  if (body === undefined) return { bytes: 0, chunks: () => [], close: async () => {} }
  if (!('file' in body)) return openGiven(body)
  const { file, stats } = await openFile(body)
  try {
    const { mtimeNs } = stats
    const bytes = Number(stats.size)
    const isChanged = stats.ctimeNs !== body.identity?.ctimeNs
    const problem = isChanged ? await body.inspect?.(file, bytes).catch(refuse) : undefined
    if (problem !== undefined) throw new FileError(problem, { retryable: false })
    return {
      bytes,
      chunks: () =>
        digested(bytes === 0 ? [] : readChunks(file, { bytes, mtimeNs }, buffers ?? twoBuffers(bytes)), body.onDigest),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

export function twoBuffers(bytes = CHUNK_BYTES): Buffer[] {
  return [0, 1].map(() => Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK_BYTES, bytes))))
}

/** Opens a file by its real path, and only the one that was seen there.
 *  @throws FileError */
export async function openFile({
  file: path,
  identity,
}: Pick<FileBody, 'file' | 'identity'>): Promise<{ file: FileHandle; stats: BigIntStats }> {
  const file = await openPath(path)
  try {
    const stats = await statFile(file)
    if (identity !== undefined && !(isSame(stats, identity) && (await pathOf(file, path)) === path)) {
      throw new FileError('another file has taken its place since this run found it', { retryable: false })
    }
    return { file, stats }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openPath(path: string): Promise<FileHandle> {
  try {
    // the path is a real one: a link that has taken the file's place since is not followed, a pipe does not block
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FileError('the file is no longer in the work tree', { retryable: false, cause })
    return refuse(cause)
  }
}

function isSame(stats: BigIntStats, { dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  // Node 24.0 and 24.1 have no device for a path on Windows
  return stats.ino === ino && (stats.dev === dev || stats.dev === 0n || dev === 0n)
}

/** @returns the present path of an open file: a folder above it can be a link by now
 *  @param path that it was opened by */
async function pathOf({ fd }: FileHandle, path: string): Promise<string> {
  try {
    // only the system is sure, because a path can lead to another file by the next call
    if (process.platform === 'linux') return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {} // a container without /proc
  return realpath(path).catch(() => '')
}

const PASSING = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO']

function refuse(cause: unknown): never {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException
  throw new FileError(`the file can't be read (${code})`, { retryable: PASSING.includes(code), cause })
}

async function statFile(file: FileHandle): Promise<BigIntStats> {
  const stats = await file.stat({ bigint: true }).catch(refuse)
  if (!stats.isFile()) throw new FileError('it is not a regular file', { retryable: false })
  return stats
}

export async function* digested(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  onDigest: FileBody['onDigest'],
): AsyncGenerator<Buffer> {
  const hash = onDigest && createHash('sha256')
  let bytes = 0
  for await (const chunk of chunks) {
    hash?.update(chunk)
    bytes += chunk.length
    yield chunk
  }
  if (hash !== undefined) onDigest?.({ sha256: hash.digest('hex'), bytes })
}

/** Reads a file in two buffers: while one is sent the other is filled. The last chunk waits until the file is known to be
 *  unchanged, so that a torn file is never complete at the server. */
async function* readChunks(
  file: FileHandle,
  { bytes, mtimeNs }: { bytes: number; mtimeNs: bigint },
  buffers: readonly Buffer[],
): AsyncGenerator<Buffer> {
  const fill = async (position: number, buffer: Buffer): Promise<Buffer> => {
    const length = Math.min(buffer.length, bytes - position)
    const { bytesRead } = await file.read(buffer, 0, length, position).catch(refuse)
    if (bytesRead === 0 || position + bytesRead === bytes) {
      const now = await statFile(file)
      if (bytesRead === 0 || now.size !== BigInt(bytes) || now.mtimeNs !== mtimeNs) {
        throw new FileError('the file changed while it was sent', { retryable: true })
      }
    }
    return buffer.subarray(0, bytesRead)
  }
  let position = 0
  let next = fill(0, buffers[0] as Buffer)
  try {
    for (let turn = 1; position < bytes; turn += 1) {
      const chunk = await next
      position += chunk.length
      if (position < bytes) next = fill(position, buffers[turn % 2] as Buffer)
      next.catch(() => {}) // it may fail while the chunk before it is sent: the next turn hears of it
      yield chunk
    }
  } finally {
    await next.catch(() => {}) // a read that nobody waits for any more must end before the file is closed
  }
}
