import { expect, test } from 'vitest'
import type { Outcome, RecordStep, RunEvent, Step, UpdateStep } from '../../src/events.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { createLedger, failuresOf, type RunState, unrecordedOf } from '../../src/report/ledger.ts'
import { changesOf, planWith, purgeStep, uploadStep } from '../helpers/plan.ts'

const EMPTY: RunState = {
  startedAt: 5,
  mode: 'changed',
  dryRun: false,
  verify: 'off',
  source: { id: '', type: '' },
  domains: [],
  changes: { base: '', head: '', baseStrategy: '' },
  ...{ summary: 'pictures', repositoryUrl: '', plannedSeconds: undefined },
  reason: undefined,
  plan: planWith(),
  outcomes: new Map(),
  isCompared: false,
  onlyAtSource: [],
  warnings: [],
  verdicts: new Map(),
  cancelled: false,
  error: undefined,
}

function after(...events: RunEvent[]): RunState {
  const { state, hear } = createLedger(5)
  events.forEach(hear)
  return state
}

const upload = uploadStep('a')
const purge = purgeStep('https://a/a')
const plan = planWith({ purges: [purge] })
const place = { path: 'a', originPath: 'a' }
const update: UpdateStep = { kind: 'update', ...place, attributes: NO_ATTRIBUTES }
const record: RecordStep = { kind: 'record', ...place, record: 'always' }
const error = new Error('no')
const done = { result: 'done', attempts: 1, seconds: 1 } as const
const failed = { result: 'failed', error, attempts: 1, seconds: 1 } as const
const ended = (outcome: Outcome): RunEvent => ({ kind: 'ended', outcome })
const outcomes = (...all: Outcome[]): Pick<RunState, 'outcomes'> => ({
  outcomes: new Map(all.map((outcome) => [outcome.step, outcome])),
})
const started = { mode: 'all', dryRun: true, verify: 'warn', summary: 'off', repositoryUrl: 'https://a/b/c' } as const
const source = { type: 's3', domains: ['a.net'] }
const changes = changesOf([])

test.each<[string, RunEvent[], Partial<RunState>]>([
  ['nothing', [], {}],
  [
    'its start',
    [{ kind: 'started', ...started, sourceId: 'SRC', domains: [] }],
    { ...started, source: { id: 'SRC', type: '' } },
  ],
  ['a Source', [{ kind: 'source', source }], { source: { id: '', type: 's3' }, domains: ['a.net'] }],
  [
    'a Source, where the inputs name domains',
    [
      { kind: 'started', ...started, sourceId: 'SRC', domains: ['b.net'] },
      { kind: 'source', source },
    ],
    { ...started, source: { id: 'SRC', type: 's3' }, domains: ['b.net'] },
  ],
  ['no files', [{ kind: 'idle', reason: 'nothing changed' }], { reason: 'nothing changed' }],
  ['files', [{ kind: 'selected', changes }], { changes }],
  [
    'warnings, of each stage',
    [
      { kind: 'note', level: 'warning', text: 'first' },
      { kind: 'note', level: 'info', text: 'no warning' },
      { kind: 'selected', changes: { ...changes, warnings: ['then'], leftOut: new Map([['a', 'a link']]) } },
      { kind: 'warned', problems: new Map([['b', 'empty']]) },
    ],
    {
      changes: { ...changes, warnings: ['then'], leftOut: new Map([['a', 'a link']]) },
      warnings: [{ text: 'first' }, { text: 'then' }, { path: 'a', text: 'a link' }, { path: 'b', text: 'empty' }],
    },
  ],
  [
    'a comparison',
    [{ kind: 'compared', listing: { files: 1, comparisons: new Map(), onlyAtSource: ['b'] } }],
    { isCompared: true, onlyAtSource: ['b'] },
  ],
  ['a plan before its guards', [{ kind: 'drafted', plan }], { plan }],
  ['a plan', [{ kind: 'planned', plan, seconds: 1, forecast: () => 1 }], { plan, plannedSeconds: 1 }],
  [
    'outcomes of files and URLs',
    [ended({ step: upload, ...failed }), ended({ step: purge, ...done })],
    outcomes({ step: upload, ...failed }, { step: purge, ...done }),
  ],
  ['attributes', [ended({ step: update, ...done })], outcomes({ step: update, ...done })],
  ['attributes that failed', [ended({ step: update, ...failed })], outcomes({ step: update, ...failed })],
  ['a record', [ended({ step: record, ...done })], {}],
  ['a record that failed', [ended({ step: record, ...failed })], outcomes({ step: record, ...failed })],
  [
    'verdicts',
    [{ kind: 'verified', verdicts: new Map([['https://a/a', { verdict: 'fresh', settled: true }]]) }],
    { verdicts: new Map([['https://a/a', { verdict: 'fresh', settled: true }]]) },
  ],
  ['its end', [{ kind: 'finished', cancelled: true, error }], { cancelled: true, error }],
  ['what changes nothing', [{ kind: 'sync-began', videos: [] }, { kind: 'sync-ended' }], {}],
])('the state after %s', (_, events, expected) => {
  expect(after(...events)).toEqual({ ...EMPTY, ...expected })
})

test('what somebody has to mend, and the records that are only missing', () => {
  const renewed: RecordStep = { ...record, record: 'renew' }
  const fail = (step: Step) => ({ step, ...failed })
  const state = outcomes(fail(update), fail(record), fail(renewed), fail(upload), { step: purge, ...done })
  expect(failuresOf(state)).toEqual([upload, update, renewed].map(fail))
  expect(unrecordedOf(state)).toEqual([fail(record)])
})
