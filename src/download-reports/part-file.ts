import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileError } from '../imgix/http/body.ts'

type Receive = (body: AsyncIterable<Buffer>) => Promise<void>

/**
 * Writes a whole file or none, under a temporary name until the file is complete.
 * @param fetch passes the body to its argument, and can do so again from the start
 * @returns the result of `fetch`, and the size of the file
 * @throws FileError, or what `fetch` throws
 */
export async function writePart<T>(
  { folder, name }: { folder: string; name: string },
  fetch: (receive: Receive) => Promise<T>,
): Promise<T & { bytes: number }> {
  const temporary = join(folder, `.${name}.${randomBytes(4).toString('hex')}.part`)
  const file = await open(temporary, 'wx').catch(refuse)
  try {
    let bytes = 0
    const fetched = await fetch(async (body) => {
      bytes = await writeBody(file, body)
    })
    await file.close().catch(refuse)
    await rename(temporary, join(folder, name)).catch(refuse)
    return { ...fetched, bytes }
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

async function writeBody(file: FileHandle, body: AsyncIterable<Buffer>): Promise<number> {
  await file.truncate(0).catch(refuse)
  let bytes = 0
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      at += (await file.write(chunk, at, chunk.length - at, bytes + at).catch(refuse)).bytesWritten
    }
    bytes += chunk.length
  }
  return bytes
}

function refuse(cause: unknown): never {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException
  throw new FileError(`the file can't be written (${code})`, { retryable: false, cause })
}
