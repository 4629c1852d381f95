import { isRecord } from '../imgix/errors.ts'
import type { SourceResource } from '../imgix/sources.ts'
import { quote } from '../inputs/yaml.ts'
import * as values from './values.ts'

export type Rule = {
  readonly read: values.Read
  readonly isRequired?: true
  /** Its value is not shown, and can (a `secret` must) come from a variable. imgix never returns a `secret`. */
  readonly credential?: 'id' | 'secret'
  /** its value can come from a variable, and is then not shown */
  readonly mayBeSecret?: true
}
export type Rules = Readonly<Record<string, Rule>>

export const TYPES = ['azure', 'gcs', 's3', 'webfolder', 'webproxy'] as const

/** @returns the only type of Sources that has the attribute; undefined for an attribute of all */
export function typeOf(name: string): (typeof TYPES)[number] | undefined {
  return TYPES.find((type) => name.startsWith(`${type}_`))
}

const text: Rule = { read: values.readText, isRequired: true }
const id: Rule = { ...text, credential: 'id' }
const secret: Rule = { ...text, credential: 'secret' }

/** The attributes of a deployment: docs.imgix.com/apis/management/sources, read 2026-11 */
export const DEPLOYMENT: Rules = {
  type: { read: values.readWord(...TYPES), isRequired: true },
  imgix_subdomains: { read: values.readSubdomains, isRequired: true },
  annotation: { read: values.readText },
  cache_ttl_behavior: { read: values.readWord('respect_origin', 'override_origin', 'enforce_minimum') },
  cache_ttl_error: { read: values.readTtl },
  cache_ttl_value: { read: values.readTtl },
  crossdomain_xml_enabled: { read: values.readBoolean },
  custom_domains: { read: values.readDomains },
  default_params: { read: values.readParameters },
  image_error: { read: values.orNull(values.readUrl) },
  image_error_append_qs: { read: values.readBoolean },
  image_missing: { read: values.orNull(values.readUrl) },
  image_missing_append_qs: { read: values.readBoolean },
  secure_url_enabled: { read: values.readBoolean },
  s3_access_key: id,
  s3_secret_key: secret,
  s3_bucket: text,
  s3_prefix: { read: values.orNull(values.readText) },
  gcs_access_key: id,
  gcs_secret_key: secret,
  gcs_bucket: text,
  gcs_prefix: { read: values.orNull(values.readText) },
  azure_account: text,
  azure_bucket: text,
  azure_prefix: { read: values.orNull(values.readText) },
  azure_sas_string: secret,
  azure_service_type: { read: values.readWord('blob', 'file'), isRequired: true },
  webfolder_base_url: { read: values.readUrl, isRequired: true, mayBeSecret: true },
}

const CREDENTIALS = Object.keys(DEPLOYMENT).filter((name) => DEPLOYMENT[name]?.credential !== undefined)

export const UPLOAD_CREDENTIALS: Rules = {
  type: { read: values.readWord('azure', 'gcs', 's3'), isRequired: true },
  ...Object.fromEntries(CREDENTIALS.map((name) => [name, DEPLOYMENT[name] as Rule])),
}

/** Attributes that imgix sets. */
export const READ_ONLY = new Set(['allows_upload', 'date_deployed', 'deployment_status', 'id', 'secure_url_token'])

/** @returns the credentials in an answer of imgix */
export function credentialsIn({ attributes }: SourceResource): string[] {
  const { secure_url_token: token, deployment, upload_credentials: credentials } = attributes
  const found = [deployment, credentials].flatMap((each) =>
    isRecord(each) ? CREDENTIALS.map((name) => each[name]) : [],
  )
  return [token, ...found].filter((value) => typeof value === 'string')
}

/** @param prefix of the names, such as `deployment.` */
export function explainUnknown(key: string, prefix: string, known: readonly string[]): string {
  const name = quote(`${prefix}${key}`)
  if (READ_ONLY.has(key)) return `${name} is set by imgix and can't be set here`
  if (prefix === '' && Object.hasOwn(DEPLOYMENT, key)) return `${name} is an attribute of deployment; put it there`
  if (prefix !== '' && ['name', 'enabled'].includes(key))
    return `${name} is not an attribute of ${prefix.slice(0, -1)}; put it at the top of the file`
  const near = nearest(key, known)
  return `${name} is not known; ${near === undefined ? `allowed are ${known.join(', ')}` : `did you mean ${prefix}${near}?`}`
}

/** @returns the known name that is most similar; undefined if none is */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  const own = plain(name)
  return [0, 1, 2]
    .filter((edits) => edits <= name.length / 2)
    .flatMap((edits) => names.filter((known) => isNear(own, plain(known), edits)))[0]
}

/** @returns whether so many letters that are inserted, deleted or replaced make one text of the other */
function isNear(text: string, known: string, edits: number): boolean {
  if (text === known || edits === 0) return text === known
  if (text[0] === known[0]) return isNear(text.slice(1), known.slice(1), edits)
  const [rest, knownRest] = [text.slice(1), known.slice(1)]
  return isNear(rest, knownRest, edits - 1) || isNear(rest, known, edits - 1) || isNear(text, knownRest, edits - 1)
}
