import type { ApiAnswer, ApiRequest, Client } from './client.ts'
import { ImgixError, isRecord } from './errors.ts'

/** One object of a JSON:API document. Its attributes are the document's own: typed as the reference lists them, not checked. */
export type Resource<A> = { readonly id: string; readonly type: string; readonly attributes: A }

/** The types of the reference's tables. A list of words: one of them, or one that is newer than the reference. */
type Kind = 'boolean' | 'float' | 'integer' | 'list' | 'object' | 'string' | readonly string[] | Table
type Table = { readonly [name: string]: Kind }

type Value<K> = K extends 'boolean'
  ? boolean
  : K extends 'float' | 'integer'
    ? number
    : K extends 'list'
      ? readonly unknown[]
      : K extends 'object'
        ? Readonly<Record<string, unknown>>
        : K extends readonly (infer Word)[]
          ? Word | (string & Record<never, never>)
          : K extends Table
            ? Attributes<K>
            : string

/** What the reference lists, each there or not, or null. */
export type Listed<T extends Table> = { readonly [N in keyof T]?: Value<T[N]> | null }
/** Beside it whatever else imgix has or takes. */
export type Attributes<T extends Table> = Listed<T> & { readonly [name: string]: unknown }

/** @returns undefined for what is no object with attributes */
export function readResource<A>(data: unknown): Resource<A> | undefined {
  if (!isRecord(data) || !isRecord(data.attributes)) return undefined
  const { id, type, attributes } = data
  return {
    id: typeof id === 'string' ? id : '',
    type: typeof type === 'string' ? type : '',
    attributes: attributes as A,
  }
}

/** Sends a request whose answer is one object.
 *  @param noun what it has to be; without one, an answer that is none is one without attributes
 *  @throws ImgixError */
export async function requestResource<A>(client: Client, request: ApiRequest, noun?: string): Promise<Resource<A>> {
  const answer = await client.request(request)
  const resource = readResource<A>(answer.document.data)
  if (resource !== undefined) return resource
  if (noun !== undefined) refuseAnswer(request, answer, `with an answer that is no ${noun}`)
  return { id: '', type: '', attributes: {} as A }
}

/** @throws ImgixError */
export function refuseAnswer({ method, path }: ApiRequest, { status }: ApiAnswer, reason: string): never {
  throw new ImgixError({ method, path: `/api/v1/${path.replace(/\?.*$/, '')}`, status, reason })
}
