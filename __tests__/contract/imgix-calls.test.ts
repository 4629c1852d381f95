import nock from 'nock'
import { expect, onTestFinished, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { purge } from '../../src/imgix/purges.ts'
import { getSource } from '../../src/imgix/sources.ts'
import { findAsset } from '../../src/plan/asset.ts'
import { type Source, viewSource } from '../../src/plan/source.ts'
import { API_KEY, createTestClient, dataDocument, errorsDocument, messageOf, SOURCE_ID } from '../helpers/imgix.ts'
import { answerByNock } from '../helpers/nock.ts'

answerByNock()

type Recorded = { request: string; headers: Record<string, unknown>; body: unknown }

/** Answers the next call of the API, and records it whole. */
function answerNext(method: 'GET' | 'POST' | 'DELETE', status: number, body: string): Recorded[] {
  const recorded: Recorded[] = []
  const scope = nock('https://api.imgix.com')
    .intercept(() => true, method)
    .reply(async (request: Request) => {
      const { pathname, search } = new URL(request.url)
      const headers = Object.fromEntries(request.headers)
      recorded.push({ request: `${method} ${pathname}${search}`, headers, body: await request.text() })
      return [status, body, { 'content-type': 'application/vnd.api+json' }]
    })
  onTestFinished(() => expect(scope.pendingMocks()).toEqual([]))
  return recorded
}

const COMMON = {
  accept: 'application/vnd.api+json',
  'accept-encoding': 'identity',
  'content-type': 'application/vnd.api+json',
  authorization: `Bearer ${API_KEY}`,
  'user-agent': 'imgix-sync/1',
  host: 'api.imgix.com',
  connection: 'close',
}

// S0: the Source of "Fetching Single Objects"
const WEB_FOLDER = {
  date_deployed: 1591042615,
  deployment: {
    annotation: 'New deployment created for source by imgix testing.',
    cache_ttl_behavior: 'respect_origin',
    cache_ttl_error: 300,
    cache_ttl_value: 31536000,
    crossdomain_xml_enabled: false,
    custom_domains: [],
    default_params: {},
    image_error: null,
    image_error_append_qs: false,
    image_missing: null,
    image_missing_append_qs: false,
    imgix_subdomains: ['my-unique-domain'],
    secure_url_enabled: false,
    type: 'webfolder',
    webfolder_base_url: 'http://my-domain.com/images/',
  },
  deployment_status: 'deployed',
  enabled: true,
  name: 'New Web Folder Source',
}

/** What a run reads of a Source. */
async function readView(sourceId: string): Promise<Source> {
  return viewSource(await getSource(createTestClient(), sourceId), sourceId)
}

test('GET sources/:source_id', async () => {
  const recorded = answerNext('GET', 200, dataDocument('sources', '5ed56238a04d080001d4a08e', WEB_FOLDER))
  expect(await readView('5ed56238a04d080001d4a08e')).toEqual({
    id: '5ed56238a04d080001d4a08e',
    type: 'webfolder',
    allowsUpload: undefined,
    domains: ['my-unique-domain.imgix.net'],
  })
  expect(recorded).toEqual([{ request: 'GET /api/v1/sources/5ed56238a04d080001d4a08e', headers: COMMON, body: '' }])
})

const NO_HOSTS = [
  ...['a.example.com/b', 'a@b.example.com', 'a.example.com:8443', '*.example.com', 'localhost', '10.0.0.1', '0x7f.1'],
  ...['999.999.999.999', '[::1]', 'a..b', '\n::error::a.b'],
]

test.each([
  [
    'domains of both kinds, each once',
    { type: 's3', allows_upload: true, imgix_subdomains: ['a', 'b', 'a'], custom_domains: ['img.example.com'] },
    { type: 's3', allowsUpload: true, domains: ['a.imgix.net', 'b.imgix.net', 'img.example.com'] },
  ],
  [
    'no credentials to upload',
    { type: 'gcs', allows_upload: false, imgix_subdomains: ['a'], custom_domains: [] },
    { type: 'gcs', allowsUpload: false, domains: ['a.imgix.net'] },
  ],
  [
    'a deployment that says little',
    { type: 's3_compatible' },
    { type: 's3_compatible', allowsUpload: undefined, domains: [] },
  ],
  [
    'values of other types than documented',
    { type: 'azure', allows_upload: 'yes', imgix_subdomains: 'a', custom_domains: [null, 7, '', 'b.example.com'] },
    { type: 'azure', allowsUpload: undefined, domains: ['b.example.com'] },
  ],
  [
    'domains in capitals, and names that are no host of a page',
    {
      type: 's3',
      imgix_subdomains: ['A'],
      custom_domains: ['IMG.example.com', 'img.example.com', ...NO_HOSTS],
    },
    { type: 's3', allowsUpload: undefined, domains: ['a.imgix.net', 'img.example.com'], leftOut: NO_HOSTS },
  ],
])('a Source with %s', async (_, deployment, expected) => {
  answerNext('GET', 200, dataDocument('sources', SOURCE_ID, { deployment, secure_url_token: 'FF00FF' }))
  expect(await readView(SOURCE_ID)).toEqual({ id: SOURCE_ID, ...expected })
})

test.each([
  ['an empty body', ''],
  ['no data', '{}'],
  ['no deployment', dataDocument('sources', SOURCE_ID, {})],
  ['a list', JSON.stringify({ data: [] })],
])('a Source answer with %s', async (_, body) => {
  answerNext('GET', 200, body)
  const error = await readView(SOURCE_ID).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(messageOf(error)).toBe(`GET /api/v1/sources/${SOURCE_ID}: 200 with an answer that is no Source`)
})

test('an unknown Source, by the example of the reference', async () => {
  answerNext('GET', 404, errorsDocument(404, 'NotFound', 'Resource not found.'))
  const error = await getSource(createTestClient(), 'invalid-source').catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect({ ...error, message: messageOf(error) }).toEqual({
    name: 'ImgixError',
    message:
      'GET /api/v1/sources/invalid-source: 404 NotFound: Resource not found, request id 56ba72bdd33d4395b464fae69f0d31c7',
    method: 'GET',
    path: '/api/v1/sources/invalid-source',
    status: 404,
    details: [{ title: 'NotFound', detail: 'Resource not found.' }],
    requestId: '56ba72bdd33d4395b464fae69f0d31c7',
    permission: 'Sources',
    attempts: 1,
    perhapsDone: false,
  })
})

test.each([
  ['the example of the reference', 'luke.jpg', 'luke.jpg'],
  ['folders', 'a/b/c.png', 'a/b/c.png'],
  [
    'every character that a URL gives a meaning',
    'a b/#?%25+&=;:@,$!.png',
    'a%20b/%23%3F%2525%2B%26%3D%3B%3A%40%2C%24!.png',
  ],
  ['brackets, quotes, backslash and newline', '[x]{y}"\'\\\n.png', "%5Bx%5D%7By%7D%22'%5C%0A.png"],
  ['composed and decomposed letters', 'é/e\u0301.png', '%C3%A9/e%CC%81.png'],
  ['an escape that would be a parent folder', '%2e%2e/a.png', '%252e%252e/a.png'],
  ['three dots', '.../..a.png', '.../..a.png'],
])('GET sources/:source_id/assets/:origin_path with %s', async (_, originPath, encoded) => {
  const attributes = { file_size: 357679, origin_path: `/${originPath}`, uploaded_by: null, uploaded_by_api: false }
  const recorded = answerNext('GET', 200, dataDocument('assets', `${SOURCE_ID}/${originPath}`, attributes))
  const asset = await findAsset(createTestClient(), { sourceId: SOURCE_ID, originPath })
  expect(asset).toEqual({ fileSize: 357679, uploadedByApi: false })
  expect(recorded).toEqual([
    { request: `GET /api/v1/sources/${SOURCE_ID}/assets/${encoded}`, headers: COMMON, body: '' },
  ])
})

test('an asset that the Source does not hold', async () => {
  answerNext('GET', 404, errorsDocument(404, 'NotFound', 'Resource not found.'))
  expect(await findAsset(createTestClient(), { sourceId: SOURCE_ID, originPath: 'a.png' })).toBeUndefined()
})

test('an asset that the key may not see', async () => {
  answerNext('GET', 403, errorsDocument(403, 'Forbidden', 'No.'))
  const error = await findAsset(createTestClient(), { sourceId: SOURCE_ID, originPath: 'a.png' }).catch(
    (cause) => cause,
  )
  expect(error).toBeInstanceOf(ImgixError)
  expect([error.status, error.permission]).toEqual([403, 'Asset Manager Browse'])
})

test('POST purge, by the example of the reference', async () => {
  const url = 'https://assets.imgix.net/examples/bridge.jpg'
  const id = 'a794e260-3776-4efe-9878-35acec6980b6'
  const recorded = answerNext('POST', 200, dataDocument('purges', id, { purge_id: id }))
  expect(await purge(createTestClient(), url)).toMatchObject({ attempts: 1 })
  const body = JSON.stringify({ data: { attributes: { url }, type: 'purges' } })
  const headers = { ...COMMON, 'content-length': String(body.length) }
  expect(recorded).toEqual([{ request: 'POST /api/v1/purge', headers, body }])
})

test('a purge that is under way already is one that imgix has received', async () => {
  answerNext('POST', 409, errorsDocument(409, 'Conflict', 'Duplicate purge.'))
  expect(await purge(createTestClient(), 'https://assets.imgix.net/a.png')).toEqual({ attempts: 1 })
})

test('a purge on a domain of someone else', async () => {
  answerNext('POST', 400, errorsDocument(400, 'url', 'Not a domain of this account.'))
  const error = await purge(createTestClient(), 'https://example.com/a.png').catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.permission]).toEqual([
    'POST /api/v1/purge: 400 url: Not a domain of this account, request id 56ba72bdd33d4395b464fae69f0d31c7',
    'Purge',
  ])
})

test('an API below a path of its own', async () => {
  const scope = nock('https://proxy.example').get('/imgix/api/v1/sources/x').reply(404, '')
  const client = createTestClient({ apiUrl: 'https://proxy.example/imgix' })
  await expect(getSource(client, 'x')).rejects.toBeInstanceOf(ImgixError)
  expect(scope.isDone()).toBe(true)
})
