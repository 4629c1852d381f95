import type { ApiRequest, Client, Ends } from './client.ts'
import { isRecord } from './errors.ts'
import { type Resource, readResource, refuseAnswer } from './resources.ts'

/** What a list is asked for. Its parameters go out in the order in which they are written. */
export type ListQuery<Field extends string, Sort extends string, Filter, Page> = {
  /** the attributes that are wanted; dots reach into objects */
  readonly fields?: readonly (Field | `${Field}.${string}`)[]
  /** the first counts most; `-` is descending */
  readonly sort?: readonly (Sort | `-${Sort}`)[]
  /** all of them hold; texts are found within texts */
  readonly filter?: Filter
  readonly page?: Page
}

/** By the kinds of the reference's tables. */
export type Filters<T extends Readonly<Record<string, 'boolean' | 'integer' | 'string' | readonly string[]>>> = {
  readonly [N in keyof T]?: T[N] extends 'boolean'
    ? boolean
    : T[N] extends 'integer'
      ? Range
      : T[N] extends readonly string[]
        ? T[N][number] | (string & Record<never, never>)
        : string | readonly string[]
}

/** A number, or a range with both its ends: `1:3`, `1:`, `:3` */
type Range = number | `${number}:${number}` | `${number}:` | `:${number}`

/** Page numbers are from 0. */
export type NumberPage = { readonly number?: number; readonly size?: number }
export type CursorPage = { readonly cursor?: string; readonly limit?: number }

type List = Pick<ApiRequest, 'path' | 'permission'> & {
  readonly type: string
  readonly paging: Paging
  readonly query: ListQuery<string, string, object, object>
}

// of one list; far more than the objects of an account fill
const PAGES_MAX = 10_000

/**
 * Lists objects page by page. It ends where the API says that there is no more, whatever it counts.
 * @throws ImgixError, also for pages that lead in a circle
 */
export async function* listPages<A>(
  client: Client,
  { type, paging, query, ...list }: List,
  ends: Ends = {},
): AsyncGenerator<readonly Resource<A>[]> {
  const seen = new Set<string>()
  let at = readMark((query.page as Record<string, unknown> | undefined)?.[paging.at])
  do {
    const path = `${list.path}${writeQuery(type, query, { paging, at })}`
    const request = { ...list, ...ends, path, method: 'GET', limit: 'default' } as const
    const answer = await client.request(request)
    const page = readPage<A>(answer.document, paging, at)
    for (const known of [at, page.current]) if (known !== undefined) seen.add(known)
    const endless = page.next !== undefined && (seen.has(page.next) || seen.size > PAGES_MAX)
    const reason = endless ? 'with a list that does not end' : page.problem
    if (reason !== undefined) refuseAnswer(request, answer, reason)
    if (page.items.length > 0) yield page.items
    at = page.next
  } while (at !== undefined)
}

/** @param at where the page is: its number or cursor
 *  @returns '' or a query with its question mark */
export function writeQuery(
  type: string,
  query: ListQuery<string, string, object, object>,
  { paging, at }: { paging?: Paging; at?: string | undefined } = {},
): string {
  const { page, ...rest } = query
  const size = paging && (page as Record<string, unknown> | undefined)?.[paging.size]
  const pairs: [string, unknown][] = [
    [`page[${paging?.at}]`, at],
    [`page[${paging?.size}]`, size],
    ...Object.entries(rest).flatMap(([name, value]): [string, unknown][] =>
      name === 'filter'
        ? Object.entries(value as object).map(([field, wanted]) => [`filter[${encode(field)}]`, wanted])
        : [[name === 'fields' ? `fields[${type}]` : name, value]],
    ),
  ]
  const written = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${[value].flat().map(encode).join(',')}`],
  )
  return written.length === 0 ? '' : `?${written.join('&')}`
}

/** Colons are those of ranges and of custom fields. */
function encode(text: unknown): string {
  return encodeURIComponent(String(text)).replaceAll('%3A', ':')
}

type Page<A> = {
  readonly items: readonly Resource<A>[]
  readonly current: string | undefined
  /** undefined on the last page */
  readonly next: string | undefined
  readonly problem?: string
}

/** How a list is cut into pages: what the parameters are called, and what an answer says of the page after it. */
type Paging = {
  readonly at: string
  readonly size: string
  readonly turn: (
    document: Record<string, unknown>,
    page: { isEmpty: boolean; asked: string | undefined },
  ) => Omit<Page<unknown>, 'items'>
}

/** @param asked the number or cursor that the page was asked for with */
function readPage<A>(document: Record<string, unknown>, paging: Paging, asked: string | undefined): Page<A> {
  const nothing: Page<A> = { items: [], current: undefined, next: undefined }
  if (!Array.isArray(document.data)) return { ...nothing, problem: 'with an answer that is no list' }
  const items = document.data.map(readResource<A>).filter((item) => item !== undefined)
  if (items.length < document.data.length) return { ...nothing, problem: 'with a list of other things than objects' }
  return { items, ...paging.turn(document, { isEmpty: items.length === 0, asked }) }
}

export const BY_NUMBER: Paging = {
  at: 'number',
  size: 'size',
  turn(document) {
    const { pagination } = isRecord(document.meta) ? document.meta : {}
    // the reference's own example of a sorted list has none
    if (!isRecord(pagination)) return { current: undefined, next: undefined }
    const current = readMark(pagination.currentPage)
    if (pagination.hasNextPage !== true) return { current, next: undefined }
    const next = readMark(pagination.nextPage)
    return next === undefined ? { current, next, problem: 'with a list that has no next page' } : { current, next }
  },
}

export const BY_CURSOR: Paging = {
  at: 'cursor',
  size: 'limit',
  turn(document, { isEmpty, asked }) {
    // real answers have it under `meta`, those in the reference beside it
    const { cursor: own } = isRecord(document.meta) ? document.meta : {}
    const cursor = isRecord(own) ? own : document.cursor
    if (!isRecord(cursor)) {
      const end = { current: undefined, next: undefined }
      return isEmpty ? end : { ...end, problem: 'with a list that has no cursor' }
    }
    const current = readMark(cursor.current) ?? asked
    const next = readMark(cursor.next)
    const more = cursor.hasMore !== false && next !== current && !isEmpty
    return { current, next: more ? next : undefined }
  },
}

/** A number comes as a string, or as one. */
function readMark(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}
