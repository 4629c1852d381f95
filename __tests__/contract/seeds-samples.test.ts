import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addAsset, getAsset, listAssets, refreshAsset, updateAsset, uploadAsset } from '../../src/imgix/assets.ts'
import type { Client } from '../../src/imgix/client.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { purge } from '../../src/imgix/purges.ts'
import { getReport, listReports } from '../../src/imgix/reports.ts'
import { createSource, getSource, listSources, updateSource } from '../../src/imgix/sources.ts'
import { cancelSession, closeSession, getSession, openSession } from '../../src/imgix/upload-sessions.ts'
import { API_KEY, createTestClient, SOURCE_ID } from '../helpers/imgix.ts'
import { listen, type Seen } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'
import assets from './seeds/assets.json' with { type: 'json' }
import purges from './seeds/purges.json' with { type: 'json' }
import reports from './seeds/reports.json' with { type: 'json' }
import sources from './seeds/sources.json' with { type: 'json' }
import sessions from './seeds/upload-sessions.json' with { type: 'json' }

/** An example of the reference documents under its heading there. What it elides is left out, or as little as will do. */
type Sample = {
  readonly sample: string
  /** what differs from the document, and why */
  readonly note?: string
  readonly request: string
  /** as the request has it, but for white space */
  readonly body?: unknown
  readonly status?: number
  readonly answer?: { readonly data?: unknown; readonly errors?: readonly Record<string, unknown>[] }
  /** the request for the page after it */
  readonly next?: string
}

const SAMPLES: readonly Sample[] = [...sources, ...purges, ...assets, ...reports, ...sessions]
const LAST_PAGE = { data: [], cursor: { hasMore: false }, meta: { pagination: { hasNextPage: false } } }

const WRITTEN = '5d46fb3bd596f100018e123f'
const LUKE = { sourceId: SOURCE_ID, originPath: 'luke.jpg', route: 'older' } as const
const LOGO = { sourceId: '5ae507164b595f0001e048bc', originPath: 'marketing/logo.png' }
const HERE = { sourceId: SOURCE_ID, originPath: 'marketing/logo.png' }
const SESSION = { sourceId: SOURCE_ID, sessionId: '77c0f903-9475-4a6a-9fad-3995a5ad8cfe' }
const BRIDGE = 'https://assets.imgix.net/examples/bridge.jpg'
const MILD_ERRORS = {
  sort: ['-period_end'],
  fields: ['report_key', 'files'],
  filter: { report_type: 'mild_errors' },
} as const
const CREATED = {
  name: 'New Web Folder Source',
  deployment: {
    type: 'webfolder',
    webfolder_base_url: 'https://my-domain.com/images/',
    imgix_subdomains: ['my-unique-imgix-subdomain'],
  },
} as const
const LUKES = {
  categories: ['Summer Photos', 'Pet Photos'],
  custom_fields: { 'Date taken': 'August 2020', Photographer: 'Molly' },
}

/** The call that sends a sample's request; it returns what it reads of the answer. */
const CALLS: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  'Fetching Single Objects': (client) => getSource(client, WRITTEN),
  'Fetching List of Objects': (client) => collect(listSources(client)),
  'Specifying The Fields Returned': (client) =>
    getSource(client, WRITTEN, { fields: ['name', 'deployment_status', 'deployment.default_params'] }),
  'Paging By Page Number and Size': (client) => collect(listSources(client, { page: { number: 0, size: 1 } })),
  'Sorting Lists Of Objects': (client) => collect(listSources(client, { sort: ['name'], fields: ['name'] })),
  'Filtering Lists Of Objects': (client) =>
    collect(listSources(client, { filter: { name: 'staging', 'deployment.type': 's3' } })),
  'Creating Objects': (client) => createSource(client, CREATED),
  'Updating Objects': (client) => updateSource(client, WRITTEN, { name: 'New Source Name' }),
  Errors: (client) => getSource(client, 'invalid-source').catch(readError),
  'Upload Credentials Attributes': (client) =>
    updateSource(client, LOGO.sourceId, {
      upload_credentials: { s3_access_key: '<s3-access-key>', s3_secret_key: '<s3-secret-key>', type: 's3' },
    }),
  'Example: Purging an image': async (client) => (await purge(client, BRIDGE)).purgeId,
  'Example: Purging a sub-image': async (client) =>
    (await purge(client, BRIDGE, { subImageOf: '5b81e81539ddc50001a5d955' })).purgeId,
  'Example: Retrieving details for a single asset': (client) => getAsset(client, LUKE),
  'Example: Updating categories and custom fields of an asset': async (client) =>
    (await updateAsset(client, LUKE, LUKES)).asset,
  'Example: Retrieving the second page of assets in a Source': (client) =>
    collect(listAssets(client, LUKE, { page: { cursor: '40', limit: 20 } })),
  'Paginating through Asset Lists': (client) =>
    collect(listAssets(client, { sourceId: SOURCE_ID }, { page: { cursor: '20', limit: 2 } })),
  'Example: Retrieving assets, filtered by color and sorted by date created, most recent first': (client) =>
    collect(listAssets(client, LUKE, { filter: { colors: '8ca091' }, sort: ['-date_created'] })),
  'Example: Uploading an asset to a Source': async (client) => {
    const file = join(createTree({ 'logo.png': 'the bytes' }), 'logo.png')
    return (await uploadAsset(client, HERE, { file, contentType: 'image/png', overwrite: false })).asset
  },
  アセットの追加: async (client) => (await addAsset(client, LOGO)).document.data,
  'Refreshing an Asset': async (client) => (await refreshAsset(client, LOGO)).asset,
  'Example: Retrieve a list of reports': (client) => collect(listReports(client)),
  'Example: Retrieve one report by report_id': (client) => getReport(client, '5f7676862528f12b1bfbf65b'),
  'Example: Retrieve mild_errors report, sorted by most recent first': (client) =>
    collect(listReports(client, MILD_ERRORS)),
  アップロードセッションを作成する: (client) => openSession(client, HERE),
  アップロードセッションを取得する: (client) => getSession(client, SESSION),
  アップロードセッションを閉じる: (client) => closeSession(client, SESSION),
  アップロードセッションをキャンセルする: (client) => cancelSession(client, SESSION),
  'Pythonでのフルアップロードセッションフローの例: session': (client) => openSession(client, HERE, 'plain'),
  'Pythonでのフルアップロードセッションフローの例: closed_session': (client) => closeSession(client, SESSION, 'plain'),
}

async function collect(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const resources: unknown[] = []
  for await (const page of pages) resources.push(...page)
  return resources
}

function readError(error: unknown): unknown {
  expect(error).toBeInstanceOf(ImgixError)
  const { status, requestId, details } = error as ImgixError
  return [{ status: String(status), id: requestId, ...details[0], meta: {} }]
}

/** What a call should have read: of each object its id, its type and its attributes as they are. */
function readBy({ request, answer = {} }: Sample): unknown {
  const resource = ({ id, type, attributes }: Record<string, unknown>) => ({ id, type, attributes })
  const { data, errors } = answer
  if (errors !== undefined) return errors
  if (Array.isArray(data)) return data.map(resource)
  if (data === undefined) return undefined
  return request.endsWith('/purge') ? (data as { id: string }).id : resource(data as Record<string, unknown>)
}

test('each sample has its call', () => {
  expect(Object.keys(CALLS)).toEqual(SAMPLES.map(({ sample }) => sample))
})

// on a real server: what stands between Node and the wire would not see files as they go
test.each(SAMPLES)('$sample', async (sample) => {
  const { request, next, status = 200, answer } = sample
  const server = await listen((_seen, response) => {
    const document = server.seen.length === 1 ? answer : LAST_PAGE
    response.writeHead(status).end(document === undefined ? '' : JSON.stringify(document))
  })
  expect(await CALLS[sample.sample]?.(createTestClient({ apiUrl: server.url }))).toEqual(readBy(sample))
  const isUpload = request.includes('/upload/')
  const body = isUpload ? 'the bytes' : sample.body === undefined ? '' : JSON.stringify(sample.body)
  const headers = {
    accept: 'application/vnd.api+json',
    'accept-encoding': 'identity',
    authorization: `Bearer ${API_KEY}`,
    'content-type': isUpload ? 'image/png' : 'application/vnd.api+json',
    host: server.url.slice('http://'.length),
    // which the examples don't show
    'user-agent': 'imgix-sync/1',
    connection: 'close',
  }
  const length = /^(GET|DELETE)/.test(request) ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const first = { request, headers: { ...headers, ...length }, body, complete: true }
  const wanted = next === undefined ? [first] : [first, { request: next, headers, body: '', complete: true }]
  expect(server.seen.map((seen) => ({ ...seen, headers: lowered(seen), body: String(seen.body) }))).toEqual(wanted)
})

function lowered({ headers }: Seen): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
