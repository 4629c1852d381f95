import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProblemsError } from '../runner/annotations.ts'
import { isInWorkspace } from './paths.ts'
import { InputError } from './reader.ts'

/** Line and column start at 1. */
export type Placed = { readonly line: number; readonly column: number; readonly message: string }

/** All problems of one file, each with its place. */
export class TextFileError extends ProblemsError {
  override name = 'TextFileError'
  readonly problems: readonly Placed[]
  /** @param file relative to the workspace */
  constructor(file: string, problems: readonly Placed[]) {
    super(
      problems.map(({ line, column, message }) => ({
        line: `${file}:${line}:${column}: ${message}`,
        file,
        startLine: line,
        startColumn: column,
      })),
    )
    this.problems = problems
  }
}

/** A longer file is refused. */
export const TEXT_MAX_BYTES = 1_000_000

/** Reads a file of the workspace that an input names.
 *  @param path relative to the workspace
 *  @throws InputError for a file that is not UTF-8 or too large */
export async function readTextFile(workspace: string, path: string): Promise<string> {
  const bytes = await readBytes(workspace, path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === undefined) throw cause
    throw new InputError([
      `${path}: the file can't be read (${cause.code}): check the path, and that the runner may read it`,
    ])
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new InputError([`${path}: the file is not UTF-8: save it as UTF-8`])
  }
}

/** Checks the open file: its path can have become a link to another place since the inputs were read. */
async function readBytes(workspace: string, path: string): Promise<Buffer> {
  const real = await realpath(resolve(workspace, path))
  const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await file.stat()
    if (!stats.isFile() || !isInWorkspace(await realpath(workspace), await pathOf(file, real)))
      throw new InputError([
        `${path}: it is not a file inside the workspace any more: let no other step change it meanwhile`,
      ])
    if (stats.size > TEXT_MAX_BYTES) throw new InputError([`${path}: the file is larger than 1 MB: make it smaller`])
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** @param path with which the file was opened
 *  @returns the real path of an open file; on Linux from the system itself */
async function pathOf({ fd }: FileHandle, path: string): Promise<string> {
  const known = process.platform === 'linux' ? await readlink(`/proc/self/fd/${fd}`).catch(() => undefined) : undefined
  return known ?? realpath(path)
}
