import { isDeepStrictEqual } from 'node:util'
import type { Attributes } from '../events.ts'
import type { Matcher, PatternLine } from './patterns.ts'

export type Metadata = {
  /** in the order of the file: later ones win */
  readonly rules: readonly Rule[]
}

type Rule = PatternLine & { readonly matches: Matcher; readonly attributes: Attributes }

/** The custom field with the action's own record of an asset. */
export const RECORD_FIELD = 'imgix-sync'

export const NO_ATTRIBUTES: Attributes = {
  categories: [],
  customFields: {},
  description: undefined,
  name: undefined,
  tags: {},
}

/**
 * What all rules that match a file want, merged: categories added, fields and tags by their keys, the rest by the last.
 * @param path relative to `root`
 */
export function attributesFor(metadata: Metadata, path: string): Attributes {
  return metadata.rules
    .filter(({ matches }) => matches(path))
    .reduce((wanted, { attributes }) => mergeAttributes(wanted, attributes), NO_ATTRIBUTES)
}

/** @param paths relative to `root`
 *  @returns patterns that match none of them */
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
 * Whether a change of the metadata file alone is a reason to look at a file's asset. It is not where nothing is wanted
 * any more: what was set once is not taken back.
 * @param path relative to `root`
 */
export function rulesTouched(before: Metadata, after: Metadata, path: string): boolean {
  const wanted = attributesFor(after, path)
  if (wantsNothing(wanted)) return false
  const known = attributesFor(before, path)
  const comparable = (attributes: Attributes) => ({ ...attributes, categories: [...attributes.categories].sort() })
  return !isDeepStrictEqual(comparable(known), comparable(wanted))
}
