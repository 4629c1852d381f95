import { expect, test } from 'vitest'
import type { EmulatorOptions, Fault } from '../../emulator/server.ts'
import type { Plan } from '../../src/events.ts'
import type { SyncSettings } from '../../src/sync/sync.ts'
import { emulate } from '../helpers/emulator.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { apiOf, carryOut, type Outcomes, uploadPlan, withUploads } from '../helpers/sync.ts'

waitShortly()

const COUNT = 24
// The first half needs no wait. A session for the other half is sooner stored than a direct upload after that wait,
// also where an answer takes long.
const LIMITS = { upload: { count: COUNT / 2, perMs: 1000 } }
// as many uploads as sessions, of two requests each
const EVEN_LIMITS = { upload: { count: 2, perMs: 400 }, default: { count: 4, perMs: 400 } }

function eitherPlan(count = COUNT): Plan {
  const plan = uploadPlan(Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.png`, `${at}`])), [
    'direct',
    'session',
  ])
  return withUploads(plan, (step) => ({ ...step, route: 'any' }))
}

async function syncEither(
  options: EmulatorOptions,
  faults: Fault[] = [],
  { existing = 5, limits = LIMITS, ...more }: Partial<SyncSettings> & { existing?: number; limits?: object } = {},
) {
  const imgix = await emulate(options)
  for (const fault of faults) imgix.fault(fault)
  for (let at = 0; at < existing; at += 1) imgix.put(`${at}.png`, 'older')
  const api = apiOf(imgix, { maxAttempts: 3, limits })
  const outcomes = await carryOut(eitherPlan(), api, { concurrency: 8, ...more })
  const closed = outcomes.events.filter(({ kind }) => kind === 'sessions-closed')
  return { imgix, outcomes, closed }
}

const via = ({ uploads }: Outcomes, route: string): number =>
  Object.values(uploads).filter((outcome) => outcome.result === 'done' && outcome.route === route).length

const contents = (imgix: { objects: Map<string, { body: Buffer | undefined }> }): string[] =>
  [...imgix.objects].map(([path, { body }]) => `${path} ${body}`).sort()
const wanted = Array.from({ length: COUNT }, (_, at) => `${at}.png ${at}`).sort()

test('small files take whichever route is free: about as many each way', async () => {
  const { imgix, outcomes, closed } = await syncEither({}, [], { limits: EVEN_LIMITS })
  expect([via(outcomes, 'direct') + via(outcomes, 'session'), closed]).toEqual([COUNT, []])
  expect(via(outcomes, 'direct')).toBeGreaterThanOrEqual(COUNT / 3)
  expect(via(outcomes, 'session')).toBeGreaterThanOrEqual(COUNT / 3)
  expect(contents(imgix)).toEqual(wanted)
  expect([...imgix.sessions.values()].filter(({ status }) => status !== 'CLOSED')).toEqual([])
})

const opening = /upload-sessions\/create/
const always = Number.POSITIVE_INFINITY

test.each([
  ['a session can not overwrite', { sessionRefusesExisting: true }, []],
  ['the Source refuses sessions', {}, [{ on: { path: opening }, times: always, do: { answer: { status: 400 } } }]],
  ['the key may not open sessions', {}, [{ on: { path: opening }, times: always, do: { answer: { status: 403 } } }]],
  ['there are no sessions', {}, [{ on: { path: /upload-sessions/ }, times: always, do: { answer: { status: 404 } } }]],
  [
    'sessions are out of order',
    {},
    [{ on: { path: opening }, times: always, do: { answer: { status: 503, headers: { 'retry-after': '0' } } } }],
  ],
  ['the storage refuses', {}, [{ on: { method: 'PUT' }, times: always, do: { answer: { status: 403 } } }]],
  ['a session can not be closed', {}, [{ on: { path: /close/ }, times: always, do: { answer: { status: 400 } } }]],
] satisfies [string, EmulatorOptions, Fault[]][])(
  'where %s, the route closes and its files go direct',
  async (_, options, faults) => {
    const { imgix, outcomes, closed } = await syncEither(options, faults, { existing: COUNT })
    expect(Object.values(outcomes.uploads).map(({ result }) => result)).toEqual(Array(COUNT).fill('done'))
    expect(Object.values(outcomes.purges).map(({ result }) => result)).toEqual(Array(COUNT).fill('done'))
    expect([closed.length, outcomes.stoppedBy, contents(imgix)]).toEqual([1, undefined, wanted])
    expect(via(outcomes, 'direct')).toBeGreaterThanOrEqual(COUNT / 2)
    // those that had begun when it closed, and no more
    const sessions = new Set(imgix.transcript.flatMap((line) => /create\/\d+/.exec(line) ?? []))
    expect(sessions.size).toBeLessThanOrEqual(8)
  },
)

test('a key that is not accepted ends the run in either route', async () => {
  const { outcomes, closed } = await syncEither({}, [
    { on: { path: opening }, times: always, do: { answer: { status: 401 } } },
  ])
  expect([outcomes.stoppedBy, closed]).toEqual([expect.objectContaining({ status: 401 }), []])
})

test.each(['skip', 'fail'] as const)(
  'on-conflict %s: what was there stays, in either route',
  async (conflictPolicy) => {
    const { imgix, outcomes, closed } = await syncEither({}, [], { conflictPolicy })
    const result = conflictPolicy === 'skip' ? 'skipped' : 'failed'
    const kept = Array.from({ length: 5 }, (_, at) => `${at}.png older`)
    expect(Object.values(outcomes.uploads).filter((outcome) => outcome.result === result)).toHaveLength(5)
    expect(contents(imgix)).toEqual([...kept, ...wanted.filter((line) => Number.parseInt(line, 10) >= 5)].sort())
    expect(closed).toEqual([])
  },
)

test.each([
  ['skip', 'the storage refuses', { on: { method: 'PUT' }, times: always, do: { answer: { status: 403 } } }],
  ['fail', 'the storage refuses', { on: { method: 'PUT' }, times: always, do: { answer: { status: 403 } } }],
  ['fail', 'sessions can not be closed', { on: { path: /close/ }, times: always, do: { answer: { status: 400 } } }],
] satisfies ['skip' | 'fail', string, Fault][])(
  'on-conflict %s, and %s: nothing fails for the route',
  async (conflictPolicy, _, fault) => {
    const { outcomes, closed } = await syncEither({}, [fault], { conflictPolicy })
    const results = Object.values(outcomes.uploads).map(({ result }) => result)
    expect(results.filter((result) => result === 'done')).toHaveLength(COUNT - 5)
    expect(results.filter((result) => result === (conflictPolicy === 'skip' ? 'skipped' : 'failed'))).toHaveLength(5)
    expect(closed).toHaveLength(1)
  },
)

test('a session that fails after its bytes are stored does not make a file count as skipped', async () => {
  const { outcomes } = await syncEither(
    {},
    [{ on: { path: /close/ }, times: always, do: { answer: { status: 400 } } }],
    {
      conflictPolicy: 'skip',
    },
  )
  const results = Object.entries(outcomes.uploads).map(([path, { result }]) => `${result} ${path}`)
  expect(results.filter((line) => line.startsWith('skipped')).sort()).toEqual(
    Array.from({ length: 5 }, (_, at) => `skipped ${at}.png`),
  )
})
