import { describe, expect, test } from 'vitest'
import {
  findLastSuccess,
  findMissing,
  mergeLists,
  type RunLists,
  readHistory,
  type WorkflowRun,
} from '../../src/select/runs.ts'

const own = { id: 1005, number: 5, branch: 'main', repository: 'octocat/site' }
const sha = (number: number): string => String(number).repeat(40)
const at = (number: number): string => `2026-11-21T10:0${number}:00Z`

/** A run whose attempt started with its number of minutes past ten, and ended at once. */
function run(number: number, conclusion: WorkflowRun['conclusion'], more: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id: 1000 + number,
    number,
    sha: sha(number),
    branch: 'main',
    repository: 'octocat/site',
    event: 'push',
    conclusion,
    attempt: 1,
    startedAt: at(number),
    updatedAt: at(number),
    ...more,
  }
}

/** Newest first, as GitHub lists them. */
function historyOf(runs: readonly WorkflowRun[]) {
  const listed = [...runs, run(5, null)].sort((a, b) => b.number - a.number)
  return readHistory(listed, own)
}

const NONE = { known: true, lastSuccess: undefined, laterSuccess: undefined, onlyFailures: false, unfinishedRuns: [] }
const success = (number: number) => ({ lastSuccess: { sha: sha(number), runNumber: number } })

describe('runs that count as published', () => {
  test.each<[string, WorkflowRun[], object]>([
    ['no other run', [], {}],
    ['a success', [run(4, 'success')], success(4)],
    ['the last of several', [run(2, 'success'), run(4, 'success'), run(3, 'success')], success(4)],
    ['a later success', [run(4, 'success'), run(6, 'success')], { ...success(4), laterSuccess: { runNumber: 6 } }],
    ['a later success alone', [run(6, 'success')], { laterSuccess: { runNumber: 6 } }],
    ['a later failure', [run(6, 'failure')], {}],
    ['a later run under way', [run(6, null)], {}],
    ['another branch', [run(4, 'success', { branch: 'other' })], {}],
    ['no branch', [run(4, 'success', { branch: null })], {}],
    ['a fork with a branch of the same name', [run(4, 'success', { repository: 'octofork/site' })], {}],
    ['a repository that GitHub does not name', [run(4, 'success', { repository: undefined })], success(4)],
    ['a pull request', [run(4, 'success', { event: 'pull_request' })], {}],
    ['a pull request from a fork', [run(4, 'success', { event: 'pull_request_target' })], {}],
    ['a review of a pull request', [run(4, 'success', { event: 'pull_request_review' })], {}],
    ['a comment in a review', [run(4, 'success', { event: 'pull_request_review_comment' })], {}],
    ['a merge group', [run(4, 'success', { event: 'merge_group' })], {}],
    ['a workflow_run', [run(4, 'success', { event: 'workflow_run' })], {}],
    ['a schedule', [run(4, 'success', { event: 'schedule' })], success(4)],
    ['a dispatch', [run(4, 'success', { event: 'workflow_dispatch' })], success(4)],
    ['an earlier attempt of this run', [run(5, 'success')], {}],
  ])('%s', (_, runs, expected) => {
    expect(historyOf(runs)).toEqual({ ...NONE, ...expected })
  })
})

test('the first run of the workflow is the only one so far on any branch', () => {
  const { isOnly } = readHistory([run(1, null)], { ...own, number: 1 }) as { isOnly?: boolean }
  expect([isOnly, 'isOnly' in historyOf([])]).toEqual([true, false])
})

describe('runs that may have left a part of their files', () => {
  const failures = (...unfinishedRuns: string[]) => ({ onlyFailures: true, unfinishedRuns })
  test.each<[string, WorkflowRun[], object]>([
    ['failures', [run(3, 'failure'), run(4, 'cancelled')], failures(sha(4), sha(3))],
    ['a run that timed out', [run(4, 'timed_out')], failures(sha(4))],
    ['a run under way', [run(4, null)], failures(sha(4))],
    ['runs without a job', [run(3, 'skipped'), run(4, 'startup_failure')], failures()],
    ['a run that waited for approval', [run(4, 'action_required')], failures()],
    [
      'an attempt without a job, after one with jobs',
      [run(3, 'skipped', { attempt: 2 }), run(4, 'startup_failure', { attempt: 3 })],
      failures(sha(4), sha(3)),
    ],
    ['one before the last success', [run(1, 'failure'), run(2, 'success')], success(2)],
    [
      'some after the last success',
      [run(2, 'success'), run(3, 'failure'), run(4, null)],
      { ...success(2), unfinishedRuns: [sha(4), sha(3)] },
    ],
    [
      'an older run that ended during the last success',
      [run(3, 'failure', { updatedAt: at(4) }), run(4, 'success', { startedAt: at(3), updatedAt: at(5) })],
      { ...success(4), unfinishedRuns: [sha(3)] },
    ],
    [
      'an older run that succeeded in a later attempt',
      [run(3, 'success', { startedAt: at(6), updatedAt: at(7) }), run(4, 'success')],
      { ...success(4), unfinishedRuns: [sha(3)] },
    ],
    ['a later run', [run(4, 'success'), run(6, 'failure')], success(4)],
    ['a pull request', [run(4, 'failure', { event: 'pull_request' })], {}],
    ['a fork', [run(4, 'failure', { repository: 'octofork/site' })], {}],
  ])('%s', (_, runs, expected) => {
    expect(historyOf(runs)).toEqual({ ...NONE, ...expected })
  })
})

describe('what lists of runs lack', () => {
  const self = run(5, null)
  const other = (number: number) => run(number, 'success', { branch: 'other' })
  const whole = (runs: WorkflowRun[]) => ({ runs, isCut: false })
  const cut = (runs: WorkflowRun[]) => ({ runs, isCut: true })
  const lists = (byBranch: WorkflowRun[], all: WorkflowRun[] = [], isCut = false): RunLists => ({
    byBranch: whole(byBranch),
    all: { runs: all, isCut },
  })
  const failed = (number: number) => run(number, 'failure')

  test.each<[string, RunLists, string | undefined]>([
    ['an empty list', lists([]), 'this run'],
    ['a list that is behind', lists([run(4, 'success')]), 'this run'],
    ['this run after the last success', lists([self, run(4, 'success')]), undefined],
    ['every run since the first', lists([self, failed(4), failed(3), failed(2), failed(1)]), undefined],
    ['every run since the last success', lists([self, failed(4), run(3, 'success')]), undefined],
    ['a run between two others', lists([self, run(3, 'success')]), 'run 4'],
    ['two runs: the later one is named', lists([self, run(2, 'success')]), 'run 4'],
    ['all runs before this one', lists([self]), 'run 4'],
    ['a run before the last success', lists([self, run(4, 'success'), failed(2)]), undefined],
    ['a later run, for a re-run', lists([run(7, 'success'), self, run(4, 'success')]), undefined],
    ['a success of a fork is none', lists([self, run(4, 'success', { repository: 'octofork/site' })]), 'run 3'],

    ['a run of another branch', lists([self, run(3, 'success')], [self, other(4), run(3, 'success')]), undefined],
    ['a run that the list of every branch has', lists([self, run(3, 'success')], [self, failed(4)]), undefined],
    ['a run that neither list has', lists([self, run(3, 'success')], [self, run(3, 'success')]), 'run 4'],
    ['nothing, by the list of every branch', lists([], [self, other(4), run(3, 'success')]), undefined],
    ['this run, in both lists', lists([], [other(4), run(3, 'success')]), 'this run'],
    ['runs that GitHub no longer keeps', lists([self], [self, other(4), other(3)]), undefined],
    ['a new branch', lists([self], [self, other(4), other(3), other(2), other(1)]), undefined],

    ['too many runs, this one in the list of the branch', lists([self], [self, other(4)], true), undefined],
    ['too many runs, and the last success is far', lists([self, run(1, 'success')], [self, other(4)], true), undefined],
    ['too many runs, this one not in the list of the branch', lists([], [self, other(4)], true), 'this run'],
    ['too many runs, and one between two others', lists([self], [self, other(3)], true), 'run 4'],
    [
      'too many runs of the branch and of all',
      { byBranch: cut([self, failed(4)]), all: cut([self, failed(4)]) },
      'the last success',
    ],
    [
      'too many runs of the branch, and few others',
      { byBranch: cut([self]), all: whole([self, failed(4)]) },
      undefined,
    ],
  ])('%s', (_, given, missing) => {
    expect(findMissing(given, own)).toBe(missing)
  })

  test.each([Number.NaN, undefined, '5'])('a run without a number: %s', (number) => {
    const strange = { ...own, number: number as number }
    expect(findMissing(lists([self, run(4, 'success')]), strange)).toBe('the number of this run')
  })

  test('of a run in both lists, the one in the list without a filter counts', () => {
    const stale = run(4, 'success')
    expect(mergeLists(lists([self, stale], [self, failed(4), failed(3)]))).toEqual([self, failed(4), failed(3)])
  })
})

test('a failure is no last success, whatever list it comes from', () => {
  expect(findLastSuccess([run(4, 'failure')], own)).toBeUndefined()
})
