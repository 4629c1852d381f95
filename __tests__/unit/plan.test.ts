import { expect, test } from 'vitest'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { forecastSeconds, planRun } from '../../src/plan.ts'
import { changesOf, filesOf, inputsOf, planOf, sourceOf, uploadStep } from '../helpers/plan.ts'

const NOT_UTF8 = 'its name is not UTF-8, so no URL can name it: rename it'
const GONE = "git has it no more; imgix's API can't delete it from the bucket"

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

const uploads = [
  {
    path: 'public/new.png',
    absolutePath: '/workspace/public/new.png',
    originPath: 'new.png',
    change: 'added',
    bytes: 10,
    contentType: 'image/png',
    lanes: ['direct', 'session'],
  },
  {
    path: 'public/a b/#1.jpg',
    absolutePath: '/workspace/public/a b/#1.jpg',
    originPath: 'a b/#1.jpg',
    change: 'modified',
    bytes: 30_000_000,
    contentType: 'image/jpeg',
    lanes: ['direct', 'session'],
  },
  {
    path: 'public/film.mp4',
    absolutePath: '/workspace/public/film.mp4',
    originPath: 'film.mp4',
    change: 'present',
    bytes: 30_000_001,
    contentType: 'video/mp4',
    lanes: ['session'],
  },
]
const old = { path: 'public/old.png', originPath: 'old.png', change: 'deleted', result: 'deleted', reason: GONE }
const bad = {
  path: 'public/bad.png',
  originPath: 'bad.png',
  change: 'modified',
  result: 'failed',
  reason: 'it is not a regular file',
}

test('files of every kind', () => {
  expect(planRun(CHANGES, FILES, { inputs: inputsOf(), source: sourceOf() })).toEqual({
    uploads,
    purges: [
      { url: 'https://a.imgix.net/new.png', path: 'public/new.png', afterUpload: true },
      { url: 'https://a.imgix.net/a%20b/%231.jpg', path: 'public/a b/#1.jpg', afterUpload: true },
      { url: 'https://a.imgix.net/film.mp4', path: 'public/film.mp4', afterUpload: true },
      { url: 'https://a.imgix.net/old.png', path: 'public/old.png', afterUpload: false },
    ],
    skipped: [old, bad],
  })
})

test('purge: false, with urls', () => {
  const inputs = inputsOf({ purge: 'false', urls: 'https://x.net/a.png' })
  expect(planRun(CHANGES, FILES, { inputs, source: sourceOf() })).toEqual({
    uploads,
    purges: [{ url: 'https://x.net/a.png', path: undefined, afterUpload: false }],
    skipped: [old, bad],
  })
})

test('deleted: ignore', () => {
  const plan = planRun(CHANGES, FILES, { inputs: inputsOf({ deleted: 'ignore' }), source: sourceOf() })
  expect([plan.skipped, plan.purges.map(({ path }) => path)]).toEqual([
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
  expect(planRun(changes, new Map(), { inputs, source: sourceOf() })).toEqual({
    uploads: [],
    purges: [
      { url: 'https://a.imgix.net/a.png', path: 'a.png', afterUpload: false },
      { url: 'https://a.imgix.net/b.png', path: 'b.png', afterUpload: false },
    ],
    skipped: [
      { path: 'a.png', originPath: 'a.png', change: 'modified', result: 'skipped', reason: 'upload is false' },
      { path: 'b.png', originPath: 'b.png', change: 'deleted', result: 'deleted', reason: GONE },
    ],
  })
})

test('a prefix, and domains of the input instead of those of the Source', () => {
  const plan = planOf({ 'a.png': 1 }, { inputs: inputsOf({ prefix: '/site/', domains: 'b.net\nc.net' }) })
  expect(plan).toEqual({
    uploads: [uploadStep('a.png', { originPath: 'site/a.png' })],
    purges: [
      { url: 'https://b.net/site/a.png', path: 'a.png', afterUpload: true },
      { url: 'https://c.net/site/a.png', path: 'a.png', afterUpload: true },
    ],
    skipped: [],
  })
})

test('every domain of the Source', () => {
  const plan = planOf({ 'a.png': 1 }, { source: sourceOf({ domains: ['a.imgix.net', 'img.example.com'] }) })
  expect(plan.purges.map(({ url }) => url)).toEqual(['https://a.imgix.net/a.png', 'https://img.example.com/a.png'])
})

test('a URL of the inputs that a file has already is purged once; of an uploaded path, after the upload', () => {
  const urls = 'https://a.imgix.net/a.png\nhttps://other.net/a.png\nhttps://other.net/b.png'
  const plan = planOf({ 'a.png': 1 }, { inputs: inputsOf({ urls }) })
  expect(plan.purges).toEqual([
    { url: 'https://a.imgix.net/a.png', path: 'a.png', afterUpload: true },
    { url: 'https://other.net/a.png', path: 'a.png', afterUpload: true },
    { url: 'https://other.net/b.png', path: undefined, afterUpload: false },
  ])
})

test('names that are no UTF-8', () => {
  const changes = changesOf([
    { path: 'a\udce9.png', change: 'added' },
    { path: 'b\udce9.png', change: 'deleted' },
  ])
  expect(planRun(changes, new Map(), { inputs: inputsOf(), source: sourceOf() })).toEqual({
    uploads: [],
    purges: [],
    skipped: [
      { path: 'a\udce9.png', originPath: 'a\udce9.png', change: 'added', result: 'failed', reason: NOT_UTF8 },
      { path: 'b\udce9.png', originPath: 'b\udce9.png', change: 'deleted', result: 'deleted', reason: NOT_UTF8 },
    ],
  })
})

test('a file that nobody looked at is a failure, never forgotten', () => {
  const plan = planRun(changesOf([{ path: 'a.png', change: 'added' }]), new Map(), {
    inputs: inputsOf(),
    source: sourceOf(),
  })
  expect(plan.skipped).toEqual([
    { path: 'a.png', originPath: 'a.png', change: 'added', result: 'failed', reason: 'it was not looked at' },
  ])
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
])('the lanes on a Source of type %s for %i bytes', (type, bytes, lanes) => {
  const source = type === undefined ? undefined : sourceOf({ type })
  const changes = changesOf([{ path: 'a.png', change: 'added' }])
  const plan = planRun(changes, filesOf({ 'a.png': bytes }), { inputs: inputsOf(), source })
  expect(plan.uploads.map((step) => step.lanes)).toEqual([lanes])
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
  expect(plan.uploads.map(({ contentType }) => contentType)).toEqual([type])
})

test.each([
  ['nothing', 0, 0, 0],
  ['what one window holds', 2, 10, 0],
  ['uploads', 7, 0, 3],
  ['purges', 1, 101, 10],
])('the forecast for %s', (_, uploaded, purged, seconds) => {
  const plan = {
    uploads: Array.from({ length: uploaded }, (_, index) => uploadStep(`${index}`)),
    purges: Array.from({ length: purged }, (_, index) => ({ url: `${index}`, path: undefined, afterUpload: false })),
    skipped: [],
  }
  expect(forecastSeconds(plan, DOCUMENTED_LIMITS)).toBe(seconds)
})
