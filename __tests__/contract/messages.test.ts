import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Deed, Fault } from '../../emulator/faults.ts'
import { runCommand } from '../helpers/command.ts'
import { emulate } from '../helpers/emulator.ts'
import { createRepository } from '../helpers/repository.ts'
import { s3File } from '../helpers/source.ts'

/** How a remedy begins. */
const REMEDY =
  /(?:^|[:;,)] |\b(?:and|or|then|to) )(?:add|ask|check|choose|copy|correct|delete|give|let|lower|make|name|open|put|run|set|take|tell|use|write)\b/
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
  const hasRemedy = SUM.test(message) || REMEDY.test(message)
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

/** Each line that is about a failure, of a sync, of the two other actions and of the doctor. */
async function messagesUnder(fault: Fault): Promise<string[]> {
  const imgix = await emulate({ source: { id: 'SRC' }, sampleReport: true })
  const site = createRepository()
  site.write({ 'README.md': 'Site' })
  site.commit()
  site.write({ 'a.png': 'a' })
  site.commit()
  writeFileSync(join(site.dir, 's.yml'), s3File('cache_ttl_error: 60'))
  imgix.fault(fault)
  const once = ['--max-attempts', '1', '--timeout', '2']
  const runs = [
    ['--base', 'HEAD~1', '--source-id', 'SRC', ...once],
    ['source', '--file', 's.yml', ...once],
    ['reports', '--type', 'cdn_logs', ...once],
    ['doctor', '--source-id', 'SRC'],
  ]
  const env = { IMGIX_API_KEY: imgix.apiKey, S3_SECRET: 'a-s3cret-word' }
  const lines = await Promise.all(
    runs.map(async (args) => {
      const { stdout, stderr } = await runCommand([...args, '--api-url', imgix.apiUrl], { cwd: site.dir, env })
      return `${stdout}${stderr}`.split('\n')
    }),
  )
  return lines.flat().flatMap((line) => /^(?:error: |warning: |FAIL {2}|warn {2})(.*)$/.exec(line)?.[1] ?? [])
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
  ['409', {}, answer(409), 4],
  ['413 of an upload', { path: /\/upload\// }, answer(413), 1],
  ['422', {}, answer(422), 4],
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
  expect(messages.flatMap((message) => flawsOf(message).map((flaw) => `${flaw}: ${message}`))).toEqual([])
})
