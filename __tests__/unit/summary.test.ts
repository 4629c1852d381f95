import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { TextFileError } from '../../src/inputs/text-file.ts'
import { purgeStep, skipped } from '../helpers/plan.ts'
import {
  planned,
  published,
  type Scene,
  scenes,
  selected,
  started,
  summaryOfScene,
  upload,
} from '../helpers/summary.ts'

const MAX_BYTES = 1 << 20
const ENDED: RunEvent = { kind: 'finished', cancelled: false, error: undefined }
const all = scenes()
const sceneOf = (name: string): Scene => all.find((scene) => scene.name === name) ?? { name, events: [] }
const summary = (...events: RunEvent[]): string =>
  summaryOfScene({ name: '', events: [started, selected, ...events, ENDED] })

/** What a dry run plans with files of these names. */
const names = (...paths: string[]): RunEvent => planned(paths.map((path) => upload(path)))

test.each(all.filter(({ name }) => !['many', 'huge'].includes(name)))('the summary of $name', async (scene) => {
  await expect(summaryOfScene(scene)).toMatchFileSnapshot(`golden/summary-${scene.name}.md`)
})

test.each([
  ['nothing', '✅ imgix: nothing to publish'],
  ['one', '✅ imgix: 1 file published'],
  ['live', '✅ imgix: 12 files are live'],
  ['failed', '❌ imgix: 36 of 40 files published; 4 files and 1 purge need you'],
  ['many', '✅ imgix: 300 files published'],
  ['cancelled', '❌ imgix: cancelled; 10 of 30 files published'],
  ['dry-run', '✅ imgix dry run: 12 files would be published'],
  ['stale', '❌ imgix: 12 files published; 1 URL does not show the new file'],
  ['bad-key', '❌ imgix: nothing was published; the API key needs you'],
  ['bad-inputs', '❌ imgix: nothing was published; 2 inputs need you'],
  ['bad-permission', '❌ imgix: none of 6 files was published; the API key needs you'],
  ['warned', '⚠️ imgix: 6 files published; 3 warnings'],
])('the headline of %s', (name, line) => {
  expect(summaryOfScene(sceneOf(name)).split('\n')[0]).toBe(`### ${line}`)
})

test.each([
  ['failed', 'Do what the table says, and push: that run publishes what is missing.'],
  ['bad-inputs', 'Fix the inputs in the workflow file, and push.'],
  ['no-key', 'Set the secret that api-key reads, then run this job again.'],
  ['refused-source', 'Do what the table says, then push, or run this job again: that run publishes what is missing.'],
  ['unreachable', 'Run this job again: it publishes what is missing.'],
  ['warned', 'The run is green, so the next one does not take this up. Do what the table says.'],
  ['urls', 'Do what the table says, then push, or run this job again.'],
  ['dry-run-no-key', 'Nothing was changed. A run without dry-run does it.'],
])('the next step of %s', (name, step) => {
  expect(summaryOfScene(sceneOf(name))).toContain(`]\n> ${step}`)
})

test('a URL whose file is skipped is not one that was not purged', () => {
  const step = upload('a.png')
  const plan = planned([step])
  const held = { result: 'skipped', reason: 'the Source already holds this path', attempts: 1, seconds: 0 } as const
  const ended: RunEvent = { kind: 'ended', outcome: { step, ...held } }
  for (const mode of ['changed', 'all'] as const) {
    const text = summaryOfScene({ name: '', events: [{ ...started, mode }, selected, plan, ended, ENDED] })
    expect(text.split('\n')[0]).toBe('### ✅ imgix: nothing was published')
  }
})

test('a permission for on-unknown-base is of the key and not of the workflow file', () => {
  const why =
    "the Source's assets can't be listed to compare with: api-key: the key lacks the permission Browse; add it"
  const text = summaryOfScene({
    name: '',
    events: [
      { ...started, mode: 'all' },
      selected,
      { kind: 'finished', cancelled: false, error: new InputError([`on-unknown-base: ${why}`]) },
    ],
  })
  expect(text).toContain('### ❌ imgix: nothing was published; the API key needs you\n')
  expect(text).toContain('> Mend the key in the imgix dashboard or in the secret, then run this job again:')
})

test('a call that the key may not make is told once', () => {
  const error = new ImgixError({
    method: 'POST',
    path: '/api/v1/sources/SRC/assets/refresh/a.png',
    permission: 'Asset Manager Edit',
    status: 403,
    attempts: 1,
  })
  const plan = names('a.png')
  const call = { kind: 'call', path: 'public/a.png', originPath: 'a.png', call: 'refresh' } as const
  const failed: RunEvent = {
    kind: 'ended',
    outcome: { step: call, result: 'failed', error, attempts: 1, seconds: 0 },
  }
  const end: RunEvent = { kind: 'finished', cancelled: false, error }
  const text = summaryOfScene({ name: '', events: [started, selected, plan, ...published(plan), failed, end] })
  expect(text.match(/the key lacks the permission/g)).toHaveLength(1)
})

test('after a run that only purges, the next one purges what is missing', () => {
  const error = new ImgixError({ method: 'POST', path: '/api/v1/purge', permission: 'Purge', status: 503, attempts: 5 })
  const step = purgeStep('https://demo.imgix.net/a.png')
  const failed: RunEvent = { kind: 'ended', outcome: { step, result: 'failed', error, attempts: 5, seconds: 0 } }
  expect(summary(planned([], { purges: [step] }), failed)).toContain('> Run this job again: it purges what is missing.')
})

test.each([
  ['run once with mode: all, which uploads what the Source lacks', 'Do what the table says, then push, or run'],
  ['run the job again in some minutes', 'Run this job again: it publishes what is missing.'],
])('an error with a remedy of its own, such as %j', (remedy, next) => {
  const reason = 'the Source has no such asset'
  const error = new ImgixError({ method: 'GET', path: '/api/v1/sources/SRC/assets/a.png', status: 404, reason, remedy })
  const step = { kind: 'update', path: 'public/a.png', originPath: 'a.png', attributes: NO_ATTRIBUTES } as const
  const failed: RunEvent = { kind: 'ended', outcome: { step, result: 'failed', error, attempts: 1, seconds: 0 } }
  expect(summary(planned([], { updates: [step] }), failed)).toContain(`> ${next}`)
})

test('a dry run that an error ended would publish nothing', () => {
  const error = new InputError(['source-id: Source SRC is a web folder: use a Source on a bucket'])
  const dry: RunEvent = { ...started, dryRun: true }
  const plan = names('a.png', 'b.png')
  const text = summaryOfScene({
    name: '',
    events: [dry, selected, plan, { kind: 'finished', cancelled: false, error }],
  })
  expect(text.split('\n')[0]).toBe('### ❌ imgix dry run: none of 2 files would be published; 1 input needs you')
  expect(text).not.toMatch(/would be published(?!; 1 input)|Would be published/)
})

test('files that were not compared with the Source are not there already', () => {
  const why = "the Source's assets can't be listed"
  const source: RunEvent = { kind: 'source', source: { type: 's3', domains: [] } }
  const plan = planned([upload('a.png', { change: 'present' })])
  const all: RunEvent = { ...started, mode: 'all' }
  const text = summaryOfScene({ name: '', events: [all, selected, source, { kind: 'unlisted', why }, plan, ENDED] })
  expect(text).toContain('<p><b>1</b> not compared with the Source</p>')
})

test('the summary names the files without a record, too', () => {
  const file = upload('a.png', { record: 'always' })
  const plan = planned([file])
  const step = { kind: 'record', path: file.path, originPath: 'a.png', record: 'always' } as const
  const failed = { step, result: 'failed', error: new Error('why'), attempts: 1, seconds: 0 } as const
  expect(summary(plan, ...published(plan), { kind: 'ended', outcome: failed })).toContain(
    '<p>The bytes of 1 file could not be recorded, so that the next full sync uploads it again: why</p>',
  )
})

test('no headline says that nothing failed', () => {
  for (const scene of all) expect(summaryOfScene(scene)).not.toMatch(/\b0 (failed|files|purges)/)
})

test.each([
  ['under verify: fail', 'fail'],
  ['under verify: warn', 'warn'],
] as const)('a deleted file that is still served is a warning %s', (_, verify) => {
  const url = 'https://demo.imgix.net/old.png'
  const step = purgeStep(url, { path: 'public/old.png' })
  const gone = skipped('public/old.png', { change: 'deleted', result: 'deleted', reason: 'deleted in git' })
  const text = summaryOfScene({
    name: '',
    events: [
      ...[{ ...started, verify }, selected, planned([], { purges: [step], skipped: [gone] })],
      { kind: 'ended', outcome: { step, result: 'done', attempts: 1, seconds: 0 } },
      { kind: 'verified', verdicts: new Map([[url, { verdict: 'still-served', reason: 'there', settled: false }]]) },
      ENDED,
    ],
  })
  expect(text).toMatch(/^### ⚠️ imgix: 1 URL purged; 1 deleted file is still served\n\n> \[!WARNING\]/)
  expect(text).toContain('<b>Delete the file in the bucket, then run the job again, which purges its URL</b>')
})

test.each([
  [['stale', 'stale'], 'warn', '⚠️ imgix: 2 URLs purged; 2 URLs do not show the new file'],
  [
    ['stale', 'still-served'],
    'fail',
    '❌ imgix: 2 URLs purged; 1 URL does not show the new file; 1 deleted file is still served',
  ],
  [['still-served', 'still-served'], 'fail', '⚠️ imgix: 2 URLs purged; 2 deleted files are still served'],
] as const)('the verdicts %j under verify: %s', (verdicts, verify, line) => {
  const steps = verdicts.map((_, at) => purgeStep(`https://demo.imgix.net/${at}.png`, { path: `public/${at}.png` }))
  const seen = steps.map(({ url }, at) => {
    return [url, { verdict: verdicts[at] ?? 'stale', reason: 'there', settled: false }] as const
  })
  const text = summaryOfScene({
    name: '',
    events: [
      ...[{ ...started, verify }, selected, planned([], { purges: steps })],
      ...steps.map((step) => ({ kind: 'ended', outcome: { step, result: 'done', attempts: 1, seconds: 0 } }) as const),
      { kind: 'verified', verdicts: new Map(seen) },
      ENDED,
    ],
  })
  expect(text.split('\n')[0]).toBe(`### ${line}`)
})

const HOSTILE = [
  '</code></td></table><script>alert(1)</script>.png',
  'a\n\n# heading\n\n[link](https://evil.example).png',
  '`code` | *bold* | ~~struck~~.png',
  '"><img src=x>.png',
  '&lt;b&gt;.png',
  '\u202egnp.a.png',
  '@octocat #1 :smile:.png',
  '%2e%2e?x#y;.png',
]

test.each(HOSTILE)('a name such as %j changes nothing but its own places', (name) => {
  const texts = [name, 'x.png'].map((path) => {
    const plan = names(path)
    const left = skipped(`public/${path}`, {
      result: 'failed',
      reason: 'an empty file: put the real file in its place',
    })
    const both = [planned([upload(path)], { skipped: [left] }), ...published(plan)]
    return summary(...both)
  })
  const tags = texts.map((text) => text.match(/<[^>]*>/g)?.map((tag) => tag.replace(/(href|src|alt)="[^"]*"/g, '$1')))
  expect(tags[0]).toEqual(tags[1])
  const [hostile = '', plain = ''] = texts
  expect(hostile.split('\n').length).toBe(plain.split('\n').length)
  expect(hostile).not.toMatch(/[\u202a-\u202e`]/)
  for (const [, url = ''] of hostile.matchAll(/(?:href|src)="(https:\/\/github[^"]*)"/g)) {
    expect(url).toMatch(/^https:\/\/github\.com\/acme\/site\/(blob|compare)\/[\w./%!~*()&#;-]+(\?raw=true)?$/)
  }
})

test.each([
  ['a long name', `${'a'.repeat(100)}.png`],
  ['a long name with dots and lines', `${'part_of.a_'.repeat(12)}png`],
  ['deep folders', `${'a-folder/'.repeat(20)}x.png`],
  ['a long folder', `${'f'.repeat(90)}/x.png`],
])('a narrow page can break %s', (_, name) => {
  const plan = names(name)
  const left = skipped(`public/${name}`, { result: 'failed', reason: 'an empty file: put the real file in its place' })
  const text = summary(planned([upload(name)], { skipped: [left] }), ...published(plan)).replace(/<img[^>]*>/g, '')
  const words = text.replace(/<[^>]*>/g, ' ').split(/&#8203;|[\s-]/)
  expect(words.filter((word) => word.length > 24)).toEqual([])
})

test.each([
  ['a repository that is not known', { repositoryUrl: '' }],
  ['text', { summary: 'text' }],
] as const)('no picture: %s', (_, more) => {
  const plan = names('a.png')
  const text = summaryOfScene({
    name: '',
    events: [{ ...started, ...more }, selected, plan, ...published(plan), ENDED],
  })
  expect(text).not.toContain('<img')
  expect(text).toContain('All 1 file'.replace('All 1', 'The'))
})

test.each([
  ['no picture', upload('a.pdf')],
  ['too large', upload('a.png', { bytes: 1_000_000 })],
  ['empty', upload('a.png', { bytes: 0 })],
  ['a long path', upload(`${'a'.repeat(300)}.png`)],
])('%s is not shown', (_, file) => {
  const plan = planned([file])
  expect(summary(plan, ...published(plan))).not.toContain('<img')
})

test('what a build made is in no commit: it has no link and no picture', () => {
  const tracked = {
    ...(selected.kind === 'selected' ? selected.changes : undefined),
    tracked: new Set(['public/b.png']),
  }
  const plan = names('a.png', 'b.png')
  const text = summaryOfScene({
    name: '',
    events: [started, { kind: 'selected', changes: tracked } as RunEvent, plan, ...published(plan), ENDED],
  })
  expect([text.includes('blob/8f2fa4d'.padEnd(12)), text.includes('public/a.png?raw')]).toEqual([true, false])
  expect(text).toContain('public/b.png?raw=true')
})

test('the missing permission is said in the facts', () => {
  const changes = {
    ...(selected.kind === 'selected' ? selected.changes : undefined),
    hints: ['with `actions: read` …'],
  }
  const text = summaryOfScene({ name: '', events: [started, { kind: 'selected', changes } as RunEvent, ENDED] })
  expect(text).toMatch(/<p><sub>Commits .* · with <code>actions: read<\/code> …<\/sub><\/p>\n$/)
})

test.each([
  ['last-success', 'changed', '', 'Do what the table says, then push, or run this job again: that run publishes'],
  ['event', 'changed', '', 'Push the files that you change; for the others, run this job again: it publishes what'],
  ['all', 'all', '', 'Do what the table says, then push, or run this job again: that run publishes'],
  [
    'last-success',
    'changed',
    'set lfs: true on actions/checkout, or run git lfs pull',
    'and push: that run publishes what is missing.',
  ],
  [
    'event',
    'changed',
    'set lfs: true on actions/checkout, or run git lfs pull',
    'and push. That push takes only the files that it changes: for the others, run once with mode: all.',
  ],
  [
    'event',
    'changed',
    'put actions/checkout before this step, or start in a clone',
    'for the others, run once with mode: all.',
  ],
] as const)('after base %s in mode %s, with a remedy %s: %s', (baseStrategy, mode, remedy, expected) => {
  const changes = { ...(selected.kind === 'selected' ? selected.changes : undefined), baseStrategy }
  const left = [skipped('a.png', { result: 'failed', reason: `it is not the file: ${remedy || 'rename it'}` })]
  const events = [
    { ...started, mode },
    { kind: 'selected', changes } as RunEvent,
    planned([], { skipped: left }),
    ENDED,
  ]
  expect(summaryOfScene({ name: '', events })).toContain(expected)
})

test('a file of the repository that is wrong is mended by a push', () => {
  const error = new TextFileError('m.yml', [{ line: 4, column: 1, message: 'a key is there twice' }])
  const text = summaryOfScene({ name: '', events: [started, selected, { kind: 'finished', cancelled: false, error }] })
  expect(text).toContain('Do what the table says, and push')
})

const KEY_REFUSED = sceneOf('bad-key').events.filter(({ kind }) => kind !== 'started')

test.each([
  [
    'a key that is refused',
    KEY_REFUSED,
    'Mend the key in the imgix dashboard or in the secret, then run this job again.',
  ],
  ['inputs that are wrong', sceneOf('bad-inputs').events, 'Fix the inputs in the workflow file, and push.'],
  ['a cancellation', [{ kind: 'finished', cancelled: true, error: undefined } as const], 'Run this job again.'],
  [
    'a host that does not answer',
    [
      {
        kind: 'finished',
        cancelled: false,
        error: new ImgixError({ method: 'GET', path: '/x', reason: 'none', permission: 'Sources' }),
      } as const,
    ],
    'Run this job again.',
  ],
] satisfies [string, readonly RunEvent[], string][])('a dry run with %s promises nothing', (_, events, expected) => {
  const text = summaryOfScene({ name: '', events: [{ ...started, dryRun: true }, ...events] })
  expect(text.split('\n').find((line) => line.startsWith('> ') && !line.includes('[!'))).toMatch(RegExp(`${expected}$`))
  expect(text).not.toContain('publishes')
})

test('twelve pictures, and two hundred rows', () => {
  const text = summaryOfScene(sceneOf('huge'))
  expect(text.match(/align="left"><tr><td align="center">/g)).toHaveLength(12)
  expect(text).toContain('<summary>All 10,000 files</summary>')
  expect(text).toContain('and 9800 more: the report has them all')
})

test.each([
  ['of many files', 'a', 5000],
  ['of long names', 'n'.repeat(4000), 300],
  ['of long names that are escaped', "'".repeat(4000), 300],
  ['of long names of three bytes a letter', '画'.repeat(1300), 300],
])('a summary %s is within what GitHub takes, and the file within what a comment takes', (_, name, length) => {
  const files = Array.from({ length }, (_item, at) => upload(`${name}${at}.png`))
  const left = files.map(({ path }) => skipped(`${path}.x`, { result: 'failed', reason: `${name}: ${name}` }))
  const plan = planned(files, { skipped: left })
  const scene = { name: '', events: [started, selected, plan, ...published(plan), ENDED] }
  expect(Buffer.byteLength(summaryOfScene(scene))).toBeLessThan(MAX_BYTES)
  const short = summaryOfScene(scene, 65_000)
  expect(Buffer.byteLength(short)).toBeLessThan(65_001)
  expect(short).toContain('imgix: ')
})

test('a run with thousands of bad inputs still has a summary', () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, at) => `urls: 'ftp://host.example/${'x'.repeat(100)}${at}' is not allowed`,
  )
  const events: RunEvent[] = [{ kind: 'finished', cancelled: false, error: new InputError(lines) }]
  expect(Buffer.byteLength(summaryOfScene({ name: '', events }))).toBeLessThan(MAX_BYTES)
})

test('a text of others mentions nobody, and is cut', () => {
  const reason = `it was refused by @acme and #12 ${'x'.repeat(600)}`
  const text = summary(planned([], { skipped: [skipped('@acme/a.png', { result: 'failed', reason })] }))
  expect(text).not.toMatch(/[@#](acme|12)/)
  expect(text).not.toContain('x'.repeat(501))
})
