import type { Answer } from './call.ts'
import { dataAnswer, refuse } from './documents.ts'

/** What a list can be sorted by. */
export type SortKeys<T> = Readonly<Record<string, (item: T) => number | string>>

/** The answer with one page of a list. */
export function pageAnswer<T>(
  list: readonly T[],
  { page, pageSize }: { page: number; pageSize: number },
  describe: (item: T) => unknown,
): Answer {
  const totalPages = Math.max(1, Math.ceil(list.length / pageSize))
  const hasNextPage = page + 1 < totalPages
  const pagination = {
    currentPage: page,
    hasNextPage,
    hasPreviousPage: page > 0,
    nextPage: hasNextPage ? page + 1 : page,
    pageSize,
    previousPage: Math.max(0, page - 1),
    totalPages,
    totalRecords: list.length,
  }
  return dataAnswer(list.slice(page * pageSize, (page + 1) * pageSize).map(describe), { pagination })
}

/** Sorts by a comma-separated list of keys, `-` for descending. The first key has priority, so it is applied last.
 *  @throws Refusal 400 for an unknown key */
export function sorted<T>(items: readonly T[], keys: SortKeys<T>, query: URLSearchParams): readonly T[] {
  const asked = (query.get('sort') ?? '').split(',').filter((key) => key !== '')
  return asked.reverse().reduce((list, key) => {
    const read = keys[key.replace(/^-/, '')] ?? refuse(400, `This list cannot be sorted by ${key}.`)
    const direction = key.startsWith('-') ? -1 : 1
    return list.toSorted((one, other) => {
      const [a, b] = [read(one), read(other)]
      return a === b ? 0 : a < b ? -direction : direction
    })
  }, items)
}

/** @throws Refusal 400 for anything but a whole number of at least `min` */
export function readWhole(query: URLSearchParams, name: string, range: { min: number; default: number }): number {
  const text = query.get(name)
  if (text === null) return range.default
  if (!/^\d{1,9}$/.test(text) || Number(text) < range.min) refuse(400, `${name} must be at least ${range.min}.`)
  return Number(text)
}
