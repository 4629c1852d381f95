import { expect, test } from 'vitest'
import type { Plan, UpdateStep, UploadStep } from '../../src/events.ts'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { parseMetadata } from '../../src/inputs/metadata-file.ts'
import { isInShard } from '../../src/inputs/shard.ts'
import { forecastSeconds } from '../../src/plan/forecast.ts'
import type { Comparison } from '../../src/plan/listing.ts'
import {
  changesOf,
  comparison,
  filePlan,
  filesOf,
  inputsOf,
  listedAsset,
  planFor,
  planWith,
  purgeStep,
  skipped,
  sourceOf,
  uploadStep,
  uploadsOf,
} from '../helpers/plan.ts'
import { expectSameVerdict } from '../helpers/schema.ts'

const FILES = { 'new.png': 1, 'changed.png': 2, 'same.png': 3, 'unknown.png': 4, 'bad.png': 'it is not a regular file' }
const UNCHANGED = 'unchanged: the Source holds these bytes'
const COMPARISONS: Record<string, Comparison> = {
  'changed.png': comparison({ change: 'modified', reason: 'the Source holds other bytes', hasRecord: true }),
  'same.png': comparison({ reason: UNCHANGED, isUnchanged: true }),
  'unknown.png': comparison({ reason: 'the Source has no record of its bytes' }),
}

/** The plan of a full sync of these files over a Source that stands to them so. */
function planAll(
  inputs: Record<string, string> = {},
  {
    comparisons = COMPARISONS,
    yaml = '',
    listed = true,
    hasRecords = false,
  }: { comparisons?: Record<string, Comparison>; yaml?: string; listed?: boolean; hasRecords?: boolean } = {},
): Plan {
  const changes = changesOf(Object.keys(FILES).map((path) => ({ path, change: 'present' })))
  const metadata = parseMetadata(yaml)
  expectSameVerdict('metadata', yaml, 'problems' in metadata ? metadata.problems.map(({ message }) => message) : [])
  if ('problems' in metadata) throw new Error(metadata.problems.join('\n'))
  const listing = { comparisons: new Map(Object.entries(comparisons)), hasRecords, onlyAtSource: [], files: 4 }
  return planFor(changes, filesOf(FILES), {
    inputs: inputsOf({ mode: 'all', ...inputs }),
    source: sourceOf(),
    listing: listed ? listing : undefined,
    metadata,
  })
}

const bad = skipped('bad.png', { change: 'present', result: 'failed', reason: FILES['bad.png'] })
const full = { record: 'always' } as const

test('what the Source holds unchanged is left alone; what is new, changed or unknown is uploaded, and recorded', () => {
  const uploads = [
    uploadStep('new.png', { ...full, bytes: 1 }),
    uploadStep('changed.png', { ...full, bytes: 2, change: 'modified', hasRecord: true }),
    uploadStep('unknown.png', { ...full, bytes: 4, change: 'present' }),
  ]
  expect(planAll()).toEqual(
    planWith({
      files: uploads.map((step) => {
        const { path } = step
        return filePlan(step, { purges: [purgeStep(`https://a.imgix.net/${path}`, { path })] })
      }),
      skipped: [skipped('same.png', { change: 'present', reason: UNCHANGED }), bad],
    }),
  )
})

test('force: all of them', () => {
  const plan = planAll({ force: 'true' })
  expect(uploadsOf(plan).map(({ path, change, hasRecord, record }) => [path, change, hasRecord, record])).toEqual([
    ['new.png', 'added', false, 'always'],
    ['changed.png', 'modified', true, 'always'],
    ['same.png', 'present', false, 'always'],
    ['unknown.png', 'present', false, 'always'],
  ])
  expect(plan.skipped).toEqual([bad])
})

test('assets that could not be listed: every file, of which nothing is known', () => {
  const plan = planAll({}, { listed: false })
  const uploads = uploadsOf(plan)
  expect(uploads.map(({ change, hasRecord }) => [change, hasRecord])).toEqual(Array(4).fill(['present', undefined]))
  expect(uploads.map(({ hasFields }) => hasFields)).toEqual(Array(4).fill(undefined))
  expect(plan.skipped).toEqual([bad])
})

test('where the Source has records, one that the list left out may have one, too', () => {
  const plan = planAll({}, { hasRecords: true })
  expect(uploadsOf(plan).map(({ path, change, hasRecord }) => [path, change, hasRecord])).toEqual([
    ['new.png', 'added', true],
    ['changed.png', 'modified', true],
    ['unknown.png', 'present', false],
  ])
})

test('origin paths are those of the prefix', () => {
  const comparisons = Object.fromEntries(Object.entries(COMPARISONS).map(([path, one]) => [`site/${path}`, one]))
  expect(planAll({ prefix: 'site' }, { comparisons }).skipped[0]).toMatchObject({ originPath: 'site/same.png' })
})

const YAML = '"*.png": { name: A }\nnew.png: { tags: { x: 1 } }\n'
const wanted = { ...NO_ATTRIBUTES, name: 'A' }

test('attributes: with the uploads, and for the unchanged assets that differ', () => {
  const plan = planAll({}, { yaml: YAML })
  expect(uploadsOf(plan).map(({ attributes }) => attributes)).toEqual([{ ...wanted, tags: { x: 1 } }, wanted, wanted])
  expect(plan.updates).toEqual([{ kind: 'update', path: 'same.png', originPath: 'same.png', attributes: wanted }])
})

test.each([
  ['has them', { name: 'A' }, YAML, []],
  ['has others', { name: 'B' }, YAML, ['same.png']],
  ['wants none', { name: 'B' }, 'new.png: { name: A }', []],
  ['is not listed with any', {}, 'same.png: { tags: { x: 1 } }', ['same.png']],
])('an unchanged asset that %s', (_, attributes, yaml, expected) => {
  const asset = { ...listedAsset, ...attributes }
  const same = comparison({ reason: UNCHANGED, isUnchanged: true, asset })
  const { updates } = planAll({}, { comparisons: { ...COMPARISONS, 'same.png': same }, yaml })
  expect(updates.map(({ path }) => path)).toEqual(expected)
})

test('upload: false updates nothing', () => {
  expect(planAll({ upload: 'false' }, { yaml: YAML }).updates).toEqual([])
})

test('in mode changed: files that the metadata file alone touches are updated, others with their upload', () => {
  const metadata = parseMetadata(YAML) as Exclude<ReturnType<typeof parseMetadata>, { problems: unknown }>
  const plan = planFor(changesOf([{ path: 'p/a.png', change: 'modified' }], 'p/'), filesOf({ 'p/a.png': 1 }), {
    inputs: inputsOf({ prefix: 'site' }),
    source: sourceOf(),
    metadata,
    touched: ['p/a.png', 'p/b.png'],
  })
  expect(uploadsOf(plan)).toMatchObject([{ path: 'p/a.png', record: 'renew', attributes: wanted }])
  expect(plan.updates).toEqual([{ kind: 'update', path: 'p/b.png', originPath: 'site/b.png', attributes: wanted }])
})

const steps = (count: number, more: Partial<UploadStep>) =>
  Array.from({ length: count }, (_, at) => uploadStep(`${at}`, more))
const either = { route: 'any' } as const

test.each([
  ['records beside uploads cost nothing more', steps(100, full), 0, 49],
  ['a record to take back first, too', steps(100, { ...full, change: 'modified', hasRecord: true }), 0, 49],
  [
    'by sessions, two of those',
    steps(100, { ...full, routes: ['session'], change: 'modified', hasRecord: true }),
    0,
    99,
  ],
  ['by sessions, new ones have none', steps(100, { ...full, routes: ['session'], hasRecord: true }), 0, 74],
  ['by both routes, records take places of sessions', steps(100, { ...full, ...either }), 0, 37],
  ['attributes, as records', steps(100, { ...either, attributes: wanted }), 0, 37],
  ['updates alone', [], 101, 25],
])('the forecast: %s', (_, uploads, updates, seconds) => {
  const update: UpdateStep = { kind: 'update', path: '', originPath: '', attributes: NO_ATTRIBUTES }
  expect(forecastSeconds([...uploads, ...Array(updates).fill(update)], DOCUMENTED_LIMITS)).toBe(seconds)
})

test.each([1, 2, 3, 7, 256])('every path is in exactly one of %i shards', (count) => {
  const indexes = Array.from({ length: count }, (_, at) => at + 1)
  const paths = Array.from({ length: 200 }, (_, at) => `img/${at} é.png`)
  const shards = paths.map((path) => indexes.filter((index) => isInShard(path, { index, count })))
  expect(shards.filter((its) => its.length !== 1)).toEqual([])
  expect(new Set(shards.flat()).size).toBeGreaterThan(Math.min(count, 100) / 2)
})

test('a path that is not UTF-8 is in one shard, too', () => {
  const its = [1, 2, 3].filter((index) => isInShard('a\udce9.png', { index, count: 3 }))
  expect(its).toHaveLength(1)
})
