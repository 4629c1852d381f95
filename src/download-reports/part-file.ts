import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileError } from '../imgix/http/body.ts'

type Receive = (body: AsyncIterable<Buffer>) => Promise<void>

/**
 * Writes a file whole or not at all: it has another name until all of it is there, and what was there before stays until then.
 * @param fetch gives the body to its argument, from the start each time that it calls it
 * @returns what `fetch` does, and how many bytes the file has
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
