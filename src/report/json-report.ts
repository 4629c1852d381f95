import type { Plan, PurgeStep } from '../plan/plan.ts'
import type { Source } from '../plan/source.ts'
import type { Changes } from '../select/by-git.ts'
import type { AssetOutcome, PurgeOutcome, UpdateOutcome, UploadOutcome } from '../sync/outcomes.ts'
import type { Judgement, Verdict } from '../verify/verdicts.ts'
import { explain } from './explain.ts'

/** What is known of a run so far: each stage adds its part. */
export type RunState = {
  mode: 'changed' | 'all'
  dryRun: boolean
  readonly startedAt: number
  cancelled: boolean
  changes?: Changes
  domains: readonly string[]
  source?: Source
  sourceId: string
  plan?: Plan
  /** by path */
  readonly uploads: Map<string, UploadOutcome>
  /** by what `purgeKey` says */
  readonly purges: Map<string, PurgeOutcome>
  /** by path */
  readonly updates: Map<string, UpdateOutcome>
  readonly assets: AssetOutcome[]
  verify: 'off' | 'warn' | 'fail'
  /** by URL; none before the verification */
  verdicts: ReadonlyMap<string, Judgement>
  /** origin paths of assets that the folder does not have, in mode all */
  onlyAtSource?: readonly string[]
}

export type FileReport = {
  path: string
  originPath: string
  change: 'added' | 'modified' | 'deleted' | 'present'
  bytes: number | null
  via: 'direct' | 'session' | null
  result: 'uploaded' | 'skipped' | 'failed' | 'planned' | 'deleted'
  reason?: string
  attempts: number
  seconds: number
  error?: string
}

export type UrlReport = {
  url: string
  path?: string
  subImage: boolean
  result: 'purged' | 'failed' | 'planned'
  attempts: number
  error?: string
  verdict?: Verdict
  /** of the verdict */
  reason?: string
}

export type Report = {
  version: 1
  mode: 'changed' | 'all'
  dryRun: boolean
  cancelled: boolean
  seconds: number
  base: string
  head: string
  baseStrategy: string
  source: { id: string; type: string; domains: readonly string[] }
  counts: { uploaded: number; skipped: number; purged: number; failed: number }
  files: FileReport[]
  urls: UrlReport[]
}

/** The whole run as plain data: what the report file holds, and what outputs, summary and annotations are made of. */
export function buildReport(state: RunState): Report {
  const files = [...(state.plan?.uploads ?? []).map((step) => uploadReport(step, state)), ...leftAlone(state)]
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  const urls = (state.plan?.purges ?? []).map((step) => purgeReport(step, state))
  const having = (result: string): number => files.filter((item) => item.result === result).length
  return {
    version: 1,
    mode: state.mode,
    dryRun: state.dryRun,
    cancelled: state.cancelled,
    seconds: Math.round(performance.now() - state.startedAt) / 1000,
    base: state.changes?.base ?? '',
    head: state.changes?.head ?? '',
    baseStrategy: state.changes?.baseStrategy ?? '',
    source: { id: state.sourceId, type: state.source?.type ?? '', domains: state.domains },
    counts: {
      uploaded: having('uploaded'),
      skipped: having('skipped'),
      purged: urlsHaving(urls, 'purged').length,
      failed: having('failed') + urlsHaving(urls, 'failed').length,
    },
    files,
    urls,
  }
}

/** What tells a URL's purge from its purge as a sub-image. */
export function purgeKey({ url, subImage }: Pick<PurgeStep, 'url' | 'subImage'>): string {
  return subImage === true ? `sub-image ${url}` : url
}

/** Each once: one that is a sub-image, too, was purged twice. */
export function urlsHaving(urls: readonly UrlReport[], result: UrlReport['result']): string[] {
  return [...new Set(urls.filter((item) => item.result === result).map(({ url }) => url))]
}

function uploadReport(step: Plan['uploads'][number], state: RunState): FileReport {
  const { path, originPath, change, bytes } = step
  const outcome = state.uploads.get(path)
  const report: FileReport = { path, originPath, change, bytes, via: null, result: 'planned', attempts: 0, seconds: 0 }
  if (outcome === undefined)
    return state.dryRun && !step.eitherLane ? { ...report, via: step.lanes[0] ?? null } : report
  report.result = outcome.result
  report.attempts = outcome.attempts
  report.seconds = Math.round(outcome.seconds * 1000) / 1000
  if (outcome.via !== undefined) report.via = outcome.via
  if (outcome.reason !== undefined) report.reason = outcome.reason
  if (outcome.error !== undefined) report.error = explain(outcome.error)
  return report
}

function leftAlone(state: RunState): FileReport[] {
  return (state.plan?.skipped ?? []).map(({ path, originPath, change, result, reason }) => ({
    ...{ path: path.toWellFormed(), originPath: originPath.toWellFormed(), change, bytes: null, via: null, result },
    ...(result === 'failed' ? { error: reason } : { reason }),
    ...{ attempts: 0, seconds: 0 },
  }))
}

function purgeReport(step: PurgeStep, { purges, verdicts }: RunState): UrlReport {
  const outcome = purges.get(purgeKey(step))
  const report: UrlReport = {
    url: step.url,
    subImage: step.subImage === true,
    result: outcome?.result ?? 'planned',
    attempts: outcome?.attempts ?? 0,
  }
  if (step.path !== undefined) report.path = step.path
  const error = outcome?.error === undefined ? outcome?.reason : explain(outcome.error)
  if (error !== undefined) report.error = error
  const judgement = step.subImage === true ? undefined : verdicts.get(step.url)
  if (judgement === undefined) return report
  report.verdict = judgement.verdict
  if (judgement.reason !== undefined) report.reason = judgement.reason
  return report
}
