import type { Judgement, PurgeStep, RunEvent, UploadStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { explain } from '../../src/report/explain.ts'
import { buildReport, type Report } from '../../src/report/json-report.ts'
import { createLedger, type RunState } from '../../src/report/ledger.ts'
import { formatSummary, summaryOf } from '../../src/report/summary.ts'
import { listProblems } from '../../src/runner/annotations.ts'
import { SOURCE_ID } from './imgix.ts'
import { changesOf, filePlan, planWith, purgeStep, skipped, uploadStep } from './plan.ts'

const BASE = `7fd33d2${'0'.repeat(33)}`
const HEAD = `8f2fa4d${'0'.repeat(33)}`
const DOMAIN = 'demo.imgix.net'

type Started = Extract<RunEvent, { kind: 'started' }>
export const started: Started = {
  ...{ kind: 'started', mode: 'changed', dryRun: false, sourceId: SOURCE_ID, domains: [], verify: 'off' },
  ...{ summary: 'pictures', repositoryUrl: 'https://github.com/acme/site' },
}
export const selected: RunEvent = {
  kind: 'selected',
  changes: {
    ...changesOf([]),
    ...{ base: BASE, head: HEAD, baseStrategy: 'last-success' },
    baseReason: 'the head of the last successful run on this branch, run 41',
  },
}
const source: RunEvent = { kind: 'source', source: { type: 's3', domains: [DOMAIN] } }

export function upload(path: string, more: Partial<UploadStep> = {}): UploadStep {
  return uploadStep(`public/${path}`, { originPath: path, change: 'modified', bytes: 31_700, ...more })
}
/** The purge of a file's URL. */
function purgeOf({ path, originPath }: UploadStep, domain = DOMAIN): PurgeStep {
  return purgeStep(`https://${domain}/${originPath}`, { path })
}

export function planned(files: readonly UploadStep[], more: Parameters<typeof planWith>[0] = {}): RunEvent {
  const plan = planWith({ files: files.map((file) => filePlan(file, { purges: [purgeOf(file)] })), ...more })
  return { kind: 'planned', plan, seconds: plan.files.length / 2, forecast: () => 0 }
}

const outcome = { attempts: 1, seconds: 0.2 }
/** A file that was uploaded and purged. */
export function published(event: RunEvent, except: readonly string[] = []): RunEvent[] {
  if (event.kind !== 'planned') return []
  return event.plan.files
    .filter(({ upload }) => !except.includes(upload.originPath))
    .flatMap(({ upload: step, purges }): RunEvent[] => [
      { kind: 'ended', outcome: { step, result: 'done', route: 'direct', ...outcome } },
      ...purges.map((purge): RunEvent => ({ kind: 'ended', outcome: { step: purge, result: 'done', ...outcome } })),
    ])
}

/** Files that are changed and new, in folders. */
function uploads(count: number): UploadStep[] {
  return Array.from({ length: count }, (_, at) => {
    const folder = ['images/hero', 'images/team', 'icons'][at % 3]
    const change = at % 3 === 0 ? 'modified' : 'added'
    return upload(`${folder}/photo-${String(at).padStart(4, '0')}.png`, { change, bytes: 24_800 + at * 100 })
  })
}

const failure = (status: number, more: Partial<ConstructorParameters<typeof ImgixError>[0]> = {}): ImgixError =>
  new ImgixError({
    ...{ method: 'POST', path: '/api/v1/sources/SRC/upload/x', permission: 'Asset Manager Edit', status },
    ...{ requestId: 'df05ef5c', ...more },
  })

const badKey = failure(401, { details: [{ title: 'Unauthorized', detail: '' }] })

export type Scene = { readonly name: string; readonly events: readonly RunEvent[]; readonly seconds?: number }

const of = (name: string, ...events: RunEvent[]): Scene => ({ name, events })
const ended: RunEvent = { kind: 'finished', cancelled: false, error: undefined }

function failed(): RunEvent[] {
  const [a, b, c, d, ...others] = uploads(38)
  const guarded = [
    skipped('public/images/lfs.png', {
      result: 'failed',
      reason: 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull',
    }),
    skipped('public/images/photo.jpg', {
      result: 'failed',
      reason: 'its bytes are those of a PNG file: rename it, or convert it',
    }),
  ]
  const plan = planned(
    [a, b, c, d, ...others].filter((step) => step !== undefined),
    { skipped: guarded },
  )
  const fail = (step: UploadStep | PurgeStep | undefined, error: Error): RunEvent[] =>
    step === undefined ? [] : [{ kind: 'ended', outcome: { step, result: 'failed', error, ...outcome } }]
  const firstPurge =
    plan.kind === 'planned' ? plan.plan.files.find(({ upload: step }) => step === c)?.purges[0] : undefined
  const except = [a, b, c].flatMap((step) => step?.originPath ?? [])
  return [
    ...[started, selected, source, plan, ...published(plan, except)],
    ...fail(a, failure(422, { details: [{ title: 'Unprocessable Entity', detail: 'The image is not readable.' }] })),
    ...fail(b, failure(500, { attempts: 5, requestId: 'e52432fe' })),
    ...(c === undefined
      ? []
      : [{ kind: 'ended', outcome: { step: c, result: 'done', route: 'direct', ...outcome } } as const]),
    ...fail(firstPurge, failure(400, { path: '/api/v1/purge', permission: 'Purge', requestId: 'c1f184b4' })),
    ended,
  ]
}

/** The endings of a run, one each. */
export function scenes(): Scene[] {
  const one = planned(uploads(1))
  const twelve = planned(uploads(12))
  const many = planned(uploads(300))
  const some = planned(uploads(30))
  const huge = planned(uploads(10_000))
  const input = new InputError([
    "root: 'pubilc' is not allowed; a folder of the workspace (there is none of that name)",
    "concurrency: '65' is not allowed; a whole number from 1 to 64",
  ])
  const firstOf = (event: RunEvent): PurgeStep[] =>
    event.kind === 'planned' ? event.plan.files.slice(0, 1).flatMap((file) => [...file.purges]) : []
  const stale = new Map<string, Judgement>(
    firstOf(twelve).map(({ url }) => [
      url,
      { verdict: 'stale', reason: 'its Last-Modified is the one from before the upload', settled: false } as const,
    ]),
  )
  const fresh = new Map<string, Judgement>(
    uploads(12).map((step) => [purgeOf(step).url, { verdict: 'fresh', settled: true } as const]),
  )
  const dry: RunEvent = { ...started, dryRun: true }
  const all: RunEvent = { ...started, mode: 'all', dryRun: true }
  const everything: RunEvent = {
    kind: 'selected',
    changes: { ...changesOf([]), base: '', head: HEAD, baseStrategy: 'all' },
  }
  const unmatched: RunEvent = {
    kind: 'selected',
    changes: {
      ...(selected.kind === 'selected' ? selected.changes : changesOf([])),
      considered: 3,
      rootPath: 'public/',
    },
  }
  const idle: RunEvent = {
    kind: 'idle',
    reason: 'none of 3 changed files below public/ between 7fd33d2 and 8f2fa4d matches the files patterns',
  }
  return [
    of('nothing', started, unmatched, idle, ended),
    of('one', started, selected, source, one, ...published(one), ended),
    of(
      'live',
      { ...started, verify: 'warn', verifySeconds: 60 },
      selected,
      source,
      twelve,
      ...published(twelve),
      { kind: 'verified', verdicts: fresh },
      ended,
    ),
    of('failed', ...failed()),
    of('many', started, selected, source, many, ...published(many), ended),
    of('huge', started, selected, source, huge, ...published(huge), ended),
    of('cancelled', started, selected, source, some, ...published(some).slice(0, 20), {
      kind: 'finished',
      cancelled: true,
      error: undefined,
    }),
    of('dry-run', dry, selected, source, twelve, ended),
    of(
      'dry-run-all',
      all,
      everything,
      source,
      { kind: 'compared', listing: { files: 15, comparisons: new Map(), onlyAtSource: ['old/a.png', 'old/b.png'] } },
      planned(uploads(12), {
        skipped: [1, 2, 3].map((at) =>
          skipped(`public/kept-${at}.png`, { change: 'present', reason: 'unchanged: the Source holds these bytes' }),
        ),
      }),
      ended,
    ),
    of(
      'stale',
      { ...started, verify: 'fail' },
      selected,
      source,
      twelve,
      ...published(twelve),
      { kind: 'verified', verdicts: new Map([...fresh, ...stale]) },
      ended,
    ),
    of('bad-key', started, selected, { kind: 'finished', cancelled: false, error: badKey }),
    of('bad-inputs', { kind: 'finished', cancelled: false, error: input }),
    ...laterScenes(),
  ]
}

function laterScenes(): Scene[] {
  const finished = (error: unknown): RunEvent => ({ kind: 'finished', cancelled: false, error })
  const some = uploads(6)
  const plan = planned(some)
  const forbidden = (requestId: string): ImgixError => failure(403, { requestId, permission: 'Asset Manager Edit' })
  const refused = some.slice(0, 4).map((step, at): RunEvent => {
    return { kind: 'ended', outcome: { step, result: 'failed', error: forbidden(`request-${at}`), ...outcome } }
  })
  const odd = new Map([
    ['public/empty.png', 'an empty file: put the real file in its place'],
    ['public/blank.png', 'an empty file: put the real file in its place'],
  ])
  const lost =
    'files: none of the 2 files below public/ matches, so no push publishes a file: check the patterns, or root'
  const other = purgeStep('https://other.example.com/b.png')
  const purgeOfOther = {
    step: other,
    result: 'failed',
    error: failure(400, { path: '/api/v1/purge', permission: 'Purge' }),
    ...outcome,
  } as const
  const held = { change: 'modified', reason: 'the Source already holds this path' } as const
  const gone = { change: 'deleted', result: 'deleted', reason: 'deleted in git' } as const
  const left = [skipped('public/a.png', held), skipped('public/b.png', held), skipped('public/old.png', gone)]
  const source404 = new InputError(['source-id: Source SRC has no credentials to upload with: add them to the Source'])
  const silent = new ImgixError({
    method: 'GET',
    path: '/api/v1/sources/SRC',
    permission: 'Sources',
    attempts: 5,
    cause: new Error('x', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
  })
  return [
    of('bad-permission', started, selected, source, plan, ...refused, finished(forbidden('request-9'))),
    of(
      'no-key',
      finished(new InputError(["api-key: '' is not allowed; a Management API key, required unless dry-run is true"])),
    ),
    of(
      'refused-source',
      started,
      selected,
      { kind: 'drafted', plan: plan.kind === 'planned' ? plan.plan : planWith() },
      finished(source404),
    ),
    of('unreachable', started, selected, finished(silent)),
    of(
      'warned',
      started,
      { kind: 'selected', changes: { ...changesOf([]), warnings: [lost] } },
      { kind: 'warned', problems: odd },
      source,
      plan,
      ...published(plan),
      ended,
    ),
    of(
      'urls',
      { ...started, sourceId: '' },
      planned([], { purges: [other] }),
      { kind: 'ended', outcome: purgeOfOther },
      ended,
    ),
    of('left', started, selected, source, planned(some, { skipped: left }), ...published(plan), ended),
    of(
      'dry-run-no-key',
      { ...started, dryRun: true, sourceId: '' },
      selected,
      {
        kind: 'planned',
        plan: planWith({ files: some.map((step) => filePlan(step, { purges: [] })) }),
        seconds: 3,
        forecast: () => 0,
      },
      ended,
    ),
  ]
}

function stateOf({ events }: Pick<Scene, 'events'>): Readonly<RunState> {
  const { state, hear } = createLedger(0)
  for (const event of events) hear(event)
  return state
}

/** The summary of a scene, which took a little longer than planned. */
export function summaryOfScene(scene: Scene, maxBytes?: number): string {
  const state = stateOf(scene)
  const report: Report = { ...buildReport(state), seconds: scene.seconds ?? (state.plannedSeconds ?? 0) + 1.3 }
  const problems = listProblems(state.error, 'imgix sync', explain).map(({ line }) => line)
  return formatSummary(report, summaryOf(state, report, problems), maxBytes)
}
