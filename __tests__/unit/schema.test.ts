import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { DEPLOYMENT, UPLOAD_CREDENTIALS } from '../../src/configure-source/attributes.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { fileReport, reportOf, urlReport } from '../helpers/report.ts'
import { findMistakes } from '../helpers/schema.ts'

type Schema = { properties: Record<string, Schema>; definitions: Record<string, Schema> }
const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const schema = (name: string): Schema => JSON.parse(read(`schema/${name}.json`)) as Schema
const namesIn = (part: Schema | undefined): string[] => Object.keys(part?.properties ?? {}).sort()

test('the schema of a Source has the attributes that the code has', () => {
  const { properties } = schema('source')
  expect(namesIn(properties.deployment)).toEqual(Object.keys(DEPLOYMENT).sort())
  expect(namesIn(properties.upload_credentials)).toEqual(Object.keys(UPLOAD_CREDENTIALS).sort())
})

test('the schema of the metadata file has the attributes that the code has', () => {
  const inFile = Object.keys(NO_ATTRIBUTES).map((name) =>
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )
  expect(namesIn(schema('metadata').definitions.attributes)).toEqual(inFile.sort())
})

const MODELINE =
  /^# yaml-language-server: \$schema=https:\/\/raw\.githubusercontent\.com\/imgix-sync\/imgix-sync\/v1\/(.*)$/m
const pages = readdirSync(new URL('docs/', root))
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: read(`docs/${name}`) }))
const samples = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/^```yml\n(.*?)^```$/gms)]
    .map(([, block = '']) => ({ name, block, path: MODELINE.exec(block)?.[1] }))
    .filter(({ block }) => block.includes('yaml-language-server')),
)

test.each(samples)('the file in $name is valid by the schema that it names', ({ block, path }) => {
  expect(['schema/source.json', 'schema/metadata.json']).toContain(path)
  const name = path === 'schema/source.json' ? 'source' : 'metadata'
  expect(findMistakes(name, parse(block))).toEqual([])
})

test('the page of the report has a row for each field of its schema', () => {
  const { definitions, ...run } = schema('report')
  const sections = read('docs/report.md').split(/^### /m)
  const missing = Object.entries({
    'The run': run,
    files: definitions.file,
    urls: definitions.url,
    updates: definitions.update,
    assets: definitions.asset,
  }).flatMap(([heading, part]) => {
    const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? ''
    const fields = namesIn(part as Schema).filter((name) => !['files', 'urls', 'updates', 'assets'].includes(name))
    return fields.filter((name) => !new RegExp(`^\\|.*\`${name}\`.*\\|.*\\|$`, 'm').test(section))
  })
  expect(missing).toEqual([])
})

test('the pages name each schema', () => {
  expect(new Set(samples.map(({ path }) => path))).toEqual(new Set(['schema/source.json', 'schema/metadata.json']))
  const [, report = ''] = /^```json\n(.*?)^```$/ms.exec(read('docs/report.md')) ?? []
  expect(findMistakes('report', JSON.parse(report))).toEqual([])
})

test.each([
  ['another version', { version: 2 }],
  ['no files', { files: undefined }],
  ['a field that the schema does not know', { other: 1 }],
  ['a file without a size', { files: [{ ...fileReport('a.png'), bytes: '1' }] }],
  ['a route that is none', { files: [{ ...fileReport('a.png'), via: 'any' }] }],
  ['a URL without a result', { urls: [{ ...urlReport('https://a.imgix.net/a.png'), result: undefined }] }],
])('a report with %s is none', (_, change) => {
  const report = { ...reportOf({ files: [fileReport('b.png')] }) }
  expect(findMistakes('report', report)).toEqual([])
  expect(findMistakes('report', JSON.parse(JSON.stringify({ ...report, ...change })))).toHaveLength(1)
})
