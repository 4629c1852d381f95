import { describe, expect, test } from 'vitest'
import { began, gotSource, purged, scenario, uploaded, url } from '../helpers/scenario.ts'

const called = (call: string, path: string, status = 200): string =>
  `POST /api/v1/sources/SRC/assets/${call}/${path} -> ${status}`
const changed = { 'new 1.png': 'n', 'old.png': 'changed', 'gone.png': null }
const files = { 'old.png': 'o', 'gone.png': 'g' }

describe('refresh', () => {
  test('every changed file after its upload, beside the purges of all domains', async () => {
    const { push, asked, purges } = await scenario({ files, imgix: { source: { imgixSubdomains: ['one', 'two'] } } })
    const run = await push(changed, { 'asset-manager': 'refresh', concurrency: '1' })
    const refreshes = ['new%201.png', 'old.png'].map((path) => called('refresh', path))
    expect([
      run.code,
      run.errors,
      asked()
        .filter((line) => /refresh/.test(line))
        .sort(),
    ]).toEqual([0, [], refreshes])
    expect(asked().indexOf(String(refreshes[1]))).toBeGreaterThan(asked().indexOf(uploaded('old.png')))
    expect(purges()).toHaveLength(6)
    expect(run.log).toMatch(/2 files to refresh in the Asset Manager.*refreshed old\.png/s)
  })

  test('of files that something else uploaded, with a forecast by the rate limit of refreshes', async () => {
    const { push, imgix, asked } = await scenario({ files })
    imgix.put('old.png', 'changed elsewhere')
    const inputs = { 'asset-manager': 'refresh', upload: 'false', 'dry-run': 'true', 'rate-limits': 'refresh=1/m' }
    expect((await push(changed, inputs)).log).toMatch(/2 files to refresh .*, about 61 s by the rate limits/)
    const run = await push({ 'old.png': 'changed again' }, { ...inputs, purge: 'false', 'dry-run': 'false' })
    expect([run.code, asked().at(-1)]).toEqual([0, called('refresh', 'old.png')])
  })

  test('of more than 50 files only with force', async () => {
    const { push, asked } = await scenario()
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`${at}.png`, `${at}`]))
    const run = await push(many, { 'asset-manager': 'refresh' })
    expect([run.code, asked()]).toEqual([1, [gotSource]])
    expect(run.errors).toEqual([
      expect.stringMatching(/^asset-manager: 51 files would be refreshed.* set force to true/),
    ])
    expect((await push({ 'a.png': 'a' }, { 'asset-manager': 'refresh', base: 'HEAD~2', force: 'true' })).code).toBe(0)
    expect(asked().filter((line) => line.includes('/refresh/'))).toHaveLength(52)
  })

  test('a file that imgix does not know: its error, and the others go on', async () => {
    const { push, imgix } = await scenario({ files })
    imgix.put('old.png', 'o')
    const run = await push(changed, { 'asset-manager': 'refresh', upload: 'false' })
    expect([run.code, imgix.assets.has('new 1.png')]).toEqual([1, false])
    expect(run.errors).toEqual([
      expect.stringMatching(/^new 1\.png: not refreshed: imgix does not find it; .* \(404 NotFound/),
    ])
    expect(run.report?.assets).toEqual([
      { path: 'new 1.png', originPath: 'new 1.png', call: 'refresh', result: 'failed', error: expect.any(String) },
      { path: 'old.png', originPath: 'old.png', call: 'refresh', result: 'done' },
    ])
    expect(run.summary).toMatch(/: not refreshed: .*<code>new 1\.png<\/code>/)
  })
})

describe('add', () => {
  test('new files only, after their uploads', async () => {
    const { push, asked } = await scenario({ files })
    const run = await push(changed, { 'asset-manager': 'add' })
    const added = called('add', 'new%201.png', 202)
    expect([run.code, asked().filter((line) => line.includes('/assets/'))]).toEqual([0, [added]])
    expect(asked().indexOf(added)).toBeGreaterThan(asked().indexOf(uploaded('new%201.png')))
  })

  test('not after an upload that failed', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: { path: /\/upload\// }, do: { answer: { status: 400 } } })
    expect([(await push({ 'a.png': 'a' }, { 'asset-manager': 'add' })).code, asked()]).toEqual([
      1,
      [...began, uploaded('a.png', 400)],
    ])
  })
})

test('off asks nothing, and without source-id there is nothing to ask about', async () => {
  const { push, asked } = await scenario()
  await push({ 'a.png': 'a' })
  expect(asked()).toEqual([...began, uploaded('a.png'), purged])
  const run = await push({}, { 'asset-manager': 'add', upload: 'false', 'source-id': '', urls: url('a.png') })
  expect(run.errors).toEqual([
    "source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager",
  ])
})

test('a key without Asset Manager Edit: the message names it', async () => {
  const { push } = await scenario({ imgix: { permissions: ['sources', 'purge'] } })
  const run = await push({ 'a.png': 'a' }, { 'asset-manager': 'add', upload: 'false' })
  expect([run.code, run.errors.join('\n')]).toEqual([
    1,
    expect.stringMatching(/lacks the permission Asset Manager Edit/),
  ])
})
