import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProblemsError } from '../runner/annotations.ts'
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

const BYTES_MAX = 1_000_000

/** Reads a file of the workspace that an input names.
 *  @param path relative to the workspace
 *  @throws InputError for a file that is not UTF-8 or too large */
export async function readTextFile(workspace: string, path: string): Promise<string> {
  const file = resolve(workspace, path)
  if ((await stat(file)).size > BYTES_MAX) throw new InputError([`${path}: the file is larger than 1 MB`])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new InputError([`${path}: the file is not UTF-8: save it as UTF-8`])
  }
}
