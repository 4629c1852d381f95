import { isIP } from 'node:net'
import type { Client } from './client.ts'
import { ImgixError, isRecord } from './errors.ts'

export type Source = {
  readonly id: string
  readonly type: string
  /** undefined where the API does not say */
  readonly allowsUpload: boolean | undefined
  /** host names that serve the Source: its imgix subdomains, then its custom domains */
  readonly domains: readonly string[]
  /** only where URLs have to be signed; the token, a secret, is undefined where the key may not read it */
  readonly signing?: { readonly token: string | undefined }
}

const SOURCES_PERMISSION = 'Sources'

/** Reads one Source.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export async function getSource(client: Client, sourceId: string, signal?: AbortSignal): Promise<Source> {
  const path = `sources/${encodeURIComponent(sourceId)}`
  const { document, status } = await client.request({
    method: 'GET',
    path,
    limit: 'default',
    permission: SOURCES_PERMISSION,
    signal,
  })
  const attributes =
    isRecord(document.data) && isRecord(document.data.attributes) ? document.data.attributes : undefined
  const deployment = attributes !== undefined && isRecord(attributes.deployment) ? attributes.deployment : undefined
  if (deployment === undefined) {
    throw new ImgixError({ method: 'GET', path: `/api/v1/${path}`, status, reason: 'with an answer that is no Source' })
  }
  const token = attributes?.secure_url_token
  const subdomains = strings(deployment.imgix_subdomains).map((name) => `${name}.imgix.net`)
  return {
    id: sourceId,
    type: typeof deployment.type === 'string' ? deployment.type : 'unknown',
    allowsUpload: typeof deployment.allows_upload === 'boolean' ? deployment.allows_upload : undefined,
    domains: [...new Set([...subdomains, ...strings(deployment.custom_domains)].flatMap(readHostName))],
    ...(deployment.secure_url_enabled === true && {
      signing: { token: typeof token === 'string' && token !== '' ? token : undefined },
    }),
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []
}

/** In lower case, as URLs have it, so that a name is found again; none for what no URL can name, nor for an address. */
function readHostName(text: string): string[] {
  if (!/^[\w-]+(\.[\w-]+)+$/.test(text) || !URL.canParse(`https://${text}`)) return []
  const { hostname } = new URL(`https://${text}`)
  return isIP(hostname) === 0 ? [hostname] : []
}
