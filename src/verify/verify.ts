import type { Judgement, Plan, PurgeStep, RunEvent } from '../events.ts'
import { isVideo } from '../plan/steps.ts'
import { createPatience } from './patience.ts'
import { lookInRounds, type RoundSettings, type Watched } from './rounds.ts'
import { unverifiable } from './verdicts.ts'

export type VerifySettings = RoundSettings & {
  /** the reason why a URL can't be requested; undefined if it can */
  readonly whyNot: (url: URL) => string | undefined
  /** whether an earlier run may have uploaded the same bytes of a file */
  readonly mayRepeat: (path: string) => boolean
}

export type Verification = {
  /** Requests each URL once, before its file changes. It never fails. */
  lookBefore(steps: readonly PurgeStep[]): Promise<void>
  /** Notes the URLs that were purged, also by the Asset Manager: only these are verified. */
  hear(event: RunEvent): void
  /** Requests the URLs until all are as they should be, or the time is up. */
  carryOut(): Promise<void>
  /** the final judgements, by URL */
  readonly verdicts: ReadonlyMap<string, Judgement>
}

/** Verifies that purges had their effect. */
export function createVerification(plan: Plan, settings: VerifySettings): Verification {
  const watched = watchAll(plan, settings)
  const verdicts = new Map<string, Judgement>()
  const lookBefore = createLooksBefore(settings)

  return {
    verdicts,
    async lookBefore(changing) {
      const items = changing.flatMap(({ url }) => watched.get(url) ?? [])
      for (const item of items) item.looking ??= lookBefore(item)
      await Promise.all(items.map(({ looking }) => looking))
      for (const item of items) item.uploadedAt = Date.now()
    },
    hear(event) {
      if (event.kind !== 'ended' || event.outcome.result !== 'done') return
      const { step } = event.outcome
      const now = performance.now()
      if (step.kind === 'purge' && !step.subImage) {
        const item = watched.get(step.url)
        if (item !== undefined) item.purgedAt = now
      } else if (step.kind === 'call' && step.call === 'refresh') {
        for (const item of watched.values())
          if (item.path === step.path && item.purgedAt !== undefined) item.purgedAt = now
      }
    },
    async carryOut() {
      const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined)
      for (const item of items) settleUnseen(item, settings)
      await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP))
    },
  }
}

const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer')

/** @returns a function that requests a URL before its file changes, unless its host does not answer */
function createLooksBefore({ rendering, signal, whyNot }: VerifySettings): (item: Watched) => Promise<void> {
  const look = createPatience(rendering)
  return async (item) => {
    if (item.change === 'deleted' || isVideo(item.url) || whyNot(new URL(item.url)) !== undefined) return
    if (!signal.aborted) item.before = await look(item.url, signal)
  }
}

/** @returns by URL */
function watchAll({ files, purges, skipped }: Plan, { mayRepeat }: VerifySettings): Map<string, Watched> {
  const deleted = new Set(skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path))
  const changeOf = (path: string | undefined): Watched['change'] => {
    if (path === undefined) return 'unknown'
    return deleted.has(path) ? 'deleted' : 'elsewhere'
  }
  const watch = ({ url, path }: PurgeStep, change: Watched['change']): Watched => {
    return { url, path, change, mayRepeat: path === undefined || mayRepeat(path) }
  }
  const all = [
    ...files.flatMap((file) => file.purges.filter(({ subImage }) => !subImage).map((step) => watch(step, 'uploaded'))),
    ...purges.filter(({ subImage }) => !subImage).map((step) => watch(step, changeOf(step.path))),
  ]
  return new Map(all.map((item) => [item.url, item]))
}

function settleUnseen(item: Watched, { whyNot }: VerifySettings): void {
  const reason = isVideo(item.url) ? "a video: purges do not reach imgix's Video API" : whyNot(new URL(item.url))
  if (reason !== undefined) item.judgement = unverifiable(reason)
}
