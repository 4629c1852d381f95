import { expect, test } from 'vitest'
import { parseConfiguration } from '../../src/configure-source/configuration.ts'
import { TextFileError } from '../../src/inputs/text-file.ts'
import reference from '../contract/seeds/tables.json' with { type: 'json' }
import { expectSameVerdict } from '../helpers/schema.ts'

// What the file may hold is held to the tables of the reference, as seeds/tables.json has them: a star is for what a
// new Source needs.

type Table = Readonly<Record<string, string>>

const ALL: Table = reference['Source Deployment: All Source Types']
const OWN: Readonly<Record<string, Table>> = {
  azure: reference['Source Deployment: Microsoft Azure-specific fields'],
  gcs: reference['Source Deployment: Google Cloud Storage-specific fields'],
  s3: reference['Source Deployment: Amazon S3-specific fields'],
  webfolder: reference['Source Deployment: Web Folder-specific fields'],
  webproxy: {},
}
const WORDS: Readonly<Record<string, readonly string[]>> = {
  cache_ttl_behavior: reference['Possible and accepted values'].cache_ttl_behavior,
  azure_service_type: reference['Possible and accepted values'].azure_service_type,
}

/** The problems of a file, each as `line:column: message`. */
function problemsOf(text: string): string[] {
  try {
    const resolve = () => 'env-secret'
    parseConfiguration(text, { file: 's.yml', mayCreate: false, resolve })
    expectSameVerdict('source', text, [])
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(TextFileError)
    const { problems } = error as TextFileError
    expectSameVerdict(
      'source',
      text,
      problems.map(({ message }) => message),
    )
    return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)
  }
}

const required = (table: Table): string[] =>
  Object.keys(table).flatMap((name) => (name.endsWith('*') ? [name.slice(0, -1)] : []))
/** The names that a problem says are lacking. */
const lacking = (problems: readonly string[]): string[] =>
  problems.flatMap((problem) => (/ lacks (.*), required/.exec(problem)?.[1] ?? '').split(/, | and /)).sort()

test.each(Object.entries(OWN))('a deployment of type %s lacks what the reference has a star at', (type, own) => {
  const names = [...required(ALL), ...required(own)].filter((name) => name !== 'type')
  expect(lacking(problemsOf(`deployment: { type: ${type} }`))).toEqual(names.sort())
})

test.each([
  ['azure', ['azure_sas_string']],
  ['gcs', ['gcs_access_key', 'gcs_secret_key']],
  ['s3', ['s3_access_key', 's3_secret_key']],
])('upload credentials of type %s lack what uploads need', (type, names) => {
  expect(lacking(problemsOf(`upload_credentials: { type: ${type} }`))).toEqual(names)
})

test('without a type both lack it', () => {
  expect(lacking(problemsOf('deployment: { imgix_subdomains: [a] }'))).toEqual(['type'])
  expect(lacking(problemsOf('upload_credentials: { }'))).toEqual(['type'])
})

const settable = Object.entries(OWN).flatMap(([type, own]) =>
  Object.entries({ ...ALL, ...own })
    .filter(([name, row]) => row.endsWith(' Yes') && name !== 'type*')
    .map(([name, row]) => ({ type, name: name.replace('*', ''), kind: row.replace(' Yes', '') })),
)
const OF_ANOTHER_KIND: Readonly<Record<string, readonly string[]>> = {
  Boolean: ['yes', '1', '"true"', 'null', '[]'],
  Integer: ['0', '31536001', '1.5', '"60"', 'true', 'null', '.inf'],
  List: ['a', '{}', 'null', '[1]'],
  Object: ['a', '[]', 'null', '{ auto: [] }'],
  String: ['1', 'true', '[]', '{}', '""'],
}

test.each(settable)('$name of another kind at a Source of type $type', ({ type, name, kind }) => {
  for (const value of OF_ANOTHER_KIND[kind] ?? []) {
    const problems = problemsOf(`deployment:\n  type: ${type}\n  ${name}: ${value}`)
    const isPlace = (problem: string): boolean => problem.startsWith('3:') && problem.includes(`deployment.${name}`)
    expect.soft(problems.filter(isPlace), value).toHaveLength(1)
  }
})

test.each([
  ['cache_ttl_behavior', 'webproxy'],
  ['azure_service_type', 'azure'],
])('%s is one of the accepted values', (name, type) => {
  const problemsOfWord = (word: string): string[] =>
    problemsOf(`deployment: { type: ${type}, ${name}: ${word} }`).filter((problem) => problem.includes(`.${name} is `))
  for (const word of WORDS[name] ?? []) expect(problemsOfWord(word)).toEqual([])
  for (const word of ['', 'other', 'Blob', 'null']) expect(problemsOfWord(word)).toHaveLength(1)
})

test.each(['cache_ttl_error', 'cache_ttl_value'])('%s from 1 to 31536000', (name) => {
  const whole = (value: number): string[] =>
    problemsOf(`deployment: { type: webproxy, imgix_subdomains: [a], ${name}: ${value} }`)
  expect([whole(1), whole(31_536_000)]).toEqual([[], []])
  expect([whole(0), whole(31_536_001)]).toEqual(
    [0, 31_536_001].map((value) => [
      `1:71: deployment.${name} is the number '${value}'; allowed is a whole number of seconds from 1 to 31536000`,
    ]),
  )
})
