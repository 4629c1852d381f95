import * as ci from 'ci-info'
import type { Told } from '../runner/environment.ts'
import type { Env } from './workspace.ts'

/** Variables of a CI system, each empty or unset if the system does not know the value. */
type Variables = {
  /** the commit that is built */
  readonly commit: string
  /** the commit of the last build of the branch that succeeded */
  readonly lastSuccess?: string
  /** the commit of the branch before the push */
  readonly before?: string
  /** in builds of a pull request that is merged already: the commit that it was merged into */
  readonly mergedInto?: string
  /** in builds of a pull request: the merge base */
  readonly mergeBase?: string
  /** in builds of a pull request: the branch that it is to be merged into */
  readonly target?: string
}

/** By the id of ci-info, which knows the system and whether it builds a pull request. Bases are beyond it. */
const SYSTEMS: Readonly<Record<string, Variables>> = {
  AZURE_PIPELINES: { commit: 'BUILD_SOURCEVERSION', target: 'SYSTEM_PULLREQUEST_TARGETBRANCH' },
  BITBUCKET: { commit: 'BITBUCKET_COMMIT', target: 'BITBUCKET_PR_DESTINATION_BRANCH' },
  BUILDKITE: { commit: 'BUILDKITE_COMMIT', target: 'BUILDKITE_PULL_REQUEST_BASE_BRANCH' },
  // the job has to set it to << pipeline.git.base_revision >>
  CIRCLE: { commit: 'CIRCLE_SHA1', before: 'CIRCLE_BASE_REVISION' },
  DRONE: { commit: 'DRONE_COMMIT_SHA', before: 'DRONE_COMMIT_BEFORE', target: 'DRONE_TARGET_BRANCH' },
  GITLAB: {
    commit: 'CI_COMMIT_SHA',
    before: 'CI_COMMIT_BEFORE_SHA',
    mergedInto: 'CI_MERGE_REQUEST_TARGET_BRANCH_SHA', // of pipelines for merged results alone
    mergeBase: 'CI_MERGE_REQUEST_DIFF_BASE_SHA',
  },
  JENKINS: { commit: 'GIT_COMMIT', lastSuccess: 'GIT_PREVIOUS_SUCCESSFUL_COMMIT', target: 'CHANGE_TARGET' },
}

export type System = { readonly id: string | null; readonly name: string | null; readonly isPR: boolean | null }

/** The CI system that started this process. */
export const OWN_SYSTEM: System = ci

/** @returns the commit that a CI system builds; '' where it does not say */
export function commitOf(env: Env, { id }: System): string {
  return env[SYSTEMS[id ?? '']?.commit ?? ''] ?? ''
}

export const NOTHING_TOLD: Told = { candidates: [], skipped: [], unfinishedRuns: [], notices: [] }

/** What a CI system tells of the commit to compare with. */
export function readTold(env: Env, { id, name, isPR }: System): Told {
  const variables = SYSTEMS[id ?? '']
  const none = (why: string): Told => ({ ...NOTHING_TOLD, skipped: [why] })
  if (variables === undefined) {
    return none(name === null ? 'not from a CI system: none is known here' : `not from ${name}: it tells no base`)
  }
  const { lastSuccess, before, mergedInto, mergeBase, target } = variables
  const ofPullRequest = isPR === true ? [mergedInto, mergeBase, target] : []
  // a commit before the first one is all zeros
  const isNamed = (variable = ''): boolean => !/^0*$/.test(env[variable] ?? '')
  const variable = [...ofPullRequest, lastSuccess, before].find(isNamed)
  if (variable === undefined) {
    const known = [lastSuccess, before].filter((each) => each !== undefined)
    const why = known.length === 0 ? 'it tells a base for pull requests only' : `${known.join(' and ')} names no commit`
    return none(`not from ${name}: ${why}`)
  }
  const ofPush = variable === lastSuccess ? 'last-success' : 'event'
  const strategy = ofPullRequest.includes(variable) ? 'merge-base' : ofPush
  const ref = String(env[variable]).replace(/^refs\/heads\//, '')
  const candidate = { strategy, ref, mergeBase: variable === target, reason: `${name}'s ${variable}` } as const
  return { ...NOTHING_TOLD, candidates: [candidate], notices: strategy === 'event' ? [gapNotice(String(name))] : [] }
}

/** @param name of the CI system */
function gapNotice(name: string): string {
  return `${name} tells the commit before this one, not the last one that was published: after a run that failed or was cancelled, run once with mode all`
}
