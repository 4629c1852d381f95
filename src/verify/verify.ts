import type { Judgement, Plan, PurgeStep, RunEvent, UploadStep } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import { purge } from '../imgix/purges.ts'
import type { Source } from '../plan/source.ts'
import { isVideo } from '../plan/steps.ts'
import { createPatience, createRendering, type RenderingSettings } from './rendering.ts'
import { lookInRounds, type RoundSettings, type Watched } from './rounds.ts'
import { unverifiable } from './verdicts.ts'

/** A HEAD request before an upload must not delay the upload for long. */
const LOOK_TIMEOUT_MS = 5000
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources'
const VIDEO = "a video: purges do not reach imgix's Video API"
const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer')

type Settings = Pick<RenderingSettings, 'timeoutMs' | 'proxyFor' | 'apiUrl'> &
  Pick<RoundSettings, 'signal' | 'emit'> & {
    readonly mode: 'changed' | 'all'
    /** for the verification as a whole */
    readonly verifyTimeoutMs: number
    /** undefined if it could not be read */
    readonly source: Source | undefined
    readonly client: Client
    readonly environment: { readonly event: { readonly payload: unknown }; readonly attempt: number }
    /** the commit that the files were compared with */
    readonly base: string
  }

/** Starts a verification, which keeps connections open until it is closed. */
export function startVerification(plan: Plan, settings: Settings) {
  const { mode, source, client, signal, emit, environment, base, apiUrl, proxyFor } = settings
  const { before } = Object(environment.event.payload) as { before?: unknown }
  // no earlier run can have uploaded these bytes: a push changed them, and this is the first attempt of its run
  const isNews = environment.attempt === 1 && base !== '' && base === before
  const signing = (url: URL): Source['signing'] => (source?.domains.includes(url.host) ? source.signing : undefined)
  const rendering = createRendering({
    timeoutMs: Math.min(settings.timeoutMs, LOOK_TIMEOUT_MS),
    userAgent: 'imgix-sync/1',
    apiUrl,
    proxyFor,
    tokenFor: (url) => signing(url)?.token,
  })
  const verification = createVerification(plan, {
    rendering,
    timeoutMs: settings.verifyTimeoutMs,
    signal,
    emit,
    // in `mode: all` a file without a comparison can be identical to the stored one
    mayRepeat: ({ change }) => (mode === 'all' ? change === 'present' : !isNews),
    whyNot: (url) => (signing(url) !== undefined && signing(url)?.token === undefined ? UNSIGNED : undefined),
    async purgeAgain(url, ended) {
      try {
        await purge(client, url, { signal: ended, halt: ended })
        emit({ kind: 'purged-again', url })
      } catch (error) {
        // the next rounds show the effect; an aborted purge is no event
        if (!ended.aborted) emit({ kind: 'purged-again', url, error })
      }
    },
  })
  return { ...verification, close: () => rendering.close() }
}

type VerifySettings = RoundSettings & {
  /** the reason why a URL can't be requested; undefined if it can */
  readonly whyNot: (url: URL) => string | undefined
  /** whether an earlier run may have uploaded the same bytes */
  readonly mayRepeat: (upload: UploadStep) => boolean
}

/** Verifies that purges had their effect. */
export function createVerification(plan: Plan, settings: VerifySettings) {
  const { rendering, signal } = settings
  const watched = watchAll(plan, settings)
  const verdicts = new Map<string, Judgement>()
  const look = createPatience(rendering)
  const whyNot = (url: string): string | undefined => (isVideo(url) ? VIDEO : settings.whyNot(new URL(url)))
  const lookAt = async (item: Watched): Promise<void> => {
    if (item.change === 'deleted' || signal.aborted || whyNot(item.url) !== undefined) return
    item.before = await look(item.url, signal)
  }
  const note = (item: Watched | undefined): void => {
    if (item !== undefined) item.purgedAt = performance.now()
  }
  return {
    /** the final judgements, by URL */
    verdicts: verdicts as ReadonlyMap<string, Judgement>,
    /** Requests each URL once, before its file changes. It never fails. */
    async lookBefore(changing: readonly PurgeStep[]): Promise<void> {
      const items = changing.flatMap(({ url }) => watched.get(url) ?? [])
      for (const item of items) item.looking ??= lookAt(item)
      await Promise.all(items.map(({ looking }) => looking))
      for (const item of items) item.uploadedAt = Date.now()
    },
    /** Notes the URLs that were purged, also by the Asset Manager: only these are verified. */
    hear(event: RunEvent): void {
      if (event.kind !== 'ended' || event.outcome.result !== 'done') return
      const { step } = event.outcome
      if (step.kind === 'call' && step.call === 'refresh') {
        for (const item of watched.values()) if (item.path === step.path && item.purgedAt !== undefined) note(item)
      } else if (step.kind === 'purge' && !step.subImage) note(watched.get(step.url))
    },
    /** Requests the URLs until all are as they should be, or the time is up. */
    async carryOut(): Promise<void> {
      const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined)
      for (const item of items) {
        const reason = whyNot(item.url)
        if (reason !== undefined) item.judgement = unverifiable(reason)
      }
      await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP))
    },
  }
}

/** @returns by URL */
function watchAll({ files, purges, skipped }: Plan, { mayRepeat }: VerifySettings): Map<string, Watched> {
  const deleted = new Set(skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path))
  const changeOf = (path: string | undefined): Watched['change'] =>
    path === undefined ? 'unknown' : deleted.has(path) ? 'deleted' : 'elsewhere'
  const watch = (steps: readonly PurgeStep[], upload?: UploadStep): [string, Watched][] =>
    steps.flatMap(({ url, path, subImage }) => {
      const change = upload === undefined ? changeOf(path) : 'uploaded'
      return subImage ? [] : [[url, { url, path, change, mayRepeat: upload !== undefined && mayRepeat(upload) }]]
    })
  return new Map([...files.flatMap((file) => watch(file.purges, file.upload)), ...watch(purges)])
}
