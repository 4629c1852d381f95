import { describe, expect, test } from 'vitest'
import { began, closed, gotSource, opened, purged, put, scenario, uploaded, url } from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const plain = (path: string, status: number | string = 200): string =>
  `POST /api/v1/sources/SRC/upload/${path} -> ${status}`
const looked = (path: string, status = 200): string => `GET /api/v1/sources/SRC/assets/${path} -> ${status}`
/** Of an answer that is to be tried again at once. */
const now = { 'retry-after': '0' }
const lost = { on: { path: /\/upload\// }, do: { loseAnswer: true } } as const

test('bytes as they are, in one request with length and type, signed', async () => {
  const { push, imgix } = await scenario()
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
  await push({ 'a.png': bytes })
  expect(imgix.objects.get('a.png')?.body).toEqual(bytes)
  expect(imgix.requests[2]?.headers).toMatchObject({
    authorization: `Bearer ${imgix.apiKey}`,
    'content-length': '256',
    'content-type': 'image/png',
  })
  expect(imgix.requests[2]?.headers['transfer-encoding']).toBeUndefined()
})

test('a body above 1 MB, and an empty one', async () => {
  const { push, imgix } = await scenario()
  const run = await push({ 'big.png': Buffer.alloc(3_000_000, 1), 'empty.png': '' }, { guards: 'off' })
  expect(run.code).toBe(0)
  expect([...imgix.objects].map(([path, { bytes, via }]) => [path, bytes, via]).sort()).toEqual([
    ['big.png', 3_000_000, 'upload'],
    ['empty.png', 0, 'upload'],
  ])
})

test('content types by extension, and by content-types ahead of it', async () => {
  const { push, imgix } = await scenario()
  const names = [
    'a.PNG',
    'b.jpg',
    'c.svg',
    'd.webp',
    'e.avif',
    'f.pdf',
    'g.mp4',
    'h.heic',
    'i.jfif',
    'raw/a.png',
    'noext',
  ]
  const types = '# first\n**/*.svg: image/svg+xml; charset=utf-8\nraw/**: application/x-first\nraw/**: image/x-last'
  await push(Object.fromEntries(names.map((name) => [name, name])), { files: '**', 'content-types': types })
  const stored = [...imgix.objects].map(([path, { contentType }]) => [path, contentType])
  expect(Object.fromEntries(stored)).toEqual({
    'a.PNG': 'image/png',
    'b.jpg': 'image/jpeg',
    'c.svg': 'image/svg+xml; charset=utf-8',
    'd.webp': 'image/webp',
    'e.avif': 'image/avif',
    'f.pdf': 'application/pdf',
    'g.mp4': 'video/mp4',
    'h.heic': 'image/heic',
    'i.jfif': 'image/jpeg',
    'raw/a.png': 'image/x-last',
    noext: 'application/octet-stream',
  })
})

describe('on-conflict', () => {
  test('overwrite replaces what is there', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.put('a.png', 'old')
    await push({ 'a.png': 'new' })
    expect([asked(), String(imgix.objects.get('a.png')?.body)]).toEqual([[...began, uploaded('a.png'), purged], 'new'])
  })

  test.each(['skip', 'fail'])('%s asks for no overwrite', async (how) => {
    const { push, asked } = await scenario()
    expect((await push({ 'a.png': 'new' }, { 'on-conflict': how })).results).toEqual([
      `purged ${url('a.png')}`,
      'uploaded a.png',
    ])
    expect(asked()).toEqual([gotSource, looked('a.png', 404), plain('a.png'), purged])
  })

  test('skip leaves the file there, and neither fails nor purges', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.put('a.png', 'old')
    const run = await push({ 'a.png': 'new' }, { 'on-conflict': 'skip' })
    expect([run.code, asked()]).toEqual([0, [gotSource, looked('a.png'), plain('a.png', 409)]])
    expect(run.outputs).toMatchObject({ skipped: '["a.png"]', 'skipped-count': '1', uploaded: '[]', purged: '[]' })
    expect(run.summary).toContain('the Source already holds this path')
  })

  test('fail fails that file, the others go through', async () => {
    const { push, imgix, stored, purges } = await scenario()
    imgix.put('a.png', 'old')
    const run = await push({ 'a.png': 'new', 'b.png': 'b' }, { 'on-conflict': 'fail' })
    expect([run.code, stored(), purges()]).toEqual([1, ['a.png', 'b.png'], [url('b.png')]])
    expect(String(imgix.objects.get('a.png')?.body)).toBe('old')
    expect(run.errors).toEqual([expect.stringMatching(/^a\.png: .*already.*on-conflict/), '1 of 2 files failed'])
  })

  test('an account without overwrite: a session replaces it', async () => {
    const { push, imgix, asked } = await scenario({ imgix: { overwrite: false } })
    imgix.put('a.png', 'old')
    const run = await push({ 'a.png': 'new' })
    expect([run.code, run.errors]).toEqual([0, []])
    expect(asked()).toEqual([...began, uploaded('a.png', 409), opened('a.png'), put('a.png'), closed(), purged])
    expect(String(imgix.objects.get('a.png')?.body)).toBe('new')
    expect(run.report).toMatchObject({ files: [{ via: 'session', result: 'uploaded' }] })
  })

  test('an account without overwrite whose sessions refuse it too: one try, and the file fails', async () => {
    const { push, imgix, asked } = await scenario({ imgix: { overwrite: false, sessionRefusesExisting: true } })
    imgix.put('a.png', 'old')
    const run = await push({ 'a.png': 'new' })
    expect([run.code, asked()]).toEqual([1, [...began, uploaded('a.png', 409), opened('a.png', 409)]])
    expect(run.errors[0]).toMatch(/^a\.png: .*409/)
  })

  test('an account without overwrite on Azure: the file fails and says so', async () => {
    const { push, imgix, asked } = await scenario({ imgix: { overwrite: false, source: { type: 'azure' } } })
    imgix.put('a.png', 'old')
    const run = await push({ 'a.png': 'new' })
    expect([run.code, asked()]).toEqual([1, [...began, looked('a.png'), uploaded('a.png', 409)]])
    expect(run.errors).toEqual([
      expect.stringMatching(/^a\.png: imgix does not replace what the Source already holds/),
      '1 of 1 file failed',
    ])
  })

  test.each(['skip', 'fail'])('a large file by session under %s is looked for first', async (how) => {
    const { push, imgix, asked } = await scenario({ inputs: { 'session-threshold': '10B' } })
    imgix.put('a.png', 'old')
    const run = await push(
      { 'a.png': 'new and longer', 'b.png': 'new and longer' },
      { 'on-conflict': how, concurrency: '1' },
    )
    expect(run.code).toBe(how === 'skip' ? 0 : 1)
    expect(asked()).toEqual([
      ...[gotSource, looked('a.png'), looked('b.png', 404)],
      ...[opened('b.png'), put('b.png'), closed(), purged],
    ])
    expect(String(imgix.objects.get('a.png')?.body)).toBe('old')
    if (how === 'fail') expect(run.errors[0]).toMatch(/^a\.png: .*already.*on-conflict/)
  })
})

describe('an answer that is lost', () => {
  test('under overwrite the file is sent again', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.fault(lost)
    const run = await push({ 'a.png': 'a' })
    expect([run.code, asked()]).toEqual([0, [...began, uploaded('a.png', 'reset'), uploaded('a.png'), purged]])
    expect(run.report).toMatchObject({ files: [{ result: 'uploaded', attempts: 2 }] })
  })

  test.each(['skip', 'fail'])('under %s the file counts as uploaded, once', async (how) => {
    const { push, imgix, asked } = await scenario()
    imgix.fault(lost)
    const run = await push({ 'a.png': 'a' }, { 'on-conflict': how })
    expect([run.code, run.results]).toEqual([0, [`purged ${url('a.png')}`, 'uploaded a.png']])
    const tries = [plain('a.png', 'reset'), plain('a.png', 409)]
    expect(asked()).toEqual([gotSource, looked('a.png', 404), ...tries, looked('a.png'), purged])
  })

  test.each(['overwrite', 'skip', 'fail'])('under %s, where older bytes of the same size are there', async (how) => {
    const imgixOptions = { overwrite: false, source: { type: how === 'overwrite' ? 'azure' : 's3' } } as const
    const { push, imgix } = await scenario({ imgix: imgixOptions })
    imgix.put('a.png', 'old!!')
    imgix.fault(lost)
    const run = await push({ 'a.png': 'new!!' }, { 'on-conflict': how })
    const [code, result] = how === 'skip' ? [0, 'skipped'] : [1, 'failed']
    expect([run.code, run.results]).toEqual([code, [`planned ${url('a.png')}`, `${result} a.png`].sort()])
    expect([String(imgix.objects.get('a.png')?.body), imgix.purges]).toEqual(['old!!', []])
  })

  test('under skip, where another file of another size is there: skipped', async () => {
    const { push, imgix } = await scenario()
    imgix.put('a.png', 'something else')
    imgix.fault({ on: { path: /\/upload\// }, do: { answer: { status: 502, headers: now } } })
    const run = await push({ 'a.png': 'a' }, { 'on-conflict': 'skip' })
    expect([run.code, run.results]).toEqual([0, [`planned ${url('a.png')}`, 'skipped a.png']])
  })

  test('on Azure without overwrite: not a failure either', async () => {
    const { push, imgix } = await scenario({ imgix: { overwrite: false, source: { type: 'azure' } } })
    imgix.fault(lost)
    expect((await push({ 'a.png': 'a' })).results).toEqual([`purged ${url('a.png')}`, 'uploaded a.png'])
  })
})

describe('one bad file', () => {
  const twelve = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`img/${at}.png`, `bytes ${at}`]))
  const others = Object.keys(twelve).filter((path) => path !== 'img/7.png')

  test('refused with 400: the eleven others are stored and purged, its own URL is not', async () => {
    const { push, imgix, stored, purges } = await scenario()
    imgix.fault({ on: { path: /7\.png$/ }, do: { answer: { status: 400 } } })
    const run = await push(twelve)
    expect([run.code, stored(), purges()]).toEqual([1, others.sort(), others.map((path) => url(path)).sort()])
    expect(run.annotations).toEqual([
      { level: 'error', properties: { title: expect.any(String), file: 'img/7.png' }, message: expect.any(String) },
      { level: 'error', properties: {}, message: '1 of 12 files failed' },
    ])
    expect(run.errors[0]).toMatch(
      /^img\/7\.png: imgix refuses the upload; check .* \(400 BadRequest: The emulator was told to answer 400, request id [0-9a-f]{32}\)$/,
    )
    expect(run.outputs).toMatchObject({ 'uploaded-count': '11', failed: '["img/7.png"]', 'failed-count': '1' })
    expect(run.summary).toContain('11 of 12 files published; 1 file needs you')
  })

  test('a purge comes after its own upload, and each path has one', async () => {
    const { push, imgix } = await scenario()
    await push(twelve, { concurrency: '3' })
    const order = imgix.purges.map(({ url: purgedUrl, sequence }) => {
      const object = imgix.objects.get(purgedUrl.replace('https://assets-demo.imgix.net/', ''))
      return object !== undefined && object.storedAt < sequence
    })
    expect(order).toEqual(Array(12).fill(true))
  })

  test('two of twelve, and one of them only by its purge', async () => {
    const { push, imgix, stored } = await scenario()
    imgix.fault({ on: { path: /7\.png$/ }, do: { answer: { status: 422 } } })
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { answer: { status: 400 } } })
    const run = await push(twelve)
    expect([run.code, stored().length, run.errors.length]).toEqual([1, 11, 3])
    expect(run.errors.at(-1)).toBe('1 of 12 files failed, 1 of 12 purges failed')
    expect(run.outputs).toMatchObject({ 'uploaded-count': '11', 'purged-count': '10', 'failed-count': '2' })
  })
})

test('a push of 500 small files: all there, all purged', async () => {
  const { push, imgix, stored } = await scenario()
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f/${at}.png`, `${at}`]))
  const run = await push(files)
  expect([run.code, stored(), imgix.purges.length]).toEqual([0, Object.keys(files).sort(), 500])
  expect(run.outputs).toMatchObject({ 'uploaded-count': '500', 'purged-count': '500' })
})
