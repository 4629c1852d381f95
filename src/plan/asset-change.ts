import type { Attributes } from '../events.ts'
import { NO_ATTRIBUTES, RECORD_FIELD } from '../inputs/metadata.ts'
import { type AssetChange, NAMES, type UserAttributes } from './asset.ts'

/**
 * What one PATCH must carry so that an asset has what is wanted of it, and keeps all that others set: the API replaces
 * lists and objects whole.
 * @param current as imgix lists it now; nothing is merged into what it does not list, or lists as another type
 * @param recordValue of RECORD_FIELD, where it shall be set too
 * @returns undefined where the asset has it all
 */
export function describeChange(
  current: UserAttributes,
  attributes: Attributes = NO_ATTRIBUTES,
  recordValue?: string,
): AssetChange | { problem: string } | undefined {
  const record = recordValue === undefined ? {} : { [RECORD_FIELD]: recordValue }
  const wanted = { ...attributes, customFields: { ...attributes.customFields, ...record } }
  const lost = MERGED.filter((name) => isFilled(wanted[name]) && !canMerge(current[name], wanted[name]))
  if (lost.length > 0) {
    const names = lost.map((name) => NAMES[name]).join(' and ')
    return { problem: `imgix's answer has no ${names} that could be kept, so nothing was changed` }
  }
  const changes = Object.entries({
    categories: mergeList(current.categories, wanted.categories),
    customFields: mergeObject(current.customFields, wanted.customFields, isSameText),
    description: replaceText(current.description, wanted.description),
    name: replaceText(current.name, wanted.name),
    tags: mergeObject(current.tags, wanted.tags, isSameConfidence),
  }).filter(([, value]) => value !== undefined)
  return changes.length === 0 ? undefined : Object.fromEntries(changes)
}

/** What a change is merged into: the lists and the objects. */
const MERGED = ['categories', 'customFields', 'tags'] as const
type Merged = Pick<UserAttributes, (typeof MERGED)[number]>

/** Whether an asset has anything that a change is merged into. */
export function hasMerged(asset: Merged): boolean {
  return MERGED.some((name) => isFilled(asset[name]))
}

/** Whether a change takes the place of what the asset does not show to be there. */
export function fillsEmpty(asset: Merged, change: AssetChange): boolean {
  return MERGED.some((name) => change[name] !== undefined && !isFilled(asset[name]))
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** Whether nothing is lost. */
function canMerge(current: unknown, wanted: object): boolean {
  return typeof current === 'object' && (current === null || Array.isArray(current) === Array.isArray(wanted))
}

function mergeList(current: unknown, wanted: readonly string[]): unknown[] | undefined {
  const listed: unknown[] = Array.isArray(current) ? current : []
  const known = new Set(listed)
  const missing = wanted.filter((item) => !known.has(item))
  return missing.length === 0 ? undefined : [...listed, ...missing]
}

function mergeObject<T>(
  current: unknown,
  wanted: Readonly<Record<string, T | null>>,
  isSame: (current: unknown, wanted: T) => boolean,
): Record<string, unknown> | undefined {
  const merged = new Map<string, unknown>(Object.entries(current ?? {})) // keys may be called __proto__
  let differs = false
  for (const [key, value] of Object.entries(wanted)) {
    const known = merged.get(key) ?? null
    if (value === null ? known === null : isSame(known, value)) continue
    differs = true
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  return differs ? Object.fromEntries(merged) : undefined
}

function replaceText(current: unknown, wanted: string | null | undefined): string | null | undefined {
  return (current || null) === wanted ? undefined : wanted
}

/** What others stored as a number or a boolean is listed as one. */
function isSameText(current: unknown, wanted: string): boolean {
  return ['string', 'number', 'boolean'].includes(typeof current) && String(current) === wanted
}

/** All confidences in imgix's examples are numbers of single precision. */
function isSameConfidence(current: unknown, wanted: number): boolean {
  return typeof current === 'number' && Math.fround(current) === Math.fround(wanted)
}
