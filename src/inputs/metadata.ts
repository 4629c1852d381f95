import { isDeepStrictEqual } from 'node:util'
import type { Attributes } from '../events.ts'
import type { Matcher, PatternLine } from './patterns.ts'

export type Metadata = {
  /** in the order of the file: later rules have priority */
  readonly rules: readonly Rule[]
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
export function attributesFor(metadata: Metadata, path: string): Attributes {
  return metadata.rules
    .filter(({ matches }) => matches(path))
    .reduce((wanted, { attributes }) => mergeAttributes(wanted, attributes), NO_ATTRIBUTES)
}

/** @param paths relative to `root`
 *  @returns the patterns that match none of them */
export function idlePatterns({ rules }: Metadata, paths: readonly string[]): string[] {
  return rules.filter(({ matches }) => !paths.some(matches)).map(({ pattern }) => pattern)
}

function mergeAttributes(first: Attributes, then: Attributes): Attributes {
  return {
    categories: [...new Set([...first.categories, ...then.categories])],
    customFields: { ...first.customFields, ...then.customFields },
    description: then.description === undefined ? first.description : then.description,
    name: then.name === undefined ? first.name : then.name,
    tags: { ...first.tags, ...then.tags },
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
