import type { Attributes } from '../events.ts'
import { NO_ATTRIBUTES, RECORD_FIELD } from '../inputs/metadata.ts'
import type { Asset, AssetChange } from './asset.ts'

/**
 * What one PATCH must carry so that an asset has what is wanted of it, and keeps all that others set: the API replaces
 * lists and objects whole.
 * @param current as imgix lists it now; nothing is merged into what it does not list, or lists as another type
 * @param recordValue of RECORD_FIELD, where it shall be set too
 * @returns undefined where the asset has it all
 */
export function describeChange(
  current: Pick<Asset, 'categories' | 'customFields' | 'description' | 'name' | 'tags'>,
  wanted: Attributes = NO_ATTRIBUTES,
  recordValue?: string,
): AssetChange | { problem: string } | undefined {
  const fields = recordValue === undefined ? {} : { [RECORD_FIELD]: recordValue }
  const merged = {
    categories: mergeList(current.categories, wanted.categories),
    customFields: mergeObject(current.customFields, { ...wanted.customFields, ...fields }, isSameText),
    description: replaceText(current.description, wanted.description),
    name: replaceText(current.name, wanted.name),
    tags: mergeObject(current.tags, wanted.tags, isSameConfidence),
  }
  const changes = Object.entries(merged).filter(([, value]) => value !== undefined)
  const lost = changes
    .filter(([, value]) => value === UNKNOWN)
    .map(([name]) => (name === 'customFields' ? 'custom_fields' : name))
  if (lost.length > 0) {
    return { problem: `imgix's answer has no ${lost.join(' and ')} that could be kept, so nothing was changed` }
  }
  return changes.length === 0 ? undefined : (Object.fromEntries(changes) as AssetChange)
}

/** What a change is merged into: the lists and the objects. */
const MERGED = ['categories', 'customFields', 'tags'] as const

/** Whether an asset has anything that a change is merged into. */
export function hasMerged(asset: Pick<Asset, (typeof MERGED)[number]>): boolean {
  return MERGED.some((name) => isFilled(asset[name]))
}

/** Whether a change takes the place of what the asset does not show to be there. */
export function fillsEmpty(asset: Pick<Asset, (typeof MERGED)[number]>, change: AssetChange): boolean {
  return MERGED.some((name) => change[name] !== undefined && !isFilled(asset[name]))
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** What can't be merged into without a loss. */
const UNKNOWN = Symbol('unknown')

function mergeList(current: unknown, wanted: readonly string[]): unknown[] | typeof UNKNOWN | undefined {
  if (wanted.length === 0) return undefined
  if (current !== null && !Array.isArray(current)) return UNKNOWN
  const listed: readonly unknown[] = current ?? []
  const known = new Set(listed)
  const missing = wanted.filter((item) => !known.has(item))
  return missing.length === 0 ? undefined : [...listed, ...missing]
}

function mergeObject<T>(
  current: unknown,
  wanted: Readonly<Record<string, T | null>>,
  isSame: (current: unknown, wanted: T) => boolean,
): Record<string, unknown> | typeof UNKNOWN | undefined {
  const entries = Object.entries(wanted)
  if (entries.length === 0) return undefined
  if (typeof current !== 'object' || Array.isArray(current)) return UNKNOWN
  const merged = new Map<string, unknown>(Object.entries(current ?? {})) // keys may be called __proto__
  let differs = false
  for (const [key, value] of entries) {
    const known = merged.get(key) ?? null
    if (value === null ? known === null : isSame(known, value)) continue
    differs = true
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  if (!differs) return undefined
  return Object.fromEntries(merged)
}

function replaceText(current: unknown, wanted: string | null | undefined): string | null | undefined {
  if (wanted === undefined || (current || null) === wanted) return undefined
  return wanted
}

/** What others stored as a number or a boolean is listed as one. */
function isSameText(current: unknown, wanted: string): boolean {
  return ['string', 'number', 'boolean'].includes(typeof current) && String(current) === wanted
}

/** All confidences in imgix's examples are numbers of single precision. */
function isSameConfidence(current: unknown, wanted: number): boolean {
  return typeof current === 'number' && Math.fround(current) === Math.fround(wanted)
}
