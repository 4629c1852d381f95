import type { Client, Ends } from './client.ts'
import { contradictsResource } from './contradictions.ts'
import { BY_NUMBER, type Filters, type ListQuery, listPages, type NumberPage, type Pages, writeQuery } from './lists.ts'
import { type Attributes, type Listed, type Resource, requestResource } from './resources.ts'

/** The attributes of a deployment: of every Source, then of those of one type. */
export const DEPLOYMENT_ATTRIBUTES = {
  all: {
    /** read only */
    allows_upload: 'boolean',
    annotation: 'string',
    cache_ttl_behavior: ['respect_origin', 'override_origin', 'enforce_minimum'],
    cache_ttl_error: 'integer',
    cache_ttl_value: 'integer',
    crossdomain_xml_enabled: 'boolean',
    custom_domains: 'list',
    default_params: 'object',
    image_error: 'string',
    image_error_append_qs: 'boolean',
    image_missing: 'string',
    image_missing_append_qs: 'boolean',
    imgix_subdomains: 'list',
    secure_url_enabled: 'boolean',
    type: ['azure', 'gcs', 's3', 'webfolder', 'webproxy'],
  },
  // secrets and SAS strings never come back
  s3: { s3_access_key: 'string', s3_bucket: 'string', s3_prefix: 'string', s3_secret_key: 'string' },
  gcs: { gcs_access_key: 'string', gcs_bucket: 'string', gcs_prefix: 'string', gcs_secret_key: 'string' },
  azure: {
    azure_account: 'string',
    azure_bucket: 'string',
    azure_prefix: 'string',
    azure_sas_string: 'string',
    azure_service_type: ['blob', 'file'],
  },
  webfolder: { webfolder_base_url: 'string' },
  webproxy: {},
} as const

const { all, s3, gcs, azure, webfolder } = DEPLOYMENT_ATTRIBUTES

/** What imgix uploads with: apart from the deployment's own credentials, and of the same type. */
export const UPLOAD_CREDENTIALS = {
  type: ['azure', 'gcs', 's3'],
  azure_sas_string: 'string',
  gcs_access_key: 'string',
  gcs_secret_key: 'string',
  s3_access_key: 'string',
  s3_secret_key: 'string',
} as const

/** The attributes for creating a Source, and those that an update can set. Lists and objects are replaced as a whole. */
export const SOURCE_UPDATABLE = {
  deployment: { ...all, ...s3, ...gcs, ...azure, ...webfolder },
  enabled: 'boolean',
  name: 'string',
  upload_credentials: UPLOAD_CREDENTIALS,
} as const

export const SOURCE_ATTRIBUTES = {
  ...SOURCE_UPDATABLE,
  /** s since 1970 */
  date_deployed: 'integer',
  deployment_status: ['deploying', 'deployed', 'disabled', 'deleted'],
  /** a secret; only where URLs have to be signed */
  secure_url_token: 'string',
} as const

export const SOURCE_FILTERS = {
  'deployment.azure_bucket': 'string',
  'deployment.custom_domains': 'string',
  'deployment.gcs_bucket': 'string',
  'deployment.imgix_subdomains': 'string',
  'deployment.webfolder_base_url': 'string',
  'deployment.s3_bucket': 'string',
  /** the reference's examples; its table calls it `type` */
  'deployment.type': all.type,
  enabled: 'boolean',
  name: 'string',
  type: all.type,
} as const

export const SOURCE_SORTS = ['date_deployed', 'enabled', 'name'] as const

/** The attributes of a deployment that can be sent. */
type DeploymentChange = Attributes<typeof SOURCE_UPDATABLE.deployment> & { readonly allows_upload?: never }

/** The attributes that an update can set. */
export type SourceChange = Omit<Listed<typeof SOURCE_UPDATABLE>, 'deployment'> & {
  readonly deployment?: DeploymentChange
}

/** What a Source of each type can't do without. */
type Needed =
  | { readonly type: 's3'; readonly s3_bucket: string }
  | { readonly type: 'gcs'; readonly gcs_bucket: string }
  | {
      readonly type: 'azure'
      readonly azure_account: string
      readonly azure_bucket: string
      readonly azure_sas_string: string
      readonly azure_service_type: 'blob' | 'file'
    }
  | { readonly type: 'webfolder'; readonly webfolder_base_url: string }
  | { readonly type: 'webproxy' }
  /** not in the reference yet */
  | { readonly type: 's3_compatible' }

/** What a Source is created with. */
export type NewSource = SourceChange & {
  readonly name: string
  readonly deployment: DeploymentChange & Needed & { readonly imgix_subdomains: readonly string[] }
}

export type SourceResource = Resource<Attributes<typeof SOURCE_ATTRIBUTES>>
export type SourceQuery = ListQuery<
  keyof typeof SOURCE_ATTRIBUTES,
  (typeof SOURCE_SORTS)[number],
  Filters<typeof SOURCE_FILTERS>,
  NumberPage
>

/** Lists the account's Sources page by page. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export function listSources(client: Client, query: SourceQuery = {}, ends: Ends = {}): Pages<SourceResource> {
  const list = { path: 'sources', type: 'sources', permission: 'Sources', paging: BY_NUMBER, query } as const
  return listPages(client, list, ends)
}

/** Reads one Source. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export function getSource(
  client: Client,
  sourceId: string,
  { fields, ...ends }: Pick<SourceQuery, 'fields'> & Ends = {},
): Promise<SourceResource> {
  const path = `sources/${encodeURIComponent(sourceId)}${writeQuery('sources', { fields })}`
  const contradiction = contradictsResource('sources', 'Source', sourceId)
  return requestResource(client, { path, permission: 'Sources', contradiction, ...ends })
}

/** Creates and deploys a Source. Permission Sources, limit `deploy`. It is not sent again when its answer is lost: look
 *  for a Source with one of its subdomains first.
 *  @returns it with its new id, still `deploying`
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export function createSource(client: Client, attributes: NewSource, ends: Ends = {}): Promise<SourceResource> {
  const json = { data: { attributes, type: 'sources' }, jsonapi: { version: '1.0' } }
  const request = { method: 'POST', path: 'sources', permission: 'Sources', limit: 'deploy', once: true } as const
  return requestResource(client, { ...request, json, contradiction: contradictsResource('sources', 'Source'), ...ends })
}

/** Sets attributes of a Source, which deploys it again; the others stay. Permission Sources, limit `deploy`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export function updateSource(
  client: Client,
  sourceId: string,
  attributes: SourceChange,
  ends: Ends = {},
): Promise<SourceResource> {
  const json = { data: { attributes, id: sourceId, type: 'sources' } }
  const path = `sources/${encodeURIComponent(sourceId)}`
  const contradiction = contradictsResource('sources', 'Source', sourceId)
  const request = { method: 'PATCH', path, permission: 'Sources', limit: 'deploy' } as const
  return requestResource(client, { ...request, json, contradiction, ...ends })
}
