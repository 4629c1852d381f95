import { expect, test } from 'vitest'
import type { UploadStep } from '../../src/events.ts'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { forecastSeconds } from '../../src/plan/forecast.ts'
import {
  changesOf,
  filePlan,
  filesOf,
  inputsOf,
  planFor,
  planOf,
  planWith,
  purgeStep,
  purgesOf,
  skipped,
  sourceOf,
  uploadStep,
  uploadsOf,
} from '../helpers/plan.ts'

const NOT_UTF8 = 'its name is not UTF-8, so no URL can contain it: rename it'
const GONE = "deleted in git; imgix's API can't delete it from the bucket"

const CHANGES = changesOf(
  [
    { path: 'public/new.png', change: 'added' },
    { path: 'public/a b/#1.jpg', change: 'modified' },
    { path: 'public/film.mp4', change: 'present' },
    { path: 'public/old.png', change: 'deleted' },
    { path: 'public/bad.png', change: 'modified' },
  ],
  'public/',
)
const FILES = filesOf({
  'public/new.png': 10,
  'public/a b/#1.jpg': 30_000_000,
  'public/film.mp4': 30_000_001,
  'public/bad.png': 'it is not a regular file',
})

const REST = {
  identity: { dev: 0n, ino: 0n, ctimeNs: 0n },
  isGuarded: true,
  kind: 'upload',
  route: 'direct',
  record: 'renew',
  hasRecord: undefined,
  hasFields: undefined,
  attributes: NO_ATTRIBUTES,
} as const
const uploads: UploadStep[] = [
  {
    path: 'public/new.png',
    absolutePath: '/workspace/public/new.png',
    originPath: 'new.png',
    change: 'added',
    bytes: 10,
    contentType: 'image/png',
    routes: ['direct', 'session'],
    ...REST,
  },
  {
    path: 'public/a b/#1.jpg',
    absolutePath: '/workspace/public/a b/#1.jpg',
    originPath: 'a b/#1.jpg',
    change: 'modified',
    bytes: 30_000_000,
    contentType: 'image/jpeg',
    routes: ['direct', 'session'],
    ...REST,
  },
  {
    path: 'public/film.mp4',
    absolutePath: '/workspace/public/film.mp4',
    originPath: 'film.mp4',
    change: 'present',
    bytes: 30_000_001,
    contentType: 'video/mp4',
    routes: ['session'],
    ...REST,
    route: 'session',
  },
]
const old = skipped('public/old.png', { originPath: 'old.png', change: 'deleted', result: 'deleted', reason: GONE })
const bad = skipped('public/bad.png', {
  originPath: 'bad.png',
  change: 'modified',
  result: 'failed',
  reason: 'it is not a regular file',
})

test('files of every kind', () => {
  expect(planFor(CHANGES, FILES, { inputs: inputsOf(), source: sourceOf() })).toEqual({
    files: ['new.png', 'a%20b/%231.jpg', 'film.mp4'].map((name, at) => ({
      upload: uploads[at],
      purges: [{ kind: 'purge', url: `https://a.imgix.net/${name}`, path: uploads[at]?.path, subImage: false }],
      calls: [],
    })),
    purges: [{ kind: 'purge', url: 'https://a.imgix.net/old.png', path: 'public/old.png', subImage: false }],
    updates: [],
    calls: [],
    skipped: [old, bad],
  })
})

test('purge: false, with urls', () => {
  const inputs = inputsOf({ purge: 'false', urls: 'https://x.net/a.png' })
  expect(planFor(CHANGES, FILES, { inputs, source: sourceOf() })).toEqual(
    planWith({
      files: uploads.map((step) => filePlan(step)),
      purges: [purgeStep('https://x.net/a.png')],
      skipped: [old, bad],
    }),
  )
})

test('deleted: ignore', () => {
  const plan = planFor(CHANGES, FILES, { inputs: inputsOf({ deleted: 'ignore' }), source: sourceOf() })
  expect([plan.skipped, purgesOf(plan).map(({ path }) => path)]).toEqual([
    [old, bad],
    ['public/new.png', 'public/a b/#1.jpg', 'public/film.mp4'],
  ])
})

test('upload: false purges what changed, at once', () => {
  const inputs = inputsOf({ upload: 'false' })
  const changes = changesOf([
    { path: 'a.png', change: 'modified' },
    { path: 'b.png', change: 'deleted' },
  ])
  expect(planFor(changes, new Map(), { inputs, source: sourceOf() })).toEqual(
    planWith({
      purges: ['a.png', 'b.png'].map((path) => purgeStep(`https://a.imgix.net/${path}`, { path })),
      skipped: [
        skipped('a.png', { change: 'modified', reason: 'upload is false' }),
        skipped('b.png', { change: 'deleted', result: 'deleted', reason: GONE }),
      ],
    }),
  )
})

test('a sub-image is purged as one on one domain, before its purges: of two within 10 seconds the second may be left out', () => {
  const inputs = inputsOf({ 'sub-images': '*.svg' })
  const source = sourceOf({ domains: ['a.imgix.net', 'img.example.com'] })
  const path = 'mark.svg'
  expect(planOf({ [path]: 1, 'a.png': 1 }, { inputs, source }).files.map(({ purges }) => purges)).toEqual([
    [
      purgeStep('https://a.imgix.net/mark.svg', { path, subImage: true }),
      purgeStep('https://a.imgix.net/mark.svg', { path }),
      purgeStep('https://img.example.com/mark.svg', { path }),
    ],
    ['https://a.imgix.net/a.png', 'https://img.example.com/a.png'].map((url) => purgeStep(url, { path: 'a.png' })),
  ])
})

test('a prefix, and domains of the input instead of those of the Source', () => {
  const plan = planOf({ 'a.png': 1 }, { inputs: inputsOf({ prefix: '/site/', domains: 'b.net\nc.net' }) })
  expect(plan).toEqual(
    planWith({
      files: [
        filePlan(uploadStep('a.png', { originPath: 'site/a.png', hasRecord: undefined, hasFields: undefined }), {
          purges: ['b.net', 'c.net'].map((domain) => purgeStep(`https://${domain}/site/a.png`, { path: 'a.png' })),
        }),
      ],
    }),
  )
})

test('every domain of the Source', () => {
  const plan = planOf({ 'a.png': 1 }, { source: sourceOf({ domains: ['a.imgix.net', 'img.example.com'] }) })
  expect(purgesOf(plan).map(({ url }) => url)).toEqual(['https://a.imgix.net/a.png', 'https://img.example.com/a.png'])
})

test('a URL of the inputs that a file has already is purged once; of an uploaded path, after the upload', () => {
  const urls = 'https://a.imgix.net/a.png\nhttps://other.net/a.png\nhttps://other.net/b.png'
  const plan = planOf({ 'a.png': 1 }, { inputs: inputsOf({ urls }) })
  expect([plan.files.map(({ purges }) => purges), plan.purges]).toEqual([
    [['https://a.imgix.net/a.png', 'https://other.net/a.png'].map((url) => purgeStep(url, { path: 'a.png' }))],
    [purgeStep('https://other.net/b.png')],
  ])
})

test('a URL of the inputs that a deleted file has is purged once, for that file', () => {
  const inputs = inputsOf({ urls: 'https://a.imgix.net/old.png?w=1' })
  const changes = changesOf([{ path: 'old.png', change: 'deleted' }])
  expect(planFor(changes, new Map(), { inputs, source: sourceOf() }).purges).toEqual([
    purgeStep('https://a.imgix.net/old.png', { path: 'old.png' }),
  ])
})

test('names that are no UTF-8', () => {
  const changes = changesOf([
    { path: 'a\udce9.png', change: 'added' },
    { path: 'b\udce9.png', change: 'deleted' },
  ])
  expect(planFor(changes, new Map(), { inputs: inputsOf(), source: sourceOf() })).toEqual(
    planWith({
      skipped: [
        skipped('a\udce9.png', { result: 'failed', reason: NOT_UTF8 }),
        skipped('b\udce9.png', { change: 'deleted', result: 'deleted', reason: NOT_UTF8 }),
      ],
    }),
  )
})

test('a file that nobody looked at is a failure, never forgotten', () => {
  const plan = planFor(changesOf([{ path: 'a.png', change: 'added' }]), new Map(), {
    inputs: inputsOf(),
    source: sourceOf(),
  })
  expect(plan.skipped).toEqual([skipped('a.png', { result: 'failed', reason: 'it was not looked at' })])
})

test.each([
  ['s3', 30_000_000, ['direct', 'session']],
  ['s3', 30_000_001, ['session']],
  ['gcs', 30_000_001, ['session']],
  ['s3_compatible', 30_000_001, ['session']],
  ['azure', 30_000_001, ['direct']],
  ['azure', 1, ['direct']],
  [undefined, 1, ['direct', 'session']],
  [undefined, 30_000_001, ['session']],
])('the routes on a Source of type %s for %i bytes', (type, bytes, routes) => {
  const source = type === undefined ? undefined : sourceOf({ type })
  const changes = changesOf([{ path: 'a.png', change: 'added' }])
  const plan = planFor(changes, filesOf({ 'a.png': bytes }), { inputs: inputsOf(), source })
  expect(uploadsOf(plan).map((step) => step.routes)).toEqual([routes])
})

test.each([
  ['a.png', 'image/png'],
  ['a.JPG', 'image/jpeg'],
  ['a.jfif', 'image/jpeg'],
  ['a.pjpeg', 'image/jpeg'],
  ['a.icns', 'image/icns'],
  ['a.avif', 'image/avif'],
  ['a.heic', 'image/heic'],
  ['a.svg', 'image/svg+xml'],
  ['a.pdf', 'application/pdf'],
  ['a.mp4', 'video/mp4'],
  ['a.mov', 'video/quicktime'],
  ['a.webm', 'video/webm'],
  ['a.m4v', 'video/x-m4v'],
  ['a', 'application/octet-stream'],
  ['png', 'application/octet-stream'],
  ['a.unknown', 'application/octet-stream'],
  ['a.png/b', 'application/octet-stream'],
  ['a.__proto__', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
  ['raw/a.png', 'x/raw'],
])('the content type of %s', (path, type) => {
  const plan = planOf({ [path]: 1 }, { inputs: inputsOf({ 'content-types': 'raw/*: x/raw' }) })
  expect(uploadsOf(plan).map(({ contentType }) => contentType)).toEqual([type])
})

const direct = { routes: ['direct', 'session'] } as const
const session = { route: 'session', routes: ['session'] } as const
const either = { ...direct, route: 'any' }

test.each([
  ['nothing', [], 0, 0],
  ['what one window holds', [[2, direct]], 10, 0],
  ['uploads', [[7, direct]], 0, 3],
  ['purges', [[1, direct]], 101, 10],
  ['sessions, two requests each', [[7, session]], 0, 3],
  [
    'both routes, side by side',
    [
      [100, direct],
      [100, session],
    ],
    0,
    49,
  ],
  ['files that can take either route: twice as fast', [[200, either]], 0, 49],
  [
    'fewer of them beside sessions',
    [
      [100, either],
      [50, session],
    ],
    0,
    37,
  ],
  [
    'sessions that take longer than all others',
    [
      [10, either],
      [100, session],
    ],
    0,
    49,
  ],
] as [string, [number, Partial<UploadStep>][], number, number][])(
  'the forecast for %s',
  (_, kinds, purges, seconds) => {
    const uploads = kinds.flatMap(([count, step]) =>
      Array.from({ length: count }, (_, at) => uploadStep(`${at}`, step)),
    )
    const steps = [...uploads, ...Array.from({ length: purges }, (_, at) => purgeStep(`https://a/${at}`))]
    expect(forecastSeconds(steps, DOCUMENTED_LIMITS)).toBe(seconds)
  },
)

const many = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.png`, 1]))

test.each([
  ['as many as ten seconds hold', 22, {}, 's3', false],
  ['more', 23, {}, 's3', true],
  ['more, on Google Cloud Storage', 23, {}, 'gcs', true],
  ['more, on S3-compatible storage', 23, {}, 's3_compatible', true],
  ['more, on Azure, which has no sessions', 23, {}, 'azure', false],
  ['more, on a Source of a new type', 23, {}, 'new', false],
  ['more, by direct upload', 23, { 'upload-via': 'direct' }, 's3', false],
  ['more, by session', 23, { 'upload-via': 'session' }, 's3', false],
  ['more, with higher limits', 23, { 'rate-limits': 'upload=10/s' }, 's3', false],
  ['few, with lower limits', 3, { 'rate-limits': 'upload=1/m' }, 's3', true],
])('files that can take either route: %s', (_, count, inputs, type, expected) => {
  const plan = planOf(many(count), { inputs: inputsOf(inputs), source: sourceOf({ type }) })
  expect(uploadsOf(plan).every(({ route }) => (route === 'any') === expected)).toBe(true)
})

test('a large file has its route, whatever the others take', () => {
  const uploads = uploadsOf(planOf({ ...many(30), 'a.mp4': 30_000_001 }))
  const big = uploads.find(({ path }) => path === 'a.mp4')
  expect([big?.routes, big?.route, uploads.filter(({ route }) => route === 'any').length]).toEqual([
    ['session'],
    'session',
    30,
  ])
})

test('a Source that was not read: its sessions are left alone, but for large files', () => {
  const changes = changesOf(Object.keys(many(30)).map((path) => ({ path, change: 'added' })))
  const uploads = uploadsOf(planFor(changes, filesOf(many(30)), { inputs: inputsOf(), source: undefined }))
  expect(uploads.some(({ route }) => route === 'any')).toBe(false)
})

test('upload-via: session', () => {
  const uploads = uploadsOf(planOf({ 'a.png': 1, 'b.png': 4e7 }, { inputs: inputsOf({ 'upload-via': 'session' }) }))
  expect(uploads.map(({ routes }) => routes)).toEqual([['session'], ['session']])
})
