import type { Attributes } from '../events.ts'
import { type Metadata, NO_ATTRIBUTES, RECORD_FIELD } from './metadata.ts'
import type { Matcher } from './patterns.ts'
import type { Placed } from './text-file.ts'
import { parseFiles } from './values.ts'
import {
  describe,
  quote,
  type Report,
  readYaml,
  refuse,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from './yaml.ts'

const ALLOWED = 'allowed are categories, custom_fields, description, name and tags'

/**
 * Reads the metadata file: a map from patterns, as in `files`, to attributes.
 * @returns the rules, or all problems, each with the allowed values
 */
export function parseMetadata(text: string): Metadata | { problems: readonly Placed[] } {
  const { root, problems, place } = readYaml(text)
  const report: Report = (at, message) => void problems.push({ at, message })
  const rules = root === undefined ? [] : readRules(root, report)
  return problems.length === 0 ? { rules } : { problems: place(problems) }
}

function readRules(root: YamlNode, report: Report): Metadata['rules'] {
  if (root.kind === 'scalar' && root.value === null) return []
  if (root.kind !== 'map') return refuse(root, 'the file', 'a map from patterns to attributes', report) ?? []
  return root.entries.flatMap((entry) => {
    const matches = readPattern(entry, report)
    const attributes = readAttributes(entry, report)
    return matches === undefined ? [] : [{ pattern: entry.key, line: entry.line, matches, attributes }]
  })
}

function readPattern({ key, at }: YamlEntry, report: Report): Matcher | undefined {
  const matches = /^\s*[!#]|[\r\n]/.test(key)
    ? { allowed: 'one pattern that takes files, without ! and # before it' }
    : parseFiles(key)
  return typeof matches === 'function' ? matches : report(at, `${quote(key)} is not allowed; ${matches.allowed}`)
}

function readAttributes({ key: pattern, value: node }: YamlEntry, report: Report): Attributes {
  const attributes: { -readonly [Name in keyof Attributes]: Attributes[Name] } = { ...NO_ATTRIBUTES }
  if (node.kind !== 'map' || node.entries.length === 0) {
    report(node.at, `${quote(pattern)} is ${describe(node)}; ${ALLOWED}`)
    return attributes
  }
  for (const entry of node.entries) {
    const { key, at, value } = entry
    if (key === 'categories') attributes.categories = readCategories(value, report)
    else if (key === 'custom_fields') attributes.customFields = readObject(entry, readField, report)
    else if (key === 'tags') attributes.tags = readObject(entry, readConfidence, report)
    else if (key === 'description' || key === 'name') attributes[key] = readText(entry, report)
    else report(at, `${quote(key)} is not known; ${ALLOWED}`)
  }
  return attributes
}

function readCategories(node: YamlNode, report: Report): string[] {
  if (node.kind !== 'list' || node.items.length === 0) {
    return refuse(node, 'categories', 'a list of texts, such as [product, summer]', report) ?? []
  }
  return node.items.flatMap(
    (item) => textOf(item) ?? refuse(item, 'a category', `a text${inQuotes(item)}`, report) ?? [],
  )
}

function readObject<T>(
  { key: name, value: node }: YamlEntry,
  readValue: (entry: YamlEntry, report: Report) => T | undefined,
  report: Report,
): Record<string, T> {
  if (node.kind !== 'map' || node.entries.length === 0) {
    return refuse(node, name, 'a map from keys to values', report) ?? {}
  }
  const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined))
}

/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }: YamlEntry, report: Report): string | null | undefined {
  if (key === RECORD_FIELD)
    return report(at, `the custom field '${RECORD_FIELD}' is the action's own; allowed is any other name`)
  if (isNull(node)) return null
  if (isNumberOrBoolean(node)) return node.source
  const allowed = 'a text, a number, true or false, or null to take it away'
  return textOf(node) ?? refuse(node, `the custom field ${quote(key)}`, allowed, report)
}

function readConfidence({ key, value: node }: YamlEntry, report: Report): number | null | undefined {
  if (isNull(node)) return null
  const value = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : Number.NaN
  if (value >= 0 && value <= 1) return value
  return refuse(node, `the tag ${quote(key)}`, 'a confidence from 0 to 1, or null to take it away', report)
}

function readText({ key: name, value: node }: YamlEntry, report: Report): string | null | undefined {
  if (isNull(node)) return null
  return textOf(node) ?? refuse(node, name, `a text${inQuotes(node)}, or null to clear it`, report)
}

/** @returns the trimmed text; undefined for an empty text, and for other values */
function textOf(node: YamlNode): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !node.value.isWellFormed()) return undefined
  return node.value.trim() || undefined
}

/** An explicit null. A missing value is usually a mistake. */
function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null && node.source !== ''
}

function isNumberOrBoolean(node: YamlNode): node is YamlScalar {
  return node.kind === 'scalar' && ['number', 'boolean'].includes(typeof node.value)
}

function inQuotes(node: YamlNode): string {
  return isNumberOrBoolean(node) ? ' (put it in quotes)' : ''
}
