import { expect, test } from 'vitest'
import type { CallStep, Outcome, PurgeStep, RunEvent, UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { buildReport } from '../../src/report/json-report.ts'
import { createLedger } from '../../src/report/ledger.ts'
import { SOURCE_ID } from '../helpers/imgix.ts'
import { changesOf, filePlan, planWith, purgeStep, skipped, sourceOf, uploadStep } from '../helpers/plan.ts'
import { findMistakes } from '../helpers/schema.ts'

/** The report of a run to which this happened. */
function reportAfter(...events: RunEvent[]) {
  const { state, hear } = createLedger(performance.now())
  hear({
    kind: 'started',
    mode: 'changed',
    dryRun: false,
    sourceId: SOURCE_ID,
    domains: ['a.imgix.net'],
    verify: 'off',
    summary: 'off',
    repositoryUrl: '',
  })
  events.forEach(hear)
  const report = buildReport(state)
  expect(findMistakes('report', report)).toEqual([])
  const { seconds, ...rest } = report
  expect(typeof seconds).toBe('number')
  return rest
}

const HEAD = {
  ...{ version: 1, mode: 'changed', dryRun: false, cancelled: false },
  ...{ base: '', head: '', baseStrategy: '' },
  source: { id: SOURCE_ID, type: '', domains: ['a.imgix.net'] },
  counts: { uploaded: 0, skipped: 0, purged: 0, failed: 0 },
  files: [],
  urls: [],
  updates: [],
  assets: [],
}

test('a run that ended before it knew anything', () => {
  expect(reportAfter()).toEqual(HEAD)
})

test('a run with every result', () => {
  const steps = ['d.png', 'c.png', 'b.png', 'a.png'].map((path) => uploadStep(path, { originPath: `site/${path}` }))
  const [, c, b, a] = steps as [(typeof steps)[0], (typeof steps)[0], (typeof steps)[0], (typeof steps)[0]]
  const [pa, pb, pc] = [a, b, c].map(({ path }) => purgeStep(`https://a.imgix.net/${path}`, { path })) as [
    PurgeStep,
    PurgeStep,
    PurgeStep,
  ]
  const error = new ImgixError({ method: 'POST', path: '/x', status: 400, attempts: 2, reason: 'why', remedy: 'do it' })
  const plan = planWith({
    files: steps.map((step) => filePlan(step, { purges: [pa, pb, pc].filter(({ path }) => path === step.path) })),
    purges: [
      purgeStep('https://a.imgix.net/inputs.png'),
      purgeStep('https://a.imgix.net/gone.png', { path: 'gone.png' }),
    ],
    skipped: [
      skipped('gone.png', { originPath: 'site/gone.png', change: 'deleted', result: 'deleted', reason: 'gone' }),
      skipped('z\udce9', { originPath: 'site/z\udce9', result: 'failed', reason: 'its name is not UTF-8' }),
      skipped('y.png', { originPath: 'site/y.png', change: 'modified', reason: 'upload is false' }),
    ],
  })
  const outcomes: Outcome[] = [
    { step: a, result: 'done', route: 'session', attempts: 1, seconds: 1.23456 },
    { step: b, result: 'failed', attempts: 2, seconds: 0.1, error },
    { step: c, result: 'skipped', reason: 'there', attempts: 1, seconds: 0 },
    { step: pa, result: 'done', attempts: 3, seconds: 0 },
    { step: pb, result: 'not-done', reason: 'its upload was not done', attempts: 0, seconds: 0 },
    { step: pc, result: 'failed', attempts: 2, error, seconds: 0 },
  ]
  const report = reportAfter(
    { kind: 'selected', changes: changesOf([]) },
    { kind: 'source', source: sourceOf() },
    { kind: 'planned', plan, seconds: 0, forecast: () => 0 },
    ...outcomes.map((outcome) => ({ kind: 'ended', outcome }) as const),
  )
  const file = { change: 'added', bytes: 1, via: null, attempts: 0, seconds: 0 }
  const url = { subImage: false, attempts: 0 }
  expect(report).toEqual({
    ...HEAD,
    ...{ base: '1'.repeat(40), head: '2'.repeat(40), baseStrategy: 'event' },
    source: { id: SOURCE_ID, type: 's3', domains: ['a.imgix.net'] },
    counts: { uploaded: 1, skipped: 2, purged: 1, failed: 3 },
    files: [
      {
        ...file,
        path: 'a.png',
        originPath: 'site/a.png',
        via: 'session',
        result: 'uploaded',
        attempts: 1,
        seconds: 1.235,
      },
      {
        ...file,
        path: 'b.png',
        originPath: 'site/b.png',
        result: 'failed',
        attempts: 2,
        seconds: 0.1,
        error: 'why; do it (400, 2 tries)',
      },
      { ...file, path: 'c.png', originPath: 'site/c.png', result: 'skipped', reason: 'there', attempts: 1 },
      { ...file, path: 'd.png', originPath: 'site/d.png', result: 'planned' },
      {
        ...file,
        path: 'gone.png',
        originPath: 'site/gone.png',
        change: 'deleted',
        bytes: null,
        result: 'deleted',
        reason: 'gone',
      },
      {
        ...file,
        path: 'y.png',
        originPath: 'site/y.png',
        change: 'modified',
        bytes: null,
        result: 'skipped',
        reason: 'upload is false',
      },
      {
        ...file,
        path: 'z\ufffd',
        originPath: 'site/z\ufffd',
        bytes: null,
        result: 'failed',
        error: 'its name is not UTF-8',
      },
    ],
    urls: [
      { ...url, url: 'https://a.imgix.net/a.png', path: 'a.png', result: 'purged', attempts: 3 },
      { ...url, url: 'https://a.imgix.net/b.png', path: 'b.png', result: 'planned', error: 'its upload was not done' },
      {
        ...url,
        url: 'https://a.imgix.net/c.png',
        path: 'c.png',
        result: 'failed',
        attempts: 2,
        error: 'why; do it (400, 2 tries)',
      },
      { ...url, url: 'https://a.imgix.net/gone.png', path: 'gone.png', result: 'planned' },
      { ...url, url: 'https://a.imgix.net/inputs.png', result: 'planned' },
    ],
  })
})

test('a dry run says by which route', () => {
  const plan = planWith({ files: [filePlan(uploadStep('a.png', { routes: ['session'] }))] })
  const more = { summary: 'off', repositoryUrl: '' } as const
  const started = {
    kind: 'started',
    mode: 'changed',
    dryRun: true,
    sourceId: '',
    domains: [],
    verify: 'off',
    ...more,
  } as const
  expect(reportAfter(started, { kind: 'drafted', plan }).files).toMatchObject([
    { path: 'a.png', via: 'session', result: 'planned' },
  ])
})

test('updates of attributes and calls of the Asset Manager', () => {
  const attributes = { ...NO_ATTRIBUTES, categories: ['logo'] }
  const [done, planned] = [uploadStep('done.png', { attributes }), uploadStep('left.png', { attributes })]
  const update = (name: string): UpdateStep => ({ kind: 'update', path: name, originPath: `site/${name}`, attributes })
  const call = (name: string): CallStep => ({ kind: 'call', path: name, originPath: name, call: 'refresh' })
  const [same, failed] = [update('same.png'), update('failed.png')]
  const [added, refused] = [call('done.png'), call('refused.png')]
  const plan = planWith({
    files: [filePlan(done, { calls: [added] }), filePlan(planned), filePlan(uploadStep('plain.png'))],
    updates: [same, failed],
    calls: [refused, call('later.png')],
  })
  const error = new ImgixError({
    method: 'PATCH',
    path: '/x',
    status: 400,
    attempts: 1,
    reason: 'why',
    remedy: 'do it',
  })
  const rest = { attempts: 1, seconds: 0 }
  const outcomes: Outcome[] = [
    { step: { ...update('done.png'), originPath: 'done.png' }, result: 'done', ...rest },
    { step: same, result: 'skipped', reason: 'the asset has it all', ...rest },
    { step: failed, result: 'failed', error, ...rest },
    { step: added, result: 'done', ...rest },
    { step: refused, result: 'failed', error, ...rest },
  ]
  const { updates, assets } = reportAfter(
    { kind: 'planned', plan, seconds: 0, forecast: () => 0 },
    ...outcomes.map((outcome) => ({ kind: 'ended', outcome }) as const),
  )
  const why = 'why; do it (400)'
  expect(updates).toEqual([
    { path: 'done.png', originPath: 'done.png', result: 'updated' },
    { path: 'failed.png', originPath: 'site/failed.png', result: 'failed', error: why },
    { path: 'left.png', originPath: 'left.png', result: 'planned' },
    { path: 'same.png', originPath: 'site/same.png', result: 'same' },
  ])
  expect(assets).toEqual([
    { path: 'done.png', originPath: 'done.png', call: 'refresh', result: 'done' },
    { path: 'later.png', originPath: 'later.png', call: 'refresh', result: 'planned' },
    { path: 'refused.png', originPath: 'refused.png', call: 'refresh', result: 'failed', error: why },
  ])
})
