import { expect, test } from 'vitest'
import { compare } from '../../src/configure-source/compare.ts'
import type { Configuration } from '../../src/configure-source/configuration.ts'

/** A Source as imgix tells it. */
const deployment = {
  allows_upload: true,
  annotation: 'by hand',
  cache_ttl_error: 300,
  custom_domains: ['a.example.com', 'b.example.com'],
  default_params: { auto: 'compress', w: 100 },
  image_error: null,
  image_missing: 'https://example.com/m.png',
  imgix_subdomains: ['a', 'b'],
  newer: [1],
  s3_access_key: 'AKIAOLD',
  s3_bucket: 'bucket',
  secure_url_enabled: false,
  type: 's3',
}
const current = { name: 'Assets', enabled: true, deployment, deployment_status: 'deployed' }
const S3 = {
  type: 's3',
  imgix_subdomains: ['b', 'a'],
  s3_bucket: 'bucket',
  s3_access_key: 'AKIAOLD',
  s3_secret_key: 's',
}
const notTold = 'deployment.s3_secret_key'

test('parameters that have no text of their own are told as the document has them', () => {
  const number = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('12345678901234567890')
  const told = { default_params: { bg: number, txt: { toString: 1 } } }
  const { differences } = compare(wanting({ default_params: { bg: '001122', txt: 'a' } }), { deployment: told }, false)
  const words = differences.find(({ attribute }) => attribute === 'deployment.default_params')?.words
  expect(words).toBe(`bg from '12345678901234567890' to '001122'; txt from '{"toString":1}' to 'a'`)
})

/** What a file wants beside what its deployment needs. */
function wanting(values: Record<string, unknown>, more: Partial<Configuration> = {}): Configuration {
  return { deployment: { ...S3, ...values }, secrets: new Set(['deployment.s3_secret_key']), ...more }
}

test.each<[string, Record<string, unknown>, string]>([
  ['a number', { cache_ttl_error: 60 }, 'cache_ttl_error: from 300 to 60'],
  ['true and false', { secure_url_enabled: true }, 'secure_url_enabled: from false to true'],
  ['a text', { annotation: 'x' }, "annotation: from 'by hand' to 'x'"],
  ['what was not there', { image_error: 'https://a.b/c' }, "image_error: set to 'https://a.b/c'"],
  ['what shall not be there', { image_missing: null }, "image_missing: removed: 'https://example.com/m.png'"],
  ['attributes that imgix does not return of', { cache_ttl_value: 1 }, 'cache_ttl_value: set to 1'],
  [
    'a list',
    { custom_domains: ['b.example.com', 'c.example.com'] },
    "custom_domains: added: 'c.example.com'; removed: 'a.example.com'",
  ],
  ['an empty list', { custom_domains: [] }, "custom_domains: removed: 'a.example.com', 'b.example.com'"],
  [
    'parameters',
    { default_params: { auto: 'format', fit: 'max' } },
    "default_params: auto from 'compress' to 'format'; w removed: '100'; fit set to 'max'",
  ],
  ['a key that is no secret, and not shown', { s3_access_key: 'AKIANEW' }, 's3_access_key: (changed)'],
])('%s', (_, values, line) => {
  const { differences, notComparable, change } = compare(wanting(values), current, false)
  expect(differences.map(({ attribute, words }) => `${attribute}: ${words}`)).toEqual([`deployment.${line}`])
  expect(notComparable).toEqual([notTold])
  // the whole deployment: what the file does not name as it is, and nothing that only imgix can set
  const { allows_upload: _readOnly, ...kept } = deployment
  expect(change).toEqual({ deployment: { ...kept, ...S3, ...values } })
})

test.each<[string, Record<string, unknown>]>([
  ['the order of a list', { custom_domains: ['b.example.com', 'a.example.com'] }],
  ['a number and its text in a URL', { default_params: { w: '100', auto: 'compress' } }],
  ['nothing and null', { image_error: null, s3_prefix: null }],
])('%s is no difference', (_, values) => {
  expect(compare(wanting(values), current, false)).toEqual({ differences: [], notComparable: [notTold], change: {} })
})

test('name and enabled are sent alone', () => {
  const wanted = { name: 'New', enabled: false, secrets: new Set<string>() }
  expect(compare(wanted, current, false)).toEqual({
    differences: [
      { attribute: 'name', words: "from 'Assets' to 'New'" },
      { attribute: 'enabled', words: 'from true to false' },
    ],
    notComparable: [],
    change: { name: 'New', enabled: false },
  })
  expect(compare({ ...wanted, name: 'Assets', enabled: true }, current, true).change).toEqual({})
})

test('with force attributes that imgix does not return is sent, though nothing differs', () => {
  const { differences, change } = compare(wanting({}), current, true)
  expect([differences, change.deployment]).toEqual([[], expect.objectContaining({ s3_secret_key: 's', newer: [1] })])
})

test('another type: what only the old one has is left out', () => {
  const web = { type: 'webfolder', imgix_subdomains: ['a', 'b'], webfolder_base_url: 'https://u:p@o.example/' }
  const { differences, change } = compare({ deployment: web, secrets: new Set() }, current, false)
  expect(differences).toEqual([
    { attribute: 'deployment.type', words: "from 's3' to 'webfolder'" },
    { attribute: 'deployment.webfolder_base_url', words: '(changed)' },
  ])
  expect(Object.keys(change.deployment ?? {}).filter((name) => name.startsWith('s3_'))).toEqual([])
})

test.each([
  ['in the file', 'https://o.example/', 'https://u:p@o.example/'],
  ['at imgix', 'https://u:p@o.example/', 'https://o.example/'],
  ['at imgix, without a scheme', 'u:p@o.example/', 'https://o.example/'],
  ['at imgix, of another scheme', 'ftp://u:p@o.example/', 'https://o.example/'],
])('an address with a password %s is not shown', (_, before, after) => {
  const folder = { type: 'webfolder', imgix_subdomains: ['a'] }
  const wanted = { deployment: { ...folder, webfolder_base_url: after }, secrets: new Set<string>() }
  const { differences } = compare(wanted, { deployment: { ...folder, webfolder_base_url: before } }, false)
  expect(differences).toEqual([{ attribute: 'deployment.webfolder_base_url', words: '(changed)' }])
})

test('an address from a variable is not shown, whatever it is', () => {
  const folder = { type: 'webfolder', imgix_subdomains: ['a'] }
  const deployment = { ...folder, webfolder_base_url: 'https://new.example/' }
  const wanted = { deployment, secrets: new Set(['deployment.webfolder_base_url']) }
  const current = { deployment: { ...folder, webfolder_base_url: 'https://old.example/' } }
  expect(compare(wanted, current, false).differences).toEqual([
    { attribute: 'deployment.webfolder_base_url', words: '(changed)' },
  ])
})

const credentials = { type: 's3', s3_access_key: 'AKIAUP', s3_secret_key: 'up' }

test.each<[string, Record<string, unknown>, string]>([
  ['a Source that takes no uploads', { deployment: { ...deployment, allows_upload: false } }, '(changed)'],
  ['a Source that takes uploads', { deployment }, '(not comparable: imgix never returns it)'],
  ['a Source that does not say', { deployment: { type: 's3' } }, '(not comparable: imgix never returns it)'],
  [
    'a Source of another type, which takes uploads by credentials of that type',
    { deployment: { type: 'gcs', allows_upload: true } },
    '(changed)',
  ],
  ['a Source of a type that takes no uploads', { deployment: { type: 'webfolder' } }, '(changed)'],
  ['another key', { deployment, upload_credentials: { type: 's3', s3_access_key: 'AKIA' } }, '(changed)'],
  [
    'the same key',
    { deployment, upload_credentials: { type: 's3', s3_access_key: 'AKIAUP' } },
    '(not comparable: imgix never returns it)',
  ],
  ['no key at all', { deployment, upload_credentials: { type: 's3' } }, '(not comparable: imgix never returns it)'],
  ['no Source', {}, '(changed)'],
])('upload credentials for %s', (_, attributes, words) => {
  const wanted = { upload_credentials: credentials, secrets: new Set<string>() }
  const { differences, notComparable, change } = compare(wanted, attributes, false)
  const isSent = words === '(changed)'
  expect(differences).toEqual(isSent ? [{ attribute: 'upload_credentials', words }] : [])
  expect(notComparable).toEqual(isSent ? [] : ['upload_credentials'])
  expect(change).toEqual(isSent ? { upload_credentials: credentials } : {})
  expect(compare(wanted, attributes, true).change).toEqual({ upload_credentials: credentials })
})

test('variables that are empty in a dry run are not compared', () => {
  const { differences, notComparable } = compare(wanting({ s3_access_key: '', s3_secret_key: '' }), current, false)
  expect([differences, notComparable]).toEqual([[], ['deployment.s3_access_key', notTold]])
})

test('a Source that is not there: everything is set', () => {
  const { differences, change } = compare(wanting({ s3_prefix: null }, { name: 'New' }), {}, false)
  expect(differences.map(({ attribute, words }) => `${attribute}: ${words}`)).toEqual([
    "name: set to 'New'",
    "deployment.type: set to 's3'",
    "deployment.imgix_subdomains: added: 'b', 'a'",
    "deployment.s3_bucket: set to 'bucket'",
    'deployment.s3_access_key: (changed)',
    'deployment.s3_secret_key: (changed)',
  ])
  expect(change).toEqual({ name: 'New', deployment: { ...S3, s3_prefix: null } })
})
