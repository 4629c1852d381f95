import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  act,
  began,
  cancelled,
  gotSource,
  opened,
  put,
  scenario,
  temporaryFolder,
  uploaded,
  url,
} from '../helpers/scenario.ts'

const files = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.png`, 'x']))

describe('the outputs', () => {
  test('of success', async () => {
    const { site, push } = await scenario({ files: { 'old.png': 'o' } })
    const base = site.head()
    const { outputs } = await push({ 'b.png': 'b', 'a.png': 'a', 'old.png': null })
    const names = ['a.png', 'b.png', 'old.png'].map((path) => url(path))
    expect(outputs).toEqual({
      ...{
        uploaded: '["a.png","b.png"]',
        skipped: '[]',
        purged: JSON.stringify(names),
        failed: '[]',
        stale: '[]',
        planned: '[]',
      },
      ...{
        'uploaded-count': '2',
        'skipped-count': '0',
        'purged-count': '3',
        'failed-count': '0',
        'planned-count': '0',
      },
      ...{ base, head: site.head(), 'base-strategy': 'event' },
      report: expect.stringMatching(/\/imgix-sync-report-\w+\.json$/),
      summary: expect.stringMatching(/\/imgix-sync-summary-\w+\.md$/),
    })
  })

  test('of inputs that are wrong', async () => {
    const { push } = await scenario()
    const { outputs, report } = await push({ 'a.png': 'a' }, { concurrency: '0' })
    expect(outputs).toEqual({
      ...{ uploaded: '[]', skipped: '[]', purged: '[]', failed: '[]', stale: '[]', planned: '[]' },
      ...{
        'uploaded-count': '0',
        'skipped-count': '0',
        'purged-count': '0',
        'failed-count': '0',
        'planned-count': '0',
      },
      ...{ base: '', head: '', 'base-strategy': '' },
      ...{ report: expect.stringMatching(/\.json$/), summary: expect.stringMatching(/\.md$/) },
    })
    expect(report).toMatchObject({ version: 1, files: [], urls: [], counts: { failed: 0 } })
  })

  test('a list over 200 kB is left empty with a notice, and the report has it', async () => {
    const { push } = await scenario()
    const names = Array.from({ length: 900 }, (_, at) => `${'long '.repeat(45)}${at}.png`)
    const run = await push(Object.fromEntries(names.map((name) => [name, 'x'])), { purge: 'false' })
    expect(run.code).toBe(0)
    expect(run.outputs).toMatchObject({ uploaded: '', 'uploaded-count': '900', purged: '[]' })
    expect(run.annotations).toEqual([
      {
        level: 'notice',
        properties: {},
        message: expect.stringMatching(/^over 200 kB, so these outputs are left empty: uploaded /),
      },
    ])
    expect((run.report as { files: unknown[] }).files).toHaveLength(900)
  })
})

test('the report, whole', async () => {
  const { site, push } = await scenario({ files: { 'old.png': 'o' } })
  const tempDir = temporaryFolder()
  const base = site.head()
  site.link('out.png', '/etc/passwd')
  const run = await push(
    { 'dir/a b.png': 'abc', 'old.png': null, 'big.mp4': 'x'.repeat(11) },
    { 'session-threshold': '10B', domains: 'assets-demo.imgix.net', prefix: 'p' },
    { tempDir },
  )
  const seconds = expect.any(Number)
  const file = { attempts: 1, seconds, via: 'direct', result: 'uploaded', change: 'added' }
  const none = { bytes: null, via: null, attempts: 0, seconds }
  expect(run.report).toEqual({
    ...{ version: 1, mode: 'changed', dryRun: false, cancelled: false, seconds },
    ...{ base, head: site.head(), baseStrategy: 'event' },
    source: { id: 'SRC', type: 's3', domains: ['assets-demo.imgix.net'] },
    counts: { uploaded: 2, skipped: 0, purged: 3, failed: 1 },
    updates: [],
    assets: [],
    files: [
      { path: 'big.mp4', originPath: 'p/big.mp4', ...file, bytes: 11, via: 'session' },
      { path: 'dir/a b.png', originPath: 'p/dir/a b.png', ...file, bytes: 3 },
      {
        path: 'old.png',
        originPath: 'p/old.png',
        change: 'deleted',
        result: 'deleted',
        ...none,
        reason: expect.any(String),
      },
      {
        path: 'out.png',
        originPath: 'p/out.png',
        change: 'added',
        result: 'failed',
        ...none,
        error: expect.any(String),
      },
    ],
    urls: expect.arrayContaining(
      [
        ['p/big.mp4', 'big.mp4'],
        ['p/dir/a%20b.png', 'dir/a b.png'],
        ['p/old.png', 'old.png'],
      ].map(([origin, path]) => ({ url: url(String(origin)), path, subImage: false, result: 'purged', attempts: 1 })),
    ),
  })
  const names = [run.outputs.report, run.outputs.summary].map((path) => path?.split('/').at(-1))
  expect(readdirSync(tempDir).sort()).toEqual(names)
  expect(readFileSync(String(run.outputs.summary), 'utf8')).toBe(run.summary)
})

describe('cancellation', () => {
  test('in the middle: stored files are purged, the session is cancelled, the rest is left, the run fails', async () => {
    const { push, imgix, asked, stored, purges } = await scenario()
    imgix.fault({ on: { method: 'PUT' }, do: { hang: true } })
    imgix.fault({ on: { path: /upload\/0/ }, do: { delayMs: 700 } })
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { delayMs: 300 } })
    const signal = { after: (out: string) => out.includes('uploaded 0.png'), send: 'SIGINT' } as const
    const limits = { 'rate-limits': 'upload=1/h, purge=1000/s, default=1000/s', 'upload-via': 'direct' }
    const inputs = { ...limits, 'session-threshold': '5B' }
    const run = await push({ ...files(6), 'big.mp4': 'session' }, inputs, { signal })
    expect([run.code, run.signal, stored(), purges()]).toEqual([1, null, ['0.png'], [url('0.png')]])
    expect(asked().sort()).toEqual(
      [
        ...[...began, uploaded('0.png'), 'POST /api/v1/purge -> 200'],
        ...[opened('big.mp4'), put('big.mp4', 'hang'), cancelled()],
      ].sort(),
    )
    expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED'])
    expect(run.report).toMatchObject({ cancelled: true, counts: { uploaded: 1, purged: 1, failed: 0 } })
    expect(run.outputs).toMatchObject({ uploaded: '["0.png"]', 'purged-count': '1', 'failed-count': '0' })
    expect(run.errors).toEqual([expect.stringMatching(/^cancelled: 1 uploaded, 1 purged in /)])
    expect(run.summary).toMatch(
      /^### ❌ imgix: cancelled; 1 of 7 files published\n\n> \[!WARNING\]\n> Run this job again/,
    )
  })

  test('SIGTERM during the preflight', async () => {
    const { push, imgix, asked } = await scenario()
    imgix.fault({ on: { method: 'GET' }, do: { hang: true } })
    const signal = { after: (out: string) => out.includes('head: '), send: 'SIGTERM' } as const
    const run = await push(files(3), {}, { signal })
    expect([run.code, run.signal, asked()]).toEqual([
      1,
      null,
      [gotSource.replace('200', 'hang')].slice(0, asked().length),
    ])
    expect(run.report).toMatchObject({ cancelled: true })
  })

  test('while a request waits to be tried again', async () => {
    const { push, imgix } = await scenario({ files: { 'old.png': 'old' } })
    imgix.fault({ on: { path: /upload/ }, do: { answer: { status: 503, headers: { 'retry-after': '60' } } } })
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { delayMs: 300 } })
    const signal = { after: (out: string) => out.includes('purged https'), send: 'SIGINT' } as const
    const run = await push({ 'a.png': 'a', 'old.png': null }, {}, { signal })
    expect(run.code).toBe(1)
    expect(run.results).toEqual([
      ...['deleted old.png', 'planned a.png'],
      ...[`planned ${url('a.png')}`, `purged ${url('old.png')}`],
    ])
  })
})

describe('the summary', () => {
  test('of a run that did nothing', async () => {
    const { push } = await scenario()
    expect((await push({ 'README.md': 'x' })).summary).toMatch(
      /^### ⚠️ imgix: nothing to publish; 1 warning\n[\s\S]*files: none of the \d files [\s\S]*<p>The changed file between /,
    )
  })

  test('of thousands of files stays below 1 MiB', async () => {
    const { push } = await scenario()
    const names = Array.from(
      { length: 3000 },
      (_, at) => `${'<&"\u{1f600}'.repeat(25)}/${'deep & '.repeat(30)}${at}.png`,
    )
    const inputs = { 'dry-run': 'true', 'api-key': '', domains: 'a.example\nb.example' }
    const run = await push(Object.fromEntries(names.map((name) => [name, 'x'])), inputs)
    expect(run.code).toBe(0)
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024)
    expect(run.summary).toMatch(/and \d+ more: the report has them all/)
    expect((run.report as { files: unknown[] }).files).toHaveLength(3000)
    expect(run.stdout.length).toBeLessThan(1024 * 1024)
  })

  test('of many failures stays below 1 MiB', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: { path: /upload/ }, times: Number.POSITIVE_INFINITY, do: { answer: { status: 400 } } })
    const names = Array.from({ length: 400 }, (_, at) => `${'<&"'.repeat(60)}${at}.png`)
    const run = await push(Object.fromEntries(names.map((name) => [name, 'x'])))
    expect([run.code, run.errors.at(-1)]).toEqual([1, '400 of 400 files failed'])
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024)
  })

  test('switched off: nothing in the job summary, and the file is there all the same', async () => {
    const { push } = await scenario()
    const run = await push({ 'a.png': 'a' }, { summary: 'off' }, { tempDir: temporaryFolder() })
    expect([run.code, run.summary]).toEqual([0, ''])
    expect(readFileSync(String(run.outputs.summary), 'utf8')).toMatch(/^### ✅ imgix: 1 file published\n/)
  })

  test('where there is no file for it', async () => {
    const { push, stored } = await scenario()
    const run = await push({ 'a.png': 'a' }, {}, { env: { GITHUB_STEP_SUMMARY: undefined } })
    expect([run.code, run.errors, stored()]).toEqual([0, [], ['a.png']])
  })

  test('where it cannot be written: the run says so, and what it did is in the outputs', async () => {
    const { push, stored } = await scenario()
    const run = await push({ 'a.png': 'a' }, {}, { env: { GITHUB_STEP_SUMMARY: '/nowhere/summary' } })
    expect([stored(), run.outputs.uploaded]).toEqual([['a.png'], '["a.png"]'])
    expect(run.stdout).not.toMatch(/^ {4}at /m)
  })
})

test('outside of an event: no payload, no event name', async () => {
  const { site, imgix, stored } = await scenario({ files: { 'a.png': 'a' } })
  const inputs = { 'api-key': imgix.apiKey, 'source-id': 'SRC', 'api-url': imgix.apiUrl }
  const env = { GITHUB_EVENT_NAME: undefined, GITHUB_EVENT_PATH: undefined, GITHUB_WORKSPACE: undefined }
  const run = await act({ workspace: site.dir, inputs, env, in: 'process' }, imgix) // in the folder that it is about
  expect([run.code, run.errors, stored()]).toEqual([0, [], ['a.png']])
})
