import { TextFileError } from '../inputs/text-file.ts'
import { quote, readYaml, type YamlEntry, type YamlNode, type YamlProblem } from '../inputs/yaml.ts'
import { DEPLOYMENT, nearest, READ_ONLY, type Rule, type Rules, TYPES, UPLOAD_CREDENTIALS } from './attributes.ts'
import { isScalar, isUrl, type Read, type Report, readBoolean, readText, readUrl, refuse } from './values.ts'
import type { Resolve } from './variables.ts'

export type Values = Readonly<Record<string, unknown>>

/** The contents of the file. An attribute that it does not name stays as it is. */
export type Configuration = {
  readonly name?: string
  readonly enabled?: boolean
  /** complete: a new Source needs all of it */
  readonly deployment?: Values
  readonly uploadCredentials?: Values
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

/** Reads and checks the whole file.
 *  @throws TextFileError with all problems */
export function parseConfiguration(text: string, options: Options): Configuration {
  const { root, problems: found, place } = readYaml(text)
  const problems = found.map((problem) => ({ ...problem, message: explainBraces(text, problem) ?? problem.message }))
  const reading: Reading = { ...options, report: (at, message) => problems.push({ at, message }), secrets: new Set() }
  if (root === undefined && problems.length === 0) problems.push({ at: 0, message: EMPTY })
  const configuration = root === undefined ? { secrets: reading.secrets } : readRoot(root, reading)
  if (problems.length === 0) return configuration
  throw new TextFileError(options.file, place(problems))
}

/** A better message than the parser's for a variable without quotes inside braces or brackets. */
function explainBraces(text: string, { at }: YamlProblem): string | undefined {
  const content = text.replace(/^\uFEFF/, '')
  return content.slice(at - 1, at + 1) === '${' ? `\${NAME} has to be in quotes here` : undefined
}

const EMPTY = `the file is empty; it takes ${TOP.join(', ').replace(/, (?=\w+$)/, ' and ')}`

function readRoot(root: YamlNode, reading: Reading): Configuration {
  const { report, mayCreate, secrets } = reading
  if (root.kind !== 'map' || root.entries.length === 0) {
    const isEmpty = root.kind === 'map' || (isScalar(root) && root.value === null)
    if (isEmpty) report(root.at, EMPTY)
    else refuse(root, 'the file', 'a map with name, enabled, deployment and upload_credentials', report)
    return { secrets }
  }
  const entries = new Map(root.entries.map((entry) => [entry.key, entry]))
  for (const { key, at } of root.entries) if (!TOP.includes(key)) report(at, explainUnknown(key, '', TOP))
  const lacks = mayCreate ? ['name', 'deployment'].filter((name) => !entries.has(name)) : []
  if (lacks.length > 0) report(root.at, `the file lacks ${lacks.join(' and ')}, which a Source needs without source-id`)
  const name = readPlain(entries.get('name'), readText, reading)
  const enabled = readPlain(entries.get('enabled'), readBoolean, reading)
  const deployment = readObject(entries.get('deployment'), DEPLOYMENT, reading)
  const credentials = readObject(entries.get('upload_credentials'), UPLOAD_CREDENTIALS, reading)
  checkTypes(entries.get('upload_credentials'), { deployment, credentials }, report)
  const tooMany = deployment && explainDomains(deployment)
  if (tooMany !== undefined) report(entries.get('deployment')?.at ?? root.at, tooMany)
  return {
    ...(name !== undefined && { name: name as string }),
    ...(enabled !== undefined && { enabled: enabled as boolean }),
    ...(deployment !== undefined && { deployment }),
    ...(credentials !== undefined && { uploadCredentials: credentials }),
    secrets,
  }
}

/** @param prefix of the names, such as `deployment.` */
function explainUnknown(key: string, prefix: string, known: readonly string[]): string {
  const name = quote(`${prefix}${key}`)
  if (READ_ONLY.includes(key)) return `${name} is set by imgix and can't be set here`
  if (prefix === '' && Object.hasOwn(DEPLOYMENT, key)) return `${name} is an attribute of deployment; put it there`
  if (prefix !== '' && ['name', 'enabled'].includes(key))
    return `${name} is not an attribute of ${prefix.slice(0, -1)}; put it at the top of the file`
  const near = nearest(key, known)
  return `${name} is not known; ${near === undefined ? `allowed are ${known.join(', ')}` : `did you mean ${prefix}${near}?`}`
}

function readPlain(entry: YamlEntry | undefined, read: Read, { report }: Reading): unknown {
  if (entry === undefined || hasVariable(entry.value, entry.key, report)) return undefined
  return read(entry.value, entry.key, report)
}

/** @returns undefined for an entry that is missing or is not a map */
function readObject(entry: YamlEntry | undefined, rules: Rules, reading: Reading): Values | undefined {
  if (entry === undefined) return undefined
  const { report } = reading
  if (entry.value.kind !== 'map') return refuse(entry.value, entry.key, 'a map from attributes to values', report)
  const prefix = `${entry.key}.`
  const typeNode = entry.value.entries.find(({ key }) => key === 'type')?.value
  const type = typeNode?.kind === 'scalar' ? typeNode.value : undefined
  const values: Record<string, unknown> = {}
  for (const { key, at, value } of entry.value.entries) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    const known = Object.keys(rules).filter((name) => rules[name]?.of === undefined || rules[name]?.of === type)
    if (rule === undefined) report(at, explainUnknown(key, prefix, known))
    else if (rule.of !== undefined && rule.of !== type && isType(type)) {
      report(at, `${prefix}${key} is for Sources of type ${rule.of}, and this one is of type ${type}`)
    } else values[key] = readAttribute(value, { name: `${prefix}${key}`, rule }, reading)
  }
  const present = entry.value.entries.map(({ key }) => key)
  const missing = Object.entries(rules)
    .filter(([name, { isRequired, of }]) => isRequired && (of ?? type) === type && !present.includes(name))
    .map(([name]) => name)
  if (missing.length > 0) report(entry.at, explainLack(entry.key, missing, type))
  return values
}

function isType(value: unknown): boolean {
  return TYPES.some((type) => type === value)
}

function explainLack(object: string, missing: readonly string[], type: unknown): string {
  const names = missing.join(', ').replace(/, (?=\w+$)/, ' and ')
  const of = isType(type) && !missing.includes('type') ? ` of type ${type}` : ''
  return `${object} lacks ${names}, required${of}: imgix replaces ${object} as a whole, and never returns its secrets`
}

function readAttribute(node: YamlNode, { name, rule }: { name: string; rule: Rule }, reading: Reading): unknown {
  const { report, resolve, secrets } = reading
  const { credential, mayBeSecret } = rule
  if (credential === undefined && !mayBeSecret) {
    return hasVariable(node, name, report) ? undefined : rule.read(node, name, report)
  }
  if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${')) {
    if (credential !== 'secret') return rule.read(node, name, report)
    report(node.at, `${name} is written as plain text; allowed is \${NAME}, a variable in the step's env`)
    return undefined
  }
  const resolved = resolve(node.value)
  if ('problem' in resolved) report(node.at, `${name}: ${resolved.problem}`)
  else if (rule.read === readUrl && resolved.value !== '' && !isUrl(resolved.value)) {
    report(node.at, `${name}: the value of the variable is not an absolute URL`)
  } else {
    secrets.add(name)
    return resolved.value
  }
  return undefined
}

/** Reports a variable in an attribute whose value imgix shows. */
function hasVariable(node: YamlNode, name: string, report: Report): boolean {
  if (node.kind === 'map') return node.entries.map(({ value }) => hasVariable(value, name, report)).includes(true)
  if (node.kind === 'list') return node.items.map((item) => hasVariable(item, name, report)).includes(true)
  if (typeof node.value !== 'string' || !node.value.includes('${')) return false
  report(node.at, `${name} can't be a variable: \${NAME} is for credentials and for webfolder_base_url`)
  return true
}

/** imgix's limit for the subdomains and custom domains of one Source; read 2026-11 in the reference of Sources. */
const DOMAINS_MAX = 100

/** @returns the problem of a deployment with too many domains */
export function explainDomains(deployment: Values): string | undefined {
  const { imgix_subdomains: subdomains, custom_domains: customDomains } = deployment
  const [own, others] = [subdomains, customDomains].map((list) => (Array.isArray(list) ? list.length : 0))
  const all = Number(own) + Number(others)
  if (all <= DOMAINS_MAX) return undefined
  return `deployment has ${all} domains, imgix_subdomains and custom_domains together; allowed are ${DOMAINS_MAX}`
}

type Both = { deployment: Values | undefined; credentials: Values | undefined }

function checkTypes(entry: YamlEntry | undefined, { deployment, credentials }: Both, report: Report): void {
  if (entry === undefined || deployment?.type === undefined || credentials?.type === undefined) return
  if (deployment.type === credentials.type) return
  report(
    entry.at,
    `upload_credentials are of type ${credentials.type}, and the deployment is of type ${deployment.type}; they have to be the same`,
  )
}
