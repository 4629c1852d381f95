import type { Plan } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { classSeconds, countRefreshes, stepsOf } from './forecast.ts'
import { hasSessions } from './route.ts'
import type { Source } from './source.ts'
import { isPurged } from './steps.ts'

/** @returns the problems of a plan that the Source can't accept, as far as the Source is known; without a key it is
 *  unknown */
export function findRefusals(plan: Plan, source: Source | undefined, inputs: Inputs): string[] {
  if (inputs.apiKey === '' || inputs.sourceId === '') return []
  if (plan.files.length > 0 && source !== undefined) {
    const refusal = refuseUploads(source) ?? refuseSessions(source, inputs)
    if (refusal !== undefined) return [refusal]
  }
  const refreshes = refuseRefreshes(plan, inputs)
  const purgesFiles = inputs.purge && (plan.files.length > 0 || plan.skipped.some((file) => isPurged(file, inputs)))
  const knowsDomains = inputs.domains.length > 0 || (source?.domains.length ?? 0) > 0
  const domains = purgesFiles && !knowsDomains ? noDomains(source) : undefined
  return [refreshes, domains].filter((line) => line !== undefined)
}

function refuseUploads({ id, type, allowsUpload }: Source): string | undefined {
  if (type === 'webfolder' || type === 'webproxy') {
    const kind = type === 'webfolder' ? 'web folder' : 'web proxy'
    return `source-id: Source ${id} is a ${kind}, and imgix can't upload to those: use a Source on a bucket, or set upload to false to purge only`
  }
  if (allowsUpload === false) {
    return `source-id: Source ${id} has no credentials to upload with: add them to the Source ("upload credentials" in its settings), or set upload to false to purge only`
  }
  return undefined
}

function refuseSessions({ id, type }: Source, { uploadVia }: Inputs): string | undefined {
  if (uploadVia !== 'session' || hasSessions(type) !== false) return undefined
  return `upload-via: Source ${id} is of type ${type}, which has no upload sessions: set it to auto or direct`
}

/** More refreshes take minutes, so the user has to ask for them. */
const REFRESHES_MAX = 50

function refuseRefreshes(plan: Plan, { force, rateLimits }: Inputs): string | undefined {
  const refreshes = countRefreshes(stepsOf(plan))
  if (refreshes <= REFRESHES_MAX || force) return undefined
  const minutes = Math.ceil(classSeconds(refreshes, rateLimits.refresh) / 60)
  return `asset-manager: ${refreshes} files would be refreshed, which takes about ${minutes} min by the rate limits: set force to true to do that, or asset-manager to off to do without`
}

function noDomains(source: Source | undefined): string {
  if (source === undefined) {
    return 'api-key: the key may not read the Source, so the domains to purge on are unknown: give it the permission Sources, or name them in domains'
  }
  return `source-id: Source ${source.id} has no domains${source.leftOut === undefined ? '' : ' that a purge takes'}: name the ones to purge on in domains, or set purge to false`
}
