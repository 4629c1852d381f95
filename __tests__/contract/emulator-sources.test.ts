import { expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import { call, emulate } from '../helpers/emulator.ts'

const web = { type: 'webfolder', webfolder_base_url: 'https://o.example/', imgix_subdomains: ['new'] }

function create(imgix: Emulator, attributes: object, more: object = {}) {
  return call(imgix, 'POST', '/api/v1/sources', { body: { data: { type: 'sources', attributes, ...more } } })
}

function patch(imgix: Emulator, attributes: object, id = imgix.sourceId) {
  return call(imgix, 'PATCH', '', { body: { data: { type: 'sources', id, attributes } } })
}

test('a Source is created with its defaults, and deployed step by step', async () => {
  const imgix = await emulate({ deployStatuses: ['queued', 'deploying'] })
  const { status, json } = await create(imgix, { name: 'New', deployment: web })
  const { id, type, attributes } = json.data
  expect([status, type, id]).toEqual([201, 'sources', expect.stringMatching(/^[0-9a-f]{24}$/)])
  expect(attributes).toEqual({
    date_deployed: expect.any(Number),
    deployment: {
      annotation: 'New deployment created for source by the emulator.',
      cache_ttl_behavior: 'respect_origin',
      cache_ttl_error: 300,
      cache_ttl_value: 31_536_000,
      crossdomain_xml_enabled: false,
      custom_domains: [],
      default_params: {},
      image_error: null,
      image_error_append_qs: false,
      image_missing: null,
      image_missing_append_qs: false,
      secure_url_enabled: false,
      ...web,
    },
    deployment_status: 'queued',
    enabled: true,
    name: 'New',
  })
  const states: unknown[] = []
  for (let look = 0; look < 3; look += 1) {
    states.push((await call(imgix, 'GET', `/api/v1/sources/${id}`)).json.data.attributes.deployment_status)
  }
  expect(states).toEqual(['deploying', 'deployed', 'deployed'])
  expect((await call(imgix, 'GET', `/api/v1/sources/${id}/assets`)).status).toBe(404)
})

test.each<[string, object, object, string]>([
  ['no name', { deployment: web }, {}, 'name is required.'],
  ['no deployment', { name: 'x' }, {}, 'deployment must be an object.'],
  ['an id', { name: 'x', deployment: web }, { id: 'mine' }, 'data.id must not be set.'],
  [
    'what can not be set',
    { name: 'x', deployment: web, deployment_status: 'deployed' },
    {},
    'deployment_status cannot be set.',
  ],
  [
    'upload credentials',
    { name: 'x', deployment: web, upload_credentials: {} },
    {},
    'upload_credentials cannot be set.',
  ],
  ['another type', { name: 'x', deployment: { ...web, type: 'ftp' } }, {}, 'deployment.type is not accepted.'],
  [
    'an attribute of another type',
    { name: 'x', deployment: { ...web, s3_bucket: 'b' } },
    {},
    'deployment.s3_bucket cannot be set.',
  ],
  [
    'a lack',
    { name: 'x', deployment: { type: 'webfolder', imgix_subdomains: ['new'] } },
    {},
    'deployment.webfolder_base_url is required.',
  ],
  [
    'a TTL of 0',
    { name: 'x', deployment: { ...web, cache_ttl_error: 0 } },
    {},
    'deployment.cache_ttl_error is not valid.',
  ],
  [
    'no subdomain',
    { name: 'x', deployment: { ...web, imgix_subdomains: [] } },
    {},
    'deployment.imgix_subdomains is not valid.',
  ],
  [
    'a subdomain of ours',
    { name: 'x', deployment: { ...web, imgix_subdomains: ['assets-demo'] } },
    {},
    "deployment.imgix_subdomains: 'assets-demo' is already in use.",
  ],
  [
    'a subdomain of theirs',
    { name: 'x', deployment: { ...web, imgix_subdomains: ['theirs'] } },
    {},
    "deployment.imgix_subdomains: 'theirs' is already in use.",
  ],
  ['a name that is none', { name: 7, deployment: web }, {}, 'attributes.name is not valid.'],
])('no Source is created with %s', async (_, attributes, more, detail) => {
  const imgix = await emulate({ takenSubdomains: ['theirs'] })
  const { status, error } = await create(imgix, attributes, more)
  expect([status, error.detail, imgix.sources.size]).toEqual([400, detail, 1])
})

const s3 = { type: 's3', imgix_subdomains: ['assets-demo'], s3_bucket: 'b', s3_access_key: 'k', s3_secret_key: 's' }

test('a deployment is replaced whole, and no answer has its secret', async () => {
  const imgix = await emulate({ source: { customDomains: ['a.example'] } })
  const { status, json } = await patch(imgix, { deployment: s3 })
  expect([status, json.data.attributes.deployment.custom_domains]).toEqual([200, []])
  expect([json.data.attributes.deployment.s3_secret_key, imgix.sources.get(imgix.sourceId)?.deployment]).toEqual([
    undefined,
    expect.objectContaining({ s3_secret_key: 's' }),
  ])
  expect((await patch(imgix, { deployment: { cache_ttl_error: 1 } })).error.detail).toBe(
    'deployment.type is not accepted.',
  )
})

test('an account that merges deployments', async () => {
  const imgix = await emulate({ source: { customDomains: ['a.example'] }, mergesDeployments: true })
  const { json } = await patch(imgix, { deployment: { cache_ttl_error: 1 } })
  expect(json.data.attributes.deployment).toMatchObject({ cache_ttl_error: 1, custom_domains: ['a.example'] })
})

test('what is patched beside the deployment', async () => {
  const imgix = await emulate({ source: { allowsUpload: false } })
  const credentials = { type: 's3', s3_access_key: 'k', s3_secret_key: 's' }
  const named = await patch(imgix, { name: 'New', upload_credentials: credentials })
  expect(named.json.data.attributes).toMatchObject({
    name: 'New',
    deployment_status: 'deployed',
    deployment: { allows_upload: true },
  })
  expect((await patch(imgix, { enabled: false })).json.data.attributes.deployment_status).toBe('deploying')
  expect((await patch(imgix, { name: 'x' }, 'other')).error.detail).toBe(`data.id must be '${imgix.sourceId}'.`)
  for (const bad of [{ ...credentials, type: 'gcs' }, { type: 's3' }, { ...credentials, gcs_access_key: 'k' }]) {
    expect((await patch(imgix, { upload_credentials: bad })).status).toBe(400)
  }
  expect((await call(imgix, 'PATCH', '/api/v1/sources/none', { body: {} })).status).toBe(404)
})

test('a token is told where URLs have to be signed', async () => {
  const imgix = await emulate()
  const { json } = await patch(imgix, { deployment: { ...s3, secure_url_enabled: true } })
  expect(json.data.attributes.secure_url_token).toMatch(/^[0-9a-f]{16}$/)
})

test('lists have pages, filters, sorts and fields', async () => {
  const imgix = await emulate({ listLimit: 2 })
  await create(imgix, { name: 'B', deployment: web })
  await create(imgix, {
    name: 'a',
    enabled: false,
    deployment: { ...web, type: 'webproxy', webfolder_base_url: undefined, imgix_subdomains: ['newer'] },
  })
  const list = async (query: string) => {
    const { json } = await call(imgix, 'GET', `/api/v1/sources?${query}`)
    return json.data.map(({ attributes }: { attributes: { name: string } }) => attributes.name).join()
  }
  expect(await list('sort=-name')).toBe('a,Emulated Source')
  expect(await list('page[number]=1&sort=name&page[size]=9')).toBe('a')
  expect(await list('filter[deployment.imgix_subdomains]=new&filter[nonsense]=x')).toBe('B,a')
  expect(await list('filter[deployment.type]=webfolder')).toBe('B')
  expect(await list('filter[enabled]=false')).toBe('a')
  const { json } = await call(imgix, 'GET', '/api/v1/sources?fields[sources]=deployment.imgix_subdomains&page[size]=1')
  expect(json.data[0].attributes).toEqual({ deployment: { imgix_subdomains: ['assets-demo'] } })
  expect(json.meta.pagination).toEqual({
    ...{ currentPage: 0, hasNextPage: true, hasPreviousPage: false, nextPage: 1 },
    ...{ pageSize: 1, previousPage: 0, totalPages: 3, totalRecords: 3 },
  })
  expect((await call(imgix, 'GET', '/api/v1/sources?sort=deployment')).status).toBe(400)
})
