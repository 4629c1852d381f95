import type { Admitted, Answer, Call } from './call.ts'
import { dataAnswer, refuse, requireEmptyDocument, sparse } from './documents.ts'
import type { Settings, SourceType, State } from './state.ts'

const ownAttributes: Record<SourceType, Record<string, unknown>> = {
  s3: { s3_access_key: 'AKIADEPLOYMENTKEY001', s3_bucket: 'emulated-bucket', s3_prefix: null },
  gcs: { gcs_access_key: 'GOOGDEPLOYMENTKEY001', gcs_bucket: 'emulated-bucket', gcs_prefix: null },
  azure: { azure_account: 'emulated', azure_bucket: 'emulated-bucket', azure_prefix: null, azure_service_type: 'blob' },
  s3_compatible: { bucket_name: 'emulated-bucket', region: 'auto', storage_provider: 'cloudflare_r2' },
  webfolder: { webfolder_base_url: 'https://origin.example/images/' },
  webproxy: {},
}

export function getSource(state: State, call: Call): Admitted {
  return withoutBody(call, () => dataAnswer(sourceDocument(state.settings, call)))
}

/** The account's Sources, which is this one, on page 0. */
export function listSources(state: State, call: Call): Admitted {
  const query = new URLSearchParams(call.query)
  const page = readWhole(query, 'page[number]', { min: 0, default: 0 })
  const pageSize = readWhole(query, 'page[size]', { min: 1, default: 20 })
  const data = page === 0 ? [sourceDocument(state.settings, call)] : []
  const pagination = {
    currentPage: page,
    hasNextPage: false,
    hasPreviousPage: page > 0,
    nextPage: page,
    pageSize,
    previousPage: Math.max(0, page - 1),
    totalPages: 1,
    totalRecords: 1,
  }
  return withoutBody(call, () => dataAnswer(data, { pagination }))
}

/** Admits a call that has no body, or `{}`. */
export function withoutBody(call: Call, finish: () => Answer): Admitted {
  return {
    keep: true,
    finish: ({ buffer }) => {
      requireEmptyDocument(call, buffer)
      return finish()
    },
  }
}

/** @throws Refusal 400 for anything but a whole number of at least `min` */
export function readWhole(query: URLSearchParams, name: string, range: { min: number; default: number }): number {
  const text = query.get(name)
  if (text === null) return range.default
  if (!/^\d{1,9}$/.test(text) || Number(text) < range.min) refuse(400, `${name} must be at least ${range.min}.`)
  return Number(text)
}

/** Refuses whatever the Source cannot take at all.
 *  @throws Refusal 400 */
export function requireUploads({ source }: Settings): void {
  if (source.type === 'webfolder' || source.type === 'webproxy') {
    refuse(400, `Uploading is not supported for Sources of type ${source.type}.`)
  }
  if (source.allowsUpload === false) refuse(400, 'This Source has no upload_credentials that allow uploading.')
}

function sourceDocument({ source }: Settings, call: Call): Record<string, unknown> {
  const isWeb = source.type === 'webfolder' || source.type === 'webproxy'
  const attributes = {
    date_deployed: 1_594_942_125,
    deployment: {
      ...(source.allowsUpload === null || isWeb ? {} : { allows_upload: source.allowsUpload }),
      annotation: 'New deployment created for source by the emulator.',
      cache_ttl_behavior: 'respect_origin',
      cache_ttl_error: 300,
      cache_ttl_value: 31_536_000,
      crossdomain_xml_enabled: false,
      custom_domains: source.customDomains,
      default_params: {},
      image_error: null,
      image_error_append_qs: false,
      image_missing: null,
      image_missing_append_qs: false,
      imgix_subdomains: source.imgixSubdomains,
      ...ownAttributes[source.type],
      secure_url_enabled: source.secureUrlToken !== undefined,
      type: source.type,
    },
    deployment_status: source.enabled ? 'deployed' : 'disabled',
    enabled: source.enabled,
    name: 'Emulated Source',
    ...(source.secureUrlToken === undefined ? {} : { secure_url_token: source.secureUrlToken }),
  }
  const fields = new URLSearchParams(call.query).get('fields[sources]')
  return { attributes: sparse(attributes, fields), id: source.id, type: 'sources' }
}
