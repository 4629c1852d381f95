import { expect, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { leftOutLine, readSource, viewSource } from '../../src/plan/source.ts'
import { explain } from '../../src/report/explain.ts'
import { emulate } from '../helpers/emulator.ts'
import { apiOf } from '../helpers/sync.ts'

const { signal } = new AbortController()

test('a Source that the key may read', async () => {
  const imgix = await emulate({ source: { customDomains: ['img.example.com'] } })
  expect(await readSource(apiOf(imgix), signal)).toEqual({
    id: imgix.sourceId,
    type: 's3',
    allowsUpload: true,
    domains: ['assets-demo.imgix.net', 'img.example.com'],
  })
})

test('domains are read as the input is, and what no URL has is told', async () => {
  const customDomains = [
    ...['bücher.example', 'Img.Example.com', 'xn--bcher-kva.example'],
    ...['a.example.', 'b.example/', 'https://c.example', 'd.example:8443', '*.e.example', 'localhost'],
  ]
  const imgix = await emulate({ source: { customDomains } })
  const source = await readSource(apiOf(imgix), signal)
  expect(source?.domains).toEqual(['assets-demo.imgix.net', 'xn--bcher-kva.example', 'img.example.com'])
  expect(source?.leftOut).toEqual(customDomains.slice(3))
  expect(leftOutLine({ id: 'SRC', leftOut: source?.leftOut ?? [] })).toBe(
    "Source SRC has 6 domains that are left out, as a purge takes plain host names only: 'a.example.', 'b.example/', 'https://c.example', 'd.example:8443', '*.e.example' and 1 more; if pages use one, name its hosts in domains, with the others",
  )
})

test('a domain of any length is told in short', () => {
  const line = leftOutLine({ id: 'SRC', leftOut: ['x'.repeat(1e6)] })
  expect(line.length).toBeLessThan(400)
})

test('a key without the permission Sources is no reason to stop', async () => {
  expect(await readSource(apiOf(await emulate({ permissions: ['edit', 'purge'] })), signal)).toBeUndefined()
})

test('a Source that is not there: the message names source-id', async () => {
  const imgix = await emulate()
  const error = await readSource({ ...apiOf(imgix), sourceId: '000000000000000000000000' }, signal).catch(
    (cause) => cause,
  )
  expect(error).toBeInstanceOf(InputError)
  expect(error.message).toMatch(
    /^source-id: imgix has no Source '000000000000000000000000' that this key can see; take the id from the end of the Source's dashboard URL \(404 NotFound: .*, request id .*\)$/,
  )
  expect(error.problems).toEqual([error.message])
})

test('a wrong key: the message names api-key', async () => {
  const imgix = await emulate()
  const error = await readSource(apiOf({ ...imgix, apiKey: 'ak_wrong' }), signal).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect(explain(error)).toMatch(/^api-key: imgix does not accept the key; .* \(401 /)
})

test('a Source of more domains than anybody has is none: each file would be purged on every one', async () => {
  const customDomains = Array.from({ length: 1000 }, (_, at) => `d${at}.example.com`)
  const read = async (domains: string[]) =>
    readSource(apiOf(await emulate({ source: { customDomains: domains } })), signal)
  expect((await read(customDomains.slice(1)))?.domains).toHaveLength(1000)
  const error = await read(customDomains).catch((cause) => cause)
  expect(explain(error)).toMatch(
    /^the Source can't be read: imgix's answer can't be used; .* \(200 with a Source of 1001 domains\)$/,
  )
})

test.each(['by cindy@ymail.com', 'x'.repeat(1000), '', ' ', 7, null, {}])('a Source of the type %j', async (type) => {
  const data = { type: 'sources', id: 'SRC', attributes: { deployment: { type } } } as never
  expect(viewSource(data, 'SRC').type).toBe('unknown')
})
