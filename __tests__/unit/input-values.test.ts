import { expect, test } from 'vitest'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { parseShard } from '../../src/inputs/shard.ts'
import {
  divideLimits,
  parseApiUrl,
  parseContentTypes,
  parseDomains,
  parseFiles,
  parsePrefix,
  parseRateLimits,
  parseSize,
  parseUrls,
} from '../../src/inputs/values.ts'

const SIZE = { allowed: 'a number and B, KB, MB or GB, such as 30MB' }

test.each([
  ['30MB', 30_000_000],
  ['30 MB', 30_000_000],
  ['30mb', 30_000_000],
  ['0B', 0],
  ['1B', 1],
  ['1.5KB', 1500],
  ['1.001KB', 1001],
  ['8.2MB', 8_200_000],
  ['64.1MB', 64_100_000],
  ['4.35MB', 4_350_000],
  ['5GB', 5_000_000_000],
  ['', SIZE],
  ['30', SIZE],
  ['30MiB', SIZE],
  ['-1MB', SIZE],
  ['1e3B', SIZE],
  ['.5MB', SIZE],
  ['30  MB', SIZE],
  ['1,5MB', SIZE],
  ['30TB', SIZE],
])('the size %j', (text, expected) => {
  expect(parseSize(text)).toEqual(expected)
})

const PREFIX = { allowed: 'a folder such as site/images' }

test.each([
  ['', ''],
  ['/', ''],
  ['a', 'a/'],
  ['/a/b/', 'a/b/'],
  ['a b', 'a b/'],
  ['..a', '..a/'],
  ['a//b', PREFIX],
  ['../a', PREFIX],
  ['a/..', PREFIX],
  ['./a', PREFIX],
  ['.', PREFIX],
  ['a\\b', PREFIX],
  ['a\nb', PREFIX],
])('the prefix %j', (text, expected) => {
  expect(parsePrefix(text)).toEqual(expected)
})

const API_URL = { allowed: 'an https URL, or http on a loopback host, without user name, query and fragment' }

test.each([
  ['https://api.imgix.com', 'https://api.imgix.com'],
  ['https://api.imgix.com/', 'https://api.imgix.com'],
  ['https://proxy.example:8443/imgix//', 'https://proxy.example:8443/imgix'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://127.0.0.1:80', 'http://127.0.0.1'],
  ['http://127.8.9.1:1', 'http://127.8.9.1:1'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
  ['http://api.imgix.com', API_URL],
  ['http://localhost.example', API_URL],
  ['http://127.0.0.1.example', API_URL],
  ['ftp://localhost', API_URL],
  ['file:///etc', API_URL],
  ['api.imgix.com', API_URL],
  ['', API_URL],
  ['https://api.imgix.com/?a=b', { ...API_URL, values: ['api.imgix.com'] }],
  ['https://api.imgix.com/#a', { ...API_URL, values: ['api.imgix.com'] }],
  ['https://mona:secret@api.imgix.com', { ...API_URL, values: ['api.imgix.com'] }],
])('the API URL %j', (text, expected) => {
  expect(parseApiUrl(text)).toEqual(expected)
})

test.each(['https://api.imgix.com/api/v1', 'https://api.imgix.com/api/v1/', 'https://proxy.example/imgix/api/v2'])(
  'the API URL %j has what the run adds',
  (text) => {
    expect(parseApiUrl(text)).toEqual({ allowed: 'the base URL without /api/v1, which the run adds' })
  },
)

test.each(['https://api.imgix.com/?', 'https://api.imgix.com/#'])(
  'the API URL %j leaves the path of requests whole',
  (text) => {
    const url = parseApiUrl(text)
    const made = typeof url === 'string' ? new URL(`${url}/api/v1/purge`).pathname : 'refused'
    expect(['/api/v1/purge', 'refused']).toContain(made)
  },
)

const LIMITS_ALLOWED =
  'class=count/unit, class one of upload, purge, get, refresh, default, count a whole number from 1, unit s, m or h'

test.each([
  ['none', '', {}],
  ['one', 'upload=5/s', { upload: { count: 5, perMs: 1000 } }],
  [
    'each unit',
    'upload=5/s, purge=6/m,get=7/h',
    {
      upload: { count: 5, perMs: 1000 },
      purge: { count: 6, perMs: 60_000 },
      get: { count: 7, perMs: 3_600_000 },
    },
  ],
  [
    'lines, spaces and comments',
    '# ours\n upload = 5 / s \n\ndefault=1/s',
    {
      upload: { count: 5, perMs: 1000 },
      default: { count: 1, perMs: 1000 },
    },
  ],
  ['twice', 'upload=5/s,upload=6/s', { upload: { count: 6, perMs: 1000 } }],
])('rate limits: %s', (_, text, changed) => {
  expect(parseRateLimits(text, DOCUMENTED_LIMITS)).toEqual({ ...DOCUMENTED_LIMITS, ...changed })
})

test('every bad rate limit is named', () => {
  const bad = [
    'upload=0/s',
    'uploads=1/s',
    'upload=1/d',
    'upload=1',
    'upload=-1/s',
    'upload=1.5/s',
    'toString=1/s',
    '__proto__=1/s',
  ]
  expect(parseRateLimits(`upload=1/s,${bad.join(',')}`, DOCUMENTED_LIMITS)).toEqual({
    allowed: LIMITS_ALLOWED,
    values: bad,
  })
})

test('domains: one a line, each once, the bad ones named', () => {
  expect(parseDomains(' B.imgix.net \r\n\n# c.imgix.net\na.imgix.net\nb.imgix.net')).toEqual([
    'b.imgix.net',
    'a.imgix.net',
  ])
  expect(parseDomains('')).toEqual([])
  expect(parseDomains('a.imgix.net\nhttps://a.imgix.net\na b')).toEqual({
    allowed: 'host names, one a line, such as assets.imgix.net',
    values: ['https://a.imgix.net', 'a b'],
  })
})

test('URLs: each purged once, however it is written, the bad ones named', () => {
  const texts = ['https://a.imgix.net/a b.png', 'https://a.imgix.net/a%20b.png?w=1', 'HTTPS://A.imgix.net/a%20b.png#x']
  expect(parseUrls(texts.join('\n'))).toEqual(['https://a.imgix.net/a%20b.png'])
  expect(parseUrls('https://a.imgix.net/a%2Fb.png\nhttps://a.imgix.net/a/b.png')).toEqual([
    'https://a.imgix.net/a%2Fb.png',
    'https://a.imgix.net/a/b.png',
  ])
  expect(parseUrls('https://a.imgix.net/a.png\nhttp://a.imgix.net/a.png')).toEqual({
    allowed: 'https URLs of files, one a line, such as https://assets.imgix.net/a.png',
    values: ['http://a.imgix.net/a.png'],
  })
})

test.each([
  ['a.avif', 'image/avif'],
  ['deep/b.avif', 'image/avif'],
  ['raw/b.avif', 'application/octet-stream'],
  ['page.html', 'text/html; charset=utf-8'],
  ['a:b.x', 'a/b'],
  ['other.png', undefined],
])('the content type of %s', (path, expected) => {
  const lines = [
    '**/*.avif: image/avif',
    '# x: y/z',
    'raw : application/octet-stream',
    '*.html:text/html; charset=utf-8',
    'a:b.x: a/b',
  ]
  const typeOf = parseContentTypes(lines.join('\n'))
  expect(typeof typeOf === 'function' ? typeOf(path) : typeOf).toBe(expected)
})

test('every bad line of content types is named', () => {
  const bad = [
    '*.avif',
    '*.avif:',
    ': image/png',
    '*.avif: image',
    '*.avif: image/png\u0001',
    '../a: image/png',
    '*.a: a/b; c',
  ]
  expect(parseContentTypes(`*.png: image/png\n${bad.join('\n')}`)).toEqual({
    allowed: 'lines of pattern: type, such as **/*.avif: image/avif',
    values: bad,
  })
})

test('a pattern that can be none', () => {
  const segment = "has a '.' or '..' segment"
  expect(parseFiles('**\n../x\n/a')).toEqual({
    allowed: `patterns relative to root, without '.' and '..' segments: '../x' ${segment}; '/a' is not relative to root`,
  })
  const many = Array.from({ length: 9 }, (_, at) => `../${at}`)
  expect(parseFiles(many.join('\n'))).toEqual({
    allowed: expect.stringMatching(/'\.\.\/4' has .* segment; and 4 more$/),
  })
})

const SHARD = { allowed: 'i/n, i from 1 to n, n up to 256' }

test.each([
  ['1/1', { index: 1, count: 1 }],
  ['2/3', { index: 2, count: 3 }],
  ['3/3', { index: 3, count: 3 }],
  ['256/256', { index: 256, count: 256 }],
  ['0/3', SHARD],
  ['4/3', SHARD],
  ['1/0', SHARD],
  ['0/0', SHARD],
  ['1/257', SHARD],
  ['1', SHARD],
  ['', SHARD],
  ['1/2/3', SHARD],
  ['-1/3', SHARD],
  ['1.5/3', SHARD],
  ['1 / 3', SHARD],
  ['a/b', SHARD],
])('the shard %j', (text, expected) => {
  expect(parseShard(text)).toEqual(expected)
})

test.each([
  [1, [2, 1000], [10, 1000], [10, 60_000], [4, 1000]],
  [2, [1, 1000], [5, 1000], [5, 60_000], [2, 1000]],
  [3, [1, 1500], [3, 1000], [3, 60_000], [1, 1000]],
  [8, [1, 4000], [1, 1000], [1, 60_000], [1, 2000]],
  [20, [1, 10_000], [1, 2000], [1, 120_000], [1, 5000]],
])('the rate limits of one of %i jobs', (jobs, upload, ten, refresh, other) => {
  const limit = ([count = 0, perMs = 0]: number[]) => ({ count, perMs })
  const divided = divideLimits(DOCUMENTED_LIMITS, jobs)
  expect(divided).toEqual({
    upload: limit(upload),
    purge: limit(ten),
    get: limit(ten),
    refresh: limit(refresh),
    default: limit(other),
  })
  for (const [name, { count, perMs }] of Object.entries(divided)) {
    const whole = DOCUMENTED_LIMITS[name as keyof typeof DOCUMENTED_LIMITS]
    expect((jobs * count) / perMs).toBeLessThanOrEqual(whole.count / whole.perMs)
  }
})
