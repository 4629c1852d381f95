import type { Metadata } from './metadata.ts'
import { type Placed, readTextFile, TextFileError } from './text-file.ts'

/** What assets shall have, and the file that says so: its path relative to the workspace. */
export type MetadataFile = { readonly path: string; readonly text: string; readonly rules: Metadata }

/** Reads the file of the input `metadata`.
 *  @returns undefined where none is named
 *  @throws InputError for what is no text, TextFileError with all problems of what it says */
export async function loadMetadata(workspace: string, path: string): Promise<MetadataFile | undefined> {
  if (path === '') return undefined
  const text = await readTextFile(workspace, path)
  const rules = await parse(text)
  if ('rules' in rules) return { path, text, rules }
  throw new TextFileError(path, rules.problems)
}

/** @returns the rules of an earlier version of the file, undefined where it can't be read */
export async function parseEarlier(text: string): Promise<Metadata | undefined> {
  const rules = await parse(text)
  return 'rules' in rules ? rules : undefined
}

async function parse(text: string): Promise<Metadata | { problems: readonly Placed[] }> {
  // only a run with such a file pays for a parser
  const { parseMetadata } = await import(/* webpackChunkName: "metadata" */ './metadata-file.ts')
  return parseMetadata(text)
}
