import { describe, expect, test } from 'vitest'
import { readJobLog } from '../../emulator/workflow-commands.ts'
import type { RunEvent } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { createLedger } from '../../src/report/ledger.ts'
import { createLog, slowDownLine, videosLine } from '../../src/report/log.ts'
import { changesOf, planWith, purgeStep } from '../helpers/plan.ts'
import { captureStdout } from '../helpers/stdout.ts'

const error = new ImgixError({ method: 'POST', path: '/x', status: 400, permission: 'Purge' })

/** What events print, one after the other. */
function print(...events: RunEvent[]) {
  const { state, hear } = createLedger(0)
  const log = createLog(state)
  const printed = captureStdout()
  for (const event of events) {
    hear(event)
    log.hear(event)
  }
  return { ...readJobLog(printed()), printed: printed() }
}

const limited = { limitClass: 'upload', limit: { count: 20, perMs: 1000 }, refusals: 12 } as const
const slowed = {
  kind: 'slowed',
  limits: { upload: limited.limit, purge: { count: 10, perMs: 1000 } },
  shards: 1,
} as const
const REMEDY =
  'the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits'

test.each([
  ['half', { count: 10, perMs: 1000 }, 'upload=10/s'],
  ['more than one a second, and no whole number', { count: 100, perMs: 60_000 }, 'upload=100/m'],
  ['less than one a second', { count: 1, perMs: 1500 }, 'upload=40/m'],
  ['less than one a minute', { count: 1, perMs: 100_000 }, 'upload=36/h'],
  ['hardly any', { count: 1, perMs: 1e8 }, 'upload=1/h'],
])('limits that are lower than assumed: %s', (_, accepted, setting) => {
  expect(slowDownLine({ ...slowed, slowDowns: [{ ...limited, accepted }] })).toBe(
    `imgix refused (429) 12 upload requests though rate-limits allows 20/s: ${REMEDY}: ${setting}`,
  )
})

test('one value for several classes, with what else is set, of all shards', () => {
  const slowDowns = [{ ...limited, accepted: { count: 5, perMs: 1000 } }]
  const limits = { ...slowed.limits, default: { count: 1, perMs: 1000 }, get: { count: 5, perMs: 1000 } }
  expect(slowDownLine({ ...slowed, slowDowns, limits, shards: 2 })).toBe(
    `imgix refused (429) 12 upload requests though rate-limits allows 40/s: ${REMEDY}: upload=10/s, purge=20/s, default=2/s`,
  )
  const both = [
    ...slowDowns,
    { ...limited, limitClass: 'purge', limit: { count: 10, perMs: 1000 }, accepted: { count: 3, perMs: 1000 } },
  ]
  expect(slowDownLine({ ...slowed, slowDowns: both })).toMatch(/12 upload .* and 12 purge .*: upload=5\/s, purge=3\/s$/)
})

test('method and path of a request are in the debug log alone', () => {
  const step = purgeStep('https://a/b')
  const { printed } = print({ kind: 'ended', outcome: { step, result: 'failed', error, attempts: 1, seconds: 1 } })
  const lines = printed.split('\n').filter((line) => line.includes('POST /x'))
  expect(lines).toEqual(['::debug::POST /x: 400'])
})

test('videos', () => {
  expect([videosLine(['a.mp4']), videosLine(['a\n.mp4', 'b.mp4'])]).toEqual([
    expect.stringMatching(/^1 video changed or deleted \(a\.mp4\): purges do not reach imgix's Video API, /),
    expect.stringMatching(/^2 videos changed or deleted \(a\\n\.mp4, …\): /),
  ])
})

describe('events', () => {
  const page = { summary: 'off', repositoryUrl: '' } as const
  const started = { kind: 'started', dryRun: false, sourceId: 'SRC', domains: [], verify: 'off', ...page } as const
  const plan = planWith()

  test.each([
    ['changed', 'Changed files'],
    ['all', 'Files'],
  ] as const)('what mode %s selects', (mode, title) => {
    const changes = { ...changesOf([]), steps: ['a step'], notices: ['look'], hints: ['better'], warnings: ['care'] }
    const leftOut = new Map([['a', 'a link']])
    const { printed, annotations } = print({ ...started, mode }, { kind: 'selected', changes: { ...changes, leftOut } })
    expect(printed).toContain(`::group::${title}\na step\nbetter\nhead: ${'2'.repeat(40)}\nnothing changed`)
    expect(annotations).toEqual([
      { level: 'notice', message: 'look', properties: {} },
      { level: 'warning', message: 'care', properties: {} },
      { level: 'warning', message: 'a: a link', properties: { file: 'a', title: 'imgix sync: guard' } },
    ])
  })

  test('a plan, with the Source that was read', () => {
    const source = { type: 's3', domains: ['a.net'] }
    const planned = { kind: 'planned', plan, seconds: 0, forecast: () => 0 } as const
    expect(print({ ...started, mode: 'all' }, { kind: 'source', source }, planned).printed).toBe(
      '::group::Plan: 0 uploads (0 B), 0 purges\nSource SRC (s3), domains: a.net\n::endgroup::\n',
    )
  })

  test.each<[string, RunEvent]>([
    ['a\\n::error::b', { kind: 'note', level: 'info', text: 'a\n::error::b' }],
    ['nothing is selected', { kind: 'idle', reason: 'nothing is selected' }],
    ["metadata: no file matches '*.gif'", { kind: 'idle-patterns', patterns: ['*.gif'] }],
    [
      'purged https://a/b',
      { kind: 'ended', outcome: { step: purgeStep('https://a/b'), result: 'done', attempts: 1, seconds: 1 } },
    ],
    [
      'small files go by direct upload alone from here on, as an upload session failed: imgix refuses the request (400)',
      { kind: 'sessions-closed', because: error },
    ],
    [
      "whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed: imgix refuses the request (400)",
      { kind: 'records-unknown', because: error },
    ],
    [
      'waits 90 s before another try: imgix refuses the request (400)',
      { kind: 'waits', waitMs: 90_000, because: error },
    ],
    [
      'verify: 2 of 3 URLs settled, looks at the others again in 1.5 s: https://a/b',
      { kind: 'looked', left: 1, all: 3, urls: ['https://a/b'], waitMs: 1500 },
    ],
    [
      'verify: 0 of 5 URLs settled, looks at the others again in 1.5 s: https://a/b, https://a/c and 3 more',
      { kind: 'looked', left: 5, all: 5, urls: ['https://a/b', 'https://a/c'], waitMs: 1500 },
    ],
    ['purged again https://a/b', { kind: 'purged-again', url: 'https://a/b' }],
    [
      'not purged again https://a/b: imgix refuses the request (400)',
      { kind: 'purged-again', url: 'https://a/b', error },
    ],
  ])('prints: %s', (line, event) => {
    expect(print(event).printed).toBe(`${line}\n`)
  })

  test.each<[string, string, RunEvent]>([
    ['notice', 'a', { kind: 'note', level: 'notice', text: 'a' }],
    [
      'notice',
      "every file is taken, as the Source's assets can't be listed",
      { kind: 'unlisted', why: "the Source's assets can't be listed" },
    ],
    ['warning', 'a.png: empty', { kind: 'warned', problems: new Map([['a.png', 'empty']]) }],
    ['notice', videosLine(['a.mp4']), { kind: 'sync-began', videos: ['a.mp4'] }],
  ])('a %s: %s', (level, message, event) => {
    expect(print(event).annotations).toMatchObject([{ level, message }])
  })

  const silent: RunEvent[] = [
    { kind: 'idle-patterns', patterns: [] },
    { kind: 'drafted', plan },
    { kind: 'sync-began', videos: [] },
    { kind: 'sync-ended' },
    { kind: 'listed', assets: 100 },
    { kind: 'finished', cancelled: false, error },
  ]
  test('nothing of what the report or the progress is for', () => {
    expect(silent.map((event) => [event.kind, print(event).printed])).toEqual(silent.map(({ kind }) => [kind, '']))
  })
})
