import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  type Client,
  type ClientOptions,
  createClient,
  createSource,
  getAsset,
  getSource,
  listAssets,
  listSources,
  openSession,
  purge,
  updateSource,
  uploadAsset,
} from '../../src/imgix/index.ts'
import { runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { createTestClient, NEW_SOURCE } from '../helpers/imgix.ts'
import { createTree } from '../helpers/tree.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PACKAGE = "'imgix-sync/client'"
const SOURCE = `'${join(ROOT, 'src/imgix/index.ts')}'`

/** The examples of docs/client.md as one module: the first is the set-up, each other has a scope of its own. */
function examples(): string {
  const page = readFileSync(join(ROOT, 'docs/client.md'), 'utf8')
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text.replace(PACKAGE, SOURCE))
  const split = (text: string) => Map.groupBy(text.split('\n'), (line) => line.startsWith('import '))
  const imports = merge(blocks.flatMap((text) => split(text).get(true) ?? []))
  const [setUp = '', ...others] = blocks.map((text) => (split(text).get(false) ?? []).join('\n'))
  const own = setUp.replace('createClient({', 'createClient({ apiUrl: process.env.IMGIX_API_URL ?? "",')
  return `${imports}\n${own}\n${others.map((text) => `{${text}}`).join('\n')}\nclient.close()\n`
}

/** One import of each module, with every name once. */
function merge(lines: readonly string[]): string {
  const names = new Map<string, Set<string>>()
  for (const line of lines) {
    const [, list = '', module = ''] = /^import \{ (.*) \} from (.*)$/.exec(line) ?? []
    names.set(module, new Set([...(names.get(module) ?? []), ...list.split(', ')]))
  }
  return [...names].map(([module, set]) => `import { ${[...set].join(', ')} } from ${module}`).join('\n')
}

const CONFIGURATION = JSON.stringify({
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    typeRoots: [join(ROOT, 'node_modules/@types')],
    rewriteRelativeImportExtensions: false, // the source is named by its absolute path
    allowImportingTsExtensions: true,
  },
  include: [],
  files: ['examples.ts'],
})

test('the examples of docs/client.md compile', () => {
  const folder = createTree({
    'examples.ts': examples(),
    'tsconfig.json': CONFIGURATION,
    'package.json': '{"type":"module"}',
  })
  const { stdout, status } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, ''])
})

test('the examples of docs/client.md run, and call each endpoint', async () => {
  const imgix = await emulate()
  const body = Buffer.from('day,requests\n')
  imgix.reports.push({
    ...{ id: '5f7676862528f12b1bfbf65b', type: 'cdn_logs', key: 'cdn_logs_2026-11-01', completed: true },
    ...{ periodStart: 1_793_491_200, periodEnd: 1_793_577_600, files: [{ body }] },
  })
  const folder = createTree({ 'examples.ts': examples(), 'photo.png': 'a photo', 'tour.mp4': 'a film' })
  const env = { IMGIX_API_URL: imgix.apiUrl, IMGIX_API_KEY: imgix.apiKey, TZ: 'UTC' }
  const run = await runCommand([], { cwd: folder, env, command: [process.execPath, join(folder, 'examples.ts')] })
  expect([run.code, run.stderr]).toEqual([0, ''])
  expect(run.stdout).toContain('the Source has none')
  expect([...imgix.objects.keys()].sort()).toEqual([
    'again.mp4',
    'copy.png',
    'images/photo.png',
    'logo.svg',
    'tour.mp4',
  ])
  expect(imgix.objects.get('copy.png')?.sha256).toBe(imgix.objects.get('images/photo.png')?.sha256)
  expect(readFileSync(join(folder, 'report.csv'))).toEqual(body)
  const routes = imgix.requests.map(({ method, path }) => `${method} ${routeOf(path)}`)
  expect([...new Set(routes)].sort()).toEqual(ENDPOINTS)
})

function routeOf(path: string): string {
  return path
    .replace(/^\/bucket\/.*/, 'storage')
    .replace(/^\/imgix-reports\/.*/, 'storage')
    .replace(/^\/api\/v1\//, '')
    .replace(/(sources|reports)\/\w{24}/, '$1/:id')
    .replace(/(assets|upload)\/(?:(add|refresh)\/)?.*/, (_, part, verb) =>
      [part, verb, ':path'].filter(Boolean).join('/'),
    )
    .replace(/(create|close|status|cancel)\/.*/, '$1')
}

const ENDPOINTS = [
  'DELETE sources/:id/upload-sessions/cancel',
  'GET reports',
  'GET reports/:id',
  'GET sources',
  'GET sources/:id',
  'GET sources/:id/assets',
  'GET sources/:id/assets/:path',
  'GET sources/:id/upload-sessions/status',
  'GET storage',
  'PATCH sources/:id',
  'PATCH sources/:id/assets/:path',
  'POST purge',
  'POST sources',
  'POST sources/:id/assets/add/:path',
  'POST sources/:id/assets/refresh/:path',
  'POST sources/:id/upload-sessions/close',
  'POST sources/:id/upload-sessions/create',
  'POST sources/:id/upload/:path',
  'PUT storage',
]

test('what imgix would refuse does not compile', () => {
  const refused = (client: Client): unknown[] => [
    // @ts-expect-error a new Source needs a name and a deployment
    createSource(client, {}),
    // @ts-expect-error a Source of type s3 needs its bucket
    createSource(client, { name: 'a', deployment: { type: 's3', imgix_subdomains: ['a'] } }),
    // @ts-expect-error imgix sets it
    createSource(client, { ...NEW_SOURCE, deployment: { ...NEW_SOURCE.deployment, allows_upload: true } }),
    // @ts-expect-error imgix sets it
    updateSource(client, 'x', { deployment: { allows_upload: true } }),
    // @ts-expect-error imgix sets it
    updateSource(client, 'x', { deployment_status: 'deployed' }),
    // @ts-expect-error a stream has no length of its own
    uploadAsset(client, { sourceId: 'x', originPath: 'a' }, { stream: new Blob([]).stream() }),
    // @ts-expect-error nothing to send
    uploadAsset(client, { sourceId: 'x', originPath: 'a' }, {}),
  ]
  expect(refused).toBeTypeOf('function') // never called
})

const place = { sourceId: '5b81e81539ddc50001a5d955', originPath: 'a.bin' }

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

test.each<[string, AsyncIterable<Uint8Array>, string]>([
  ['too short', chunks('ab'), 'the stream ended after 2 of 4 bytes'],
  ['too long', chunks('abcd', 'e'), 'the stream is longer than its size, 4 bytes'],
  ['broken', failing(), "the stream can't be read: disk on fire"],
  ['of text', Readable.from(['ab', 'cd']), 'the stream gives a string instead of bytes'],
  ['of numbers', Readable.from([1, 2]), 'the stream gives a number instead of bytes'],
])('a stream that is %s stores nothing', async (_, stream, message) => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix, maxAttempts: 5 })
  await expect(uploadAsset(client, place, { stream, size: 4 })).rejects.toMatchObject({ name: 'FileError', message })
  expect(imgix.objects.size).toBe(0)
})

test.each(['abc', new ArrayBuffer(3)])(
  'bytes that are none, %o, store nothing, and are no missing answer',
  async (given) => {
    const imgix = await emulate()
    const sending = uploadAsset(createTestClient(imgix), place, { bytes: given as unknown as Uint8Array })
    const message = `bytes: a ${typeof given} is no Uint8Array`
    await expect(sending).rejects.toMatchObject({ name: 'FileError', message })
    expect(imgix.objects.size).toBe(0)
  },
)

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a')
  throw new Error('disk on fire')
}

test('a stream is sent once, bytes as often as it takes', async () => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix, maxAttempts: 3 })
  const answer = { status: 503, headers: { 'retry-after': '0' } }
  imgix.fault({ on: { method: 'POST' }, times: 2, do: { answer } })
  const stream = chunks('ab', 'cd')
  await expect(uploadAsset(client, place, { stream, size: 4 })).rejects.toMatchObject({ status: 503, attempts: 1 })
  await expect(uploadAsset(client, place, { stream, size: 4 })).rejects.toThrow('the stream was read before')
  expect((await uploadAsset(client, place, { bytes: Buffer.from('abcd') })).attempts).toBe(2)
  expect(imgix.objects.get('a.bin')).toMatchObject({ bytes: 4, contentType: 'application/octet-stream' })
})

test.each([
  ['the key', { apiKey: 'a\nb' }, 'authorization', 'image/png'],
  ['the type', {}, 'content-type', 'image/png\r\nx: y'],
])('a header that can not be sent, of %s, is told at once', async (_, settings, header, contentType) => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix, maxAttempts: 5, ...settings })
  const reason = `nothing was sent to ${new URL(imgix.apiUrl).host}: Invalid character in header content ["${header}"]`
  const error = { name: 'ImgixError', attempts: 1, perhapsDone: false, reason }
  await expect(uploadAsset(client, place, { bytes: Buffer.from('a'), contentType })).rejects.toMatchObject(error)
  expect(imgix.transcript).toEqual([])
})

test('an aborted signal is the reason, wherever a function takes it', async () => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix })
  const ends = { signal: AbortSignal.abort(new Error('mine')) }
  const id = imgix.sourceId
  for (const call of [
    () => getAsset(client, { ...place, ...ends }),
    () => uploadAsset(client, { ...place, ...ends }, { bytes: Buffer.from('a') }),
    () => listAssets(client, { sourceId: id, ...ends }).next(),
    () => openSession(client, { ...place, ...ends }),
    () => getSource(client, id, ends),
    () => listSources(client, {}, ends).next(),
    () => updateSource(client, id, { name: 'a' }, ends),
    () => purge(client, 'https://assets-demo.imgix.net/a.png', ends),
  ])
    await expect(call()).rejects.toBe(ends.signal.reason)
  expect(imgix.transcript).toEqual([])
})

test('an option that is undefined has its default, and limits that are left out have theirs', async () => {
  const imgix = await emulate()
  const { apiUrl, apiKey, sourceId } = imgix
  const unset = { maxAttempts: undefined, timeoutMs: undefined, userAgent: undefined, proxyFor: undefined }
  const client = createClient({
    apiKey,
    apiUrl,
    ...unset,
    rateLimits: { upload: { count: 1, perMs: 1000 }, get: undefined },
  })
  onTestFinished(client.close)
  expect((await getSource(client, sourceId)).id).toBe(sourceId)
  await expect(getAsset(client, { ...place, sourceId })).rejects.toMatchObject({ status: 404 })
  createClient({ apiKey, apiUrl: undefined }).close()
})

test.each<[Partial<ClientOptions>, string]>([
  [{ maxAttempts: Number.NaN }, 'maxAttempts: a whole number above 0'],
  [{ maxAttempts: 0 }, 'maxAttempts: a whole number above 0'],
  [{ timeoutMs: Number.NaN }, 'timeoutMs: above 0'],
  [{ timeoutMs: 1e12 }, 'timeoutMs: above 0'],
  [{ rateLimits: { get: { count: 0, perMs: 1000 } } }, 'rateLimits.get: count is at least 1'],
])('%o can not work', (options, message) => {
  expect(() => createClient({ apiKey: 'a', ...options })).toThrow(message)
})

test('a signal that is aborted while the next try waits is the reason, too', async () => {
  const imgix = await emulate()
  const client = createTestClient({ ...imgix, maxAttempts: 5 })
  const stop = new AbortController()
  const answer = { status: 503, headers: { 'retry-after': '100' } }
  imgix.fault({ on: { method: 'GET' }, do: { answer } })
  const asked = getAsset(client, { ...place, signal: stop.signal })
  await vi.waitFor(() => expect(imgix.transcript).toHaveLength(1))
  const reason = new Error('mine')
  setTimeout(() => stop.abort(reason), 50)
  await expect(asked).rejects.toBe(reason)
})

test('the API: https, or http on this machine, with a slash at its end or without', async () => {
  const imgix = await emulate()
  const client = createClient({ apiKey: imgix.apiKey, apiUrl: `${imgix.apiUrl}/` })
  onTestFinished(client.close)
  expect((await getSource(client, imgix.sourceId)).id).toBe(imgix.sourceId)
  for (const apiUrl of ['http://api.imgix.com', 'ftp://127.0.0.1', 'api.imgix.com', ''])
    expect(() => createClient({ apiKey: 'a', apiUrl })).toThrow('apiUrl: an https URL, or http on a loopback host')
})
