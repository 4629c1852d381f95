import { describe, expect, test } from 'vitest'
import { nearest } from '../../src/configure-source/attributes.ts'
import { compare } from '../../src/configure-source/compare.ts'
import { parseConfiguration } from '../../src/configure-source/configuration.ts'
import { createIsOlder, createPartNames } from '../../src/download-reports/part-names.ts'
import { readDocument } from '../../src/imgix/answers.ts'
import { readErrors } from '../../src/imgix/errors.ts'
import { parseDate, retryDelay } from '../../src/imgix/http/retry.ts'
import { storageDetails } from '../../src/imgix/storage-answers.ts'
import { foldName } from '../../src/inputs/fold-name.ts'
import { isGitName } from '../../src/inputs/git-name.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { parseMetadata } from '../../src/inputs/metadata-file.ts'
import { advise } from '../../src/inputs/pattern-advice.ts'
import { compilePatterns, readPatternLines } from '../../src/inputs/patterns.ts'
import { readProxies } from '../../src/inputs/proxies.ts'
import { encodePath } from '../../src/inputs/urls.ts'
import * as values from '../../src/inputs/values.ts'
import { quote } from '../../src/inputs/yaml.ts'
import { viewAsset } from '../../src/plan/asset.ts'
import { describeChange } from '../../src/plan/asset-change.ts'
import { findClashes, isLfsPointer } from '../../src/plan/guards/guards.ts'
import { findDisagreement, START_BYTES } from '../../src/plan/guards/magic-bytes.ts'
import { viewSource } from '../../src/plan/source.ts'
import { html, printable } from '../../src/runner/text.ts'
import { parseDiff, parseTree } from '../../src/select/git-output.ts'
import { decodeName } from '../../src/select/names.ts'
import { report } from '../helpers/reports.ts'

// What each of these does takes a time by the length of its text: seconds for all of them together. Where it goes by the
// square of the length, one alone takes minutes, and is over the limit of a test.

const ANSWER = 16 << 20
/** No system has a variable, and so an input, that is as long. */
const INPUT = 500_000
/** What is printed is cut before. */
const LINE = 100_000

type Case = readonly [name: string, read: (text: string) => unknown, part: string, length?: number]

const answer = (text: string, headers: Record<string, string> = {}) => ({ status: 200, headers, text })
const read = (text: string) => readDocument(answer(text)).document
const tell = (document: unknown): unknown =>
  readErrors(document, (text) => text.replace(/[a-z@.]+@[a-z]+\.[a-z]+/g, ''))

const answers: readonly Case[] = [
  ['what is no JSON', read, 'a'],
  ['blanks', read, ' '],
  ['brackets', read, '['],
  ['braces', read, '{"a":'],
  ['lists', (text) => read(`[${text}[]]`), '[],'],
  ['objects', (text) => read(`{"data":[${text}{}]}`), '{},'],
  ['numbers', (text) => read(`[${text}1]`), '1.0,'],
  ['one number', (text) => read(`{"data":${text}}`), '1'],
  ['one number with an exponent', (text) => read(`{"data":1e${text}}`), '1'],
  ['one text', (text) => read(`{"data":"${text}"}`), 'a'],
  ['one text of escapes', (text) => read(`{"data":"${text}"}`), '\\"'],
  ['a text without an end', (text) => read(`{"data":"${text}`), '\\\\'],
  ['a detail without a blank', (detail) => tell({ errors: [{ detail }] }), 'a'],
  ['a detail of half addresses', (detail) => tell({ errors: [{ detail }] }), 'a@'],
  ['a title of blanks', (title) => tell({ errors: [{ title }] }), ' '],
  ['errors', (text) => tell(read(`{"errors":[${text}{}]}`)), '{"id":""},', 1 << 20],
  ["a storage's error", (text) => storageDetails(answer(text)), '<Code>'],
  ["a storage's code", (text) => storageDetails(answer(`<Code>${text}`)), 'A'],
  ['a date', parseDate, 'Sat, '],
  ['a header Retry-After', (text) => retryDelay({ ...answer('', { 'retry-after': text }), status: 429 }, 1), '1'],
  ['a domain', (text) => viewSource({ attributes: { deployment: { custom_domains: [text] } } }, 'SRC'), 'a.'],
  ['a size', (text) => viewAsset({ attributes: { file_size: text as never } }), '1'],
]

const inputs: readonly Case[] = [
  ['prefix', (text) => values.parsePrefix(`a${text}a`), '/'],
  ['api-url', (text) => values.parseApiUrl(`https://a.example${text}a`), '/'],
  ['content-types', (text) => values.parseContentTypes(`a${text}a`), ' '],
  ['content-types, colons', (text) => values.parseContentTypes(`a${text}!`), ':a/b'],
  ['content-types, parameters', (text) => values.parseContentTypes(`a:b/c${text}!`), ';a=b'],
  ['files', (text) => values.parseFiles(text), '!'],
  ['files, slashes', (text) => values.parseFiles(`a${text}a`), '/'],
  ['files, brackets', (text) => values.parseFiles(text), '['],
  ['files, lines of brackets', (text) => values.parseFiles(text), `${'['.repeat(4090)}\n`],
  ['files, lines of classes in brackets', (text) => values.parseFiles(text), `${'[[:alpha:]'.repeat(409)}\n`],
  ['files, lines of brackets that close', (text) => values.parseFiles(text), `${'[a]'.repeat(1300)}\n`, LINE],
  ['domains', values.parseDomains, 'a.'],
  ['domains, of no ASCII', values.parseDomains, 'é'],
  ['urls', (text) => values.parseUrls(`https://a.example/${text}`), '%41'],
  ['urls, percent signs', (text) => values.parseUrls(`https://a.example/${text}`), '%', LINE],
  ['rate-limits', (text) => values.parseRateLimits(`upload${text}=`, {} as never), ' '],
  ['session-threshold', values.parseSize, '1'],
  ['source-id', values.parseSourceId, 'a'],
  ['a proxy without a user', (text) => readProxies({ http_proxy: text }), 'a'],
  ['a proxy of slashes', (text) => readProxies({ http_proxy: text }), 'a:/'],
  ['NO_PROXY', (text) => readProxies({ no_proxy: text }).proxyFor(new URL('http://a')), '[:1'],
]

const start = (text: string) => Buffer.from(text).subarray(0, START_BYTES)
const names: readonly Case[] = [
  ['a file name', (text) => decodeName(Buffer.from(`${text}\xff`, 'latin1')), '\xe9', 1 << 20],
  ['a file name to fold', foldName, 'é', LINE],
  ['a file name of colons', (text) => isGitName(`.${text}\n`), ':', LINE],
  ['a file name of dots', (text) => isGitName(`.git${text}x`), '. ', LINE],
  ['a file name of invisible characters', (text) => isGitName(`${text}x`), '\u200c', LINE],
  ['a file name in a URL', encodePath, ':', LINE],
  ["git's changes", (text) => parseDiff(Buffer.from(text)), ':000000 100644 a b A\0a\0'],
  ["git's tree", (text) => [...parseTree(Buffer.from(text)).files], '100644 blob a\ta\0', 1 << 22],
  ["git's links", (text) => parseTree(Buffer.from(text)), '120000 blob a\ta\0'],
  ['a Git LFS pointer', (text) => isLfsPointer(text), '\n', START_BYTES],
  ['a picture', (text) => findDisagreement('a.png', start(text)), '<!--', START_BYTES],
  ['a picture of declarations', (text) => findDisagreement('a.svg', start(`<?xml${text}`)), '?><?a', START_BYTES],
  ['a picture with a document type', (text) => findDisagreement('a.svg', start(text)), '<!doctype a[', START_BYTES],
  ['a line for the log', printable, '\0', LINE],
  ['a line of commands', printable, '##[', LINE],
  ['a cell of the summary', html, '<', LINE],
  ['a text of a file', (text) => quote(`a:${text}`), '\\', ANSWER],
  ['a key of a file', (text) => nearest(text, ['name', 'deployment']), 'A.', 1 << 20],
]

describe.each([
  ['answers', answers, ANSWER],
  ['inputs', inputs, INPUT],
  ['names', names, INPUT],
] as const)('%s', (_, cases, usual) => {
  for (const [name, use, part, length = usual] of cases)
    test(name, () => void use(part.repeat(Math.ceil(length / part.length))))
})

/** A file may have as many bytes; the parser gets fewer marks than that. */
const FILE = 999_000

describe('a file of YAML', () => {
  test.each([
    ['[', FILE],
    ['{', FILE],
    [']', FILE],
    [',', FILE],
    ['"', FILE],
    ['- ', FILE],
    ['&a ', FILE],
    ['\n', FILE],
    ['a ', FILE],
    ['*,', 200_000],
    [']', 50_000],
    ['%A\n', 50_000],
    ["- 'a\n", 50_000],
  ])('of %j, %i bytes', (part, length) => {
    expect(parseMetadata(`a: [${part.repeat(length / part.length)}`)).toHaveProperty('problems')
  })
})

const secret = { file: 's.yml', mayCreate: false, resolve: (value: string) => value }
const domains = Array.from({ length: 40_000 }, (_, at) => `d${at}.a.example`)

test('a list of a Source and one of its file', () => {
  const items = domains.slice(0, 20_000).map((name) => `    - ${name}\n`)
  const text = `deployment:\n  type: webproxy\n  imgix_subdomains: [a]\n  custom_domains:\n${items.join('')}`
  expect(() => parseConfiguration(text, secret)).toThrow('deployment has 20001 domains')
  const deployment = { type: 'webproxy', imgix_subdomains: ['a'], custom_domains: domains.slice(0, 20_000) }
  const wanted = { deployment, secrets: new Set<string>() }
  const current = { deployment: { type: 'webproxy', imgix_subdomains: ['a'], custom_domains: domains.toReversed() } }
  expect(compare(wanted, current, false).differences).toHaveLength(1)
})

test('a list of an asset and one of the metadata file', () => {
  const wanted = { ...NO_ATTRIBUTES, categories: domains }
  expect(describeChange({ ...current, categories: domains.toReversed() }, wanted)).toBeUndefined()
})

test('files whose names differ by case alone', () => {
  const letters = 'abcdefghijklmnop'
  const name = (at: number): string =>
    [...letters].map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter)).join('')
  const files = Array.from({ length: 1 << 16 }, (_, at) => ({ path: name(at), originPath: name(at) }))
  expect(findClashes(files).size).toBe(files.length)
})

test('reports of one key', () => {
  const nameParts = createPartNames()
  const all = Array.from({ length: 100_000 }, () => nameParts(report('2026-11-21', { key: 'a' }))(1, ''))
  expect([new Set(all).size, all.at(-1)]).toEqual([all.length, 'a_100000-01'])
})

test.each(['-01', '-1', '1', 'a-01.'])('a name of a part, of %s', (text) => {
  expect(createIsOlder(['a-01.csv'])(text.repeat(LINE))).toBe(false)
})

test.each([
  ['*-*-*-*-*-*-*-*.png', '-'.repeat(250)],
  ['*a*[ab]*?*a*[!c]*a*b', 'a'.repeat(250)],
  ['**/*a*a*a*a*a*a*b/**/x', `${'a'.repeat(250)}/`.repeat(16)],
  ['**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(1000)],
])('the pattern %s', (pattern, path) => {
  expect(compilePatterns(pattern)(path)).toBe(false)
})

test('patterns with a globstar in a segment, of which others take the files', async () => {
  const names = ['a.png', ...Array.from({ length: 10_000 }, (_, at) => `${at}/a.png`)]
  const text = `**/*\n${'**.png\n'.repeat(199)}`
  const known = { known: names, list: async () => names }
  expect(await advise([{ name: 'files', lines: readPatternLines(text) }], known, { root: '.', isLost: false })).toEqual(
    [],
  )
})

const current = { categories: null, customFields: {}, description: null, name: null, tags: {} }
