import { isRecord, textOf } from '../imgix/errors.ts'
import type { SourceChange } from '../imgix/sources.ts'
import { DEPLOYMENT, READ_ONLY, typeOf } from './attributes.ts'
import type { Configuration, Values } from './configuration.ts'

/** One attribute, and how the file differs from the Source. */
export type Difference = { readonly attribute: string; readonly words: string }
export type Comparison = {
  readonly differences: readonly Difference[]
  /** attributes that imgix does not return */
  readonly notComparable: readonly string[]
  /** the attributes to send; `{}` for none */
  readonly change: SourceChange
}

const VALUE_MAX_LENGTH = 500
const CHANGED = '(changed)'
export const NOT_COMPARABLE = '(not comparable: imgix never returns it)'

/**
 * Pure: compares a Source with the file.
 * @param attributes of the Source; `{}` for a Source to create
 * @param force also send attributes that can't be compared
 */
export function compare(wanted: Configuration, attributes: Values, force: boolean): Comparison {
  const { secrets, deployment = {}, ...rest } = wanted
  const current: Values = isRecord(attributes.deployment) ? attributes.deployment : {}
  const found: Record<keyof SourceChange, Difference[]> = {
    name: differ('name', attributes.name, rest.name),
    enabled: differ('enabled', attributes.enabled, rest.enabled),
    deployment: compareObjects('deployment', { current, values: deployment, secrets }),
    upload_credentials: compareCredentials(wanted, attributes),
  }
  const whole = { ...rest, deployment: { ...keptOf(current, deployment), ...deployment } }
  const isSent = (name: string): boolean =>
    found[name as keyof SourceChange].some(({ words }) => force || words !== NOT_COMPARABLE)
  const all = Object.values(found).flat()
  return {
    differences: all.filter(({ words }) => words !== NOT_COMPARABLE),
    notComparable: all.filter(({ words }) => words === NOT_COMPARABLE).map(({ attribute }) => attribute),
    change: Object.fromEntries(Object.entries(whole).filter(([name]) => isSent(name))),
  }
}

/** @param after undefined for an attribute that stays */
function differ(attribute: string, before: unknown, after: unknown): Difference[] {
  const words = after === undefined ? undefined : compareValues(before, after)
  return words === undefined ? [] : [{ attribute, words }]
}

type Objects = { readonly current: Values; readonly values: Values; readonly secrets: ReadonlySet<string> }

function compareObjects(object: string, { current, values, secrets }: Objects): Difference[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const attribute = `${object}.${name}`
    const before = current[name]
    const credential = DEPLOYMENT[name]?.credential
    if (credential === undefined && !secrets.has(attribute) && !hasPassword(before, value))
      return differ(attribute, before, value)
    if (current.type !== values.type) return [{ attribute, words: CHANGED }]
    if (credential === 'secret' || typeof before !== 'string' || value === '')
      return [{ attribute, words: NOT_COMPARABLE }]
    return before === value ? [] : [{ attribute, words: CHANGED }]
  })
}

/** Compares the credentials as a whole: the reference does not say which of them imgix returns. Those that a Source of
 *  another type has are of that type, too. */
function compareCredentials({ upload_credentials: values, secrets }: Configuration, attributes: Values) {
  if (values === undefined) return []
  const { upload_credentials: current, deployment } = attributes
  const isChanged = isRecord(current)
    ? compareObjects('upload_credentials', { current, values, secrets }).some(({ words }) => words !== NOT_COMPARABLE)
    : !isRecord(deployment) || deployment.allows_upload === false || deployment.type !== values.type
  return [{ attribute: 'upload_credentials', words: isChanged ? CHANGED : NOT_COMPARABLE }]
}

/** The attributes that the file does not name. They are sent too, because imgix replaces a deployment as a whole. */
function keptOf(current: Values, { type }: Values): Values {
  const isKept = (name: string): boolean => !READ_ONLY.has(name) && [undefined, type].includes(typeOf(name))
  return Object.fromEntries(Object.entries(current).filter(([name]) => isKept(name)))
}

/** @returns undefined if they are the same */
function compareValues(before: unknown, after: unknown): string | undefined {
  if (Array.isArray(after)) return compareLists(Array.isArray(before) ? before.map(String) : [], after.map(String))
  if (isRecord(after)) return compareMaps(isRecord(before) ? before : {}, after)
  const [old, value] = [before ?? null, after ?? null]
  if (old === value) return undefined
  if (old === null) return `set to ${show(value)}`
  return value === null ? `removed: ${show(old)}` : `from ${show(old)} to ${show(value)}`
}

/** Ignores the order: it has no meaning, and imgix may change it. */
function compareLists(before: readonly string[], after: readonly string[]): string | undefined {
  const [had, wanted] = [new Set(before), new Set(after)]
  const parts = [
    { verb: 'added', items: after.filter((item) => !had.has(item)) },
    { verb: 'removed', items: before.filter((item) => !wanted.has(item)) },
  ].filter(({ items }) => items.length > 0)
  return parts.map(({ verb, items }) => `${verb}: ${items.map(show).join(', ')}`).join('; ') || undefined
}

/** Compares parameters as text: they become part of a URL, where 100 and '100' are the same. */
function compareMaps(before: Values, after: Values): string | undefined {
  const text = (value: unknown): string | null => (value === undefined || value === null ? null : textOf(value))
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    differ(name, text(before[name]), text(after[name])),
  )
  return parts.map(({ attribute, words }) => `${attribute} ${words}`).join('; ') || undefined
}

/** Shows much of a long text: addresses can differ in their last letter alone. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value))
  return text.length > VALUE_MAX_LENGTH ? `${text.slice(0, VALUE_MAX_LENGTH)}…` : text
}

/** @returns whether a URL, also one without its scheme, contains a user name or a password */
function hasPassword(...values: readonly unknown[]): boolean {
  return values.some((value) => typeof value === 'string' && /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i.test(value))
}
