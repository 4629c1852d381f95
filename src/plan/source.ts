import type { Selected } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import { ImgixError, isRecord } from '../imgix/errors.ts'
import { getSource, type SourceResource } from '../imgix/sources.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { InputError } from '../inputs/reader.ts'
import { parseDomain } from '../inputs/urls.ts'

/** What a run has to know of its Source. */
export type Source = {
  readonly id: string
  readonly type: string
  /** undefined where the API does not say */
  readonly allowsUpload: boolean | undefined
  /** host names that serve the Source: its imgix subdomains, then its custom domains */
  readonly domains: readonly string[]
  /** its domains that no URL has as they are written; undefined if there are none */
  readonly leftOut?: readonly string[]
  /** only where URLs have to be signed; the token, a secret, is undefined where the key may not read it */
  readonly signing?: { readonly token: string | undefined }
}

/** The API, and the Source that requests are about. */
export type SourceApi = { readonly client: Client; readonly sourceId: string }

/** Whether anything depends on what the Source is. */
export function needsSource({ files }: Pick<Selected, 'files'>, inputs: Inputs): boolean {
  if (inputs.apiKey === '' || inputs.sourceId === '') return false
  const uploads = inputs.upload && files.some(({ change }) => change !== 'deleted')
  const purges = inputs.purge && files.some(({ change }) => change !== 'deleted' || inputs.deleted === 'purge')
  // without the Source nobody knows whether its URLs are signed
  const looks = inputs.verify !== 'off' && (purges || inputs.urls.length > 0)
  return uploads || (purges && inputs.domains.length === 0) || looks
}

/** @returns the Source, undefined where the key may not read Sources
 *  @throws ImgixError, InputError where there is no such Source */
export async function readSource(api: SourceApi, signal: AbortSignal): Promise<Source | undefined> {
  try {
    return viewSource(await getSource(api.client, api.sourceId, { signal }), api.sourceId)
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    if (error.status === 403) return undefined
    throw error.status === 404 ? noSource(api.sourceId, error) : error
  }
}

export function noSource(sourceId: string, error: ImgixError): InputError {
  const remedy = "take the id from the end of the Source's dashboard URL"
  return new InputError([
    `source-id: imgix has no Source '${sourceId}' that this key can see; ${remedy} (${error.message})`,
  ])
}

/** @param id that it was asked for with
 *  @throws ImgixError for a Source without a deployment */
export function viewSource({ attributes }: Pick<SourceResource, 'attributes'>, id: string): Source {
  const { deployment, secure_url_token: token } = attributes
  const refuse = (reason: string): ImgixError =>
    new ImgixError({
      method: 'GET',
      path: `/api/v1/sources/${encodeURIComponent(id)}`,
      permission: 'Sources',
      status: 200,
      reason,
    })
  if (!isRecord(deployment)) throw refuse('with an answer that is no Source')
  const { domains, leftOut } = readDomains(deployment)
  if (domains.length > DOMAINS_MAX) throw refuse(`with a Source of ${domains.length} domains`)
  return {
    id,
    type: /^[\w-]{1,40}$/.exec(typeof deployment.type === 'string' ? deployment.type : '')?.[0] ?? 'unknown',
    allowsUpload: typeof deployment.allows_upload === 'boolean' ? deployment.allows_upload : undefined,
    domains,
    ...(leftOut.length > 0 && { leftOut }),
    ...(deployment.secure_url_enabled === true && {
      signing: { token: typeof token === 'string' && token !== '' ? token : undefined },
    }),
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []
}

/** Each file is purged on every domain. */
const DOMAINS_MAX = 1000
// RFC 1035, 2.3.4
const HOST_NAME_MAX_LENGTH = 255

/** Reads the names of a deployment as the input `domains` is read. `leftOut`: no URL has them as they are written. */
function readDomains(deployment: Readonly<Record<string, unknown>>): Record<'domains' | 'leftOut', string[]> {
  const subdomains = strings(deployment.imgix_subdomains).map((name) => `${name}.imgix.net`)
  const names = [...subdomains, ...strings(deployment.custom_domains)]
  const hosts = names.map((name) => (name.length > HOST_NAME_MAX_LENGTH ? undefined : parseDomain(name)))
  const isDomain = (host: string | undefined): host is string => host?.includes('.') ?? false
  return {
    domains: [...new Set(hosts.filter(isDomain))],
    leftOut: names.filter((_, index) => !isDomain(hosts[index])),
  }
}

const SHOWN_MAX = 5
const NAME_SHOWN_MAX_LENGTH = 100

/** One line about the domains that a Source is read without. */
export function leftOutLine({ id, leftOut = [] }: Pick<Source, 'id' | 'leftOut'>): string {
  const shown = leftOut.slice(0, SHOWN_MAX).map((name) => `'${name.slice(0, NAME_SHOWN_MAX_LENGTH)}'`)
  const more = leftOut.length > SHOWN_MAX ? ` and ${leftOut.length - SHOWN_MAX} more` : ''
  const { length } = leftOut
  return `Source ${id} has ${length} ${length === 1 ? 'domain that is' : 'domains that are'} left out, as a purge takes plain host names only: ${shown.join(', ')}${more}; if pages use one, name its hosts in domains, with the others`
}
