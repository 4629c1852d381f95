import { asObject, refuse } from './documents.ts'
import type { SourceType } from './state.ts'

type Kind = 'boolean' | 'domains' | 'params' | 'string' | 'string or null' | 'subdomains' | 'ttl' | readonly string[]
type Table = Readonly<Record<string, Kind>>

/** The attributes of a deployment: docs.imgix.com/apis/management/sources, read 2026-11 */
const common: Table = {
  annotation: 'string',
  cache_ttl_behavior: ['respect_origin', 'override_origin', 'enforce_minimum'],
  cache_ttl_error: 'ttl',
  cache_ttl_value: 'ttl',
  crossdomain_xml_enabled: 'boolean',
  custom_domains: 'domains',
  default_params: 'params',
  image_error: 'string or null',
  image_error_append_qs: 'boolean',
  image_missing: 'string or null',
  image_missing_append_qs: 'boolean',
  imgix_subdomains: 'subdomains',
  secure_url_enabled: 'boolean',
  type: ['azure', 'gcs', 's3', 's3_compatible', 'webfolder', 'webproxy'],
}
const own: Record<SourceType, { table: Table; optional?: readonly string[] }> = {
  s3: {
    table: { s3_access_key: 'string', s3_bucket: 'string', s3_prefix: 'string or null', s3_secret_key: 'string' },
    optional: ['s3_prefix'],
  },
  gcs: {
    table: { gcs_access_key: 'string', gcs_bucket: 'string', gcs_prefix: 'string or null', gcs_secret_key: 'string' },
    optional: ['gcs_prefix'],
  },
  azure: {
    table: {
      azure_account: 'string',
      azure_bucket: 'string',
      azure_prefix: 'string or null',
      azure_sas_string: 'string',
      azure_service_type: ['blob', 'file'],
    },
    optional: ['azure_prefix'],
  },
  s3_compatible: { table: { bucket_name: 'string', region: 'string', storage_provider: 'string' } },
  webfolder: { table: { webfolder_base_url: 'string' } },
  webproxy: { table: {} },
}
const uploads: Partial<Record<SourceType, readonly string[]>> = {
  s3: ['s3_access_key', 's3_secret_key'],
  gcs: ['gcs_access_key', 'gcs_secret_key'],
  azure: ['azure_sas_string'],
}
/** Attributes that answers leave out. */
export const writeOnly = ['s3_secret_key', 'gcs_secret_key', 'azure_sas_string']

const defaults = {
  annotation: 'New deployment created for source by the emulator.',
  cache_ttl_behavior: 'respect_origin',
  cache_ttl_error: 300,
  cache_ttl_value: 31_536_000,
  crossdomain_xml_enabled: false,
  custom_domains: [],
  default_params: {},
  image_error: null,
  image_error_append_qs: false,
  image_missing: null,
  image_missing_append_qs: false,
  secure_url_enabled: false,
}

type Attributes = Record<string, unknown>

/** @returns the deployment with its defaults
 *  @throws Refusal 400 for attributes that the reference does not allow */
export function readDeployment(given: unknown): Attributes {
  const deployment = asObject(given) ?? refuse(400, 'deployment must be an object.')
  const { table, optional = [] } = own[deployment.type as SourceType] ?? refuse(400, 'deployment.type is not accepted.')
  checkKinds(deployment, { ...common, ...table }, 'deployment')
  const required = ['imgix_subdomains', ...Object.keys(table).filter((name) => !optional.includes(name))]
  for (const name of required) if (deployment[name] === undefined) refuse(400, `deployment.${name} is required.`)
  return withDefaults(deployment)
}

/** Checks nothing: a test can need a Source that the API would refuse. */
export function withDefaults(deployment: Attributes): Attributes {
  const { optional = [] } = own[deployment.type as SourceType]
  return { ...defaults, ...Object.fromEntries(optional.map((name) => [name, null])), ...deployment }
}

/** @throws Refusal 400 */
export function checkUploadCredentials(given: unknown, type: unknown): Attributes {
  const credentials = asObject(given) ?? refuse(400, 'upload_credentials must be an object.')
  const names = uploads[type as SourceType] ?? refuse(400, `Uploading is not supported for Sources of type ${type}.`)
  if (credentials.type !== type) refuse(400, 'The type of upload_credentials must match the Source type.')
  checkKinds(credentials, { type: ['azure', 'gcs', 's3'], ...kindsOf(names) }, 'upload_credentials')
  for (const name of names) if (credentials[name] === undefined) refuse(400, `upload_credentials.${name} is required.`)
  return credentials
}

/** @throws Refusal 400 for attributes that are not in the table, or not of their kind */
export function checkKinds(given: Attributes, table: Table, object: string): void {
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined
    if (kind === undefined) refuse(400, `${object}.${name} cannot be set.`)
    if (!isOfKind(value, kind)) refuse(400, `${object}.${name} is not valid.`)
  }
}

function kindsOf(names: readonly string[]): Table {
  return Object.fromEntries(names.map((name) => [name, 'string'] as const))
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'boolean') return typeof value === 'boolean'
  if (kind === 'ttl') return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 31_536_000
  if (kind === 'string') return typeof value === 'string' && value !== ''
  if (kind === 'string or null') return value === null || (typeof value === 'string' && value !== '')
  if (kind === 'params') return Object.values(asObject(value) ?? { none: {} }).every((each) => typeof each !== 'object')
  if (kind === 'subdomains') return isListOf(value, /^[a-z\d-]+$/) && value.length > 0
  if (kind === 'domains') return isListOf(value, /^[a-z\d-]+(\.[a-z\d-]+)+$/)
  return kind.includes(String(value))
}

function isListOf(value: unknown, form: RegExp): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && form.test(item))
}
