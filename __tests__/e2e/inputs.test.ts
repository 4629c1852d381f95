import { expect, test } from 'vitest'
import { act, scenario, temporaryFolder } from '../helpers/scenario.ts'

const bad: [name: string, value: string, allowed: RegExp][] = [
  ['source-id', '../5b81', /24 hexadecimal digits/],
  ['root', '../elsewhere', /inside the workspace/],
  ['files', '../*.png', /relative to root/],
  ['prefix', 'a/../b', /folder/],
  ['upload', 'yes', /true or false/],
  ['on-conflict', 'replace', /overwrite, skip or fail/],
  ['session-threshold', '30 MiB', /B, KB, MB or GB/],
  ['content-types', '**/*.png = image/png', /pattern: type/],
  ['purge', '1', /true or false/],
  ['domains', 'https://a.imgix.net/', /host names/],
  ['urls', 'http://a.imgix.net/a.png', /https URLs/],
  ['deleted', 'keep', /purge or ignore/],
  ['rate-limits', 'uploads=2/s', /upload, purge, get, refresh, default/],
  ['concurrency', '65', /whole number from 1 to 64/],
  ['max-attempts', '0', /whole number from 1 to 20/],
  ['timeout', '1.5', /whole number from 1/],
  ['dry-run', 'no', /true or false/],
  ['api-url', 'http://api.imgix.com', /https URL, or http on a loopback/],
]

test('every problem at once, each one line that names the input, its value and what is allowed', async () => {
  const { push, asked } = await scenario()
  const run = await push({ 'a.png': 'a' }, Object.fromEntries(bad.map(([name, value]) => [name, value])))
  expect([run.code, asked()]).toEqual([1, []])
  expect(run.errors).toHaveLength(bad.length)
  for (const [name, value, allowed] of bad) {
    const line = run.errors.find((message) => message.startsWith(`${name}: `))
    expect(line).toContain(`'${value}'`)
    expect(line).toMatch(allowed)
  }
  expect(run.summary).toContain('<code>concurrency</code></b>: &#39;65&#39;')
})

/** Each column is one run. */
const others: Record<string, string[]> = {
  root: ['/etc', '..', 'public/../..', 'README.md', 'a/../../b'],
  files: ['/abs/*.png', 'a/../b', '~/x', './../x', '!/a'],
  'session-threshold': ['30', '-1MB', 'MB', '1TB', '1e3B'],
  'content-types': ['*.png: image', 'image/png', ': a/b', '../x: a/b', '*.png: a/b c'],
  domains: ['a.imgix.net/path', 'a b', '*.imgix.net', 'user@host', '1.2.3.4'],
  urls: ['a.png', 'https://', 'https://a.imgix.net/', 'ftp://a/b', 'https://u:p@a.imgix.net/x'],
  'rate-limits': ['upload=0/s', 'upload=2', 'upload=2/d', 'upload=-1/s', 'upload=abc/s'],
  concurrency: ['0', '-1', 'abc', '1.5', '1e1'],
  timeout: ['0', 'soon', '-1', '1m', '0x10'],
  'api-url': ['ftp://127.0.0.1', 'api.imgix.com', 'http://127.0.0.1.evil.example', 'http://10.0.0.1', '//x'],
}

test.each([0, 1, 2, 3, 4])('values that are not allowed, %i', async (column) => {
  const { push, imgix } = await scenario()
  const inputs = Object.fromEntries(Object.entries(others).map(([name, values]) => [name, String(values[column])]))
  const run = await push({ 'a.png': 'a' }, inputs)
  expect([run.code, imgix.requests]).toEqual([1, []])
  expect(run.errors.map((message) => message.split(': ')[0]).sort()).toEqual(Object.keys(inputs).sort())
})

test('what is missing', async () => {
  const { imgix, asked } = await scenario()
  const run = await act({ workspace: temporaryFolder(), inputs: {} }, imgix)
  expect([run.code, asked()]).toEqual([1, []])
  expect(run.errors).toEqual([
    expect.stringMatching(/^api-key: '' is not allowed; .*required unless dry-run/),
    expect.stringMatching(/^source-id: '' is not allowed; .*required to upload/),
  ])
})

test('a root that leaves the workspace by a link', async () => {
  const { site, push, asked } = await scenario()
  site.link('away', '/etc')
  const run = await push({ 'a.png': 'a' }, { root: 'away' })
  expect([run.code, asked(), run.errors]).toEqual([1, [], [expect.stringMatching(/^root: 'away' is not allowed/)]])
})

test.each([
  ['a line break', 'ak_first_half\nak_second_half'],
  ['a space', 'ak_first_half ak_second_half'],
  ['no ASCII', 'ak_first_half\u2013ak_second_half'],
])("the key's value is never shown, and masked whatever it holds: %s", async (_, key) => {
  const { push, asked } = await scenario()
  const run = await push({ 'a.png': 'a' }, { 'api-key': key, concurrency: '0' })
  expect([run.code, asked(), run.errors.length]).toEqual([1, [], 2])
  expect(run.errors[0]).toMatch(/^api-key: '\*\*\*' is not allowed; one line of printable ASCII/)
  const shown = run.stdout.replace(/^::add-mask::.*$/gm, '') + run.summary + JSON.stringify(run.report)
  expect(shown).not.toMatch(/first_half|second_half/)
  expect(run.masks.length).toBeGreaterThan(0)
})

test('values of many lines and commands are one line', async () => {
  const { push } = await scenario()
  const run = await push({ 'a.png': 'a' }, { deleted: 'x\n::error::injected', prefix: `a\n${'y'.repeat(1000)}` })
  expect([run.code, run.errors.length]).toEqual([1, 2])
  expect(run.errors.filter((message) => message.includes('\n') || message.length > 400)).toEqual([])
})

test('YAML 1.2 booleans in every case, sizes and limits as they are written', async () => {
  const { push, stored } = await scenario()
  const inputs = { upload: 'TRUE', purge: 'False', 'dry-run': 'false', 'session-threshold': '1.5 gb', prefix: '/a/' }
  const run = await push({ 'a.png': 'a' }, { ...inputs, 'rate-limits': 'upload = 100 / s,\npurge=1/m' })
  expect([run.code, run.errors, stored()]).toEqual([0, [], ['a/a.png']])
})
