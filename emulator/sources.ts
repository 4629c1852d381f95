import type { Admitted, Answer, Call } from './call.ts'
import { dataAnswer, refuse, requireEmptyDocument } from './documents.ts'
import { proceed, type SourceRecord, sourceDocument } from './source-records.ts'
import type { Settings, State } from './state.ts'

export function getSource(state: State, call: Call, record: SourceRecord): Admitted {
  return withoutBody(call, () => {
    const answer = dataAnswer(sourceDocument(state, record, fieldsOf(call)))
    proceed(record)
    return answer
  })
}

const FILTERS: Record<string, (record: SourceRecord) => unknown> = {
  ...Object.fromEntries(
    ['azure_bucket', 'custom_domains', 'gcs_bucket', 'imgix_subdomains', 'webfolder_base_url', 's3_bucket', 'type'].map(
      (name) => [`deployment.${name}`, ({ deployment }: SourceRecord) => deployment[name]],
    ),
  ),
  enabled: ({ enabled }) => String(enabled),
  name: ({ name }) => name,
  type: ({ deployment }) => deployment.type,
}
const SORTS: Record<string, (record: SourceRecord) => number | string> = {
  date_deployed: ({ dateDeployed }) => dateDeployed,
  enabled: ({ enabled }) => Number(enabled),
  name: ({ name }) => name,
}

/** Lists the account's Sources. A filter matches a part of the text; an unknown filter is ignored. */
export function listSources(state: State, call: Call): Admitted {
  const query = new URLSearchParams(call.query)
  const page = readWhole(query, 'page[number]', { min: 0, default: 0 })
  const pageSize = Math.min(state.settings.listLimit, readWhole(query, 'page[size]', { min: 1, default: 20 }))
  return withoutBody(call, () => {
    const records = sorted([...state.sources.values()].filter(matcher(query)), query.get('sort'))
    return pageAnswer(records, { page, pageSize }, (record) => sourceDocument(state, record, fieldsOf(call)))
  })
}

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

function matcher(query: URLSearchParams): (record: SourceRecord) => boolean {
  const wanted = [...query].flatMap(([name, value]) => {
    const read = FILTERS[/^filter\[(.+)\]$/.exec(name)?.[1] ?? '']
    return read === undefined ? [] : [{ read, value }]
  })
  return (record) =>
    wanted.every(({ read, value }) => {
      const found = read(record)
      return [found ?? []].flat().some((each) => String(each).includes(value))
    })
}

function sorted(records: SourceRecord[], sort: string | null): SourceRecord[] {
  for (const field of (sort ?? '').split(',').reverse()) {
    if (field === '') continue
    const read = SORTS[field.replace('-', '')] ?? refuse(400, `Sources cannot be sorted by ${field}.`)
    const sign = field.startsWith('-') ? -1 : 1
    records.sort((one, other) => (read(one) < read(other) ? -sign : read(one) > read(other) ? sign : 0))
  }
  return records
}

function fieldsOf(call: Call): string | null {
  return new URLSearchParams(call.query).get('fields[sources]')
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

/** @throws Refusal 400 for a Source without uploads */
export function requireUploads({ source }: Settings): void {
  if (source.type === 'webfolder' || source.type === 'webproxy') {
    refuse(400, `Uploading is not supported for Sources of type ${source.type}.`)
  }
  if (source.allowsUpload === false) refuse(400, 'This Source has no upload_credentials that allow uploading.')
}
