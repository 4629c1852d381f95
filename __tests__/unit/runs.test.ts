import { describe, expect, test } from 'vitest'
import { findLastSuccess, reachesBack, readHistory, type WorkflowRun } from '../../src/select/runs.ts'

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
    startedAt: at(number),
    updatedAt: at(number),
    ...more,
  }
}

/** Newest first, as GitHub lists them. */
function historyOf(runs: readonly WorkflowRun[]) {
  const listed = [...runs, run(5, null)].sort((a, b) => b.number - a.number)
  const successes = listed.filter(({ conclusion }) => conclusion === 'success')
  return readHistory(successes, listed, own)
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
    ['a merge group', [run(4, 'success', { event: 'merge_group' })], {}],
    ['a workflow_run', [run(4, 'success', { event: 'workflow_run' })], {}],
    ['a schedule', [run(4, 'success', { event: 'schedule' })], success(4)],
    ['a dispatch', [run(4, 'success', { event: 'workflow_dispatch' })], success(4)],
    ['an earlier attempt of this run', [run(5, 'success')], {}],
  ])('%s', (_, runs, expected) => {
    expect(historyOf(runs)).toEqual({ ...NONE, ...expected })
  })
})

describe('runs that may have left a part of their files', () => {
  const failures = (...unfinishedRuns: string[]) => ({ onlyFailures: true, unfinishedRuns })
  test.each<[string, WorkflowRun[], object]>([
    ['failures', [run(3, 'failure'), run(4, 'cancelled')], failures(sha(4), sha(3))],
    ['a run that timed out', [run(4, 'timed_out')], failures(sha(4))],
    ['a run under way', [run(4, null)], failures(sha(4))],
    ['runs without a job', [run(3, 'skipped'), run(4, 'startup_failure')], failures()],
    ['a run that waited for approval', [run(4, 'action_required')], failures()],
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

test.each<[string, WorkflowRun[], boolean]>([
  ['no page', [], false],
  ['runs after it', [run(4, 'failure'), run(3, 'failure')], false],
  ['the last success', [run(3, 'failure'), run(2, 'success')], true],
  ['a run before it', [run(1, 'failure')], true],
  ['a run of another branch before it', [run(1, 'failure', { branch: 'other' })], false],
])('a list reaches back to the last success with %s', (_, page, reaches) => {
  expect(reachesBack(page, own, run(2, 'success'))).toBe(reaches)
  expect(reachesBack(page, own, undefined)).toBe(false)
})

test('a failure is no last success, whatever list it comes from', () => {
  expect(findLastSuccess([run(4, 'failure')], own)).toBeUndefined()
})
