import { randomUUID } from 'node:crypto'
import { type Admitted, type Call, decodeSegments } from './call.ts'
import { asObject, dataAnswer, errorAnswer, readDocument, refuse } from './documents.ts'
import { domainsOf, type State } from './state.ts'

/** A duplicate within 10 seconds is answered with 409, and still purges.
 *  @see https://docs.imgix.com/apis/management/purges */
const duplicateMs = 10_000

export function purge(state: State, call: Call): Admitted {
  return {
    keep: true,
    finish: ({ buffer }) => {
      const { attributes } = readDocument(call, buffer, 'purges')
      const { url, subImage } = readAttributes(state, asObject(attributes) ?? {})
      const key = `${keyOf(state, url)}${subImage && !state.settings.duplicatesByUrl ? ' as a sub-image' : ''}`
      const now = performance.now()
      const isDuplicate = now - (state.purgedAt.get(key) ?? Number.NEGATIVE_INFINITY) < duplicateMs
      if (!isDuplicate) state.purgedAt.set(key, now)
      state.sequence += 1
      state.purges.push({ url, subImage, sequence: state.sequence, status: isDuplicate ? 409 : 200 })
      for (const tell of state.onPurge) tell(url)
      if (isDuplicate) return errorAnswer(409, 'A purge of this URL is already under way.')
      const id = randomUUID()
      return dataAnswer({ attributes: { purge_id: id }, id, type: 'purges' })
    },
  }
}

/** Records that an overwrite purged the asset on every domain. */
export function markPurged(state: State, originPath: string): void {
  for (const domain of domainsOf(state.settings)) {
    state.purgedAt.set(`${domain}/${originPath}`, performance.now())
    const url = `https://${domain}/${originPath.split('/').map(encodeURIComponent).join('/')}`
    // the caller stores the bytes first
    queueMicrotask(() => {
      for (const tell of state.onPurge) tell(url)
    })
  }
}

function readAttributes(state: State, attributes: Record<string, unknown>): { url: string; subImage: boolean } {
  const { url, sub_image: subImage = false, source_id: sourceId } = attributes
  if (typeof url !== 'string') return refuse(400, 'url is required.')
  if (typeof subImage !== 'boolean') return refuse(400, 'sub_image must be a Boolean.')
  if (subImage && sourceId === undefined) refuse(400, 'source_id is required to purge a sub-image.')
  if (sourceId !== undefined && sourceId !== state.settings.source.id) refuse(404, 'Resource not found.')
  return { url, subImage }
}

/** Host and decoded path. imgix ignores the query and the spelling of the path.
 *  @throws Refusal 400 */
function keyOf(state: State, url: string): string {
  const parts = /^https:\/\/([^/?#]+)\/([^?#]*)(?:\?([^#]*))?$/.exec(url)
  if (!parts) return refuse(400, 'url must be a fully qualified https URL without a fragment.')
  const [, host = '', path = '', query = ''] = parts
  const segments = decodeSegments(path)
  if (!segments || !/^[\x21-\x7e]*$/.test(query)) return refuse(400, 'url is not encoded as a URL must be.')
  if (!domainsOf(state.settings).includes(host)) return refuse(400, `${host} is not a domain of this account.`)
  return `${host}/${segments.join('/')}`
}
