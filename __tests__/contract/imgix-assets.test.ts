import { describe, expect, test } from 'vitest'
import type { EmulatorOptions } from '../../emulator/server.ts'
import type { Client } from '../../src/imgix/client.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { type Asset, changeAsset, findAsset, type ListedAsset, listStored } from '../../src/plan/asset.ts'
import { describeChange } from '../../src/plan/asset-change.ts'
import { explain } from '../../src/report/explain.ts'
import { emulate } from '../helpers/emulator.ts'
import { API_KEY, createTestClient, dataDocument, errorsDocument, messageOf, SOURCE_ID } from '../helpers/imgix.ts'
import { listen, type Seen } from '../helpers/server.ts'

const UNSET = { categories: [], customFields: null, description: null, name: null, tags: {} }

function lowered({ request, headers, body }: Seen) {
  const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return { request, headers: Object.fromEntries(names), body: String(body) }
}

/** A server that gives these answers in turn, the last one again and again. */
async function answering(...answers: unknown[]) {
  const server = await listen((_seen, response) => {
    const answer = answers[Math.min(server.seen.length, answers.length) - 1]
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  return { server, client: createTestClient({ apiUrl: server.url }) }
}

/** The headers of every call without a file. */
function headersTo(url: string): Record<string, string> {
  return {
    accept: 'application/vnd.api+json',
    'accept-encoding': 'identity',
    'content-type': 'application/vnd.api+json',
    authorization: `Bearer ${API_KEY}`,
    'user-agent': 'imgix-sync/1',
    host: url.slice('http://'.length),
    connection: 'close',
  }
}

describe('PATCH sources/:source_id/assets/:origin_path', () => {
  test('by the example of the reference', async () => {
    const { server, client } = await answering(dataDocument('assets', `${SOURCE_ID}/luke.jpg`, {}))
    const change = {
      categories: ['Summer Photos', 'Pet Photos'],
      customFields: { 'Date taken': 'August 2020', Photographer: 'Molly' },
    }
    const place = { sourceId: SOURCE_ID, originPath: 'luke.jpg' }
    expect(await changeAsset(client, place, change)).toMatchObject({ status: 200, attempts: 1 })
    const body =
      '{"data":{"attributes":{"categories":["Summer Photos","Pet Photos"],"custom_fields":{"Date taken":"August 2020",' +
      `"Photographer":"Molly"}},"type":"assets","id":"${SOURCE_ID}/luke.jpg"}}`
    expect(server.seen.map(lowered)).toEqual([
      {
        request: `PATCH /api/v1/sources/${SOURCE_ID}/assets/luke.jpg`,
        headers: { ...headersTo(server.url), 'content-length': String(body.length) },
        body,
      },
    ])
  })

  test('every attribute; a path is encoded in the URL, not in the id', async () => {
    const { server, client } = await answering('{}')
    const place = { sourceId: SOURCE_ID, originPath: 'ä b/50%?.png' }
    await changeAsset(client, place, { ...UNSET, customFields: {}, name: 'é', tags: JSON.parse('{"__proto__":0.5}') })
    expect(server.seen.map(({ request }) => request)).toEqual([
      `PATCH /api/v1/sources/${SOURCE_ID}/assets/%C3%A4%20b/50%25%3F.png`,
    ])
    expect(String(server.seen[0]?.body)).toBe(
      '{"data":{"attributes":{"categories":[],"custom_fields":{},"description":null,"name":"é",' +
        `"tags":{"__proto__":0.5}},"type":"assets","id":"${SOURCE_ID}/ä b/50%?.png"}}`,
    )
  })

  test('without the permission', async () => {
    const emulator = await emulate({ permissions: ['browse'] })
    emulator.put('a.png', 'x')
    const client = createTestClient({ apiUrl: emulator.apiUrl, apiKey: emulator.apiKey })
    const place = { sourceId: emulator.sourceId, originPath: 'a.png' }
    const error = await changeAsset(client, place, { name: 'x' }).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect([error.status, error.permission]).toEqual([403, 'Asset Manager Edit'])
  })

  test('an answer that is lost is no reason to lose the change: it is sent again', async () => {
    const emulator = await emulate()
    emulator.put('a.png', 'x')
    emulator.fault({ on: { method: 'PATCH' }, do: { loseAnswer: true } })
    const client = createTestClient({ apiUrl: emulator.apiUrl, apiKey: emulator.apiKey, maxAttempts: 2 })
    const place = { sourceId: emulator.sourceId, originPath: 'a.png' }
    expect(await changeAsset(client, place, { name: 'x' })).toMatchObject({ attempts: 2 })
    expect(emulator.assets.get('a.png')?.updatable.name).toBe('x')
  })

  test('read, merged and written, an asset keeps what others set', async () => {
    const emulator = await emulate()
    emulator.put('luke.jpg', 'x')
    const { updatable } = emulator.assets.get('luke.jpg') ?? {}
    Object.assign(updatable ?? {}, { custom_fields: { 'Dog name': 'Luke', n: 1.5 }, tags: { Dog: 0.5 }, name: 'L' })
    const client = createTestClient({ apiUrl: emulator.apiUrl, apiKey: emulator.apiKey })
    const place = { sourceId: emulator.sourceId, originPath: 'luke.jpg' }
    const wanted = { ...NO_ATTRIBUTES, categories: ['Pets'], customFields: { SKU: '007' }, description: 'A dog' }
    const change = describeChange((await findAsset(client, place)) as Asset, wanted, 'sha')
    expect(change).toBeDefined()
    await changeAsset(client, place, change as object)
    expect(updatable).toEqual({
      categories: ['Pets'],
      custom_fields: { 'Dog name': 'Luke', n: 1.5, SKU: '007', 'imgix-sync': 'sha' },
      description: 'A dog',
      name: 'L',
      tags: { Dog: 0.5 },
    })
    expect(describeChange((await findAsset(client, place)) as Asset, wanted, 'sha')).toBeUndefined()
  })
})

async function collect(pages: AsyncIterable<readonly ListedAsset[]>): Promise<string[][]> {
  const paths: string[][] = []
  for await (const page of pages) paths.push(page.map(({ originPath }) => originPath))
  return paths
}

type Cursor = Record<string, unknown>
const entries = (...paths: string[]) =>
  paths.map((path) => ({ attributes: { origin_path: path }, id: `${SOURCE_ID}${path}`, type: 'assets' }))
const list = (paths: string[], cursor?: Cursor) => ({ data: entries(...paths), meta: { cursor } })
const LIST = `/api/v1/sources/${SOURCE_ID}/assets`
const QUERY = 'page[limit]=100&sort=date_created&fields[assets]=origin_path'

describe('GET sources/:source_id/assets', () => {
  test('two pages, with the fields that are asked for', async () => {
    const { server, client } = await answering(
      list(['/a.png', '//b.png'], {
        current: '0',
        hasMore: true,
        next: '2',
        totalRecords: '3',
        estimatedRecords: null,
      }),
      {
        data: [
          {
            attributes: { custom_fields: { a: 1 }, file_size: '12', origin_path: '/c/ä b.png', warning_adult: 1 },
            id: `${SOURCE_ID}/c/ä b.png`,
            type: 'assets',
          },
        ],
        meta: { cursor: { current: '2', hasMore: false, next: null, totalRecords: '1001' } },
      },
    )
    const pages: (readonly ListedAsset[])[] = []
    for await (const page of listStored(client, { sourceId: SOURCE_ID, fields: ['customFields', 'fileSize'] }))
      pages.push(page)
    expect(pages.flat()).toEqual([
      { originPath: 'a.png' },
      { originPath: '/b.png' },
      { originPath: 'c/ä b.png', fileSize: 12, customFields: { a: 1 } },
    ])
    const headers = headersTo(server.url)
    expect(server.seen.map(lowered)).toEqual([
      { request: `GET ${LIST}?${QUERY},custom_fields,file_size`, headers, body: '' },
      { request: `GET ${LIST}?page[cursor]=2&${QUERY},custom_fields,file_size`, headers, body: '' },
    ])
  })

  const more = { current: '0', hasMore: true, next: '1' }
  test.each([
    ['hasMore is false', [list(['/a'], { current: '0', hasMore: false, next: '1' })], [['a']]],
    ['there is no next', [list(['/a'], { current: '0', hasMore: true })], [['a']]],
    ['next is null', [list(['/a'], { current: '0', hasMore: true, next: null })], [['a']]],
    ['next is empty', [list(['/a'], { current: '0', hasMore: true, next: '' })], [['a']]],
    [
      'next is the same page',
      [list(['/a'], more), list(['/b'], { current: '1', hasMore: true, next: '1' })],
      [['a'], ['b']],
    ],
    [
      'next is the page that was asked for',
      [list(['/a'], more), list(['/b'], { hasMore: true, next: '1' })],
      [['a'], ['b']],
    ],
    [
      'a page is empty, and there is more',
      [
        list(['/a'], more),
        list([], { current: '1', hasMore: true, next: '2' }),
        list(['/b'], { current: '2', hasMore: false }),
      ],
      [['a'], ['b']],
    ],
    ['a page is empty, and nobody says that there is more', [list([], { current: '0', next: '1' })], []],
    [
      'ten pages are empty, whatever they say',
      Array.from({ length: 10 }, (_, at) => list([], { current: String(at), hasMore: true, next: String(at + 1) })),
      [],
    ],
    ['nothing is there', [list([], { current: '0', hasMore: false, next: null })], []],
    ['nothing is there, and no cursor', [{ data: [] }], []],
    [
      'numbers come as numbers',
      [list(['/a'], { current: 0, hasMore: true, next: 1 }), list(['/b'], { current: 1, hasMore: false })],
      [['a'], ['b']],
    ],
    [
      'the cursor is where the reference has it',
      [
        { data: entries('/a'), cursor: more, meta: {} },
        { data: entries('/b'), cursor: { current: '1', hasMore: false } },
      ],
      [['a'], ['b']],
    ],
    [
      'the total is lower than what came',
      [list(['/a', '/b'], { ...more, totalRecords: '1' }), list(['/c'], { current: '1', hasMore: false })],
      [['a', 'b'], ['c']],
    ],
  ])('ends, or goes on, where %s', async (_, answers, paths) => {
    const { server, client } = await answering(...answers)
    expect(await collect(listStored(client, { sourceId: SOURCE_ID, fields: [] }))).toEqual(paths)
    expect(server.seen).toHaveLength(answers.length)
  })

  test('a cursor is opaque', async () => {
    const { server, client } = await answering(
      list(['/a'], { current: null, hasMore: true, next: 'b&c=d ä' }),
      list(['/b'], { hasMore: false }),
    )
    await collect(listStored(client, { sourceId: SOURCE_ID, fields: [] }))
    expect(server.seen[1]?.request).toBe(`GET ${LIST}?page[cursor]=b%26c%3Dd%20%C3%A4&${QUERY}`)
  })

  test.each([
    ['no list', [{ data: { id: 'x' } }], 'with an answer that is no list'],
    ['nothing', [''], 'with an answer that is no list'],
    ['assets without a cursor', [{ data: entries('/a') }], 'with a list that has no cursor'],
    [
      'an asset without a path',
      [{ data: [{ attributes: {} }], meta: { cursor: more } }],
      'with an asset that has no origin_path',
    ],
    ['an asset that is null', [{ data: [null], meta: { cursor: more } }], 'with a list of other things than objects'],
    [
      'a way back',
      [list(['/a'], more), list(['/b'], { current: '1', hasMore: true, next: '0' })],
      'with a list that does not end',
    ],
    [
      'a circle',
      [
        list(['/a'], { ...more, next: 'x' }),
        list(['/b'], { hasMore: true, next: 'y' }),
        list(['/c'], { hasMore: true, next: 'x' }),
      ],
      'with a list that does not end',
    ],
    ['the first page again and again', [list(['/a'], more)], 'with a list that does not end'],
  ])('%s is no listing', async (_, answers, reason) => {
    const { client } = await answering(...answers)
    const error = await collect(listStored(client, { sourceId: SOURCE_ID, fields: [] })).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect(messageOf(error)).toBe(`GET ${LIST}: 200 ${reason}`)
    expect(explain(error)).toMatch(/^the Source's assets can't be listed: imgix's answer can't be used; /)
  })

  test('a list that goes on for ever', async () => {
    let pages = 0
    const request: Client['request'] = async () => {
      const cursor = { current: String(pages), hasMore: true, next: String(++pages) }
      return { status: 200, document: list(['/a'], cursor), attempts: 1, perhapsDone: false }
    }
    const client = { ...createTestClient(), request } // 10,000 pages over a network take long
    const error = await collect(listStored(client, { sourceId: SOURCE_ID, fields: [] })).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect(messageOf(error)).toBe(`GET ${LIST}: 200 with a list that does not end`)
    expect(pages).toBe(10_001)
  })

  test('empty pages without end are the end', async () => {
    const server = await listen(({ request }, response) => {
      const current = Number(/page\[cursor\]=(\d+)/.exec(request)?.[1] ?? 0)
      const cursor = { current: String(current), hasMore: true, next: String(current + 1) }
      response.end(JSON.stringify(list(current === 0 ? ['/a'] : [], cursor)))
    })
    const client = createTestClient({ apiUrl: server.url })
    expect(await collect(listStored(client, { sourceId: SOURCE_ID, fields: [] }))).toEqual([['a']])
    expect(server.seen).toHaveLength(11)
  })

  test('a page that fails ends the listing', async () => {
    const { client } = await answering(list(['/a'], more), errorsDocument(500, 'x', 'y'))
    const paths: string[] = []
    const listing = async (): Promise<void> => {
      for await (const page of listStored(client, { sourceId: SOURCE_ID, fields: [] })) paths.push(...page.map(String))
    }
    await expect(listing()).rejects.toThrow(ImgixError)
    expect(paths).toHaveLength(1)
  })

  test('a signal ends it between pages', async () => {
    const { server, client } = await answering(list(['/a'], more))
    const controller = new AbortController()
    const listing = async (): Promise<void> => {
      const { signal } = controller
      for await (const _page of listStored(client, { sourceId: SOURCE_ID, fields: [], signal }))
        controller.abort('stop')
    }
    await expect(listing()).rejects.toBe('stop')
    expect(server.seen).toHaveLength(1)
  })
})

describe('the assets of an emulated Source', () => {
  async function listed(options: EmulatorOptions, files: number) {
    const emulator = await emulate(options)
    const paths = Array.from({ length: files }, (_, at) => `folder/${at}.png`)
    for (const path of paths) emulator.put(path, path)
    const client = createTestClient({ apiUrl: emulator.apiUrl, apiKey: emulator.apiKey, rateLimits: DOCUMENTED_LIMITS })
    const list = () => listStored(client, { sourceId: emulator.sourceId, fields: ['fileSize', 'customFields'] })
    return { emulator, paths, list }
  }

  test.each([
    ['none', {}, 0, 0],
    ['as many as a page holds', {}, 100, 1],
    ['more than the total counts', {}, 1101, 12],
    ['fewer on a page than asked for', { listLimit: 2 }, 5, 3],
  ])('%s', async (_, options, files, count) => {
    const { emulator, paths, list } = await listed(options, files)
    const pages = await collect(list())
    expect(pages.flat()).toEqual(paths)
    expect([pages.length, emulator.violations]).toEqual([count, 0])
  })

  test('their attributes', async () => {
    const { list, emulator } = await listed({}, 1)
    Object.assign(emulator.assets.get('folder/0.png')?.updatable ?? {}, { custom_fields: { a: 1 } })
    for await (const page of list())
      expect(page).toEqual([{ originPath: 'folder/0.png', fileSize: 12, customFields: { a: 1 } }])
    expect.assertions(1)
  })

  test('none is missed when others are added meanwhile', async () => {
    const { emulator, paths, list } = await listed({ listLimit: 2 }, 4)
    const found: string[] = []
    for await (const page of list()) {
      if (found.length === 0) emulator.put('added.png', 'x')
      found.push(...page.map(({ originPath }) => originPath))
    }
    expect(found).toEqual([...paths, 'added.png'])
  })

  test('a key that may not browse', async () => {
    const { list } = await listed({ permissions: ['purge'] }, 1)
    const error = await collect(list()).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect([error.status, error.permission]).toEqual([403, 'Asset Manager Browse'])
  })
})
