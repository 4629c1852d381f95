import { describe, expect, test } from 'vitest'
import { act, began, gotSource, purged, scenario, temporaryFolder, uploaded, url } from '../helpers/scenario.ts'

const source = { imgixSubdomains: ['one', 'two'], customDomains: ['img.example.com'] }
const domains = ['img.example.com', 'one.imgix.net', 'two.imgix.net']

test('every path on every domain of the Source', async () => {
  const { push, purges, asked } = await scenario({ imgix: { source }, files: { 'old.png': 'old' } })
  const run = await push({ 'a.png': 'a', 'old.png': null })
  expect(purges()).toEqual(domains.flatMap((domain) => [url('a.png', domain), url('old.png', domain)]))
  expect(asked().filter((line) => line !== purged)).toEqual([...began, uploaded('a.png')])
  expect(run.report).toMatchObject({
    source: { id: 'SRC', type: 's3', domains: ['one.imgix.net', 'two.imgix.net', 'img.example.com'] },
  })
  expect(run.summary).toContain('<a href="https://img.example.com/a.png">')
})

test('a domain of other letters than ASCII, and a warning of what no purge takes', async () => {
  const customDomains = ['b\u00fccher.example', '*.example.com', 'a.example.com/']
  const { push, purges } = await scenario({ imgix: { source: { imgixSubdomains: [], customDomains } } })
  const run = await push({ 'a.png': 'a' })
  expect([run.code, run.errors, purges()]).toEqual([0, [], [url('a.png', 'xn--bcher-kva.example')]])
  const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)
  expect(warnings).toEqual([
    expect.stringContaining(
      "2 domains that are left out, as a purge takes plain host names only: '*.example.com', 'a.example.com/'",
    ),
  ])
  expect((await push({ 'a.png': 'b' }, { domains: 'a.example.com' })).annotations).toEqual([])
})

test('domains narrows them', async () => {
  const { push, purges } = await scenario({ imgix: { source } })
  await push({ 'a.png': 'a' }, { domains: '# the new one\nTWO.imgix.net\n\n two.imgix.net \nimg.example.com' })
  expect(purges()).toEqual([url('a.png', 'img.example.com'), url('a.png', 'two.imgix.net')])
})

test('urls: encoded once, query dropped, each once, with the files', async () => {
  const { push, purges } = await scenario()
  const run = await push(
    { 'a b.png': 'a' },
    {
      urls: `https://assets-demo.imgix.net/a b.png
        https://assets-demo.imgix.net/a%20b.png?w=100&h=50
        # a comment
        https://ASSETS-demo.imgix.net/x%26y/caf\u00e9#top
        https://assets-demo.imgix.net/100%.png`,
    },
  )
  expect([run.code, run.errors]).toEqual([0, []])
  expect(purges()).toEqual([url('100%25.png'), url('a%20b.png'), url('x%26y/caf%C3%A9')].sort())
})

test('deleted: ignore leaves the old names in the cache', async () => {
  const { push, purges, asked } = await scenario({ files: { 'old.png': 'o' } })
  const run = await push({ 'old.png': null, 'a.png': 'a' }, { deleted: 'ignore' })
  expect([purges(), asked()]).toEqual([[url('a.png')], [...began, uploaded('a.png'), purged]])
  expect(run.results).toContain('deleted old.png')
})

test('purge: false uploads only, and urls are still purged', async () => {
  const { push, asked, purges } = await scenario({ files: { 'old.png': 'o' } })
  const run = await push({ 'a.png': 'a', 'old.png': null }, { purge: 'false', urls: url('x.png') })
  expect([run.code, asked().sort(), purges()]).toEqual([
    0,
    [...began, purged, uploaded('a.png')].sort(),
    [url('x.png')],
  ])
  expect(run.outputs).toMatchObject({ uploaded: '["a.png"]', purged: JSON.stringify([url('x.png')]) })
})

test('urls come after the uploads: what they show may be made of any of those', async () => {
  const { push, imgix } = await scenario()
  imgix.fault({ on: { path: /upload/ }, do: { delayMs: 200 } })
  await push({ 'a.png': 'a' }, { urls: url('x.png') })
  expect(imgix.purges.map((purge) => purge.url).at(-1)).toBe(url('x.png'))
  expect(imgix.objects.get('a.png')?.storedAt).toBe(1)
})

describe('upload: false', () => {
  test('purges what changed, on the domains of the Source', async () => {
    const { push, asked, purges } = await scenario({ files: { 'old.png': 'o' } })
    const run = await push({ 'a.png': 'a', 'old.png': null }, { upload: 'false' })
    expect([run.code, asked(), purges()]).toEqual([0, [gotSource, purged, purged], [url('a.png'), url('old.png')]])
    expect(run.outputs).toMatchObject({ skipped: '["a.png"]', uploaded: '[]' })
  })

  test('with domains and no source-id: no more than the purges', async () => {
    const { push, asked } = await scenario()
    const run = await push({ 'a.png': 'a' }, { upload: 'false', 'source-id': '', domains: 'assets-demo.imgix.net' })
    expect([run.code, run.errors, asked()]).toEqual([0, [], [purged]])
  })

  test('with urls only, and no repository at all', async () => {
    const { imgix, asked, purges } = await scenario()
    const inputs = { 'api-key': imgix.apiKey, 'api-url': imgix.apiUrl, upload: 'false', urls: url('a.png') }
    const run = await act({ workspace: temporaryFolder(), inputs }, imgix)
    expect([run.code, run.errors, asked(), purges()]).toEqual([0, [], [purged], [url('a.png')]])
    expect(run.outputs).toMatchObject({ base: '', head: '', purged: JSON.stringify([url('a.png')]) })
  })

  test.each(['webfolder', 'webproxy'] as const)('a %s Source, to which nothing can be uploaded', async (type) => {
    const { push, asked, purges } = await scenario({ imgix: { source: { type } }, files: { 'old.png': 'o' } })
    const run = await push({ 'a.png': 'a', 'old.png': null }, { upload: 'false', urls: url('x.png') })
    expect([run.code, run.errors, asked()]).toEqual([0, [], [gotSource, purged, purged, purged]])
    expect(purges()).toEqual([url('a.png'), url('old.png'), url('x.png')])
  })

  test('a path that is no file on disk any more is purged all the same', async () => {
    const { site, run, purges } = await scenario()
    const before = site.head()
    site.write({ 'a.png': 'a' })
    const event = site.pushEvent(before, site.commit())
    site.write({ 'a.png': null })
    expect((await run({ upload: 'false' }, { event })).code).toBe(0)
    expect(purges()).toEqual([url('a.png')])
  })
})

describe('an empty list purges nothing', () => {
  test.each([
    ['no file changed', {}],
    ['no file matches', { files: '*.gif' }],
    ['files set to nothing', { files: '' }],
    ['upload: false', { upload: 'false' }],
    ['mode: all, no file matches', { mode: 'all', files: '*.gif' }],
    ['mode: all, files set to nothing', { mode: 'all', files: '' }],
    ['mode: all, upload: false, no file matches', { mode: 'all', upload: 'false', files: '*.gif' }],
  ])('%s', async (_, inputs) => {
    const { push, asked } = await scenario({ files: { 'same.png': 's' } })
    const run = await push({ 'b.txt': 'b' }, { urls: '# none', 'sub-images': '# none', ...inputs })
    expect(asked().filter((line) => line.startsWith('POST'))).toEqual([])
    expect(run.outputs).toMatchObject({ purged: '[]', 'purged-count': '0' })
  })
})

test.each([
  [
    'one video',
    { 'a.mp4': 'a', 'b.png': 'b' },
    [/^1 video changed or deleted \(a\.mp4\): purges do not reach imgix's Video API/],
  ],
  ['two videos', { 'a.WebM': 'a', 'b.mov': 'b' }, [/^2 videos changed or deleted \(a\.WebM, …\)/]],
  ['none', { 'b.png': 'b' }, []],
])('a notice of changed videos: %s', async (_, files, messages) => {
  const { push } = await scenario()
  const { annotations } = await push(files)
  expect(annotations.map(({ message }) => message)).toEqual(messages.map((message) => expect.stringMatching(message)))
})

test('409, a duplicate, is success', async () => {
  const { push, asked } = await scenario()
  await push({ 'a.png': '1' })
  const again = await push({ 'a.png': '2' })
  expect([again.code, again.errors, asked().at(-1)]).toEqual([0, [], 'POST /api/v1/purge -> 409'])
  expect(again.outputs).toMatchObject({ purged: JSON.stringify([url('a.png')]) })
})

test('an imgix whose overwrite purges by itself', async () => {
  const { push, imgix, asked } = await scenario({ imgix: { overwritePurges: true } })
  imgix.put('a.png', 'old')
  const run = await push({ 'a.png': 'new' })
  expect([run.code, asked()]).toEqual([0, [...began, uploaded('a.png'), 'POST /api/v1/purge -> 409']])
})

test('a purge that is refused: the file is uploaded, its URL failed, the run fails', async () => {
  const { push, stored } = await scenario()
  const run = await push({ 'a.png': 'a' }, { domains: 'elsewhere.imgix.net\nassets-demo.imgix.net' })
  expect([run.code, stored()]).toEqual([1, ['a.png']])
  const elsewhere = url('a.png', 'elsewhere.imgix.net')
  expect(run.results).toEqual([`failed ${elsewhere}`, `purged ${url('a.png')}`, 'uploaded a.png'])
  expect(run.errors).toEqual([
    expect.stringMatching(
      /^https:\/\/elsewhere\.imgix\.net\/a\.png: .*400 BadRequest: elsewhere\.imgix\.net is not a domain/,
    ),
    '1 of 2 purges failed',
  ])
  expect(run.outputs).toMatchObject({ uploaded: '["a.png"]', failed: JSON.stringify([elsewhere]), 'failed-count': '1' })
})

test('nothing is purged after an upload that failed, on no domain', async () => {
  const { push, imgix, asked } = await scenario({ imgix: { source } })
  imgix.fault({ on: { path: /upload/ }, do: { answer: { status: 400 } } })
  const run = await push({ 'a.png': 'a' })
  expect([run.code, asked()]).toEqual([1, [...began, uploaded('a.png', 400)]])
  expect(run.results).toEqual(['failed a.png', ...domains.map((domain) => `planned ${url('a.png', domain)}`)].sort())
})

test('a URL of urls that is also a file waits for the upload', async () => {
  const { push, imgix, asked } = await scenario()
  imgix.fault({ on: { path: /upload/ }, do: { delayMs: 200 } })
  await push({ 'a.png': 'a' }, { urls: url('a.png') })
  expect(asked()).toEqual([...began, uploaded('a.png'), purged])
})

test('a key without Purge: the message names it, and the run stops', async () => {
  const { push, imgix, asked } = await scenario({ imgix: { permissions: ['sources', 'edit'] } })
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.png`, 'x']))
  const run = await push(files, { 'on-conflict': 'skip', concurrency: '1' })
  expect(run.code).toBe(1)
  expect(run.errors.join('\n')).toMatch(/api-key: the key lacks the permission Purge/)
  expect(asked()).toContain('POST /api/v1/purge -> 403')
  expect(imgix.requests.length).toBeLessThan(8)
})
