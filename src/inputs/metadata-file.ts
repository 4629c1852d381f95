import type { Attributes } from '../events.ts'
import { type Metadata, NO_ATTRIBUTES, RECORD_FIELD } from './metadata.ts'
import type { Matcher } from './patterns.ts'
import type { Placed } from './text-file.ts'
import { parseFiles } from './values.ts'
import { describe, quote, readYaml, type YamlEntry, type YamlNode, type YamlScalar } from './yaml.ts'

type Report = (at: number, message: string) => void

const ALLOWED = 'allowed are categories, custom_fields, description, name and tags'

/**
 * Reads the metadata file: a map from patterns, as in `files`, to attributes.
 * @returns the rules, or all problems, each with the allowed values
 */
export function parseMetadata(text: string): Metadata | { problems: readonly Placed[] } {
  const { root, problems, place } = readYaml(text)
  const report: Report = (at, message) => problems.push({ at, message })
  const rules = root === undefined ? [] : readRules(root, report, (at) => place([{ at, message: '' }])[0]?.line ?? 1)
  return problems.length === 0 ? { rules } : { problems: place(problems) }
}

function readRules(root: YamlNode, report: Report, lineAt: (at: number) => number): Metadata['rules'] {
  if (root.kind === 'scalar' && root.value === null) return []
  if (root.kind !== 'map') {
    report(root.at, `the file is ${describe(root)}; allowed is a map from patterns to attributes`)
    return []
  }
  return root.entries.flatMap((entry) => {
    const matches = readPattern(entry, report)
    const attributes = readAttributes(entry, report)
    return matches === undefined ? [] : [{ pattern: entry.key, line: lineAt(entry.at), matches, attributes }]
  })
}

function readPattern({ key, at }: YamlEntry, report: Report): Matcher | undefined {
  if (/^\s*[!#]|[\r\n]/.test(key)) {
    report(at, `${quote(key)} is not allowed; one pattern that takes files, without ! and # before it`)
    return undefined
  }
  const matches = parseFiles(key)
  if (typeof matches === 'function') return matches
  report(at, `${quote(key)} is not allowed; ${matches.allowed}`)
  return undefined
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
    report(node.at, `categories is ${describe(node)}; allowed is a list of texts, such as [product, summer]`)
    return []
  }
  const texts = node.items.map((item) => {
    const text = textOf(item)
    if (text === undefined) report(item.at, `a category is ${describe(item)}; allowed is a text${inQuotes(item)}`)
    return text
  })
  return texts.filter((text) => text !== undefined)
}

function readObject<T>(
  { key: name, value: node }: YamlEntry,
  readValue: (entry: YamlEntry, report: Report) => T | undefined,
  report: Report,
): Record<string, T> {
  if (node.kind !== 'map' || node.entries.length === 0) {
    report(node.at, `${name} is ${describe(node)}; allowed is a map from keys to values`)
    return {}
  }
  const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined))
}

/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }: YamlEntry, report: Report): string | null | undefined {
  if (key === RECORD_FIELD) {
    report(at, `the custom field '${RECORD_FIELD}' is the action's own; allowed is any other name`)
    return undefined
  }
  const field = isNull(node) ? null : isScalarOf(node, 'number', 'boolean') ? node.source : textOf(node)
  if (field === undefined) {
    const allowed = 'allowed is a text, a number, true or false, or null to take it away'
    report(node.at, `the custom field ${quote(key)} is ${describe(node)}; ${allowed}`)
  }
  return field
}

function readConfidence({ key, value: node }: YamlEntry, report: Report): number | null | undefined {
  if (isNull(node)) return null
  if (isScalarOf(node, 'number') && Number(node.value) >= 0 && Number(node.value) <= 1) return Number(node.value)
  const allowed = 'allowed is a confidence from 0 to 1, or null to take it away'
  report(node.at, `the tag ${quote(key)} is ${describe(node)}; ${allowed}`)
  return undefined
}

function readText({ key: name, value: node }: YamlEntry, report: Report): string | null | undefined {
  const text = isNull(node) ? null : textOf(node)
  if (text === undefined)
    report(node.at, `${name} is ${describe(node)}; allowed is a text${inQuotes(node)}, or null to clear it`)
  return text
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

function isScalarOf(node: YamlNode, ...types: ('number' | 'boolean')[]): node is YamlScalar {
  return node.kind === 'scalar' && types.some((type) => typeof node.value === type)
}

function inQuotes(node: YamlNode): string {
  return isScalarOf(node, 'number', 'boolean') ? ` (put it in quotes)` : ''
}
