import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Attributes } from '../events.ts'
import type { Matcher, PatternLine } from './patterns.ts'
import { type Placed, readTextFile, TextFileError } from './text-file.ts'

export type Metadata = {
  /** in the order of the file: later rules have priority */
  readonly rules: readonly Rule[]
  /** what `attributesFor` returns, by path, where it is known */
  readonly known?: ReadonlyMap<string, Attributes>
}

type Rule = PatternLine & { readonly matches: Matcher; readonly attributes: Attributes }

/** The custom field in which the action records the bytes of an asset. */
export const RECORD_FIELD = 'imgix-sync'

export const NO_ATTRIBUTES: Attributes = {
  categories: [],
  customFields: {},
  description: undefined,
  name: undefined,
  tags: {},
}

/**
 * Merges the attributes of all rules that match a file: categories are added, fields and tags are merged by key, and the
 * last rule decides the others.
 * @param path relative to `root`
 */
export function attributesFor({ rules, known }: Metadata, path: string): Attributes {
  return known?.get(path) ?? mergeRules(rules.filter(({ matches }) => matches(path)))
}

function mergeRules(rules: Metadata['rules']): Attributes {
  return rules.reduce(
    (first, { attributes: then }) => ({
      categories: [...new Set([...first.categories, ...then.categories])],
      customFields: { ...first.customFields, ...then.customFields },
      description: then.description === undefined ? first.description : then.description,
      name: then.name === undefined ? first.name : then.name,
      tags: { ...first.tags, ...then.tags },
    }),
    NO_ATTRIBUTES,
  )
}

/**
 * Matches every rule with every file, which can take minutes: signals are heard meanwhile.
 * @param paths relative to `root`
 * @returns the metadata with the attributes of these files, and the patterns that match none of them
 */
export async function matchAll<M extends Metadata>(
  metadata: M,
  paths: Iterable<string>,
  signal: AbortSignal,
): Promise<{ metadata: M; idle: string[] }> {
  const { rules } = metadata
  const known = new Map<string, Attributes>()
  const idle = new Set(rules)
  for await (const path of inTurns(rules.length === 0 ? [] : paths)) {
    signal.throwIfAborted()
    const matching = rules.filter(({ matches }) => matches(path))
    for (const rule of matching) idle.delete(rule)
    known.set(path, mergeRules(matching))
  }
  return { metadata: { ...metadata, known }, idle: [...idle].map(({ pattern }) => pattern) }
}

/** How long signals and time limits may wait. */
const TURN_MS = 50

/** Gives items one by one, and lets the process do other things in between. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let since = performance.now()
  for (const item of items) {
    if (performance.now() - since > TURN_MS) {
      await nextTurn()
      since = performance.now()
    }
    yield item
  }
}

export function wantsNothing(attributes: Attributes): boolean {
  return isDeepStrictEqual(attributes, NO_ATTRIBUTES)
}

/**
 * Whether a change of the metadata file changes the attributes of a file. A removed rule does not: attributes that were set
 * once stay.
 * @param path relative to `root`
 */
export function rulesTouched(before: Metadata, after: Metadata, path: string): boolean {
  const wanted = attributesFor(after, path)
  if (wantsNothing(wanted)) return false
  const known = attributesFor(before, path)
  const comparable = (attributes: Attributes) => ({ ...attributes, categories: [...attributes.categories].sort() })
  return !isDeepStrictEqual(comparable(known), comparable(wanted))
}

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
