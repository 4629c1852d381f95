import {
  orNull,
  type Read,
  readBoolean,
  readDomains,
  readParameters,
  readSubdomains,
  readText,
  readUrl,
  readWholeNumber,
  readWord,
} from './values.ts'

export type SourceType = 's3' | 'gcs' | 'azure' | 'webfolder' | 'webproxy'

export type Rule = {
  readonly read: Read
  /** only Sources of this type have the attribute */
  readonly of?: SourceType
  readonly isRequired?: true
  /** Its value is not shown, and can (a `secret` must) come from a variable. imgix never returns a `secret`. */
  readonly credential?: 'id' | 'secret'
  /** its value can come from a variable, and is then not shown */
  readonly mayBeSecret?: true
}
export type Rules = Readonly<Record<string, Rule>>

export const TYPES: readonly SourceType[] = ['azure', 'gcs', 's3', 'webfolder', 'webproxy']
const UPLOAD_TYPES: readonly SourceType[] = ['azure', 'gcs', 's3']

/** The limit is one year, both for images and for error images. */
const readTtl = readWholeNumber(1, 31_536_000, 'seconds')

const credentials = (of: SourceType, id: string, secret: string): Rules => ({
  [id]: { read: readText, of, isRequired: true, credential: 'id' },
  [secret]: { read: readText, of, isRequired: true, credential: 'secret' },
})

/** The attributes of a deployment: docs.imgix.com/apis/management/sources, read 2026-11 */
export const DEPLOYMENT: Rules = {
  type: { read: readWord(...TYPES), isRequired: true },
  imgix_subdomains: { read: readSubdomains, isRequired: true },
  annotation: { read: readText },
  cache_ttl_behavior: { read: readWord('respect_origin', 'override_origin', 'enforce_minimum') },
  cache_ttl_error: { read: readTtl },
  cache_ttl_value: { read: readTtl },
  crossdomain_xml_enabled: { read: readBoolean },
  custom_domains: { read: readDomains },
  default_params: { read: readParameters },
  image_error: { read: orNull(readUrl) },
  image_error_append_qs: { read: readBoolean },
  image_missing: { read: orNull(readUrl) },
  image_missing_append_qs: { read: readBoolean },
  secure_url_enabled: { read: readBoolean },
  ...credentials('s3', 's3_access_key', 's3_secret_key'),
  s3_bucket: { read: readText, of: 's3', isRequired: true },
  s3_prefix: { read: orNull(readText), of: 's3' },
  ...credentials('gcs', 'gcs_access_key', 'gcs_secret_key'),
  gcs_bucket: { read: readText, of: 'gcs', isRequired: true },
  gcs_prefix: { read: orNull(readText), of: 'gcs' },
  azure_account: { read: readText, of: 'azure', isRequired: true },
  azure_bucket: { read: readText, of: 'azure', isRequired: true },
  azure_prefix: { read: orNull(readText), of: 'azure' },
  azure_sas_string: { read: readText, of: 'azure', isRequired: true, credential: 'secret' },
  azure_service_type: { read: readWord('blob', 'file'), of: 'azure', isRequired: true },
  webfolder_base_url: { read: readUrl, of: 'webfolder', isRequired: true, mayBeSecret: true },
}

export const UPLOAD_CREDENTIALS: Rules = {
  type: { read: readWord(...UPLOAD_TYPES), isRequired: true },
  azure_sas_string: { read: readText, of: 'azure', isRequired: true, credential: 'secret' },
  ...credentials('gcs', 'gcs_access_key', 'gcs_secret_key'),
  ...credentials('s3', 's3_access_key', 's3_secret_key'),
}

/** Attributes that imgix sets. */
export const READ_ONLY: readonly string[] = [
  'allows_upload',
  'date_deployed',
  'deployment_status',
  'id',
  'secure_url_token',
]

/** @returns the known name that is most similar; undefined if none is */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  const [best] = names
    .map((known) => ({ known, edits: countEdits(plain(name), plain(known)) }))
    .sort((one, other) => one.edits - other.edits)
  return best !== undefined && best.edits <= Math.min(2, name.length / 2) ? best.known : undefined
}

/** The number of letters to insert, delete or replace. Infinite if the lengths differ by more than 2: a key can be very
 *  long. */
function countEdits(text: string, known: string): number {
  if (Math.abs(text.length - known.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: known.length + 1 }, (_, index) => index)
  for (const [above, letter] of [...text].entries()) {
    const next = [above + 1]
    for (const [left, other] of [...known].entries()) {
      next.push(
        Math.min(Number(row[left]) + (letter === other ? 0 : 1), Number(row[left + 1]) + 1, Number(next[left]) + 1),
      )
    }
    row = next
  }
  return row.at(-1) ?? 0
}
