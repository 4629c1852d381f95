import type { Admitted, Answer, Call } from './call.ts'
import { dataAnswer, refuse, requireEmptyDocument } from './documents.ts'
import { pageAnswer, readWhole, type SortKeys, sorted } from './lists.ts'
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
const SORTS: SortKeys<SourceRecord> = {
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
    const records = sorted([...state.sources.values()].filter(matcher(query)), SORTS, query)
    return pageAnswer(records, { page, pageSize }, (record) => sourceDocument(state, record, fieldsOf(call)))
  })
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

/** @throws Refusal 400 for a Source without uploads */
export function requireUploads({ source }: Settings): void {
  if (source.type === 'webfolder' || source.type === 'webproxy') {
    refuse(400, `Uploading is not supported for Sources of type ${source.type}.`)
  }
  if (source.allowsUpload === false) refuse(400, 'This Source has no upload_credentials that allow uploading.')
}
