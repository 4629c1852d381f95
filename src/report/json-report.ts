import type { Attributes, CallStep, Judgement, Outcome, Plan, PurgeStep, UploadStep } from '../events.ts'
import { explain } from './explain.ts'
import type { RunState } from './ledger.ts'

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
  verdict?: Judgement['verdict']
  /** the reason for the verdict */
  reason?: string
}

/** What happened to an asset beside its bytes. */
type AssetReport<R> = { path: string; originPath: string; result: R | 'failed' | 'planned'; error?: string }
/** An update of its attributes. `same`: it already had them. */
type UpdateReport = AssetReport<'updated' | 'same'>
/** A call of the Asset Manager. */
type CallReport = AssetReport<'done'> & { call: CallStep['call'] }

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
  updates: UpdateReport[]
  assets: CallReport[]
}

/** How a file stands to what was there before, where that is known. */
export const CHANGE_WORDS = { added: 'new', modified: 'changed', deleted: '', present: '' } as const

/** The whole run as plain data: what the report file holds, and what outputs, summary and annotations are made of. */
export function buildReport(state: RunState): Report {
  const { plan, source, changes } = state
  const files = [...plan.files.map(({ upload }) => uploadReport(upload, state)), ...leftAlone(plan)].sort(byPath)
  const urls = [...plan.files.flatMap((file) => file.purges), ...plan.purges]
    .map((step) => purgeReport(step, state))
    .sort(byPath)
  const having = (result: string): number => files.filter((item) => item.result === result).length
  return {
    version: 1,
    mode: state.mode,
    dryRun: state.dryRun,
    cancelled: state.cancelled,
    seconds: Math.round(performance.now() - state.startedAt) / 1000,
    base: changes.base,
    head: changes.head,
    baseStrategy: changes.baseStrategy,
    source: { ...source, domains: state.domains },
    counts: {
      uploaded: having('uploaded'),
      skipped: having('skipped'),
      purged: urlsHaving(urls, 'purged').length,
      failed: having('failed') + urlsHaving(urls, 'failed').length,
    },
    files,
    urls,
    updates: updateReports(state),
    assets: [...plan.files.flatMap((file) => file.calls), ...plan.calls]
      .map((step) => callReport(step, state))
      .sort(byPath),
  }
}

/** What belongs to no file comes last. */
function byPath({ path: a }: { path?: string }, { path: b }: { path?: string }): number {
  if (a === b) return 0
  return b === undefined || (a !== undefined && a < b) ? -1 : 1
}

/** @returns each URL once: the run purges the URL of a sub-image twice */
export function urlsHaving(urls: readonly UrlReport[], result: UrlReport['result']): string[] {
  return [...new Set(urls.filter((item) => item.result === result).map(({ url }) => url))]
}

const RESULTS = { done: 'uploaded', skipped: 'skipped', failed: 'failed', 'not-done': 'planned' } as const

function uploadReport(step: UploadStep, { outcomes, dryRun }: RunState): FileReport {
  const { path, originPath, change, bytes, route } = step
  const report: FileReport = { path, originPath, change, bytes, via: null, result: 'planned', attempts: 0, seconds: 0 }
  const outcome = outcomes.get(step)
  if (outcome === undefined) return dryRun && route !== 'any' ? { ...report, via: route } : report
  report.result = RESULTS[outcome.result]
  report.attempts = outcome.attempts
  report.seconds = Math.round(outcome.seconds * 1000) / 1000
  if (outcome.result === 'done') report.via = outcome.route ?? null
  else if (outcome.result === 'failed') report.error = explain(outcome.error)
  else report.reason = outcome.reason
  return report
}

function leftAlone({ skipped }: Plan): FileReport[] {
  return skipped.map(({ path, originPath, change, result, reason }) => ({
    path: path.toWellFormed(),
    originPath: originPath.toWellFormed(),
    change,
    bytes: null,
    via: null,
    result,
    ...(result === 'failed' ? { error: reason } : { reason }),
    attempts: 0,
    seconds: 0,
  }))
}

function purgeReport(step: PurgeStep, { outcomes, verdicts }: RunState): UrlReport {
  const outcome = outcomes.get(step)
  const { verdict, reason }: Partial<Judgement> = (step.subImage ? undefined : verdicts.get(step.url)) ?? {}
  return {
    url: step.url,
    subImage: step.subImage,
    result: outcome?.result === 'done' ? 'purged' : outcome?.result === 'failed' ? 'failed' : 'planned',
    attempts: outcome?.attempts ?? 0,
    ...(step.path !== undefined && { path: step.path }),
    ...errorOf(outcome),
    ...(verdict !== undefined && { verdict }),
    ...(reason !== undefined && { reason }),
  }
}

const UPDATE_RESULTS = { done: 'updated', skipped: 'same', failed: 'failed', 'not-done': 'planned' } as const

function updateReports({ plan, outcomes }: RunState): UpdateReport[] {
  const reports = new Map<string, UpdateReport>()
  const ofUploads = plan.files.map(({ upload }) => upload).filter(({ attributes }) => isSet(attributes))
  for (const { path, originPath } of [...ofUploads, ...plan.updates])
    reports.set(originPath, { path, originPath, result: 'planned' })
  for (const outcome of outcomes.values()) {
    if (outcome.step.kind !== 'update') continue
    const { path, originPath } = outcome.step
    reports.set(originPath, { path, originPath, result: UPDATE_RESULTS[outcome.result], ...errorOf(outcome) })
  }
  return [...reports.values()].sort(byPath)
}

function isSet(attributes: Attributes): boolean {
  return Object.values(attributes).some((value) => value === null || Object.keys(Object(value)).length > 0)
}

function callReport(step: CallStep, { outcomes }: RunState): CallReport {
  const { path, originPath, call } = step
  const outcome = outcomes.get(step)
  const result = outcome?.result === 'done' ? 'done' : outcome?.result === 'failed' ? 'failed' : 'planned'
  return { path, originPath, call, result, ...errorOf(outcome) }
}

function errorOf(outcome: Outcome | undefined): { error?: string } {
  if (outcome?.result === 'failed') return { error: explain(outcome.error) }
  return outcome?.result === 'not-done' ? { error: outcome.reason } : {}
}
