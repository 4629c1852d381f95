import { isVideo } from '../inputs/urls.ts'
import type { Plan, PurgeStep } from '../plan/plan.ts'
import type { AssetOutcome, PurgeOutcome } from '../sync/outcomes.ts'
import { lookInRounds, type RoundSettings, type Watched } from './rounds.ts'
import { type Judgement, unverifiable } from './verdicts.ts'

export type VerifySettings = RoundSettings & {
  /** why a URL can't be looked at, undefined where it can */
  readonly whyNot: (url: URL) => string | undefined
  /** whether an earlier run may have uploaded the same bytes of a file */
  readonly mayRepeat: (path: string) => boolean
}

export type Verification = {
  /** Looks at URLs whose files are about to change, at each once. It never fails. */
  before(steps: readonly PurgeStep[]): Promise<void>
  /** Notes when a URL was purged: only those are looked at afterwards. */
  purged(outcome: PurgeOutcome): void
  /** Notes when a file's URLs were purged by the Asset Manager, too. */
  refreshed(outcome: AssetOutcome): void
  /** Looks until all is as it should be, or the time is up. */
  carryOut(): Promise<void>
  /** by URL, those that are final */
  readonly verdicts: ReadonlyMap<string, Judgement>
}

/** After so many looks in a row without an answer, a host is not looked at any more before uploads. */
const SILENT_LOOKS = 3

/** What proves that purges did what they are for. */
export function createVerification(plan: Plan, settings: VerifySettings): Verification {
  const deleted = new Set(plan.skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path))
  const steps = plan.purges.filter(({ subImage }) => subImage !== true)
  const watched = new Map(steps.map((step) => [step.url, watch(step, deleted, settings)]))
  const verdicts = new Map<string, Judgement>()
  const lookBefore = createLooksBefore(settings)

  return {
    verdicts,
    async before(changing) {
      const items = changing.flatMap(({ url }) => watched.get(url) ?? [])
      for (const item of items) item.looking ??= lookBefore(item)
      await Promise.all(items.map(({ looking }) => looking))
      for (const item of items) item.uploadedAt = Date.now()
    },
    purged({ step, result }) {
      const item = step.subImage === true ? undefined : watched.get(step.url)
      if (item !== undefined && result === 'purged') item.purgedAt = performance.now()
    },
    refreshed({ step, result }) {
      if (step.call !== 'refresh' || result !== 'done') return
      for (const item of watched.values())
        if (item.path === step.path && item.purgedAt !== undefined) item.purgedAt = performance.now()
    },
    async carryOut() {
      const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined)
      for (const item of items) settleUnseen(item, settings)
      await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP))
    },
  }
}

const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer')

/** @returns what looks at a URL before its file changes, unless its host has stayed silent */
function createLooksBefore({ rendering, signal, whyNot }: VerifySettings): (item: Watched) => Promise<void> {
  const hosts = new Map<string, { silentLooks: number; silence: AbortController }>()
  return async (item) => {
    const url = new URL(item.url)
    if (item.change === 'deleted' || isVideo(item.url) || whyNot(url) !== undefined) return
    const host = hosts.get(url.host) ?? { silentLooks: 0, silence: new AbortController() }
    hosts.set(url.host, host)
    const ends = AbortSignal.any([signal, host.silence.signal])
    if (ends.aborted) return
    item.before = await rendering.look(item.url, ends)
    host.silentLooks = 'problem' in item.before ? host.silentLooks + 1 : 0
    // those that wait for their turn would cost its timeout each
    if (host.silentLooks >= SILENT_LOOKS) host.silence.abort()
  }
}

function watch(
  { url, path, afterUpload }: PurgeStep,
  deleted: ReadonlySet<string>,
  { mayRepeat }: VerifySettings,
): Watched {
  const untouched = path === undefined ? 'unknown' : deleted.has(path) ? 'deleted' : 'elsewhere'
  const change = afterUpload ? 'uploaded' : untouched
  return { url, path, change, mayRepeat: path === undefined || mayRepeat(path) }
}

function settleUnseen(item: Watched, { whyNot }: VerifySettings): void {
  const reason = isVideo(item.url) ? "a video: purges do not reach imgix's Video API" : whyNot(new URL(item.url))
  if (reason !== undefined) item.judgement = unverifiable(reason)
}
