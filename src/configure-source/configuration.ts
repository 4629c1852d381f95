import { textOf } from '../imgix/errors.ts'
import { TextFileError } from '../inputs/text-file.ts'
import { type Report, readYaml, refuse, type YamlEntry, type YamlNode, type YamlProblem } from '../inputs/yaml.ts'
import { DEPLOYMENT, explainUnknown, type Rule, type Rules, TYPES, typeOf, UPLOAD_CREDENTIALS } from './attributes.ts'
import { enumerate, isUrl, readBoolean, readText } from './values.ts'
import type { Resolve } from './variables.ts'

export type Values = Readonly<Record<string, unknown>>

/** The contents of the file. An attribute that it does not name stays as it is. */
export type Configuration = {
  readonly name?: string | undefined
  readonly enabled?: boolean | undefined
  /** complete: a new Source needs all of it */
  readonly deployment?: (Values & { readonly imgix_subdomains: readonly string[] }) | undefined
  readonly upload_credentials?: Values | undefined
  /** the attributes whose values come from variables, such as `deployment.s3_secret_key` */
  readonly secrets: ReadonlySet<string>
}

type Options = {
  readonly file: string
  /** the Source need not exist, so the file has to be complete */
  readonly mayCreate: boolean
  readonly resolve: Resolve
}
type Reading = Options & { readonly report: Report; readonly secrets: Set<string> }

const TOP = ['name', 'enabled', 'deployment', 'upload_credentials']
const EMPTY = `the file is empty; it takes ${enumerate(TOP)}`

/** Reads and checks the whole file.
 *  @throws TextFileError with all problems */
export function parseConfiguration(text: string, options: Options): Configuration {
  const { root, problems: found, place } = readYaml(text)
  const problems = found.map((problem) => ({ ...problem, message: explainBraces(text, problem) ?? problem.message }))
  const report: Report = (at, message) => void problems.push({ at, message })
  const reading: Reading = { ...options, report, secrets: new Set() }
  const configuration = root && readRoot(root, reading)
  if (root === undefined && problems.length === 0) report(0, EMPTY)
  if (configuration === undefined || problems.length > 0) throw new TextFileError(options.file, place(problems))
  return configuration
}

/** A better message than the parser's for a variable without quotes inside braces or brackets. */
function explainBraces(text: string, { at }: YamlProblem): string | undefined {
  const content = text.replace(/^\uFEFF/, '')
  return content.slice(at - 1, at + 1) === '${' ? `\${NAME} has to be in quotes here` : undefined
}

/** @returns undefined for a file that is not a map */
function readRoot(root: YamlNode, reading: Reading): Configuration | undefined {
  const { report, mayCreate, secrets } = reading
  if (root.kind !== 'map' || root.entries.length === 0) {
    const isEmpty = root.kind === 'map' || (root.kind === 'scalar' && root.value === null)
    return isEmpty ? report(root.at, EMPTY) : refuse(root, 'the file', `a map with ${enumerate(TOP)}`, report)
  }
  const entries = new Map(root.entries.map((entry) => [entry.key, entry]))
  for (const { key, at } of root.entries) if (!TOP.includes(key)) report(at, explainUnknown(key, '', TOP))
  const lacks = mayCreate ? ['name', 'deployment'].filter((name) => !entries.has(name)) : []
  if (lacks.length > 0) report(root.at, `the file lacks ${lacks.join(' and ')}, which a Source needs without source-id`)
  const name = readAttribute(entries.get('name'), { read: readText }, reading) as string | undefined
  const enabled = readAttribute(entries.get('enabled'), { read: readBoolean }, reading) as boolean | undefined
  const deployment = readObject(entries.get('deployment'), DEPLOYMENT, reading) as Configuration['deployment']
  const credentials = readObject(entries.get('upload_credentials'), UPLOAD_CREDENTIALS, reading)
  const otherType = explainTypes(credentials, deployment, 'the deployment')
  if (otherType !== undefined) report(entries.get('upload_credentials')?.at ?? root.at, otherType)
  const tooMany = explainDomains(deployment)
  if (tooMany !== undefined) report(entries.get('deployment')?.at ?? root.at, tooMany)
  return { name, enabled, deployment, upload_credentials: credentials, secrets }
}

/** @returns undefined for an entry that is missing or is not a map */
function readObject(entry: YamlEntry | undefined, rules: Rules, reading: Reading): Values | undefined {
  if (entry === undefined) return undefined
  const { report } = reading
  const { key: object, value: node } = entry
  if (node.kind !== 'map') return refuse(node, object, 'a map from attributes to values', report)
  const typeNode = node.entries.find(({ key }) => key === 'type')?.value
  const type = TYPES.find((each) => typeNode?.kind === 'scalar' && typeNode.value === each)
  const known = Object.keys(rules).filter((name) => [undefined, type].includes(typeOf(name)))
  const values: Record<string, unknown> = {}
  for (const attribute of node.entries) {
    const { key, at } = attribute
    const [name, rule] = [`${object}.${key}`, Object.hasOwn(rules, key) ? rules[key] : undefined]
    if (rule === undefined) report(at, explainUnknown(key, `${object}.`, known))
    else if (type !== undefined && !known.includes(key))
      report(at, `${name} is for Sources of type ${typeOf(key)}, and this one is of type ${type}`)
    else values[key] = readAttribute({ ...attribute, key: name }, rule, reading)
  }
  const missing = known.filter((name) => rules[name]?.isRequired && !node.entries.some(({ key }) => key === name))
  const ofType = type === undefined ? '' : ` of type ${type}`
  const why = `imgix replaces ${object} as a whole, and never returns its secrets`
  if (missing.length > 0) report(entry.at, `${object} lacks ${enumerate(missing)}, required${ofType}: ${why}`)
  return values
}

/** @param entry with the attribute's whole name as its key
 *  @returns undefined for an entry that is missing, and after a problem */
function readAttribute(entry: YamlEntry | undefined, rule: Rule, { report, resolve, secrets }: Reading): unknown {
  if (entry === undefined) return undefined
  const { key: name, value: node } = entry
  if (rule.credential === undefined && !rule.mayBeSecret)
    return hasVariable(node, name, report) ? undefined : rule.read(node, name, report)
  if (node.kind !== 'scalar' || !isVariable(node.value)) {
    if (rule.credential !== 'secret') return rule.read(node, name, report)
    return report(node.at, `${name} is written as plain text; allowed is \${NAME}, a variable in the step's env`)
  }
  const value = resolve(node.value, (problem) => report(node.at, `${name}: ${problem}`))
  if (value === undefined) return undefined
  if (rule.mayBeSecret && value !== '' && !isUrl(value))
    return report(node.at, `${name}: the value of the variable is not an absolute URL`)
  secrets.add(name)
  return value
}

function isVariable(value: unknown): value is string {
  return typeof value === 'string' && value.includes('${')
}

/** Reports a variable in an attribute whose value imgix shows. */
function hasVariable(node: YamlNode, name: string, report: Report): boolean {
  if (node.kind === 'map') return node.entries.map(({ value }) => hasVariable(value, name, report)).includes(true)
  if (node.kind === 'list') return node.items.map((item) => hasVariable(item, name, report)).includes(true)
  if (!isVariable(node.value)) return false
  report(node.at, `${name} can't be a variable: \${NAME} is for credentials and for webfolder_base_url`)
  return true
}

/** imgix's limit for the subdomains and custom domains of one Source; read 2026-11 in the reference of Sources. */
const DOMAINS_MAX = 100

/** @returns the problem of a deployment with too many domains */
export function explainDomains({ imgix_subdomains: subdomains, custom_domains: own }: Values = {}): string | undefined {
  const { length } = [subdomains, own].flatMap((list) => (Array.isArray(list) ? list : []))
  if (length <= DOMAINS_MAX) return undefined
  return `deployment has ${length} domains, imgix_subdomains and custom_domains together; allowed are ${DOMAINS_MAX}`
}

/** @param whose `the deployment` or a Source
 *  @returns the problem of credentials that are not of the deployment's type */
export function explainTypes({ type }: Values = {}, { type: other }: Values = {}, whose: string): string | undefined {
  if (type === undefined || other === undefined || type === other) return undefined
  return `upload_credentials are of type ${type}, and ${whose} is of type ${textOf(other)}; they have to be the same`
}
