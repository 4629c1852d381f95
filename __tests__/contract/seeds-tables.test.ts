import { expect, test } from 'vitest'
import {
  ASSET_ATTRIBUTES,
  ASSET_FILTERS,
  ASSET_SORTS,
  ASSET_UPDATABLE,
  MEDIA_KINDS,
} from '../../src/imgix/asset-attributes.ts'
import { PERMISSIONS } from '../../src/imgix/client.ts'
import { REPORT_ATTRIBUTES, REPORT_FILTERS, REPORT_SORTS, REPORT_TYPES } from '../../src/imgix/reports.ts'
import {
  DEPLOYMENT_ATTRIBUTES,
  SOURCE_ATTRIBUTES,
  SOURCE_FILTERS,
  SOURCE_SORTS,
  SOURCE_UPDATABLE,
  UPLOAD_CREDENTIALS,
} from '../../src/imgix/sources.ts'
import { SESSION_ATTRIBUTES, SESSION_STATES } from '../../src/imgix/upload-sessions.ts'
import reference from './seeds/tables.json' with { type: 'json' }

// seeds/tables.json is what the tables of the two reference documents say, under their headings: a type, then whether it
// is updatable where the document says that

const { deployment, upload_credentials, ...source } = SOURCE_ATTRIBUTES
const { all, s3, gcs, azure, webfolder, webproxy } = DEPLOYMENT_ATTRIBUTES
const { 'deployment.type': _, ...sourceFilters } = SOURCE_FILTERS

/** A table of the client in the words of the reference.
 *  @param updatable names of what is; without it nothing is said of that */
function inWords(table: object, updatable?: (name: string) => boolean): Record<string, string> {
  const word = (kind: unknown): string => {
    if (typeof kind === 'string') return `${kind[0]?.toUpperCase()}${kind.slice(1)}`
    return Array.isArray(kind) ? 'String' : 'Object'
  }
  const rows = Object.entries(table).map(([name, kind]) => {
    const says = updatable === undefined ? '' : ` ${updatable(name) ? 'Yes' : 'No'}`
    return [name, `${word(kind)}${says}`]
  })
  return Object.fromEntries(rows)
}

/** Without the stars of what is required. */
function withoutStars(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([name, row]) => [name.replace('*', ''), row]))
}

const isSourceUpdatable = (name: string): boolean => Object.hasOwn(SOURCE_UPDATABLE, name)
const isAssetUpdatable = (name: string): boolean => Object.hasOwn(ASSET_UPDATABLE, name)
// a custom field's filter is named after the field: its type is a pattern
const assetFilters = inWords({ ...ASSET_FILTERS, 'custom:<key>': 'string' })
const always = (name: string): boolean => name !== 'allows_upload'

test.each([
  // `upload_credentials` have no row: they are in the text, and a table of their own
  ['Source Attributes', inWords({ ...source, deployment }, isSourceUpdatable)],
  ['Source Deployment: All Source Types', inWords(all, always)],
  ['Source Deployment: Amazon S3-specific fields', inWords(s3, always)],
  ['Source Deployment: Google Cloud Storage-specific fields', inWords(gcs, always)],
  ['Source Deployment: Microsoft Azure-specific fields', inWords(azure, always)],
  ['Source Deployment: Web Folder-specific fields', inWords(webfolder, always)],
  ['Source Filters', inWords(sourceFilters)],
  // the Japanese page is the newer one: all that the other has, and videos
  ['アセット属性', inWords(ASSET_ATTRIBUTES, isAssetUpdatable)],
  ['アセットフィルター', assetFilters],
  ['Asset Filters', assetFilters],
  ['Report Attributes', inWords(REPORT_ATTRIBUTES)],
  ['Report Filters', inWords(REPORT_FILTERS)],
] as const)('%s', (heading, table) => {
  expect(table).toEqual(withoutStars(reference[heading]))
})

test.each([
  // the newer document has Asset for Image
  ['Authentication', PERMISSIONS.map((name) => name.replace('Asset', 'Image'))],
  ['Source Sorts', SOURCE_SORTS],
  ['Upload Credentials Attributes', Object.keys(UPLOAD_CREDENTIALS)],
  ['Asset Sorts', ASSET_SORTS],
  ['アセットソート', ASSET_SORTS],
  ['セッションの状態', SESSION_STATES],
  // an example, for want of a table
  ['アップロードセッションを作成する', Object.keys(SESSION_ATTRIBUTES)],
  ['Report Sorts', REPORT_SORTS],
  ['Report Types', REPORT_TYPES],
] as const)('%s', (heading, names) => {
  expect(names).toEqual(reference[heading])
})

const values = reference['Possible and accepted values']
test.each([
  ['deployment_status', SOURCE_ATTRIBUTES.deployment_status],
  ['deployment.type', all.type],
  ['cache_ttl_behavior', all.cache_ttl_behavior],
  ['azure_service_type', azure.azure_service_type],
  ['upload_credentials.type', UPLOAD_CREDENTIALS.type],
  ['media_kind', MEDIA_KINDS],
  ['video_imgix_status', ASSET_ATTRIBUTES.video_imgix_status],
] as const)('values of %s', (name, words) => {
  expect(words).toEqual(values[name])
})

test('Asset Attributes', () => {
  expect(inWords(ASSET_ATTRIBUTES, isAssetUpdatable)).toMatchObject(reference['Asset Attributes'])
})

test('a deployment has the attributes of every type', () => {
  expect(deployment).toEqual({ ...all, ...s3, ...gcs, ...azure, ...webfolder, ...webproxy })
  expect(upload_credentials).toBe(UPLOAD_CREDENTIALS)
})
