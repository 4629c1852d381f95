import { describe, expect, test } from 'vitest'
import type { Fault } from '../../emulator/faults.ts'
import type { RenderingOptions } from '../../emulator/rendering.ts'
import { renderingScenario } from '../helpers/rendering.ts'
import { url } from '../helpers/scenario.ts'

const lost: RenderingOptions = { purge: () => 'lost' }
const seen = (path: string): string => `HEAD ${url(path)} -> 200`

describe('every verdict has its row', () => {
  type Row = [
    verdict: string,
    what: string,
    options: RenderingOptions,
    faults?: Fault['do'] | undefined,
    path?: string | undefined,
  ]
  const answer = (status: number, headers: Record<string, string> = {}): Fault['do'] => ({
    answer: { status, headers },
  })
  const rows: Row[] = [
    ['fresh', 'a purge that is carried out', {}],
    ['fresh', 'ETags alone', { validators: 'etag' }],
    ['fresh', 'weak ETags alone', { validators: 'weak etag' }],
    ['fresh', 'Last-Modified alone', { validators: 'last-modified' }],
    ['fresh', 'clocks an hour less a minute ahead', { validators: 'last-modified', clockMs: 3_540_000 }],
    ['fresh', 'clocks a few minutes behind', { validators: 'last-modified', clockMs: -300_000 }],
    ['fresh', 'an SVG that imgix rewrites', {}, undefined, 'a.svg'],
    ['stale: its Last-Modified is the one from before the upload', 'a purge that is lost', lost],
    ['stale: its ETag is the one from before the upload', 'that with ETags alone', { ...lost, validators: 'etag' }],
    ['unverifiable: its answers have no ETag and no Last-Modified', 'no validators', { validators: 'none' }],
    [expect.stringMatching(/^unverifiable: it answers 401/), '401', {}, answer(401)],
    [expect.stringMatching(/^unverifiable: it answers 402: .* account is paid/), '402', {}, answer(402)],
    [expect.stringMatching(/^unverifiable: it answers 403: access is denied/), '403', {}, answer(403)],
    [expect.stringMatching(/^unverifiable: it answers 422: /), '422', {}, answer(422)],
    ['unverifiable: it answers 503', '503 to the end', {}, answer(503)],
    [
      'unverifiable: it answers 301: a redirect, which is not followed',
      'a redirect',
      {},
      answer(301, { location: url('b') }),
    ],
    ["unverifiable: a video: purges do not reach imgix's Video API", 'a video', {}, undefined, 'a.mp4'],
  ]
  test.each(rows)('%s: %s', async (verdict, _, options, faults, path = 'a.png') => {
    const { push, imgix, rendering } = await renderingScenario({ rendering: options })
    imgix.put(path, '<svg><!-- old --></svg>')
    if (faults !== undefined) rendering.fault({ on: {}, times: Number.POSITIVE_INFINITY, do: faults })
    const run = await push({ [path]: '<svg><!-- new --></svg>' })
    expect([run.code, run.errors, run.verdicts]).toEqual([0, [], { [path]: verdict }])
    const stale = String(run.verdicts[path]).startsWith('stale')
    expect(run.outputs.stale).toBe(stale ? JSON.stringify([url(path)]) : '[]')
    expect(run.warnings).toEqual(stale ? [expect.stringContaining(`${url(path)}: stale: `)] : [])
  })
})

test('no answer at all', async () => {
  const { push, rendering } = await renderingScenario()
  await rendering.stop()
  const run = await push({ 'a.png': 'a' }, { 'verify-timeout': '1' })
  expect([run.code, run.results]).toEqual([0, [`purged ${url('a.png')}`, 'uploaded a.png']])
  expect(run.verdicts).toEqual({ 'a.png': expect.stringMatching(/^unverifiable: no tunnel to .*ECONNREFUSED/) })
})

test('a host that never answers holds no upload up for longer than its own timeout', async () => {
  const { push, rendering, stored } = await renderingScenario()
  rendering.fault({ on: {}, times: Number.POSITIVE_INFINITY, do: { hang: true } })
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.png`, 'x']))
  const run = await push(files, { timeout: '1' })
  expect([run.code, run.errors, stored().length]).toEqual([0, [], 30])
  // after four at a time without an answer it is not asked any more before an upload
  expect(rendering.requests.length).toBeLessThan(12)
  expect(new Set(Object.values(run.verdicts).map((verdict) => verdict.replace(/:.*/, '')))).toEqual(
    new Set(['unverifiable']),
  )
})

test('a dry run looks at nothing', async () => {
  const { push, rendering } = await renderingScenario()
  expect([(await push({ 'a.png': 'a' }, { 'dry-run': 'true' })).verdicts, rendering.requests]).toEqual([{}, []])
})

test('without a purge nothing is looked at, and a notice says so', async () => {
  const { push, rendering } = await renderingScenario()
  const run = await push({ 'a.png': 'a' }, { purge: 'false', verify: 'fail' })
  expect([run.code, run.verdicts, rendering.requests]).toEqual([0, {}, []])
  expect(run.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(/^verify: as purge is false/)])
})

describe('fail', () => {
  test('each stale URL is an error, and the run fails', async () => {
    const purge: RenderingOptions['purge'] = (text) => (text === url('a.png') ? 'lost' : undefined)
    const { push, imgix } = await renderingScenario({ rendering: { purge } })
    for (const path of ['a.png', 'b.png']) imgix.put(path, 'old')
    const run = await push({ 'a.png': 'new', 'b.png': 'new' }, { verify: 'fail' })
    expect(run.code).toBe(1)
    expect(run.errors).toEqual([
      expect.stringMatching(/a\.png: stale: its Last-Modified .*; run the job again/),
      'verify: 1 of 2 URLs is not served as the repository has it',
    ])
    expect(run.outputs).toMatchObject({ stale: JSON.stringify([url('a.png')]), failed: '[]', 'failed-count': '0' })
    expect(run.summary).toMatch(
      /^### ❌ imgix: 2 files published; 1 URL does not show the new file\n.*looked at 2 URLs: 1 fresh, 1 stale/s,
    )
  })

  test('what nobody can tell is no failure, and the summary has the reason', async () => {
    const { push } = await renderingScenario({ rendering: { validators: 'none' } })
    const run = await push({ 'a.mp4': 'a', 'b.mp4': 'b' }, { verify: 'fail' })
    expect([run.code, run.errors]).toEqual([0, []])
    expect(run.summary).toMatch(/✅.*2 URLs not verifiable, a video: .*a\.mp4.*b\.mp4/s)
  })
})

describe('new files', () => {
  test('a 404 that imgix holds from before is purged', async () => {
    const { push, rendering } = await renderingScenario()
    const run = await push({ 'a.png': 'a' })
    expect([run.verdicts, rendering.transcript]).toEqual([
      { 'a.png': 'fresh' },
      [seen('a.png').replace('200', '404'), seen('a.png')],
    ])
  })

  test('one that stays', async () => {
    const { push } = await renderingScenario({ rendering: lost })
    expect((await push({ 'a.png': 'a' })).verdicts).toEqual({ 'a.png': 'stale: it answers 404' })
  })
})

describe('deleted files', () => {
  const files = { 'old.png': 'o' }

  test('in the bucket still: still served, with what to do', async () => {
    const { push, imgix } = await renderingScenario({ files })
    imgix.put('old.png', 'o')
    const run = await push({ 'old.png': null })
    const verdict = 'still-served: delete it in the bucket, then run again or purge it'
    expect([run.code, run.verdicts, run.outputs.stale]).toEqual([0, { 'old.png': verdict }, '[]'])
    expect(run.annotations).toEqual([
      {
        level: 'warning',
        message: `${url('old.png')}: ${verdict}`,
        properties: { file: 'old.png', title: 'imgix sync: still-served' },
      },
    ])
  })

  test('in the bucket still, under verify: fail: a warning, and the run is green', async () => {
    const { push, imgix } = await renderingScenario({ files })
    imgix.put('old.png', 'o')
    const run = await push({ 'old.png': null }, { verify: 'fail' })
    expect([run.code, run.annotations.map(({ level }) => level)]).toEqual([0, ['warning']])
    expect(run.summary).toMatch(/^### ⚠️ imgix: 1 URL purged; 1 deleted file is still served\n/)
  })

  test('deleted there too, before the purge: gone', async () => {
    const { push, imgix, rendering } = await renderingScenario({ files })
    imgix.put('old.png', 'o')
    imgix.fault({ on: { path: /purge/ }, do: { meanwhile: () => imgix.objects.delete('old.png') } })
    const run = await push({ 'old.png': null }, { verify: 'fail' })
    expect([run.code, run.verdicts, rendering.transcript.length]).toEqual([0, { 'old.png': 'gone' }, 1])
  })

  test('without verify nothing is looked at', async () => {
    const { push, rendering } = await renderingScenario({ files })
    const run = await push({ 'old.png': null }, { verify: 'off' })
    expect([run.verdicts, run.outputs.stale, rendering.requests]).toEqual([{}, '[]', []])
    expect(run.summary).toMatch(/^### ✅ imgix: 1 URL purged\n/)
  })
})

describe('a Source that wants signed URLs', () => {
  const secureUrlToken = 'FOO123bar'

  test('they are signed with its token, which nobody sees', async () => {
    const { push, rendering } = await renderingScenario({ imgix: { source: { secureUrlToken } } })
    const run = await push({ 'a b#é.png': 'a' })
    expect([run.code, run.verdicts]).toEqual([0, { 'a%20b%23%C3%A9.png': 'fresh' }])
    expect(rendering.requests[0]?.url).toMatch(/a%20b%23%C3%A9\.png\?s=[0-9a-f]{32}$/)
    const shown = [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.summary, JSON.stringify(run.report)].join('\n')
    expect([run.stdout.includes(`::add-mask::${secureUrlToken}`), shown.includes(secureUrlToken)]).toEqual([
      true,
      false,
    ])
  })

  test('a key that may not read the Source', async () => {
    const options = { source: { secureUrlToken }, permissions: ['purge', 'edit'] } as const
    const { push } = await renderingScenario({ imgix: options })
    const run = await push({ 'a.png': 'a' }, { domains: 'assets-demo.imgix.net' })
    expect(run.verdicts).toEqual({
      'a.png': expect.stringMatching(/^unverifiable: it answers 403.*permission Sources/),
    })
  })
})

test('a host that refuses HEAD is asked with GET, and its bodies are not read', async () => {
  const { push, rendering } = await renderingScenario()
  rendering.fault({ on: { method: 'HEAD' }, times: Number.POSITIVE_INFINITY, do: { answer: { status: 405 } } })
  const run = await push({ 'a.png': Buffer.alloc(5_000_000, 'a') })
  expect(run.verdicts).toEqual({ 'a.png': 'fresh' })
  expect(rendering.transcript.filter((line) => line.startsWith('GET'))).toHaveLength(2)
})

test('a second domain is looked at by itself', async () => {
  const source = { imgixSubdomains: ['one'], customDomains: ['assets.example.com'] }
  const purge: RenderingOptions['purge'] = (text) => (text.includes('example.com') ? 'lost' : undefined)
  const { push, imgix } = await renderingScenario({ imgix: { source }, rendering: { purge } })
  imgix.put('a.png', 'old')
  expect((await push({ 'a.png': 'new' })).verdicts).toEqual({
    [url('a.png', 'one.imgix.net')]: 'fresh',
    [url('a.png', 'assets.example.com')]: expect.stringMatching(/^stale/),
  })
})

test('a purge that takes its time: the next look tells', async () => {
  const { push, imgix } = await renderingScenario({ rendering: { purge: () => ({ delayMs: 500 }) } })
  imgix.put('a.png', 'old')
  const run = await push({ 'a.png': 'new' }, { 'verify-timeout': '10' })
  expect([run.verdicts, run.log]).toEqual([{ 'a.png': 'fresh' }, expect.stringMatching(/verify: 0 of 1 URL settled/)])
})

test('a lost purge is repeated once, after the 10 seconds in which it would be a duplicate', async () => {
  const { push, imgix, asked } = await renderingScenario({
    rendering: { purge: (_, nth) => (nth === 1 ? 'lost' : undefined) },
  })
  imgix.put('a.png', 'old')
  const run = await push({ 'a.png': 'new' }, { 'verify-timeout': '14' })
  expect([run.verdicts, run.log.includes(`purged again ${url('a.png')}`)]).toEqual([{ 'a.png': 'fresh' }, true])
  const waits = [...run.log.matchAll(/looks at the others again in (\S+) s/g)].map(([, seconds]) => seconds)
  expect(waits.slice(0, 3)).toEqual(['1.0', '2.0', '4.0'])
  expect(asked().filter((line) => line.includes('purge'))).toEqual(Array(2).fill('POST /api/v1/purge -> 200'))
})

test('at most four looks at a time, over all hosts, and one round of them when all is well', async () => {
  const source = { imgixSubdomains: ['one', 'two'] }
  const { push, rendering } = await renderingScenario({ imgix: { source }, rendering: { latencyMs: 20 } })
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.png`, 'x']))
  const run = await push(files)
  expect(new Set(Object.values(run.verdicts))).toEqual(new Set(['fresh']))
  expect([rendering.most, rendering.requests.length]).toEqual([4, 80])
})

test('a look that fails before an upload fails nothing: the time of the upload tells', async () => {
  const { push, rendering, imgix } = await renderingScenario()
  imgix.put('a.png', 'old')
  rendering.fault({ on: {}, do: { answer: { status: 500 } } })
  expect((await push({ 'a.png': 'new' })).verdicts).toEqual({ 'a.png': 'fresh' })
})

test.each([
  ['run again', { env: { GITHUB_RUN_ATTEMPT: '2' } }, {}],
  ['from a base of its own', { event: { name: 'push', payload: { before: '1'.repeat(40) } } }, { base: 'HEAD~1' }],
  ['in mode all without a record', {}, { mode: 'all', force: 'true' }],
])(
  'bytes that were uploaded before: imgix keeps what it has, and that is no failure: %s',
  async (_, options, inputs) => {
    const { push, run, imgix, site } = await renderingScenario()
    await push({ 'a.png': 'same' })
    for (const object of imgix.objects.values()) object.modifiedAt -= 3_600_000
    const event = site.pushEvent(site.git('rev-parse', 'HEAD~1'), site.head())
    const again = await run({ verify: 'fail', ...inputs }, { event, ...options })
    expect([again.code, again.verdicts]).toEqual([
      0,
      { 'a.png': expect.stringMatching(/^unverifiable: .* the same bytes$/) },
    ])
  },
)

test('SIGINT ends the verification at once', async () => {
  const { push, imgix } = await renderingScenario({ rendering: lost })
  imgix.put('a.png', 'old')
  const signal = { after: (out: string) => out.includes('looks at the others again'), send: 'SIGINT' } as const
  const startedAt = performance.now()
  const run = await push({ 'a.png': 'new', 'b.mp4': 'b' }, { verify: 'fail', 'verify-timeout': '600' }, { signal })
  expect([run.code, performance.now() - startedAt < 60_000]).toEqual([1, true])
  expect([run.verdicts, run.errors]).toEqual([
    { 'b.mp4': expect.stringMatching(/a video/) },
    [expect.stringMatching(/^cancelled: 2 uploaded, 2 purged/)],
  ])
})

describe('files that this run did not upload', () => {
  const inputs = { upload: 'false' }

  test('a change since before the purge proves it, no change proves nothing', async () => {
    const { push, imgix } = await renderingScenario()
    for (const path of ['a.png', 'b.png']) imgix.put(path, 'old')
    imgix.fault({ on: { path: /purge/ }, times: 2, do: { meanwhile: () => imgix.put('a.png', 'new') } })
    const run = await push({ 'a.png': 'new', 'b.png': 'new' }, { ...inputs, verify: 'fail' })
    expect([run.code, run.verdicts]).toEqual([
      0,
      {
        'a.png': 'fresh',
        'b.png': expect.stringMatching(/^unverifiable: it was not uploaded by this run, and is what/),
      },
    ])
  })

  test('one that is not there, and a URL that is not', async () => {
    const { push } = await renderingScenario()
    const run = await push({ 'a.png': 'a' }, { ...inputs, urls: url('x.png') })
    expect(run.verdicts).toEqual({
      'a.png': 'stale: it answers 404',
      'x.png': expect.stringMatching(/^gone: it was a 404 before the purge, too/),
    })
  })
})
