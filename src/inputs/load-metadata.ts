import type { Metadata } from './metadata.ts'
import { type Placed, readTextFile, TextFileError } from './text-file.ts'

/** The metadata file: its path relative to the workspace, its text and its rules. Without the input, all are empty. */
export type MetadataFile = Metadata & { readonly path: string; readonly text: string }

/** Reads the file of the input `metadata`.
 *  @throws InputError for a file that is not text, TextFileError with all problems in the text */
export async function loadMetadata(workspace: string, path: string): Promise<MetadataFile> {
  if (path === '') return { path, text: '', rules: [] }
  const text = await readTextFile(workspace, path)
  const parsed = await parse(text)
  if ('problems' in parsed) throw new TextFileError(path, parsed.problems)
  return { path, text, rules: parsed.rules }
}

/** @param text of an earlier version of the file; undefined if there was none
 *  @returns its rules; none if it is not valid */
export async function parseEarlier(text: string | undefined): Promise<Metadata> {
  const parsed = text === undefined ? { rules: [] } : await parse(text)
  return 'problems' in parsed ? { rules: [] } : parsed
}

async function parse(text: string): Promise<Metadata | { problems: readonly Placed[] }> {
  // loaded late: a run without the file starts faster without the parser
  const { parseMetadata } = await import(/* webpackChunkName: "metadata" */ './metadata-file.ts')
  return parseMetadata(text)
}
