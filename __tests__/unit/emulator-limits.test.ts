import { expect, test } from 'vitest'
import { createLimits, documentedRules, limitClassOf } from '../../emulator/limits.ts'

const source = '/api/v1/sources/5b81e81539ddc50001a5d955'

test.each([
  ['purge', 'POST', '/api/v1/purge'],
  ['upload', 'POST', `${source}/upload/a.png`],
  ['get', 'GET', `${source}/assets/a.png`],
  ['refresh', 'POST', `${source}/assets/refresh/a.png`],
  ['default', 'GET', `${source}/assets`],
  ['default', 'PATCH', `${source}/assets/a.png`],
  ['default', 'POST', `${source}/assets/add/a.png`],
  ['default', 'POST', `${source}/upload-sessions/create/a.png`],
  ['default', 'GET', source],
  ['default', 'GET', '/api/v1/sources'],
  ['create', 'POST', '/api/v1/sources'],
  ['update', 'PATCH', source],
  [undefined, 'PUT', '/bucket/5b81e81539ddc50001a5d955/a.png'],
])('%s counts %s %s', (expected, method, path) => {
  expect(limitClassOf(method, path)).toBe(expected)
})

test('a window slides: no interval of perMs ever holds more than count', () => {
  const limits = createLimits({ upload: { count: 2, perMs: 1000 } })
  const arrivals = [0, 900, 950, 999, 1000, 1001, 1899, 1900, 2000]
  expect(arrivals.filter((at) => limits.admit('upload', at))).toEqual([0, 900, 1000, 1900, 2000])
  expect(limits.violations()).toBe(4)
})

test('classes do not share a window, and one without a rule has no limit', () => {
  const limits = createLimits({ upload: { count: 1, perMs: 1000 }, purge: { count: 1, perMs: 1000 } })
  const admitted = (['upload', 'purge', 'upload', 'get', 'get', undefined] as const).map((each) =>
    limits.admit(each, 5),
  )
  expect(admitted).toEqual([true, true, false, true, true, true])
})

test('the documented limits are those of the reference', () => {
  expect(
    Object.entries(documentedRules).map(([name, { count, perMs }]) => `${name} ${count}/${perMs / 1000}s`),
  ).toEqual([
    'upload 2/1s',
    'purge 10/1s',
    'get 10/1s',
    'refresh 10/60s',
    'create 60/3600s',
    'update 60/3600s',
    'default 4/1s',
  ])
})
