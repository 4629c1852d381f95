import { describe, expect, test } from 'vitest'
import type { WorkflowEvent } from '../../src/runner/environment.ts'
import { type Bases, branchOf, findBases, isDeletion, needsRuns } from '../../src/select/base.ts'
import type { RunHistory } from '../../src/select/runs.ts'
import { RECORDED, recordedEvent } from '../helpers/events.ts'

const OLDER = '3'.repeat(40)
const LEFT = '4'.repeat(40)

const known = {
  known: true as const,
  ...{ lastSuccess: undefined, laterSuccess: undefined, onlyFailures: false, unfinishedRuns: [] },
}
const HISTORIES = {
  'last success older': { ...known, lastSuccess: { sha: OLDER, runNumber: 41 } },
  'last success older, a lost run since': {
    ...known,
    lastSuccess: { sha: OLDER, runNumber: 41 },
    unfinishedRuns: [LEFT, RECORDED.after, LEFT],
  },
  'last success of the same commit': { ...known, lastSuccess: { sha: RECORDED.after, runNumber: 41 } },
  'only failures': { ...known, onlyFailures: true, unfinishedRuns: [LEFT] },
  'no runs': known,
  'a later success': { ...known, lastSuccess: { sha: OLDER, runNumber: 41 }, laterSuccess: { runNumber: 44 } },
  'only a later success': { ...known, laterSuccess: { runNumber: 44 } },
  forbidden: { known: false, cause: 'forbidden', why: 'the token may not read workflow runs' },
  'no token': { known: false, cause: 'no-token', why: 'there is no github-token to read workflow runs with' },
  'no answer': { known: false, cause: 'no-answer', why: "GitHub's API does not answer (503)" },
} as const satisfies Record<string, RunHistory>
type Name = keyof typeof HISTORIES

const NOTHING: Bases = {
  ...{ candidates: [], skipped: [], unfinishedRuns: [], notices: [], hints: [], warnings: [] },
}
const BEFORE: Bases['candidates'] = [
  {
    strategy: 'event',
    ref: RECORDED.before,
    mergeBase: false,
    reason: 'the commit of the branch before the push',
  },
]
const NEW_BRANCH: Bases['candidates'] = [
  {
    strategy: 'merge-base',
    ref: 'main',
    mergeBase: true,
    reason: 'the merge base of a new branch with the default branch, main',
  },
]
const lastSuccess = (ref: string, more = ''): Bases['candidates'] => [
  {
    strategy: 'last-success',
    ref,
    mergeBase: false,
    reason: `the head of the last successful run on this branch, run 41${more}`,
  },
]
const SAME = lastSuccess(RECORDED.after, '; it is the commit that is checked out')

const LATER =
  'run 44 of this workflow is later than this run and has already succeeded on this branch: this run publishes older bytes of each file that both changed; run the later one again after it'
const ACTIONS_READ =
  'with the permission `actions: read` this step also publishes what failed or cancelled runs did not; without it, only what this event changed'
const NO_RUNS = 'not from the last successful run: no earlier run of this workflow succeeded on this branch'
const FORBIDDEN = 'not from the last successful run: the token may not read workflow runs'
const NO_TOKEN = 'not from the last successful run: there is no github-token to read workflow runs with'
const NO_ANSWER = "not from the last successful run: GitHub's API does not answer (503)"
const UNREAD =
  "earlier runs can't be read: GitHub's API does not answer (503); what they did not publish is unknown: run this job again later"
const FOREIGN = 'not from runs: the commit that is checked out is not the commit of the event'
const NOT_TRUSTED = 'not from the event: earlier runs may not have published the commits before it'

/** What every history leads to, for an event with its own base, one of a new branch, or one with none. */
function expectations(
  own: Bases['candidates'],
  why: string[],
  { distrusted = [], notTrusted = [] }: { distrusted?: Bases['candidates']; notTrusted?: string[] } = {},
): Record<Name, Bases> {
  const older = { ...NOTHING, candidates: lastSuccess(OLDER), skipped: why }
  return {
    'last success older': older,
    'last success older, a lost run since': { ...older, unfinishedRuns: [LEFT] },
    'last success of the same commit': { ...NOTHING, candidates: [...own, ...SAME], skipped: why },
    'only failures': {
      ...NOTHING,
      candidates: distrusted,
      skipped: [...why, NO_RUNS, ...notTrusted],
      unfinishedRuns: [LEFT],
    },
    'no runs': { ...NOTHING, candidates: own, skipped: [...why, NO_RUNS] },
    'a later success': { ...older, warnings: [LATER] },
    'only a later success': { ...NOTHING, candidates: own, skipped: [...why, NO_RUNS], warnings: [LATER] },
    forbidden: { ...NOTHING, candidates: own, skipped: [...why, FORBIDDEN], hints: [ACTIONS_READ] },
    'no token': { ...NOTHING, candidates: own, skipped: [...why, NO_TOKEN] },
    'no answer': {
      ...NOTHING,
      candidates: distrusted,
      skipped: [...why, NO_ANSWER, ...notTrusted],
      warnings: [UNREAD],
    },
  }
}

const ofPush = expectations(BEFORE, [], { notTrusted: [NOT_TRUSTED] })
const FIRST = 'not from the event: this is the first push of the branch'
const none = (event: string) => expectations([], [`not from the event: '${event}' has none`])

describe.each([
  ['push', 'a push of a branch', ofPush],
  ['push', 'workflow_call: the event of its caller', ofPush],
  ['push', 'a re-run: the event of the first attempt', ofPush],
  ['push-forced', 'a forced push', ofPush],
  ['push-first-of-branch', 'the first push of a branch', expectations(NEW_BRANCH, [FIRST], { distrusted: NEW_BRANCH })],
  ['push-first-of-repository', 'the first push of the repository', expectations([], [FIRST])],
  ['workflow-dispatch', 'workflow_dispatch', none('workflow_dispatch')],
  ['schedule', 'schedule', none('schedule')],
  ['repository-dispatch', 'repository_dispatch', none('repository_dispatch')],
])('%s: %s', (file, _, expected) => {
  const event = recordedEvent(file)
  test.each(Object.keys(HISTORIES) as Name[])('%s', (name) => {
    const head = { sha: RECORDED.after, parents: [RECORDED.before] }
    expect(needsRuns(event, '')).toBe(true)
    expect(findBases(event, { baseInput: '', head, runs: HISTORIES[name] })).toEqual(expected[name])
  })
})

describe("another commit than the event's is checked out", () => {
  test.each(['schedule', 'workflow-dispatch', 'repository-dispatch', 'workflow-run'])('%s', (file) => {
    const event = recordedEvent(file)
    const head = { sha: OLDER, parents: [] }
    const bases = findBases(event, { baseInput: '', head, runs: HISTORIES['last success older'] })
    const why = `not from the event: '${event.name}' has none`
    expect(bases).toEqual({ ...NOTHING, skipped: [why, FOREIGN] })
  })

  test('a push: the commit that the branch was at before', () => {
    const head = { sha: RECORDED.before, parents: [] }
    const bases = findBases(recordedEvent('push'), { baseInput: '', head, runs: HISTORIES['last success older'] })
    expect(bases).toEqual({ ...NOTHING, skipped: [FOREIGN] })
  })

  test('a push: the branch has moved on', () => {
    const head = { sha: OLDER, parents: [] }
    const bases = findBases(recordedEvent('push'), { baseInput: '', head, runs: HISTORIES['no token'] })
    expect(bases.candidates).toEqual(BEFORE)
  })
})

test('a token that GitHub does not accept: an event without a base of its own takes every file', () => {
  const runs = { known: false, cause: 'bad-token', why: 'github-token is not accepted (401)' } as const
  const head = { sha: RECORDED.after, parents: [] }
  const bases = findBases(recordedEvent('workflow-dispatch'), { baseInput: '', head, runs })
  const hint =
    'GitHub does not accept `github-token`, so what failed or cancelled runs did not publish is unknown: correct the token, or leave the input out'
  expect([bases.candidates, bases.hints]).toEqual([[], [hint]])
})

test('runs of workflow_run are not asked for: GitHub notes another commit for them than they publish', () => {
  expect(needsRuns(recordedEvent('workflow-run'), '')).toBe(false)
})

const mergeBase: Bases['candidates'] = [
  {
    strategy: 'merge-base',
    ref: RECORDED.base,
    mergeBase: true,
    reason: 'the merge base with the target branch of the pull request',
  },
]
const firstParent: Bases['candidates'] = [
  {
    strategy: 'merge-base',
    ref: OLDER,
    mergeBase: false,
    reason: 'the first parent of the merge commit that is checked out: the target branch of the pull request',
  },
]
const group: Bases['candidates'] = [
  { strategy: 'event', ref: RECORDED.base, mergeBase: false, reason: 'the base of the merge group' },
]
const merged = { sha: RECORDED.merge, parents: [OLDER, RECORDED.pullRequestHead] }
const single = (sha: string) => ({ sha, parents: [LEFT] })
const TAG = { ...NOTHING, skipped: ['not from the event: a tag has none'] }

describe('events that no earlier run has a say in', () => {
  test.each([
    ['pull-request', 'the merge commit', merged, { ...NOTHING, candidates: firstParent }],
    [
      'pull-request',
      "the pull request's head",
      single(RECORDED.pullRequestHead),
      { ...NOTHING, candidates: mergeBase },
    ],
    [
      'pull-request',
      'a merge commit that is the head of the pull request',
      { sha: RECORDED.pullRequestHead, parents: [OLDER, LEFT] },
      { ...NOTHING, candidates: mergeBase },
    ],
    ['pull-request-closed', 'the merge commit', merged, { ...NOTHING, candidates: firstParent }],
    ['pull-request-closed', 'a squashed commit', single(RECORDED.merge), { ...NOTHING, candidates: mergeBase }],
    ['pull-request-from-fork', 'the merge commit', merged, { ...NOTHING, candidates: firstParent }],
    [
      'pull-request-from-fork',
      "the fork's commit",
      single(RECORDED.pullRequestHead),
      { ...NOTHING, candidates: mergeBase },
    ],
    [
      'pull-request-target',
      'the branch that it goes into',
      single(RECORDED.base),
      { ...NOTHING, candidates: mergeBase },
    ],
    [
      'pull-request-target',
      'a branch whose tip is a merge commit',
      { sha: RECORDED.base, parents: [OLDER, LEFT] },
      { ...NOTHING, candidates: mergeBase },
    ],
    [
      'pull-request-target',
      "the pull request's head",
      single(RECORDED.pullRequestHead),
      { ...NOTHING, candidates: mergeBase },
    ],
    ['merge-group', 'its head', single(RECORDED.after), { ...NOTHING, candidates: group }],
    ['push-tag', 'its commit', single(RECORDED.after), TAG],
    ['push-tag-moved', 'its commit', single(RECORDED.after), TAG],
    ['release', 'its tag', single(RECORDED.after), { ...NOTHING, skipped: ["not from the event: 'release' has none"] }],
  ])('%s, with %s checked out', (file, _, head, expected) => {
    const event = recordedEvent(file)
    expect(needsRuns(event, '')).toBe(false)
    expect(findBases(event, { baseInput: '', head, runs: undefined })).toEqual(expected)
  })
})

describe('the input base', () => {
  const head = single(RECORDED.after)
  const candidates: Bases['candidates'] = [
    { strategy: 'input', ref: 'v1.2.3', mergeBase: false, reason: 'the input base' },
  ]
  test.each(['push', 'push-first-of-branch', 'pull-request', 'merge-group', 'schedule', 'push-tag', 'release'])(
    'comes before all else: %s',
    (file) => {
      const event = recordedEvent(file)
      expect(needsRuns(event, 'v1.2.3')).toBe(false)
      expect(findBases(event, { baseInput: 'v1.2.3', head, runs: undefined })).toEqual({ ...NOTHING, candidates })
    },
  )
})

test('a push that deletes its branch leaves nothing to do', () => {
  expect(['push-deletes-branch', 'push', 'schedule'].map((file) => isDeletion(recordedEvent(file)))).toEqual([
    true,
    false,
    false,
  ])
  expect(needsRuns(recordedEvent('push-deletes-branch'), '')).toBe(false)
})

describe('SHA-256', () => {
  const long = (digit: string) => digit.repeat(64)
  const find = (before: string) =>
    findBases(recordedEvent('push', { before, after: long('b') }), {
      baseInput: '',
      head: single(long('b')),
      runs: undefined,
    }).candidates.map(({ ref }) => ref)
  test('a push', () => expect(find(long('a'))).toEqual([long('a')]))
  test('the first push of a branch', () => expect(find(long('0'))).toEqual([]))
})

test.each([
  ['push', 'main'],
  ['push-first-of-branch', 'newer-logo'],
  ['push-tag', ''],
  ['pull-request', ''],
  ['release', ''],
  ['schedule', 'main'],
])('the branch of %s: %s', (file, branch) => {
  expect(branchOf(recordedEvent(file))).toBe(branch)
})

describe('a payload of nonsense: every file, never none', () => {
  const push = recordedEvent('push')
  const payload = push.payload as Record<string, unknown>
  test.each([
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['undefined', undefined],
    ['no before', { ...payload, before: undefined }],
    ['a before of another type', { ...payload, before: 7 }],
    ['a short before', { ...payload, before: RECORDED.before.slice(0, 7) }],
    ['an option for a before', { ...payload, before: '--upload-pack=x' }],
    ['a before with a newline', { ...payload, before: `${RECORDED.before}\n` }],
  ])('%s', (_, nonsense) => {
    const event: WorkflowEvent = { ...push, payload: nonsense }
    const skipped = ['not from the event: it does not name the commit before the push']
    const bases = findBases(event, { baseInput: '', head: single(RECORDED.after), runs: undefined })
    expect(bases).toEqual({ ...NOTHING, skipped })
  })

  test.each([
    ['no base', {}],
    ['a base of another type', { base: { sha: 7 } }],
    ['an option for a base', { base: { sha: '--upload-pack=x' } }],
  ])('a pull request with %s', (_, pullRequest) => {
    const event: WorkflowEvent = { ...recordedEvent('pull-request'), payload: { number: 7, pull_request: pullRequest } }
    const skipped = ["not from the event: 'pull_request' has none"]
    const bases = findBases(event, { baseInput: '', head: merged, runs: undefined })
    expect(bases).toEqual({ ...NOTHING, skipped })
  })

  test('no event at all', () => {
    const event: WorkflowEvent = { name: '', payload: {}, ref: '', sha: '' }
    const skipped = ["not from the event: '' has none"]
    const bases = findBases(event, { baseInput: '', head: merged, runs: undefined })
    expect(bases).toEqual({ ...NOTHING, skipped })
  })
})
