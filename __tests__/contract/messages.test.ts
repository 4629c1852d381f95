import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Deed, Fault } from '../../emulator/faults.ts'
import { type CommandRun, runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { textsIn } from '../helpers/messages.ts'
import { createRepository } from '../helpers/repository.ts'
import { s3File } from '../helpers/source.ts'

/** How a remedy begins. */
const REMEDY =
  /(?:^|[:;,)] |\b(?:and|or|then|to) )(?:add|ask|check|choose|copy|correct|delete|give|let|lower|make|name|open|put|rename|run|set|take|tell|use|write)\b/
/** What a value can be is the remedy for one that can't be. */
const ALLOWED = /is not allowed; \S|allowed (?:is|are) |must be |; see imgix-sync --help|it is one of /
/** Sums, whose parts have lines of their own. */
const SUM = /^\d+ of \d+ |^nothing fetched|^failed: |^cancelled: /

/** What a message must not have. */
const FLAWS: readonly (readonly [string, RegExp])[] = [
  ['a path of the API', /\/api\/v\d|\/upload-sessions/],
  ['a method', /\b(?:GET|POST|PUT|PATCH|DELETE) \S/],
  ['an empty reason', /: *$|: *[;(,]|\(\s*\)|; *$/],
  ['no value', /\bundefined\b|\bnull\b|\[object /],
  ['a word of the code', /\bError\b(?!:)|origin_path|perhapsDone/],
]

/** @returns what is wrong with a message; none of it for a good one */
function flawsOf(message: string): string[] {
  const flaws = FLAWS.flatMap(([name, form]) => (form.test(message) ? [name] : []))
  const clauses = message.split(/[;:(),]/).map((clause) => clause.trim().toLowerCase())
  const twice = clauses.filter((clause, at) => / /.test(clause) && clauses.indexOf(clause) !== at)
  const doubled = twice.map((clause) => `twice: ${clause}`)
  const hasRemedy = [SUM, REMEDY, ALLOWED].some((form) => form.test(message))
  return [...flaws, ...doubled, ...(hasRemedy ? [] : ['no remedy'])]
}

test.each([
  [
    'a.png: imgix does not accept the file; open it and export it again (POST /api/v1/x: 422)',
    ['a path of the API', 'a method'],
  ],
  ['a.png: PUT bucket.example: 500; run it again', ['a method']],
  ['the outputs can’t be written: ; check the disk', ['an empty reason']],
  ['a.png: not uploaded: ', ['an empty reason', 'no remedy']],
  ['the Source can’t be read; the Source can’t be read: check api-url', ['twice: the source can’t be read']],
  ['a.png: imgix failed 5 times (500)', ['no remedy']],
  ['a.png: imgix said undefined; check the file', ['no value']],
  ['2 of 2 files failed', []],
  [
    'a.png: not uploaded: imgix failed 5 times; run it again; if it stays, tell imgix’s support (500, request id abc)',
    [],
  ],
])('the rule finds what is wrong: %s', (message, flaws) => {
  expect(flawsOf(message)).toEqual(flaws)
})

const linesOf = ({ stdout, stderr }: CommandRun): string[] =>
  `${stdout}${stderr}`
    .split('\n')
    .flatMap((line) => /^(?:error: |warning: |FAIL {2}|warn {2})(.*)$/.exec(line)?.[1] ?? [])

function expectGood(messages: readonly string[]): void {
  expect(messages.flatMap((message) => flawsOf(message).map((flaw) => `${flaw}: ${message}`))).toEqual([])
}

/** A site whose last commit adds these files. */
function siteOf(files: Record<string, string> = { 'a.png': 'a' }): string {
  const site = createRepository()
  site.write({ 'README.md': 'Site' })
  site.commit()
  site.write(files)
  site.commit()
  writeFileSync(join(site.dir, 's.yml'), s3File('cache_ttl_error: 60'))
  return site.dir
}

/** Each line that is about a failure, of a sync, of the two other actions and of the doctor. */
async function messagesUnder(fault: Fault): Promise<string[]> {
  const imgix = await emulate({ source: { id: 'SRC' }, sampleReport: true })
  const cwd = siteOf()
  imgix.fault(fault)
  const once = ['--max-attempts', '1', '--timeout', '2']
  const runs = [
    ['--base', 'HEAD~1', '--source-id', 'SRC', ...once],
    ['source', '--file', 's.yml', ...once],
    ['reports', '--type', 'cdn_logs', ...once],
    ['doctor', '--source-id', 'SRC'],
  ]
  const env = { IMGIX_API_KEY: imgix.apiKey, S3_SECRET: 'a-s3cret-word' }
  const ended = await Promise.all(runs.map((args) => runCommand([...args, '--api-url', imgix.apiUrl], { cwd, env })))
  return ended.flatMap(linesOf)
}

const html = { headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><html><body>Sign in</body></html>' }
const answer = (status: number, more: object = {}): Deed => ({
  answer: { status, headers: { 'retry-after': '0' }, ...more },
})

test.each<[string, Fault['on'], Deed, number]>([
  ['400', {}, answer(400), 4],
  ['401', {}, answer(401), 4],
  ['403', {}, answer(403), 4],
  ['404', {}, answer(404), 4],
  ['413 of an upload', { path: /\/upload\// }, answer(413), 1],
  ['422 of an upload', { path: /\/upload\// }, answer(422), 1],
  ['422 of a change', { method: 'PATCH' }, answer(422), 1],
  // not of every request: the doctor waits before the second try of each
  ['429 for ever', { path: /\/(sources|reports|purge)$/ }, answer(429), 4],
  ['500 for ever', {}, answer(500), 4],
  ['a status without a document', {}, answer(400, { body: '' }), 4],
  ['a page with 403', {}, answer(403, html), 4],
  ['a page with 200', {}, answer(200, html), 4],
  ['a redirect', {}, answer(302, { body: '' }), 4],
  ['400 of a purge', { path: '/api/v1/purge' }, answer(400), 1],
  ['a reset', {}, { resetAfterBytes: 0 }, 4],
  ['a reset of a purge', { path: '/api/v1/purge' }, { resetAfterBytes: 0 }, 1],
])('%s: each message names what failed and what to do', async (_, on, deed, least) => {
  const messages = await messagesUnder({ on, times: Infinity, do: deed })
  expect(messages.length).toBeGreaterThanOrEqual(least)
  expectGood(messages)
})

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
const NOWHERE = ['--api-url', 'http://127.0.0.1:9']
const ONCE = ['--base', 'HEAD~1', '--source-id', 'SRC', '--max-attempts', '1']
const SYNC = [...ONCE, ...NOWHERE]

test.each<[string, string[], (Record<string, string> | undefined)?, Record<string, string>?]>([
  ['no key', SYNC, undefined, { IMGIX_API_KEY: '' }],
  ['a host that refuses', SYNC],
  ['a name that is not known', [...ONCE, '--api-url', 'https://api.invalid']],
  [
    'a proxy that refuses',
    [...ONCE, '--api-url', 'https://api.invalid'],
    undefined,
    { HTTPS_PROXY: 'http://127.0.0.1:9' },
  ],
  ['a URL with the path of the API', [...ONCE, '--api-url', 'https://api.imgix.com/api/v2']],
  [
    'values that are not allowed',
    [...SYNC, '--mode', 'al', '--concurrency', '0', '--rate-limits', 'x', '--shard', '3/2'],
  ],
  ['patterns that are none', [...SYNC, '--files', '/a/**\n../b']],
  ['patterns that match nothing', [...SYNC, '--files', 'no/**', '--dry-run']],
  ['a folder that is not there', [...SYNC, '--root', 'publik']],
  ['a commit that is not there', ['--base', 'nope', '--source-id', 'SRC', ...NOWHERE]],
  ['no base', ['--source-id', 'SRC', ...NOWHERE]],
  ['a metadata file that is not there', [...SYNC, '--metadata', 'no.yml']],
  ['a metadata file that is wrong', [...SYNC, '--metadata', 'm.yml'], { 'm.yml': '"*.png":\n  nam: x\n  tags: 7\n' }],
  [
    'files that are none',
    [...SYNC, '--dry-run'],
    { 'a.png': POINTER, 'b.png': '', 'c.png': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'C.png': 'x' },
    { IMGIX_API_KEY: '' },
  ],
  ['days that are none', ['reports', '--type', 'cdn_logs', '--period', '2026-13-01..2026-02-30', ...NOWHERE]],
  ['a Source file that is not there', ['source', '--file', 'no.yml', ...NOWHERE]],
  ['a flag that is not known', ['--bas', 'x']],
  ['a subcommand that is not known', ['synk']],
])('%s: each message names what is wrong and what to do', async (_, args, files, env) => {
  const messages = linesOf(
    await runCommand(args, { cwd: siteOf(files), env: { IMGIX_API_KEY: 'ak_0123456789', ...env } }),
  )
  expect(messages).not.toEqual([])
  // the one message that is about the path
  expectGood(messages.map((message) => message.replace(/api\.imgix\.com\/api\/v2|without \/api\/v1/g, 'URL')))
})

test('no text of the code has a request', () => {
  const texts = textsIn(new URL('../../src/', import.meta.url)).filter(({ file }) => file !== 'command/emulator.ts')
  const isRequest = ({ text }: { text: string }): boolean => /\/api\/v\d\/|\b(?:GET|POST|PUT|PATCH|DELETE) …/.test(text)
  expect(texts.filter(isRequest)).toEqual([])
})
