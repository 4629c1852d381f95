import { isRecord } from '../imgix/errors.ts'
import type { SourceChange, SourceResource } from '../imgix/sources.ts'
import { DEPLOYMENT, READ_ONLY, type Rules, UPLOAD_CREDENTIALS } from './attributes.ts'
import type { Configuration, Values } from './configuration.ts'

/** One attribute, and in words how the file differs from the Source. */
export type Difference = { readonly attribute: string; readonly words: string }
export type Comparison = {
  readonly differences: readonly Difference[]
  /** attributes that imgix does not tell */
  readonly notComparable: readonly string[]
  /** what to send so that the Source is as the file has it: `{}` for nothing */
  readonly change: SourceChange
}
type Attributes = SourceResource['attributes']

const VALUE_MAX_LENGTH = 500
const CHANGED = '(changed)'
export const NOT_COMPARABLE = '(not comparable)'

/**
 * Pure: how a Source differs from what the file wants of it.
 * @param attributes of the Source; `{}` for one that is not there
 * @param force what can't be compared is sent as well
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
type Place = { readonly object: string; readonly rules: Rules; readonly wanted: Configuration }

function compareObjects(current: Values, values: Values, { object, rules, wanted }: Place): Found[] {
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

/** As one: what of them comes back, if anything does, the reference does not say. */
function compareCredentials(wanted: Configuration, attributes: Attributes): Found[] {
  const { upload_credentials: current, deployment } = attributes
  const values = wanted.uploadCredentials ?? {}
  if (isRecord(current)) {
    const place = { object: 'upload_credentials', rules: UPLOAD_CREDENTIALS, wanted }
    const found = compareObjects(current, values, place)
    const isChanged = found.some(({ words }) => words !== NOT_COMPARABLE)
    return found.length === 0 ? [] : [{ name: '', words: isChanged ? CHANGED : NOT_COMPARABLE }]
  }
  const mayUpload = isRecord(deployment) ? deployment.allows_upload : false
  return [{ name: '', words: mayUpload === false ? CHANGED : NOT_COMPARABLE }]
}

/** What the Source has and the file does not name: imgix replaces a deployment whole, so that it has to be sent along. */
function keptOf(current: Values, deployment: Values): Values {
  const isKept = (name: string): boolean => {
    const of = Object.hasOwn(DEPLOYMENT, name) ? DEPLOYMENT[name]?.of : undefined
    return !READ_ONLY.includes(name) && (of === undefined || of === deployment.type)
  }
  return Object.fromEntries(Object.entries(current).filter(([name]) => isKept(name)))
}

/** @returns undefined where they are the same */
function compareValues(before: unknown, after: unknown): string | undefined {
  if (Array.isArray(after)) return compareLists(Array.isArray(before) ? before.map(String) : [], after.map(String))
  if (isRecord(after)) return compareMaps(isRecord(before) ? before : {}, after)
  if (isNothing(before) && isNothing(after)) return undefined
  if (isNothing(before)) return `set to ${show(after)}`
  if (before === after) return undefined
  return isNothing(after) ? `taken away: ${show(before)}` : `from ${show(before)} to ${show(after)}`
}

/** imgix need not keep the order: it means nothing. */
function compareLists(before: readonly string[], after: readonly string[]): string | undefined {
  const added = after.filter((item) => !before.includes(item))
  const gone = before.filter((item) => !after.includes(item))
  const parts = [
    ...(added.length > 0 ? [`added: ${added.map(show).join(', ')}`] : []),
    ...(gone.length > 0 ? [`taken away: ${gone.map(show).join(', ')}`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

/** A parameter is part of a URL: 100 and '100' are the same. */
function compareMaps(before: Values, after: Values): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const parts = names.flatMap((name) => {
    const [old, value] = [before[name], after[name]].map((each) => (isNothing(each) ? undefined : String(each)))
    const words = compareValues(old, value)
    return words === undefined ? [] : [`${name} ${words}`]
  })
  return parts.length === 0 ? undefined : parts.join('; ')
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** Addresses are long, and may differ in their last letter only. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value))
  return text.length > VALUE_MAX_LENGTH ? `${text.slice(0, VALUE_MAX_LENGTH)}…` : text
}

/** The address of a folder may hold a user name and a password, at imgix too. */
function hasPassword(...values: readonly unknown[]): boolean {
  return values.some((value) => typeof value === 'string' && /^https?:\/\/[^/?#]*@/i.test(value))
}
