import { readFileSync } from 'node:fs'
import { Ajv, type SchemaObject } from 'ajv'
import { expect } from 'vitest'
import { parseDocument } from 'yaml'

const read = (name: string): SchemaObject =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), 'utf8')) as SchemaObject

// strictNumbers: YAML's .inf is a number, which JSON has not
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, strictNumbers: false })
const validators = {
  source: ajv.compile(read('source')),
  metadata: ajv.compile(read('metadata')),
  report: ajv.compile(closed(read('report'))),
}

/** Editors accept fields of a later version. The tests do not: a new field belongs into the schema. */
function closed(schema: SchemaObject): SchemaObject {
  const within = Object.entries(schema).map(([key, value]) => [key, isObject(value) ? closed(value) : value])
  const copy = Object.fromEntries(within) as SchemaObject
  return schema.type === 'object' && isObject(schema.properties) ? { ...copy, additionalProperties: false } : copy
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns what the schema has against a value */
export function findMistakes(name: keyof typeof validators, value: unknown): string[] {
  const validate = validators[name]
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** What no schema can see: YAML that has no value, values of variables, inputs, the size of a text. */
const UNSEEN = [
  /^(\d+:\d+: )?(a key must be a text|the alias .* has no value|'.*' is there twice$)/,
  /the (value of the )?variable\b.* is (not set|empty|not an absolute URL)/,
  /the variable \w+ has (to be one line|the api-key)/,
  /which a Source needs without source-id$/,
  /is not a parameter of imgix|\.nan'/,
  /deployment has \d+ domains, imgix_subdomains and custom_domains together; /,
  /(larger than 1 MB|more than \d+ (values|lines).*|nested too deeply)$/,
  / is without a value; /,
]

/** Holds a schema to what the code says of a file.
 *  @param problems that the code finds */
export function expectSameVerdict(name: 'source' | 'metadata', text: string, problems: readonly string[]): void {
  if (problems.length > 0 && problems.every((problem) => UNSEEN.some((kind) => kind.test(problem)))) return
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { schema: 'core', resolveKnownTags: false })
  const unread = [...document.errors, ...document.warnings].map(({ message }) => message)
  const mistakes = unread.length > 0 ? unread : findMistakes(name, document.toJS())
  expect({ text, isValid: mistakes.length === 0, mistakes }).toMatchObject({ text, isValid: problems.length === 0 })
}
