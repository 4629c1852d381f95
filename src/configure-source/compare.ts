import { isRecord, textOf } from '../imgix/errors.ts'
import type { SourceChange, SourceResource } from '../imgix/sources.ts'
import { DEPLOYMENT, READ_ONLY, type Rules, UPLOAD_CREDENTIALS } from './attributes.ts'
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
type Attributes = SourceResource['attributes']

const VALUE_MAX_LENGTH = 500
const CHANGED = '(changed)'
export const NOT_COMPARABLE = '(not comparable)'

/**
 * Pure: compares a Source with the file.
 * @param attributes of the Source; `{}` for a Source to create
 * @param force also send attributes that can't be compared
 */
export function compare(wanted: Configuration, attributes: Attributes, force: boolean): Comparison {
  const differences: Difference[] = []
  const notComparable: string[] = []
  const change: { -readonly [Name in keyof SourceChange]: SourceChange[Name] } = {}
  for (const name of ['name', 'enabled'] as const) {
    const words = wanted[name] === undefined ? undefined : compareValues(attributes[name], wanted[name])
    if (words === undefined) continue
    differences.push({ attribute: name, words })
    Object.assign(change, { [name]: wanted[name] })
  }
  const note = (object: string, found: Found[]): boolean => {
    const differing = found.filter(({ words }) => words !== NOT_COMPARABLE)
    const hidden = found.filter(({ words }) => words === NOT_COMPARABLE)
    differences.push(...differing.map(({ name, words }) => ({ attribute: `${object}${name}`, words })))
    notComparable.push(...hidden.map(({ name }) => `${object}${name}`))
    return differing.length > 0 || (force && hidden.length > 0)
  }
  const { deployment, uploadCredentials } = wanted
  const current: Values = isRecord(attributes.deployment) ? attributes.deployment : {}
  if (deployment !== undefined) {
    const found = compareObjects(current, deployment, { object: 'deployment', rules: DEPLOYMENT, wanted })
    if (note('deployment.', found)) change.deployment = { ...keptOf(current, deployment), ...deployment }
  }
  if (uploadCredentials !== undefined && note('upload_credentials', compareCredentials(wanted, attributes))) {
    change.upload_credentials = uploadCredentials
  }
  return { differences, notComparable, change }
}

type Found = { readonly name: string; readonly words: string }
type Part = { readonly object: string; readonly rules: Rules; readonly wanted: Configuration }

function compareObjects(current: Values, values: Values, { object, rules, wanted }: Part): Found[] {
  const isOther = current.type !== values.type
  return Object.entries(values).flatMap(([name, value]) => {
    const before = current[name]
    const { credential } = rules[name] ?? {}
    const isHidden = credential !== undefined || wanted.secrets.has(`${object}.${name}`) || hasPassword(before, value)
    if (!isHidden) {
      const words = compareValues(before, value)
      return words === undefined ? [] : [{ name, words }]
    }
    if (isOther) return [{ name, words: CHANGED }]
    if (credential === 'secret' || typeof before !== 'string' || value === '') return [{ name, words: NOT_COMPARABLE }]
    return before === value ? [] : [{ name, words: CHANGED }]
  })
}

/** Compares the credentials as a whole: the reference does not say which of them imgix returns. */
function compareCredentials(wanted: Configuration, attributes: Attributes): Found[] {
  const { upload_credentials: current, deployment } = attributes
  const values = wanted.uploadCredentials ?? {}
  if (isRecord(current)) {
    const part = { object: 'upload_credentials', rules: UPLOAD_CREDENTIALS, wanted }
    const found = compareObjects(current, values, part)
    const isChanged = found.some(({ words }) => words !== NOT_COMPARABLE)
    return found.length === 0 ? [] : [{ name: '', words: isChanged ? CHANGED : NOT_COMPARABLE }]
  }
  const mayUpload = isRecord(deployment) ? deployment.allows_upload : false
  return [{ name: '', words: mayUpload === false ? CHANGED : NOT_COMPARABLE }]
}

/** The attributes that the file does not name. They are sent too, because imgix replaces a deployment as a whole. */
function keptOf(current: Values, deployment: Values): Values {
  const isKept = (name: string): boolean => {
    const of = Object.hasOwn(DEPLOYMENT, name) ? DEPLOYMENT[name]?.of : undefined
    return !READ_ONLY.includes(name) && (of === undefined || of === deployment.type)
  }
  return Object.fromEntries(Object.entries(current).filter(([name]) => isKept(name)))
}

/** @returns undefined if they are the same */
function compareValues(before: unknown, after: unknown): string | undefined {
  if (Array.isArray(after)) return compareLists(Array.isArray(before) ? before.map(String) : [], after.map(String))
  if (isRecord(after)) return compareMaps(isRecord(before) ? before : {}, after)
  if (isNothing(before) && isNothing(after)) return undefined
  if (isNothing(before)) return `set to ${show(after)}`
  if (before === after) return undefined
  return isNothing(after) ? `removed: ${show(before)}` : `from ${show(before)} to ${show(after)}`
}

/** Ignores the order: it has no meaning, and imgix may change it. */
function compareLists(before: readonly string[], after: readonly string[]): string | undefined {
  const [had, wanted] = [new Set(before), new Set(after)]
  const added = after.filter((item) => !had.has(item))
  const gone = before.filter((item) => !wanted.has(item))
  const parts = [
    ...(added.length > 0 ? [`added: ${added.map(show).join(', ')}`] : []),
    ...(gone.length > 0 ? [`removed: ${gone.map(show).join(', ')}`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

/** Compares parameters as text: they become part of a URL, where 100 and '100' are the same. */
function compareMaps(before: Values, after: Values): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const parts = names.flatMap((name) => {
    const [old, value] = [before[name], after[name]].map((each) => (isNothing(each) ? undefined : textOf(each)))
    const words = compareValues(old, value)
    return words === undefined ? [] : [`${name} ${words}`]
  })
  return parts.length === 0 ? undefined : parts.join('; ')
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
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
