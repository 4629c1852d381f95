import { expect, test } from 'vitest'
import type { Report } from '../../src/report/json-report.ts'
import { formatSummary } from '../../src/report/summary.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'

const MAX_BYTES = 1 << 20

function summary(
  more: Partial<Report>,
  { reason, failures = [] }: { reason?: string; failures?: string[] } = {},
): string {
  return formatSummary(reportOf(more), { reason, failures })
}

test('a run with a bit of everything', () => {
  const files = [
    fileReport('a.png'),
    fileReport('b.mp4', { via: 'session', bytes: 40_000_000, seconds: 12.4, attempts: 2 }),
    fileReport('c.png', { result: 'failed', via: null, error: 'POST x: 400 No.' }),
    fileReport('d.png', { result: 'skipped', via: null, reason: 'there already' }),
    fileReport('e.png', { result: 'deleted', change: 'deleted', bytes: null, via: null, reason: 'gone' }),
    fileReport('f.png', { result: 'planned', via: null, reason: 'ended' }),
  ]
  const urls = [
    urlReport('https://a.imgix.net/a.png', { path: 'a.png' }),
    urlReport('https://a.imgix.net/z.png', { result: 'failed', error: 'POST y: 400' }),
  ]
  expect(summary({ files, urls })).toBe(`### ❌ imgix sync: 2 uploaded, 1 skipped, 1 purged, 2 failed in 2.5 s

<p><code>1111111..2222222</code> (base: event) · Source <code>5b81e81539ddc50001a5d955</code> (s3)</p>

#### Failed (2)

<table>
<tr><th align="left">What</th><th align="left">Why</th></tr>
<tr><td><code>c.png</code></td><td>POST x: 400 No.</td></tr>
<tr><td><a href="https://a.imgix.net/z.png"><code>https://a.imgix.net/z.png</code></a></td><td>POST y: 400</td></tr>
</table>

#### Uploaded (2)

<table>
<tr><th align="left">File</th><th align="left">Size</th><th align="left">Route</th><th align="left">Time</th><th align="left">Tries</th></tr>
<tr><td><code>a.png</code></td><td>1.5 kB</td><td>direct</td><td>0.5 s</td><td>1</td></tr>
<tr><td><code>b.mp4</code></td><td>40.0 MB</td><td>session</td><td>12 s</td><td>2</td></tr>
</table>

#### Not done (1)

<table>
<tr><th align="left">File</th><th align="left">Why</th></tr>
<tr><td><code>f.png</code></td><td>ended</td></tr>
</table>

#### Skipped (1)

<table>
<tr><th align="left">File</th><th align="left">Why</th></tr>
<tr><td><code>d.png</code></td><td>there already</td></tr>
</table>

#### Deleted in git (1)

<table>
<tr><th align="left">File</th><th align="left">What that means</th></tr>
<tr><td><code>e.png</code></td><td>gone</td></tr>
</table>

#### Purge requested (1)

<table>
<tr><th align="left">URL</th></tr>
<tr><td><a href="https://a.imgix.net/a.png"><code>https://a.imgix.net/a.png</code></a></td></tr>
</table>
`)
})

test.each([
  ['a run that did all', {}, {}, '✅'],
  ['a run with nothing to do', {}, { reason: 'nothing changed' }, '✅'],
  [
    'a URL that is served as before, under verify: warn',
    { urls: [urlReport('https://a/b', { verdict: 'stale', reason: 'it answers 404' })] },
    {},
    '⚠',
  ],
  ['a failed file', { files: [fileReport('a', { result: 'failed' as const })] }, {}, '❌'],
  ['a failed purge', { urls: [urlReport('https://a/b', { result: 'failed' as const })] }, {}, '❌'],
  ['a run that could not start', {}, { failures: ['api-key: wrong'] }, '❌'],
  ['a cancelled run', { cancelled: true }, {}, '❌'],
])('the sign of %s', (_, more, ends, sign) => {
  expect(summary(more, ends).slice(4, 5)).toBe(sign)
})

test('a sub-image is told from its file, a 404 from one that was there before', () => {
  const sub = { subImage: true }
  const urls = [
    urlReport('https://a/m.svg', { verdict: 'fresh' }),
    urlReport('https://a/m.svg', sub),
    urlReport('https://a/n.svg', { ...sub, result: 'failed', error: 'POST y: 400' }),
    urlReport('https://a/x.png', { verdict: 'gone', reason: 'a 404 <before>' }),
  ]
  const link = (url: string): string => `<a href="${url}"><code>${url}</code></a>`
  const text = summary({ urls })
  expect(text).toContain(`<tr><td>${link('https://a/m.svg')}</td><td>fresh</td></tr>
<tr><td>${link('https://a/m.svg')} as a sub-image</td><td></td></tr>
<tr><td>${link('https://a/x.png')}</td><td>gone: a 404 &#60;before&#62;</td></tr>`)
  expect(text).toContain(`<tr><td>${link('https://a/n.svg')} as a sub-image</td><td>POST y: 400</td></tr>`)
})

test('each problem has its line', () => {
  const text = summary({}, { failures: ['root: bad', 'files: bad'], reason: 'because' })
  expect(text).toContain('<p>root: bad</p>\n<p>files: bad</p>\n<p>because</p>')
})

test('more than ten purged URLs are folded', () => {
  const urls = (length: number) => Array.from({ length }, (_, index) => urlReport(`https://a.imgix.net/${index}`))
  expect(summary({ urls: urls(10) })).not.toContain('<details>')
  expect(summary({ urls: urls(11) })).toContain('<details><summary>11 purges requested</summary>')
})

test('more than ten skipped files are folded', () => {
  const files = (length: number) =>
    Array.from({ length }, (_, index) => fileReport(`${index}.png`, { result: 'skipped', reason: 'unchanged' }))
  expect(summary({ files: files(10) })).not.toContain('<details>')
  expect(summary({ files: files(11) })).toContain('<details><summary>11 files skipped</summary>\n\n#### Skipped (11)')
})

test.each([
  ['a few', 2, ['Would be uploaded (1)', "Only at the Source, left as it is: imgix's API can't delete it (2)"], false],
  [
    'many, folded',
    11,
    ['Would be uploaded (1)', "Only at the Source, left as it is: imgix's API can't delete it (11)"],
    true,
  ],
])('assets that only the Source has, in a dry run: %s', (_, count, titles, isFolded) => {
  const onlyAtSource = Array.from({ length: count }, (_item, index) => `old/<${index}>.png`)
  const report = reportOf({ dryRun: true, files: [fileReport('a.png', { result: 'planned' })] })
  const text = formatSummary(report, { reason: undefined, failures: [], onlyAtSource })
  expect([...text.matchAll(/^#### (.*)$/gm)].map(([, title]) => title)).toEqual(titles)
  expect(text).toContain('<tr><td><code>/old/&#60;0&#62;.png</code></td></tr>')
  expect(text.includes(`<summary>${count} assets only at the Source</summary>`)).toBe(isFolded)
  expect(formatSummary({ ...report, dryRun: false }, { reason: undefined, failures: [], onlyAtSource })).not.toContain(
    'old/',
  )
})

test('a dry run says how each file stands to what is there', () => {
  const files = (['added', 'modified', 'present'] as const).map((change) =>
    fileReport(`${change}.png`, { change, result: 'planned', via: null }),
  )
  expect(
    summary({ dryRun: true, files }),
  ).toContain(`<tr><th align="left">File</th><th align="left">Size</th><th align="left">Route</th><th align="left">Change</th></tr>
<tr><td><code>added.png</code></td><td>1.5 kB</td><td></td><td>new</td></tr>
<tr><td><code>modified.png</code></td><td>1.5 kB</td><td></td><td>changed</td></tr>
<tr><td><code>present.png</code></td><td>1.5 kB</td><td></td><td></td></tr>`)
})

test('a dry run', () => {
  const files = [fileReport('a.png', { result: 'planned' })]
  const text = summary({ dryRun: true, files, urls: [urlReport('https://a/a.png', { result: 'planned' })] })
  expect(text).toContain('dry run: 1 file would be uploaded, 1 URL purged; nothing was changed')
  expect([...text.matchAll(/^#### (.*)$/gm)].map(([, title]) => title)).toEqual([
    'Would be uploaded (1)',
    'Would be purged (1)',
  ])
})

test.each([
  '</code></td></table><script>alert(1)</script>',
  'a\n\n# heading\n\n[link](https://evil.example)',
  '`code` | *bold* | ~~struck~~',
  '"><img src=x>',
  '&lt;b&gt;',
  '\u202egnp.a',
  '@octocat #1',
])('a name such as %j changes nothing but its cell', (name) => {
  const plain = summary({ files: [fileReport('x')] })
  const hostile = summary({ files: [fileReport(name)] })
  expect(hostile.split('\n').length).toBe(plain.split('\n').length)
  expect(hostile.match(/<[^>]*>/g)).toEqual(plain.match(/<[^>]*>/g))
  expect(hostile).not.toMatch(/[\u202a-\u202e`]/)
})

test('a long table says what it left out', () => {
  const files = Array.from({ length: 1000 }, (_, index) => fileReport(`${index}.png`))
  const text = summary({ files })
  expect(text).toContain('#### Uploaded (1000)')
  expect(text).toContain('and 800 more: the report has them all')
})

test.each([
  ['of many files', 'a', 5000],
  ['of long names', 'n'.repeat(4000), 300],
  ['of long names that are escaped', "'".repeat(4000), 300],
  ['of long names of three bytes a letter', '画'.repeat(1300), 300],
])('a summary %s is within what GitHub takes', (_, name, length) => {
  const results = ['uploaded', 'failed', 'skipped', 'deleted', 'planned'] as const
  const files = results.flatMap((result) =>
    Array.from({ length }, (_, index) => fileReport(`${name}${index}`, { result, reason: name, error: name })),
  )
  const urls = Array.from({ length }, (_, index) => urlReport(`https://a.imgix.net/${encodeURI(name)}${index}`))
  expect(Buffer.byteLength(summary({ files, urls }))).toBeLessThan(MAX_BYTES)
})

test('a run with thousands of bad inputs still has a summary', () => {
  const failures = Array.from(
    { length: 10_000 },
    (_, index) => `urls: 'ftp://host.example/${'x'.repeat(100)}${index}' is not allowed`,
  )
  expect(Buffer.byteLength(summary({}, { failures }))).toBeLessThan(MAX_BYTES)
})
