import { rmSync, truncateSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startOf } from '../helpers/file-starts.ts'
import { began, gotSource, lookedAt, purged, scenario, uploaded, url } from '../helpers/scenario.ts'
import { createTree } from '../helpers/tree.ts'

const png = startOf('png')
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a2146'.repeat(8)}\nsize 12345\n`
const rename = 'rename one of the two, or leave one out by `files`'
const twin = (difference: string, other: string): string =>
  `its path differs only by ${difference} from ${other}: ${rename}`

type Content = string | Buffer
type Row = {
  /** what is pushed beside good.png */
  files: Record<string, Content>
  /** what was there before */
  unchanged?: Record<string, Content>
  /** by file */
  problems: Record<string, string>
}
const rows: [string, Row][] = [
  [
    'a Git LFS pointer',
    {
      files: { 'bad.png': pointer },
      problems: {
        'bad.png': 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull',
      },
    },
  ],
  [
    'an empty file',
    { files: { 'bad.png': '' }, problems: { 'bad.png': 'an empty file: put the real file in its place' } },
  ],
  [
    'a page of HTML saved as an image',
    {
      files: { 'bad.png': '<!DOCTYPE html>\n<title>404 Not Found</title>' },
      problems: {
        'bad.png': 'its bytes are an HTML page, but it is called .png: put the real file in its place',
      },
    },
  ],
  [
    'an image that is called another',
    {
      files: { 'bad.jpg': png },
      problems: { 'bad.jpg': 'its bytes are a PNG image, but it is called .jpg: rename it to .png, or convert it' },
    },
  ],
  [
    'twins by case',
    {
      files: { 'Bad.png': png, 'bad.png': png },
      problems: { 'Bad.png': twin('case', 'bad.png'), 'bad.png': twin('case', 'Bad.png') },
    },
  ],
  [
    'twins by Unicode form',
    {
      files: { 'é.png': png, 'e\u0301.png': png },
      problems: {
        'e\u0301.png': twin('Unicode form', 'é.png'),
        'é.png': twin('Unicode form', 'e\u0301.png'),
      },
    },
  ],
  [
    'a twin by case of an unchanged file',
    {
      files: { 'img/bad.png': png },
      unchanged: { 'Img/bad.png': png },
      problems: { 'img/bad.png': twin('case', 'Img/bad.png') },
    },
  ],
  [
    'a twin by Unicode form of an unchanged file',
    {
      files: { 'é.png': png },
      unchanged: { 'e\u0301.png': png },
      problems: { 'é.png': twin('Unicode form', 'e\u0301.png') },
    },
  ],
]

const annotations = (level: string, title: string, problems: Row['problems']): object[] =>
  Object.entries(problems).map(([file, problem]) => ({
    ...{ level, message: `${file}: ${problem}`, properties: { file, title } },
  }))
const failures = (problems: Row['problems']): object[] => {
  const count = Object.keys(problems).length
  const end = { level: 'error', message: `${count} of ${count + 1} files failed`, properties: {} }
  return [...annotations('error', 'imgix sync: file failed', problems), end]
}

describe('by default a file that must not be published fails, and the others go through', () => {
  test.each(rows)('%s', async (_, { files, unchanged, problems }) => {
    const { push, asked, stored, purges } = await scenario({ files: unchanged ?? {} })
    const run = await push({ 'good.png': png, ...files })
    expect([run.code, stored(), purges()]).toEqual([1, ['good.png'], [url('good.png')]])
    expect(asked()).toEqual([...began, uploaded('good.png'), purged])
    expect(run.annotations).toEqual(failures(problems))
    const failed = Object.keys(problems)
    expect(run.results).toEqual([
      ...failed.map((path) => `failed ${path}`),
      `purged ${url('good.png')}`,
      'uploaded good.png',
    ])
    expect(run.outputs).toMatchObject({ failed: JSON.stringify(failed), uploaded: '["good.png"]' })
    expect(run.summary).toMatch(
      new RegExp(`^### ❌ imgix: 1 of ${failed.length + 1} files published; ${failed.length} files? needs? you\\n`),
    )
  })
})

test.each(['changed', 'all'])('one of two twins that git has, where the disk has one: mode %s', async (mode) => {
  const files = { 'Logo.png': png, 'logo.png': png, 'good.png': png }
  const { site, run, stored } = await scenario({ inputs: { mode } })
  const before = site.head()
  site.write(files)
  const event = site.pushEvent(before, site.commit())
  rmSync(join(site.dir, 'Logo.png'))
  const { code, errors } = await run({}, { event })
  expect([code, stored()]).toEqual([1, ['good.png']])
  expect(errors).toContain(`logo.png: ${twin('case', 'Logo.png')}`)
})

test('in mode all, too', async () => {
  const bad = { 'a.png': 'a', 'A.png': 'A', 'empty.png': '', 'lfs.png': pointer, 'png.jpg': png }
  const files = Object.entries({ ...bad, 'good.png': png }).map(([path, content]) => [`site/${path}`, content])
  const { run, stored, purges, asset } = await scenario({ inputs: { mode: 'all', root: 'site' } })
  const { code, errors } = await run({}, { workspace: createTree(Object.fromEntries(files)) })
  expect([code, stored(), purges()]).toEqual([1, ['good.png'], [url('good.png')]])
  expect(errors).toEqual([
    `site/A.png: ${twin('case', 'site/a.png')}`,
    `site/a.png: ${twin('case', 'site/A.png')}`,
    'site/empty.png: an empty file: put the real file in its place',
    'site/lfs.png: a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull',
    'site/png.jpg: its bytes are a PNG image, but it is called .jpg: rename it to .png, or convert it',
    '5 of 6 files failed',
  ])
  expect(asset('good.png').custom_fields).toMatchObject({ 'imgix-sync': expect.stringMatching(/^sha256:/) })
})

test.each(rows)('a dry run without a key finds it, too, and fails: %s', async (_, { files, unchanged, problems }) => {
  const { push, imgix } = await scenario({ files: unchanged ?? {} })
  const inputs = { 'dry-run': 'true', 'api-key': '', 'source-id': '', domains: 'a.example' }
  const run = await push({ 'good.png': png, ...files }, inputs)
  expect([run.code, run.annotations, imgix.requests]).toEqual([1, failures(problems), []])
  const failed = Object.keys(problems).map((path) => `failed ${path}`)
  expect(run.results).toEqual([...failed, 'planned good.png', 'planned https://a.example/good.png'])
})

test.each(rows)('with guards: warn it is told, and uploaded: %s', async (_, { files, unchanged, problems }) => {
  const { push, stored, purges } = await scenario({ files: unchanged ?? {} })
  const run = await push({ 'good.png': png, ...files }, { guards: 'warn' })
  const all = ['good.png', ...Object.keys(files)].sort()
  expect([run.code, stored()]).toEqual([0, all])
  expect(purges()).toEqual(all.map((path) => url(encodeURI(path))).sort())
  expect(run.annotations).toEqual(annotations('warning', 'imgix sync: guard', problems))
})

test.each(rows)('with guards: off nothing is said: %s', async (_, { files, unchanged }) => {
  const { push, stored } = await scenario({ files: unchanged ?? {} })
  const run = await push({ 'good.png': png, ...files }, { guards: 'off' })
  expect([run.code, run.annotations, stored()]).toEqual([0, [], ['good.png', ...Object.keys(files)].sort()])
})

describe('a file above what Azure takes', () => {
  const problem = '30000001 bytes, more than the 30000000 bytes that a Source of type azure takes'
  /** Pushes a file that is too large, and one that is not. */
  async function pushLarge(inputs: Record<string, string> = {}) {
    const site = await scenario({ imgix: { source: { type: 'azure' } } })
    site.site.write({ 'big.mp4': '' })
    truncateSync(`${site.site.dir}/big.mp4`, 30_000_001)
    return { ...site, run: await site.push({ 'good.png': png }, inputs) }
  }

  test('fails, and the others go through', async () => {
    const { run, asked } = await pushLarge()
    expect([run.code, asked()]).toEqual([1, [...began, lookedAt('good.png', 404), uploaded('good.png'), purged]])
    const remedy = 'make it smaller, or leave it out by `files`'
    expect(run.annotations).toEqual(failures({ 'big.mp4': `${problem}: ${remedy}` }))
    expect(run.results).toEqual(['failed big.mp4', `purged ${url('good.png')}`, 'uploaded good.png'])
  })

  test.each([
    ['warn', 1],
    ['off', 0],
  ])('with guards: %s it is tried', async (guards, warnings) => {
    const { run, asked, purges } = await pushLarge({ guards })
    expect([run.code, purges()]).toEqual([1, [url('good.png')]])
    expect(asked()).toContain(uploaded('big.mp4', 413))
    expect(run.annotations.filter(({ level }) => level === 'warning')).toHaveLength(warnings)
    expect(run.errors).toEqual([
      expect.stringMatching(/^big\.mp4: the file is larger than imgix takes; .*\(413 /),
      '1 of 2 files failed',
    ])
  })
})

test.each(['fail', 'warn', 'off'])('a link out of the workspace fails with guards: %s', async (guards) => {
  const { site, push, asked } = await scenario()
  site.link('out.png', '/etc/hostname')
  const run = await push({ 'good.png': png }, { guards })
  expect([run.code, asked()]).toEqual([1, [...began, uploaded('good.png'), purged]])
  expect(run.annotations).toEqual(
    failures({
      'out.png': 'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
    }),
  )
})

test('twins are looked for where the repository is, among the files that match', async () => {
  const files = { 'public/A.png': png, 'public/B.png': png, 'a.png': png }
  const { site, push } = await scenario({ files })
  const workspace = dirname(site.dir)
  const inputs = { root: `${basename(site.dir)}/public`, files: '**\n!B.png' }
  const run = await push({ 'public/a.png': png, 'public/b.png': png }, inputs, { workspace })
  expect(run.annotations).toEqual(failures({ 'public/a.png': twin('case', 'public/A.png') }))
  expect(run.results).toEqual(['failed public/a.png', `purged ${url('b.png')}`, 'uploaded public/b.png'])
})

test('a picture in the place of its twin, and an icon that is a PNG, are fine', async () => {
  const { site, push, stored } = await scenario({ files: { 'Logo.png': png } })
  rmSync(`${site.dir}/Logo.png`)
  const run = await push({ 'logo.png': png, 'favicon.ico': png })
  expect([run.code, run.annotations, stored()]).toEqual([0, [], ['favicon.ico', 'logo.png']])
})

test('where nothing is left to upload, nothing is purged but what was asked for besides', async () => {
  const { push, asked, purges } = await scenario()
  const run = await push({ 'bad.png': '' }, { urls: url('other.png') })
  expect([run.code, asked(), purges()]).toEqual([1, [gotSource, purged], [url('other.png')]])
})

test.each(['fail', 'off'])(
  'with guards: %s, a path that no bucket takes fails before the first byte',
  async (guards) => {
    const { push, stored } = await scenario()
    const run = await push({ 'a.png': png, [`${'x'.repeat(30)}.png`]: png }, { guards, prefix: 'p'.repeat(1000) })
    const long = `${'x'.repeat(30)}.png`
    expect([run.code, stored()]).toEqual([1, [`${'p'.repeat(1000)}/a.png`]])
    expect(run.errors[0]).toBe(
      `${long}: an origin path of 1035 bytes, more than the 1024 bytes that a bucket takes: give the file or its folders shorter names`,
    )
  },
)
