import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { emulate } from '../helpers/emulator.ts'

// imgix's own client, so that someone else's reading of the API checks that of the emulator

type Options = { method?: string; body?: unknown }
// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes
type Peer = { request: (path: string, options?: Options) => Promise<any> }
type Fetch = (url: string, options: object) => Promise<unknown>

const require = createRequire(import.meta.url)
const ImgixAPI = require('imgix-management-js') as new (settings: { apiKey: string }) => Peer
const wrapper = require('imgix-management-js/src/fetch-wrapper.js') as { fetch: Fetch }
const { fetch } = wrapper

const IMGIX = 'https://api.imgix.com/'

/** imgix's client, as it is, with an emulator at the address of imgix. */
function createPeer(imgix: Emulator, apiKey = imgix.apiKey): Peer {
  wrapper.fetch = (url, options) => {
    expect(url.startsWith(IMGIX)).toBe(true)
    return fetch(`${imgix.apiUrl}/${url.slice(IMGIX.length)}`, options)
  }
  return new ImgixAPI({ apiKey })
}

async function start(options: EmulatorOptions = {}): Promise<{ imgix: Emulator; peer: Peer }> {
  const imgix = await emulate(options)
  for (const path of ['pecanpie.jpg', 'uploads/pecanpie.jpg', 'luke.jpg']) imgix.put(path, path)
  Object.assign(imgix.assets.get('pecanpie.jpg')?.updatable ?? {}, { custom_fields: { taste: 'sweet' } })
  return { imgix, peer: createPeer(imgix) }
}

const readme = readFileSync(require.resolve('imgix-management-js/README.md'), 'utf8')
const examples = [...readme.matchAll(/^### ([^\n]+)\n+(?:(?!^#)[^\n]*\n)*?```js\n(.*?)^```$/gms)]
  .map(([, name = '', code = '']) => ({ name, code }))
  .filter(({ code }) => code.includes('imgix.request('))

/** Runs an example as the README has it. @returns what it printed */
async function runExample(code: string, imgix: Emulator, peer: Peer): Promise<unknown[]> {
  const printed: unknown[] = []
  const asked: Promise<unknown>[] = []
  const request = (...args: Parameters<Peer['request']>): Promise<unknown> => {
    const answer = peer.request(...args)
    // an example goes on in a callback, which runs before what waits for the same promise later
    asked.push(answer.then(() => undefined))
    return answer
  }
  const print = (value: unknown): void => void printed.push(typeof value === 'string' ? JSON.parse(value) : value)
  const context = {
    imgix: { request },
    sourceId: imgix.sourceId,
    originPath: 'luke.jpg',
    fs: { readFileSync: () => Buffer.from('jpeg') },
  }
  runInNewContext(code, { ...context, console: { log: print } })
  while (asked.length > 0) await asked.shift()
  return printed
}

const source = { type: 'sources', id: '5b81e81539ddc50001a5d955' }
const pie = { type: 'assets', attributes: { custom_fields: { taste: 'sweet', type: 'dessert' } } }
const asset = (path: string) => ({
  type: 'assets',
  id: `${source.id}/${path}`,
  attributes: { origin_path: `/${path}` },
})

type Row = { transcript: string[]; printed: unknown }
const EXPECTED: Record<string, Row> = {
  'Retrieve a list of images': {
    transcript: [`GET /api/v1/assets/${source.id} -> 200`],
    printed: [
      {
        data: [asset('pecanpie.jpg'), asset('uploads/pecanpie.jpg'), asset('luke.jpg')],
        meta: { cursor: { hasMore: false } },
      },
    ],
  },
  'Retrieve all details for a single image': {
    transcript: [`GET /api/v1/assets/${source.id}/luke.jpg -> 200`],
    printed: [{ data: asset('luke.jpg') }],
  },
  'Retrieve custom fields for a single image': {
    transcript: [`GET /api/v1/assets/${source.id}/uploads/pecanpie.jpg -> 200`],
    printed: [undefined], // the README reads `customFields`, which is `custom_fields`
  },
  'Update custom fields for a single image': {
    transcript: [
      `GET /api/v1/sources/${source.id}/assets/pecanpie.jpg -> 200`,
      `PATCH /api/v1/sources/${source.id}/assets/pecanpie.jpg -> 200`,
    ],
    printed: [pie.attributes],
  },
  'Upload an image': {
    transcript: [`POST /api/v1/sources/upload/${source.id}/monstera.jpg -> 200`],
    printed: [
      { data: { ...asset('monstera.jpg'), attributes: { file_size: 4, content_type: 'application/octet-stream' } } },
    ],
  },
  'Retrieve all sources': {
    transcript: ['GET /api/v1/sources -> 200'],
    printed: [{ data: [{ ...source, attributes: { enabled: true } }], meta: { pagination: { totalRecords: 1 } } }],
  },
  'Specify the fields returned': {
    transcript: [
      `GET /api/v1/sources/${source.id}?fields[sources]=name,deployment_status,deployment.default_params -> 200`,
    ],
    printed: [
      {
        data: {
          ...source,
          attributes: { name: 'Emulated Source', deployment_status: 'deployed', deployment: { default_params: {} } },
        },
      },
    ],
  },
  'Paging by page number and size': {
    transcript: [`GET /api/v1/assets/${source.id}?page[number]=0&page[size]=1 -> 200`],
    printed: [
      {
        data: [asset('pecanpie.jpg')],
        meta: { cursor: { current: '0', hasMore: true, next: '1', totalRecords: '3' } },
      },
    ],
  },
  'Sorting lists of objects': {
    transcript: ['GET /api/v1/sources?sort=name&fields[sources]=name -> 200'],
    printed: [{ data: [{ ...source, attributes: { name: 'Emulated Source' } }] }],
  },
  'Filtering lists of objects': {
    transcript: ['GET /api/v1/sources?filter[name]=staging&filter[deployment.type]=s3 -> 200'],
    printed: [{ data: [], meta: { pagination: { totalRecords: 0 } } }],
  },
  'Create an object': {
    transcript: ['POST /api/v1/sources -> 201'],
    printed: [
      { data: { type: 'sources', attributes: { name: 'New Web Folder Source', deployment_status: 'deploying' } } },
    ],
  },
}

describe("the README of imgix's client", () => {
  test('has the examples that are expected here', () => {
    expect(examples.map(({ name }) => name)).toEqual(Object.keys(EXPECTED))
  })

  test.each(examples)('$name', async ({ name, code }) => {
    const { imgix, peer } = await start()
    const printed = await runExample(code, imgix, peer)
    expect({ transcript: imgix.transcript, printed }).toMatchObject(EXPECTED[name] ?? {})
  })
})

test('the older routes are those of today by another path', async () => {
  const { imgix, peer } = await start()
  const { sourceId } = imgix
  for (const path of ['', '/luke.jpg', '/uploads/pecanpie.jpg']) {
    expect(await peer.request(`assets/${sourceId}${path}`)).toEqual(
      await peer.request(`sources/${sourceId}/assets${path}`),
    )
  }
  const body = { data: { id: `${sourceId}/luke.jpg`, type: 'assets', attributes: { categories: ['dogs'] } } }
  await peer.request(`assets/${sourceId}/luke.jpg`, { method: 'PATCH', body })
  expect(imgix.assets.get('luke.jpg')?.updatable.categories).toEqual(['dogs'])
  await peer.request(`sources/upload/${sourceId}/a/b.jpg`, { method: 'POST', body: Buffer.from('bytes') })
  expect(imgix.objects.get('a/b.jpg')).toMatchObject({ bytes: 5, via: 'upload' })
})

test('pages by number and size are those of the cursor', async () => {
  const { imgix, peer } = await start()
  const page = (query: string) =>
    peer.request(`assets/${imgix.sourceId}?${query}&fields[assets]=origin_path&sort=-file_size`)
  const second = await page('page[number]=1&page[size]=2')
  expect(second).toEqual(await page('page[cursor]=2&page[limit]=2'))
  expect(second).toMatchObject({
    data: [asset('luke.jpg')],
    meta: { cursor: { current: '2', hasMore: false, next: null } },
  })
})

test.each<[name: string, status: number, path: string, options?: Options, key?: string]>([
  ['a wrong key', 401, 'assets/ID', {}, 'ak_other'],
  ['a missing asset', 404, 'assets/ID/none.jpg'],
  ["another's assets", 404, 'assets/0000'],
  ["another's upload", 404, 'sources/upload/0000/a.jpg', { method: 'POST', body: Buffer.from('a') }],
  ['an upload of nothing', 404, 'sources/upload/ID', { method: 'POST', body: Buffer.from('a') }],
  ['an upload over an asset', 409, 'sources/upload/ID/luke.jpg', { method: 'POST', body: Buffer.from('a') }],
  ['a route that no document has', 405, 'assets/ID/refresh/luke.jpg', { method: 'POST', body: {} }],
  ['a sort that no document has', 400, 'assets/ID?sort=origin_path'],
])('%s is an APIError %i', async (_, status, path, options = {}, key = undefined) => {
  const { imgix } = await start()
  const peer = createPeer(imgix, key)
  const error = await peer.request(path.replace('ID', imgix.sourceId), options).catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    name: 'APIError',
    message: `Request failed with status ${status}.`,
    status,
    response: { errors: [{ status: String(status), title: expect.any(String), detail: expect.any(String) }] },
  })
})

test('the older routes have the limits of those of today', async () => {
  const { imgix, peer } = await start({
    rateLimits: {
      upload: { count: 1, perMs: 60_000 },
      get: { count: 2, perMs: 60_000 },
      default: { count: 1, perMs: 60_000 },
    },
  })
  const { sourceId } = imgix
  await peer.request(`sources/${sourceId}/upload/a.jpg`, { method: 'POST', body: Buffer.from('a') })
  await peer.request(`sources/${sourceId}/assets/luke.jpg`)
  await peer.request(`assets/${sourceId}/luke.jpg`)
  await peer.request(`assets/${sourceId}`)
  const refused = [
    peer.request(`sources/upload/${sourceId}/b.jpg`, { method: 'POST', body: Buffer.from('b') }),
    peer.request(`assets/${sourceId}/luke.jpg`),
    peer.request(`assets/${sourceId}`),
  ]
  const results = await Promise.allSettled(refused)
  expect(results).toMatchObject(refused.map(() => ({ status: 'rejected', reason: { status: 429 } })))
})
