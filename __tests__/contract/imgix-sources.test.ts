import { describe, expect, test } from 'vitest'
import type { Client } from '../../src/imgix/client.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { getReport, listReports } from '../../src/imgix/reports.ts'
import { createSource, getSource, listSources, updateSource } from '../../src/imgix/sources.ts'
import { createTestClient, dataDocument, errorsDocument, messageOf, NEW_SOURCE, SOURCE_ID } from '../helpers/imgix.ts'
import { listen } from '../helpers/server.ts'

/** A server that gives these answers in turn, the last one again and again. */
async function answering(...answers: unknown[]) {
  const server = await listen(({ request }, response) => {
    const answer = answers[Math.min(server.seen.length, answers.length) - 1]
    if (request.startsWith('POST')) response.statusCode = 201
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  const requests = () => server.seen.map(({ request, body }) => `${request} ${body}`.trim().replace('/api/v1/', ''))
  return { requests, client: createTestClient({ apiUrl: server.url }) }
}

async function collect(pages: AsyncIterable<readonly { id: string }[]>): Promise<string[][]> {
  const ids: string[][] = []
  for await (const page of pages) ids.push(page.map(({ id }) => id))
  return ids
}

const list = (ids: string[], pagination?: Record<string, unknown>) => ({
  data: ids.map((id) => ({ attributes: { name: id }, id, type: 'sources' })),
  meta: { pagination },
})
const last = { currentPage: 1, hasNextPage: false, nextPage: 1 }

describe('pages by number', () => {
  test.each([
    [
      'two, with the size again and again, and all else that is asked',
      {
        page: { number: 0, size: 1 },
        filter: { name: 'a&b=c ä', enabled: true, 'deployment.type': 's3' },
        sort: ['-enabled', 'name'],
        fields: ['name', 'deployment.default_params'],
      } as const,
      [list(['a'], { currentPage: 0, hasNextPage: true, nextPage: 1 }), list(['b'], last)],
      [['a'], ['b']],
      [0, 1].map(
        (at) =>
          `GET sources?page[number]=${at}&page[size]=1&filter[name]=a%26b%3Dc%20%C3%A4&filter[enabled]=true` +
          '&filter[deployment.type]=s3&sort=-enabled,name&fields[sources]=name,deployment.default_params',
      ),
    ],
    [
      'an empty one is not the last, and counts say nothing',
      {},
      [
        list([], { currentPage: 0, hasNextPage: true, nextPage: 1, totalPages: 1, totalRecords: 0 }),
        list(['b'], { ...last, totalPages: 9, totalRecords: 900 }),
      ],
      [['b']],
      ['GET sources', 'GET sources?page[number]=1'],
    ],
    ['numbers as texts', {}, [list(['a'], { hasNextPage: true, nextPage: '7' }), list(['b'], last)], [['a'], ['b']], 2],
    ['no pagination', {}, [{ data: list(['a']).data }], [['a']], 1],
    ['a next page that is not said to be there', {}, [list(['a'], { nextPage: 1 })], [['a']], 1],
  ])('%s', async (_, query, answers, ids, requests) => {
    const api = await answering(...answers)
    expect(await collect(listSources(api.client, query))).toEqual(ids)
    if (typeof requests === 'number') expect(api.requests()).toHaveLength(requests)
    else expect(api.requests()).toEqual(requests)
  })

  test.each([
    [
      'a circle',
      [
        list(['a'], { currentPage: 0, hasNextPage: true, nextPage: 1 }),
        list(['b'], { currentPage: 1, hasNextPage: true, nextPage: 0 }),
      ],
      'with a list that does not end',
    ],
    [
      'the same page again',
      [list(['a'], { currentPage: 0, hasNextPage: true, nextPage: 0 })],
      'with a list that does not end',
    ],
    ['a next page without a number', [list(['a'], { hasNextPage: true })], 'with a list that has no next page'],
    ['no list', [{ data: {} }], 'with an answer that is no list'],
    ['an object without attributes', [{ data: [{ id: 'a' }] }], 'with a list of other things than objects'],
  ])('%s is no listing', async (_, answers, reason) => {
    const { client } = await answering(...answers)
    const error = await collect(listSources(client)).catch((cause) => cause)
    expect(error).toBeInstanceOf(ImgixError)
    expect(messageOf(error)).toBe(`GET /api/v1/sources: 200 ${reason}`)
  })

  test('a signal ends it between pages', async () => {
    const { client, requests } = await answering(list(['a'], { hasNextPage: true, nextPage: 1 }))
    const controller = new AbortController()
    const listing = async (): Promise<void> => {
      for await (const _ of listSources(client, {}, { signal: controller.signal })) controller.abort('stop')
    }
    await expect(listing()).rejects.toBe('stop')
    expect(requests()).toHaveLength(1)
  })
})

test('a Source with attributes that the reference does not know', async () => {
  const deployment = { type: 's3_compatible', storage_provider: 'x', allows_upload: 'yes' }
  const { client, requests } = await answering(dataDocument('sources', SOURCE_ID, { deployment, newer: [1] }))
  expect(await getSource(client, SOURCE_ID, { fields: ['deployment', 'name'] })).toEqual({
    id: SOURCE_ID,
    type: 'sources',
    attributes: { deployment, newer: [1] },
  })
  expect(requests()).toEqual([`GET sources/${SOURCE_ID}?fields[sources]=deployment,name`])
})

test('a Source is created, and updated', async () => {
  const { client, requests } = await answering(dataDocument('sources', SOURCE_ID, { deployment_status: 'deploying' }))
  const created = await createSource(client, {
    ...NEW_SOURCE,
    deployment: { ...NEW_SOURCE.deployment, newer: 1 },
  })
  expect(created).toMatchObject({ id: SOURCE_ID, attributes: { deployment_status: 'deploying' } })
  await updateSource(client, SOURCE_ID, { enabled: false })
  expect(requests()).toEqual([
    'POST sources {"data":{"attributes":{"name":"a","deployment":{"type":"s3","s3_bucket":"images","imgix_subdomains":["assets"],"newer":1}},"type":"sources"},"jsonapi":{"version":"1.0"}}',
    `PATCH sources/${SOURCE_ID} {"data":{"attributes":{"enabled":false},"id":"${SOURCE_ID}","type":"sources"}}`,
  ])
})

test('creating and updating go at a limit of their own', async () => {
  const { client } = await answering(dataDocument('sources', SOURCE_ID, {}))
  for (const name of ['a', 'b']) await updateSource(client, SOURCE_ID, { name })
  await createSource(client, NEW_SOURCE)
  const waitMs = (requests: number) => client.expect('deploy', requests).waitMs
  expect(waitMs(57)).toBe(0)
  expect(waitMs(58)).toBeGreaterThan(3_500_000)
})

test('reports', async () => {
  const { client, requests } = await answering(
    { data: [{ attributes: { files: ['https://storage.example/a'] }, id: 'r', type: 'reports' }] },
    dataDocument('reports', 'r/s', { completed: false }),
  )
  const filter = { report_type: 'mild_errors', completed: false } as const
  expect(await collect(listReports(client, { page: { size: 50 }, filter }))).toEqual([['r']])
  expect((await getReport(client, 'r/s', { fields: ['completed'] })).attributes.completed).toBe(false)
  expect(requests()).toEqual([
    'GET reports?page[size]=50&filter[report_type]=mild_errors&filter[completed]=false',
    'GET reports/r%2Fs?fields[reports]=completed',
  ])
})

test.each<[string, (client: Client) => Promise<object>, string, string, string]>([
  ['listSources', (client) => collect(listSources(client)), 'GET', 'sources', 'Sources'],
  ['createSource', (client) => createSource(client, NEW_SOURCE), 'POST', 'sources', 'Sources'],
  ['updateSource', (client) => updateSource(client, 'x', { name: 'a' }), 'PATCH', 'sources/x', 'Sources'],
  ['listReports', (client) => collect(listReports(client)), 'GET', 'reports', 'Analytics'],
  ['getReport', (client) => getReport(client, 'x'), 'GET', 'reports/x', 'Analytics'],
])('%s without the permission', async (_, call, method, path, permission) => {
  const server = await listen((_seen, response) => {
    response.writeHead(403)
    response.end(errorsDocument(403, 'Forbidden', 'No.'))
  })
  const error = await call(createTestClient({ apiUrl: server.url })).catch((cause): ImgixError => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error as ImgixError), (error as ImgixError).permission]).toEqual([
    `${method} /api/v1/${path}: 403 Forbidden: No, request id 56ba72bdd33d4395b464fae69f0d31c7`,
    permission,
  ])
})
