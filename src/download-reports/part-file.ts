import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileError } from '../imgix/http/body.ts'
import { retryHeld } from '../runner/retry-held.ts'

/** Writes a whole file or none, under a temporary name until the file is complete.
 *  @param folder its real path
 *  @param fetch passes the body to its argument, and can do so again from the start
 *  @returns the result of `fetch`, and the size of the file
 *  @throws FileError, or what `fetch` throws */
export async function writePart<T>(
  { folder, name }: { folder: string; name: string },
  fetch: (receive: (body: AsyncIterable<Buffer>) => Promise<void>) => Promise<T>,
): Promise<T & { bytes: number }> {
  return inFolder(folder, async (path, check) => {
    const temporary = join(path, `.${name}.${randomBytes(4).toString('hex')}.part`)
    const file = await open(temporary, 'wx').catch(refuse)
    try {
      let bytes = 0
      const fetched = await fetch(async (body) => {
        bytes = await writeBody(file, body)
      })
      await file.close().catch(refuse)
      await check()
      await retryHeld(() => rename(temporary, join(path, name))).catch(refuse)
      return { ...fetched, bytes }
    } catch (error) {
      await file.close().catch(() => {})
      await rm(temporary, { force: true }).catch(() => {})
      throw error
    }
  })
}

/** Removes files from a folder, and nothing that is no file.
 *  @returns their names
 *  @throws FileError */
export async function removeFiles(folder: string, isRemoved: (name: string) => boolean): Promise<string[]> {
  return inFolder(folder, async (path) => {
    const entries = await readdir(path, { withFileTypes: true }).catch(refuse)
    const names = entries.filter((entry) => entry.isFile() && isRemoved(entry.name)).map(({ name }) => name)
    for (const name of names) {
      await rm(join(path, name), { force: true }).catch((cause) => {
        const message = `'${name}', of an earlier fetch, can't be removed (${cause.code})`
        throw new FileError(message, { retryable: false, cause })
      })
    }
    return names
  })
}

/** If a link or another folder takes the place of the folder meanwhile, nothing is written there.
 *  @param use gets a path of the open folder, where the system has such paths, and a check of its name
 *  @throws FileError */
async function inFolder<T>(folder: string, use: (path: string, check: () => Promise<void>) => Promise<T>): Promise<T> {
  const handle = await open(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((cause) => {
    if (cause.code === 'ENOENT') return refuse(cause)
  })
  const own = `/proc/self/fd/${handle?.fd}`
  const isKnown = process.platform === 'linux' && existsSync(own)
  const check = async (): Promise<void> => {
    const real = await (isKnown ? readlink(own) : realpath(folder)).catch(refuse)
    if (real !== folder) throw new FileError('something else has taken the place of the folder', { retryable: false })
  }
  try {
    await check()
    return await use(isKnown ? own : folder, check)
  } finally {
    await handle?.close()
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
