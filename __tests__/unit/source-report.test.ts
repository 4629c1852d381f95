import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readOutputs } from '../../emulator/workflow-commands.ts'
import { type RunState, reportEnding } from '../../src/configure-source/report.ts'
import { SourceError } from '../../src/configure-source/requests.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { TextFileError } from '../../src/inputs/text-file.ts'
import * as core from '../../src/runner/core.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

/** What an ending prints, less the outputs. */
async function ending(
  run: Partial<RunState>,
  { error, cancelled = false }: { error?: unknown; cancelled?: boolean } = {},
) {
  const printed = captureStdout()
  const before = process.exitCode
  onTestFinished(() => {
    process.exitCode = before
  })
  const state: RunState = { dryRun: false, sourceId: 'SRC', changed: false, status: '', result: 'none', ...run }
  core.beginRun()
  core.hide('a-s3cret-word')
  await reportEnding(state, { error, cancelled })
  const lines = printed()
    .split('\n')
    .filter((line) => line !== '' && !/^::(debug|set-output|add-mask)/.test(line))
  return { lines, exitCode: process.exitCode }
}

const comparison = { differences: [{ attribute: 'name', words: 'x' }], notComparable: [], change: {} }
const updated = { result: 'updated', comparison, changed: true, status: 'deployed' } as const

test.each<[string, Partial<RunState>, Parameters<typeof ending>[1], string]>([
  ['a file that is valid', { result: 'valid' }, {}, 'the file is valid; without api-key it is not compared with imgix'],
  ['nothing to do', { result: 'same', status: 'deployed' }, {}, 'Source SRC is the same as in the file, deployed'],
  ['an update', updated, {}, 'updated Source SRC: 1 attribute, deployed'],
  [
    'a forced one',
    { ...updated, comparison: { ...comparison, differences: [] } },
    {},
    'updated Source SRC: attributes that imgix does not return, deployed',
  ],
  ['a dry run', { ...updated, dryRun: true }, {}, 'would update Source SRC: 1 attribute'],
  ['a new Source', { result: 'created', status: 'deployed' }, {}, 'created Source SRC, deployed'],
  ['a dry run without a Source', { result: 'created', dryRun: true }, {}, 'would create the Source'],
])('%s', async (_, run, options, line) => {
  expect(await ending(run, options)).toEqual({ lines: [line], exitCode: undefined })
})

test.each<[string, Partial<RunState>, unknown, string[]]>([
  ['inputs', {}, new InputError(['a: b', 'c: d']), ['::error::a: b', '::error::c: d', 'failed: nothing was changed']],
  [
    'the file',
    {},
    new TextFileError('a,b.yml', [{ line: 2, column: 3, message: 'x\n::set-output name=a::a-s3cret-word' }]),
    [
      '::error title=imgix Source,file=a%2Cb.yml,line=2,col=3::a,b.yml:2:3: x\\n::set-output name=a::***',
      'failed: nothing was changed',
    ],
  ],
  [
    'a deployment that failed',
    { ...updated, status: 'deploying' },
    new SourceError('too long'),
    ['::error::too long', "failed: updated Source SRC: 1 attribute, its deployment is 'deploying'"],
  ],
  [
    'an answer that was lost',
    { changed: undefined },
    new ImgixError({
      method: 'PATCH',
      path: '/api/v1/sources/SRC',
      reason: 'no answer from api.imgix.com (ECONNRESET)',
      permission: 'Sources',
      cause: new Error('ECONNRESET'),
    }),
    [
      "::error::the Source can't be changed: no answer from api.imgix.com (ECONNRESET); run the job again; if it stays, check api-url and the network",
      'failed: it is unknown whether the Source was changed; run again',
    ],
  ],
])('a failure of %s', async (_, run, error, lines) => {
  expect(await ending(run, { error })).toEqual({ lines, exitCode: 1 })
})

test('a cancelled run says what it did', async () => {
  const { lines, exitCode } = await ending({ ...updated, status: 'deploying' }, { cancelled: true })
  const sentence = "cancelled: updated Source SRC: 1 attribute, its deployment is 'deploying'"
  expect([lines, exitCode]).toEqual([[sentence, `::error::${sentence}`], 1])
})

const hourly = 'imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now'
const unknown =
  "source-id: imgix has no such Source that this key can see; take the id from the end of the Source's dashboard URL"

test.each([
  ['PATCH', 'sources/SRC', 429, `${hourly}; run the job again later`],
  [
    'PATCH',
    'sources/SRC',
    400,
    'imgix does not accept the change; correct the file; subdomains may belong to another account',
  ],
  ['POST', 'sources', 429, `${hourly}; run the job again later`],
  [
    'GET',
    'sources',
    429,
    "the account's Sources can't be listed: imgix accepts no more requests for now; another job may use the same account; lower rate-limits, where it is an input, or run the job again later",
  ],
  ['GET', 'sources/SRC', 404, unknown],
  [
    'POST',
    'sources',
    409,
    'imgix does not create the Source; correct the file; subdomains may belong to another account; if another run has just created it, run the job again',
  ],
  [
    'GET',
    'sources',
    401,
    'api-key: imgix does not accept the key; check that the secret is set and that the key is active',
  ],
  ['GET', 'sources', 403, "api-key: the key lacks the permission Sources; add it to the key in imgix's dashboard"],
])('%s %s: %i', async (method, path, status, said) => {
  const error = new ImgixError({ method, path: `/api/v1/${path}`, status, permission: 'Sources' })
  const { lines } = await ending({}, { error })
  expect(lines[0]).toBe(`::error::${said} (${status})`)
})

const TAKEN = "deployment.imgix_subdomains: 'a' is already in use."
const BUCKET = 's3_bucket does not exist.'
test.each([
  ['POST', 400, BUCKET, 'imgix does not create the Source; correct the file; subdomains may belong to another account'],
  ['POST', 422, BUCKET, 'imgix does not create the Source; correct the file; subdomains may belong to another account'],
  ['POST', 422, TAKEN, 'imgix does not create the Source; correct the file; subdomains may belong to another account'],
  [
    'PATCH',
    422,
    BUCKET,
    'imgix does not accept the change; correct the file; subdomains may belong to another account',
  ],
  ['PATCH', 400, TAKEN, 'imgix does not accept the change; correct the file; subdomains may belong to another account'],
])('a refusal is explained by its document: %s %i %s', async (method, status, detail, said) => {
  const details = [{ title: 'Invalid', detail }]
  const path = `/api/v1/sources${method === 'POST' ? '' : '/SRC'}`
  const error = new ImgixError({ method, path, status, details, permission: 'Sources' })
  const { lines } = await ending({}, { error })
  expect(lines[0]).toBe(`::error::${said} (${status} Invalid: ${detail.replace(/\.$/, '')})`)
})

test('of many problems the first are annotations, the next lines of the log, and the rest is counted', async () => {
  const problems = Array.from({ length: 102 }, (_, index) => ({ line: index + 1, column: 1, message: 'x' }))
  const { lines } = await ending({}, { error: new TextFileError('s.yml', problems) })
  expect([lines[49]?.startsWith('::error '), lines[50]]).toEqual([true, 's.yml:51:1: x'])
  expect(lines.slice(100)).toEqual(['and 2 more problems', 'failed: nothing was changed'])
})

const HOSTILE = `![x](https://a.test/p.png) <img src=x>\n\n# @acme/team '::error::x' \u202e${'x'.repeat(1000)}`

test.each([
  ['its status', { ...updated, status: HOSTILE }],
  ['the id of a Source', { ...updated, sourceId: HOSTILE }],
  [
    'an attribute',
    { ...updated, comparison: { ...comparison, differences: [{ attribute: HOSTILE, words: HOSTILE }] } },
  ],
])('a text of imgix is no markup in the summary, and a short line in outputs: %s', async (_, run) => {
  const folder = createTree({ summary: '', output: '' })
  const { env } = process
  process.env = { ...env, GITHUB_STEP_SUMMARY: join(folder, 'summary'), GITHUB_OUTPUT: join(folder, 'output') }
  onTestFinished(() => {
    process.env = env
  })
  await ending(run)
  const blocks = readFileSync(join(folder, 'summary'), 'utf8').trimEnd().split('\n\n')
  // a block of HTML lasts until an empty line: Markdown in it is not read
  expect(blocks.map((block) => /^<(h3|p|table)>/.exec(block)?.[1])).toEqual(['h3', 'table'])
  // nor are mentions in code
  expect(blocks.join('').replace(/<code>.*?<\/code>/g, '')).not.toMatch(/<img|@acme|\u202e/)
  const outputs = readOutputs(readFileSync(join(folder, 'output'), 'utf8'))
  for (const text of Object.values(outputs)) {
    expect(text.length).toBeLessThanOrEqual(200)
    expect(text).not.toMatch(/[\n\u202e]/)
  }
})
