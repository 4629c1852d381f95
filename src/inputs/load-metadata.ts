import type { Metadata } from './metadata.ts'
import { type Placed, readTextFile, TextFileError } from './text-file.ts'

/** The metadata file: its path relative to the workspace, its text and its rules. */
export type MetadataFile = { readonly path: string; readonly text: string; readonly rules: Metadata }

/** Reads the file of the input `metadata`.
 *  @returns undefined if the input is empty
 *  @throws InputError for a file that is not text, TextFileError with all problems in the text */
export async function loadMetadata(workspace: string, path: string): Promise<MetadataFile | undefined> {
  if (path === '') return undefined
  const text = await readTextFile(workspace, path)
  const rules = await parse(text)
  if ('rules' in rules) return { path, text, rules }
  throw new TextFileError(path, rules.problems)
}

/** @returns the rules of an earlier version of the file; undefined if it is not valid */
export async function parseEarlier(text: string): Promise<Metadata | undefined> {
  const rules = await parse(text)
  return 'rules' in rules ? rules : undefined
}

async function parse(text: string): Promise<Metadata | { problems: readonly Placed[] }> {
  // loaded late: a run without the file starts faster without the parser
  const { parseMetadata } = await import(/* webpackChunkName: "metadata" */ './metadata-file.ts')
  return parseMetadata(text)
}
