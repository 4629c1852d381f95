import { createRequire } from 'node:module'
import { expect, test, vi } from 'vitest'
import { commitOf, readTold, type System } from '../../src/command/ci-systems.ts'
import { fromDeployments } from '../../src/command/gitlab.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)
const NONE = '0'.repeat(40)

const system = (id: string | null, name: string | null, isPR = false): System => ({ id, name, isPR })
const GITLAB = system('GITLAB', 'GitLab CI')
const JENKINS = system('JENKINS', 'Jenkins')
const DRONE = system('DRONE', 'Drone')
const of = (base: System): System => ({ ...base, isPR: true })

test.each<[string, System, Record<string, string>, [string, string, boolean]]>([
  ['GitLab, a push', GITLAB, { CI_COMMIT_BEFORE_SHA: A }, ['event', A, false]],
  [
    'GitLab, a merge request',
    of(GITLAB),
    { CI_COMMIT_BEFORE_SHA: NONE, CI_MERGE_REQUEST_DIFF_BASE_SHA: A },
    ['merge-base', A, false],
  ],
  [
    'GitLab, merged results: what others have merged is not of the merge request',
    of(GITLAB),
    { CI_MERGE_REQUEST_DIFF_BASE_SHA: A, CI_MERGE_REQUEST_TARGET_BRANCH_SHA: B },
    ['merge-base', B, false],
  ],
  ['Jenkins', JENKINS, { GIT_PREVIOUS_SUCCESSFUL_COMMIT: A }, ['last-success', A, false]],
  [
    'Jenkins, a pull request',
    of(JENKINS),
    { CHANGE_TARGET: 'main', GIT_PREVIOUS_SUCCESSFUL_COMMIT: A },
    ['merge-base', 'main', true],
  ],
  ['CircleCI', system('CIRCLE', 'CircleCI'), { CIRCLE_BASE_REVISION: A }, ['event', A, false]],
  [
    'CircleCI, a branch with a pull request',
    system('CIRCLE', 'CircleCI', true),
    { CIRCLE_BASE_REVISION: A },
    ['event', A, false],
  ],
  ['Drone, a push', DRONE, { DRONE_COMMIT_BEFORE: A, DRONE_TARGET_BRANCH: 'main' }, ['event', A, false]],
  [
    'Drone, a pull request',
    of(DRONE),
    { DRONE_COMMIT_BEFORE: A, DRONE_TARGET_BRANCH: 'main' },
    ['merge-base', 'main', true],
  ],
  [
    'Azure, a pull request',
    system('AZURE_PIPELINES', 'Azure Pipelines', true),
    { SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' },
    ['merge-base', 'main', true],
  ],
  [
    'Bitbucket, a pull request',
    system('BITBUCKET', 'Bitbucket Pipelines', true),
    { BITBUCKET_PR_DESTINATION_BRANCH: 'main' },
    ['merge-base', 'main', true],
  ],
  [
    'Buildkite, a pull request',
    system('BUILDKITE', 'Buildkite', true),
    { BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main' },
    ['merge-base', 'main', true],
  ],
])('%s', (_, own, env, expected) => {
  const { candidates, skipped } = readTold(env, own)
  expect([candidates.map(({ strategy, ref, mergeBase }) => [strategy, ref, mergeBase]), skipped]).toEqual([
    [expected],
    [],
  ])
})

test.each<[string, System, Record<string, string>, string]>([
  ['no CI system', system(null, null), {}, 'not from a CI system: none is known here'],
  ['a system without variables', system('TRAVIS', 'Travis CI'), {}, 'not from Travis CI: it tells no base'],
  [
    'the first pipeline of a branch',
    GITLAB,
    { CI_COMMIT_BEFORE_SHA: NONE },
    'not from GitLab CI: CI_COMMIT_BEFORE_SHA names no commit',
  ],
  ['the first build', JENKINS, {}, 'not from Jenkins: GIT_PREVIOUS_SUCCESSFUL_COMMIT names no commit'],
  [
    'a push that tells nothing',
    system('BUILDKITE', 'Buildkite'),
    { BUILDKITE_PULL_REQUEST_BASE_BRANCH: '' },
    'not from Buildkite: it tells a base for pull requests only',
  ],
])('no base from %s', (_, own, env, why) => {
  expect(readTold(env, own)).toEqual({ candidates: [], skipped: [why], unfinishedRuns: [], notices: [] })
})

test('a base that is not that of the last success says so', () => {
  expect(readTold({ CI_COMMIT_BEFORE_SHA: A }, GITLAB).notices).toHaveLength(1)
  expect(readTold({ GIT_PREVIOUS_SUCCESSFUL_COMMIT: A }, JENKINS).notices).toEqual([])
})

test('the commit that is built', () => {
  expect([commitOf({ CI_COMMIT_SHA: A }, GITLAB), commitOf({}, JENKINS), commitOf({}, system(null, null))]).toEqual([
    A,
    '',
    '',
  ])
})

const TOLD = readTold({ CI_COMMIT_BEFORE_SHA: A }, GITLAB)
const OWN = { told: TOLD, environment: 'imgix', job: 9 }
const deployed = (sha: string, status: string, job = 1) => ({ sha, status, job })

test("GitLab's deployments: the last success, and what did not succeed since", () => {
  const list = [
    ...[deployed(C, 'running', 9), deployed(C, 'failed'), deployed(C, 'canceled'), deployed(A, 'blocked')],
    ...[deployed(B, 'success'), deployed(A, 'failed')],
  ]
  const { candidates, unfinishedRuns, notices } = fromDeployments(list, OWN)
  expect([candidates[0]?.ref, candidates[0]?.strategy, unfinishedRuns, notices]).toEqual([B, 'last-success', [C], []])
})

test('a job that is run again takes none that came after it', () => {
  const list = [deployed(C, 'success'), deployed(B, 'running', 9), deployed(A, 'success')]
  const { candidates, notices } = fromDeployments(list, OWN)
  expect([candidates[0]?.ref, notices]).toEqual([A, [expect.stringContaining('a later job')]])
})

test('without a success, the commit before is the base of the first job alone', () => {
  expect(fromDeployments([deployed(C, 'failed')], OWN)).toMatchObject({
    candidates: [],
    skipped: ["not from GitLab's deployments: none of the last 1 to imgix succeeded"],
  })
  expect(fromDeployments([], OWN).candidates).toEqual(TOLD.candidates)
})

const require = createRequire(import.meta.url)

/** The system that ci-info finds in an environment: it reads the environment when it is loaded. */
function detect(env: Record<string, string>): System {
  const path = require.resolve('ci-info')
  for (const name of ['GITHUB_ACTIONS', 'CI', 'GITLAB_CI', 'BUILD_ID']) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  delete require.cache[path]
  const { id, name, isPR } = require(path) as System
  vi.unstubAllEnvs()
  return { id, name, isPR }
}

test.each<[string, Record<string, string>, boolean]>([
  ['GITLAB', { GITLAB_CI: 'true' }, false],
  ['GITLAB', { GITLAB_CI: 'true', CI_MERGE_REQUEST_ID: '1' }, true],
  ['JENKINS', { JENKINS_URL: 'https://ci.example', BUILD_ID: '7' }, false],
  ['JENKINS', { JENKINS_URL: 'https://ci.example', BUILD_ID: '7', CHANGE_ID: '3' }, true],
  ['CIRCLE', { CIRCLECI: 'true' }, false],
  ['DRONE', { DRONE: 'true', DRONE_BUILD_EVENT: 'push' }, false],
  ['DRONE', { DRONE: 'true', DRONE_BUILD_EVENT: 'pull_request' }, true],
  ['AZURE_PIPELINES', { TF_BUILD: 'True', BUILD_REASON: 'IndividualCI' }, false],
  ['AZURE_PIPELINES', { TF_BUILD: 'True', BUILD_REASON: 'PullRequest' }, true],
  ['BITBUCKET', { BITBUCKET_COMMIT: A }, false],
  ['BITBUCKET', { BITBUCKET_COMMIT: A, BITBUCKET_PR_ID: '3' }, true],
  ['BUILDKITE', { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: 'false' }, false],
  ['BUILDKITE', { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '3' }, true],
])('ci-info finds %s in %o', (id, env, isPR) => {
  expect(detect(env)).toMatchObject({ id, isPR })
  expect(readTold({}, detect(env)).skipped.join()).not.toContain('it tells no base')
})
