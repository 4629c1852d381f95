import type { ApiAnswer, ApiRequest, Client, Ends } from './client.ts'
import { type Contradiction, contradictsList, type Type } from './contradictions.ts'
import { ImgixError, isRecord } from './errors.ts'
import { type Resource, readResource, type Word } from './resources.ts'

/** What a list is asked for. Its parameters go out in the order in which they are written, after those of the page. */
export type ListQuery<Field extends string, Sort extends string, Filter, Page> = {
  /** the attributes that are wanted; dots reach into objects */
  readonly fields?: readonly (Field | `${Field}.${string}`)[] | undefined
  /** the first counts most; `-` is descending */
  readonly sort?: readonly (Sort | `-${Sort}`)[]
  /** all of them hold; texts are found within texts */
  readonly filter?: Filter
  readonly page?: Page
}

/** A number, or a range with both its ends: `1:3`, `1:`, `:3` */
type Range = number | `${number}:${number}` | `${number}:` | `:${number}`
type Wanted = { boolean: boolean; integer: Range; string: string | readonly string[] }

/** By the types of the reference's tables. */
export type Filters<T extends Readonly<Record<string, keyof Wanted | readonly string[]>>> = {
  readonly [N in keyof T]?: T[N] extends keyof Wanted ? Wanted[T[N]] : Word<Extract<T[N], readonly string[]>>
}

/** Page numbers are from 0. */
export type NumberPage = { readonly number?: number; readonly size?: number }
export type CursorPage = { readonly cursor?: string; readonly limit?: number }

export type Pages<R> = AsyncGenerator<readonly R[]>

type AnyQuery = ListQuery<string, string, object, NumberPage & CursorPage>
type List = Pick<ApiRequest, 'path' | 'permission'> & { type: Type; paging: Paging; query: AnyQuery }

// of one list; far more than the objects of an account fill
const PAGES_MAX = 10_000
// A page of 1,000 assets with all their attributes is larger than the limit for an answer with one object.
const PAGE_MAX_BYTES = 16 << 20
// A cursor is a part of a URL, and each is kept.
const MARK_MAX_LENGTH = 4096
// A page can be empty although more follow. After this many empty pages in a row, the list ends.
const EMPTY_PAGES_MAX = 10

/** Lists objects page by page. It ends where the API says that there is no more, whatever it counts.
 *  @throws ImgixError, also for pages that lead in a circle */
export async function* listPages<A>(
  client: Client,
  { path, permission, type, paging, query }: List,
  ends: Ends = {},
): Pages<Resource<A>> {
  const { page: { [paging.at]: start, [paging.size]: size } = {}, ...rest } = query
  const isList = contradictsList(type)
  const seen = new Set<string>()
  let at = readMark(start)
  let emptyPages = 0
  do {
    const asked = `${path}${writeQuery(type, { page: { [paging.at]: at, [paging.size]: size }, ...rest })}`
    const turn = (document: ApiAnswer['document']): Turn => paging.turn(document, { emptyPages, asked: at })
    const contradiction: Contradiction = (document) => isList(document) ?? problemOf(turn(document))
    const request = { method: 'GET', path: asked, limit: 'default', permission, maxBytes: PAGE_MAX_BYTES } as const
    const { status, document } = await client.request({ ...request, contradiction, ...ends })
    const items = readItems<A>(document)
    const { current, next } = turn(document)
    emptyPages = items.length === 0 ? emptyPages + 1 : 0
    for (const known of [at, current]) if (known !== undefined) seen.add(known)
    if (next !== undefined && (seen.has(next) || seen.size > PAGES_MAX)) {
      const reason = 'with a list that does not end'
      throw new ImgixError({ method: 'GET', path: `/api/v1/${path}`, permission, status, reason })
    }
    if (items.length > 0) yield items
    at = next
  } while (at !== undefined)
}

function problemOf({ current, next, problem }: Turn): string | undefined {
  const tooLong = [current, next].find((mark = '') => mark.length > MARK_MAX_LENGTH)
  return tooLong === undefined ? problem : `with a page mark of ${tooLong.length} characters`
}

function readItems<A>({ data }: ApiAnswer['document']): Resource<A>[] {
  return [data].flat().flatMap((item) => readResource<A>(item) ?? [])
}

/** @returns a query with its question mark, without undefined parameters */
export function writeQuery(type: string, query: { readonly [part in keyof AnyQuery]?: unknown }): string {
  const pairs = Object.entries(query).flatMap(([part, value]): [string, unknown][] => {
    if (part === 'fields') return [[`fields[${type}]`, value]]
    if (part === 'sort') return [[part, value]]
    return Object.entries(value ?? {}).map(([name, wanted]) => [`${part}[${encode(name)}]`, wanted])
  })
  const written = pairs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${[value].flat().map(encode).join(',')}`)
  return written.length === 0 ? '' : `?${written.join('&')}`
}

/** Colons are those of ranges and of custom fields. */
function encode(text: unknown): string {
  return encodeURIComponent(String(text)).replaceAll('%3A', ':')
}

/** How a list is cut into pages: the names of the parameters, and what an answer tells about the next page. */
type Paging = {
  readonly at: keyof NumberPage | keyof CursorPage
  readonly size: keyof NumberPage | keyof CursorPage
  /** @param page `asked`: the number or cursor that it was asked for with; `emptyPages`: in turn before it */
  readonly turn: (document: ApiAnswer['document'], page: { emptyPages: number; asked: string | undefined }) => Turn
}

type Turn = {
  readonly current?: string | undefined
  /** undefined on the last page */
  readonly next?: string | undefined
  readonly problem?: string
}

export const BY_NUMBER: Paging = {
  at: 'number',
  size: 'size',
  turn(document) {
    const { pagination } = isRecord(document.meta) ? document.meta : {}
    // the reference's own example of a sorted list has none
    if (!isRecord(pagination)) return {}
    const current = readMark(pagination.currentPage)
    if (pagination.hasNextPage !== true) return { current }
    const next = readMark(pagination.nextPage)
    return next === undefined ? { problem: 'with a list that has no next page' } : { current, next }
  },
}

export const BY_CURSOR: Paging = {
  at: 'cursor',
  size: 'limit',
  turn(document, { emptyPages, asked }) {
    // real answers have it under `meta`, those in the reference beside it
    const { cursor: own } = isRecord(document.meta) ? document.meta : {}
    const cursor = isRecord(own) ? own : document.cursor
    const isEmpty = readItems(document).length === 0
    if (!isRecord(cursor)) return isEmpty ? {} : { problem: 'with a list that has no cursor' }
    const current = readMark(cursor.current) ?? asked
    const next = readMark(cursor.next)
    const isSaid = isEmpty ? cursor.hasMore === true && emptyPages + 1 < EMPTY_PAGES_MAX : cursor.hasMore !== false
    return isSaid && next !== current ? { current, next } : { current }
  },
}

/** A number comes as a string, or as one. */
function readMark(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}
