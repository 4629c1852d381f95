import { describe, expect, test } from 'vitest'
import type { SourceOptions } from '../../emulator/state.ts'
import { began, gotSource, purged, scenario, sought, uploaded, url } from '../helpers/scenario.ts'

const refusedSource = (status: number): string => `GET /api/v1/sources/SRC -> ${status}`

describe('a Source that can take nothing stops the run before the first byte, with one line that says what to do', () => {
  const sources: [string, SourceOptions, RegExp][] = [
    ['a web folder', { type: 'webfolder' }, /^source-id: Source SRC is a web folder.*set upload to false/],
    ['a web proxy', { type: 'webproxy' }, /^source-id: Source SRC is a web proxy.*set upload to false/],
    ['no upload credentials', { allowsUpload: false }, /^source-id: Source SRC has no credentials to upload with/],
    ['no domains', { imgixSubdomains: [] }, /^source-id: Source SRC has no domains: name .* in domains/],
  ]
  test.each(sources)('%s', async (_, source, message) => {
    const { push, asked } = await scenario({ imgix: { source } })
    const run = await push({ 'a.png': 'a', 'b.png': 'b' })
    expect([run.code, asked()]).toEqual([1, [gotSource]])
    expect(run.errors).toEqual([expect.stringMatching(message)])
    expect(run.summary).toContain('<code>source-id</code></b>: Source SRC ')
    expect(run.report).toMatchObject({ counts: { uploaded: 0, purged: 0, failed: 0 } })
    expect(run.results.filter((each) => !each.startsWith('planned'))).toEqual([])
  })

  test('an unknown Source', async () => {
    const { push, imgix } = await scenario()
    const run = await push({ 'a.png': 'a' }, { 'source-id': 'OTHER' })
    expect([run.code, imgix.transcript]).toEqual([1, ['GET /api/v1/sources/OTHER -> 404']])
    expect(run.errors).toEqual([expect.stringMatching(/^source-id: .*OTHER/)])
  })

  test('a wrong key', async () => {
    const { push, asked } = await scenario()
    const run = await push({ 'a.png': 'a' }, { 'api-key': 'ak_wrong_wrong_wrong' })
    expect([run.code, asked()]).toEqual([1, [refusedSource(401)]])
    expect(run.errors).toEqual([expect.stringMatching(/^api-key: imgix does not accept the key/)])
    expect([run.masks, run.stdout.includes('\nak_wrong')]).toEqual([['ak_wrong_wrong_wrong'], false])
  })

  test('no Sources permission and no domains: which of the two to add', async () => {
    const { push, asked } = await scenario({ imgix: { permissions: ['edit', 'purge'] } })
    const run = await push({ 'a.png': 'a' })
    expect([run.code, asked()]).toEqual([1, [refusedSource(403)]])
    expect(run.errors).toEqual([expect.stringMatching(/^api-key: .*permission Sources.*domains/)])
  })

  test.each([
    ['directly', '30MB', 3],
    ['by session, in both forms', '0B', 4],
  ])('no Source with that id, seen by a key that may not read Sources: %s', async (_, threshold, requests) => {
    const { push, imgix, purges } = await scenario({ imgix: { permissions: ['edit', 'purge'] } })
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.png`, 'x']))
    const inputs = { 'source-id': 'OTHER', domains: 'a.example', concurrency: '1', 'session-threshold': threshold }
    const run = await push(files, inputs)
    expect([run.code, purges(), imgix.requests.length]).toEqual([1, [], requests])
    expect(run.errors.join('\n')).toMatch(/source-id/)
  })
})

test('no Sources permission, with domains: the run goes on', async () => {
  const { push, asked, purges } = await scenario({ imgix: { permissions: ['edit', 'purge'] } })
  const run = await push({ 'a.png': 'a' }, { domains: 'assets-demo.imgix.net' })
  expect([run.code, run.errors]).toEqual([0, []])
  expect(asked()).toEqual([refusedSource(403), sought(), uploaded('a.png'), purged])
  expect(purges()).toEqual([url('a.png')])
})

test('no Sources permission, with purge false: the run goes on', async () => {
  const { push, asked } = await scenario({ imgix: { permissions: ['edit', 'purge'] } })
  expect((await push({ 'a.png': 'a' }, { purge: 'false' })).code).toBe(0)
  expect(asked()).toEqual([refusedSource(403), sought(), uploaded('a.png')])
})

test('a web folder may be purged', async () => {
  const { push, asked } = await scenario({ imgix: { source: { type: 'webfolder' } } })
  expect((await push({ 'a.png': 'a' }, { upload: 'false' })).code).toBe(0)
  expect(asked()).toEqual([gotSource, purged])
})

test('an answer of a Source that says nothing of uploads', async () => {
  const { push, asked } = await scenario({ imgix: { source: { allowsUpload: null } } })
  expect((await push({ 'a.png': 'a' })).code).toBe(0)
  expect(asked()).toEqual([...began, uploaded('a.png'), purged])
})

describe('dry-run', () => {
  const files = { 'a#b.png': 'abc', 'big.mp4': 'x'.repeat(2000), 'old.png': null, 'c.txt': 'c' }

  test('with a key: only looks at the Source', async () => {
    const { push, asked, stored } = await scenario({ files: { 'old.png': 'old' } })
    const run = await push(files, { 'dry-run': 'true', 'session-threshold': '1 KB' })
    expect([run.code, run.errors, asked(), stored()]).toEqual([0, [], [gotSource], []])
    expect(run.log).toContain('Plan: 2 uploads (2.0 kB, 1 by upload session), 3 purges')
    expect(run.log).toContain(
      'upload a#b.png to /a#b.png (3 B, new, direct, image/png)\n    purge https://assets-demo.imgix.net/a%23b.png',
    )
    expect(run.log).toContain('upload big.mp4 to /big.mp4 (2.0 kB, new, session, video/mp4)')
    expect(run.results).toEqual([
      'deleted old.png',
      'planned a#b.png',
      'planned big.mp4',
      ...['a%23b.png', 'big.mp4', 'old.png'].map((path) => `planned ${url(path)}`),
    ])
    expect(run.report).toMatchObject({ dryRun: true, files: [{ via: 'direct' }, { via: 'session' }, { via: null }] })
    expect(run.outputs).toMatchObject({ uploaded: '[]', purged: '[]', 'uploaded-count': '0' })
    expect(run.summary).toContain('#### Would be published (2) · ')
    expect(run.outputs).toMatchObject({ planned: '["a#b.png","big.mp4"]', 'planned-count': '2' })
  })

  test('without a key: no request at all', async () => {
    const { push, imgix } = await scenario({ files: { 'old.png': 'old' } })
    const run = await push(files, { 'dry-run': 'true', 'api-key': '' })
    expect([run.code, run.errors, imgix.requests]).toEqual([0, [], []])
    expect(run.log).toContain('upload a#b.png to /a#b.png')
    expect(run.log).toContain('no domains are known')
    expect(run.log).toContain('dry run: 2 files would be uploaded')
  })

  test('without a key and with domains: the URLs too', async () => {
    const { push, imgix } = await scenario()
    const run = await push(
      { 'a.png': 'a' },
      { 'dry-run': 'true', 'api-key': '', 'source-id': '', domains: 'a.example' },
    )
    expect([run.code, imgix.requests]).toEqual([0, []])
    expect(run.results).toEqual(['planned a.png', 'planned https://a.example/a.png'])
  })

  test('a forecast by the rate limits', async () => {
    const { push } = await scenario()
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`${at}.png`, 'x']))
    const run = await push(many, {
      ...{ 'dry-run': 'true', 'rate-limits': 'upload=2/m, purge=1000/s', 'upload-via': 'direct' },
    })
    expect(run.log).toContain('11 uploads (11 B), 11 purges, about 5 min by the rate limits')
  })

  test('with a wrong key it fails, as the run would', async () => {
    const { push } = await scenario()
    const run = await push({ 'a.png': 'a' }, { 'dry-run': 'true', 'api-key': 'wrong-key-1234' })
    expect([run.code, run.errors]).toEqual([1, [expect.stringMatching(/^api-key: /)]])
  })
})
