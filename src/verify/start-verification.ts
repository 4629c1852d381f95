import type { Emit, Plan } from '../events.ts'
import type { Client } from '../imgix/client.ts'
import { purge } from '../imgix/purges.ts'
import type { Source } from '../plan/source.ts'
import { createRendering } from './rendering.ts'
import { createVerification, type Verification } from './verify.ts'

/** A HEAD request before an upload must not delay the upload for long. */
const LOOK_TIMEOUT_MS = 5000
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources'

type Settings = {
  readonly mode: 'changed' | 'all'
  /** time without progress after which a request ends */
  readonly timeoutMs: number
  /** for the verification as a whole */
  readonly verifyTimeoutMs: number
  readonly apiUrl: string
  readonly proxyFor: (url: URL) => URL | undefined
  /** undefined if it could not be read */
  readonly source: Source | undefined
  readonly client: Client
  readonly environment: { readonly event: { readonly payload: unknown }; readonly attempt: number }
  /** the commit that the files were compared with */
  readonly base: string
  readonly signal: AbortSignal
  readonly emit: Emit
}

/** Starts a verification, which keeps connections open until it is closed. */
export function startVerification(plan: Plan, settings: Settings): Verification & { close(): void } {
  const { mode, source, client, signal, emit } = settings
  const isNews = takesNews(settings)
  const signing = (url: URL): Source['signing'] => (source?.domains.includes(url.host) ? source.signing : undefined)
  const rendering = createRendering({
    timeoutMs: Math.min(settings.timeoutMs, LOOK_TIMEOUT_MS),
    userAgent: 'imgix-sync/1',
    apiUrl: settings.apiUrl,
    proxyFor: settings.proxyFor,
    tokenFor: (url) => signing(url)?.token,
  })
  const changes = new Map(plan.files.map(({ upload }) => [upload.path, upload.change]))
  const verification = createVerification(plan, {
    rendering,
    timeoutMs: settings.verifyTimeoutMs,
    signal,
    emit,
    // in `mode: all` a file without a comparison can be identical to the stored one
    mayRepeat: (path) => (mode === 'all' ? changes.get(path) === 'present' : !isNews),
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

/** Whether no earlier run can have uploaded these bytes: a push changed them, and this is the first attempt of its run. */
function takesNews({ environment, base }: Pick<Settings, 'environment' | 'base'>): boolean {
  const { event, attempt } = environment
  if (typeof event.payload !== 'object' || event.payload === null || !('before' in event.payload)) return false
  return attempt === 1 && base !== '' && base === event.payload.before
}
