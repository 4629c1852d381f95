import { purge } from '../imgix/purges.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Plan } from '../plan/plan.ts'
import type { Source } from '../plan/source.ts'
import type { Environment } from '../runner/environment.ts'
import type { Api } from '../sync/upload.ts'
import { createRendering } from './rendering.ts'
import { createVerification, type Verification, type VerifySettings } from './verify.ts'

/** A HEAD of a rendering host that is asked before an upload must not hold that up for long. */
const LOOK_TIMEOUT_MS = 5000
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources'

type Means = {
  readonly environment: Pick<Environment, 'event' | 'attempt'>
  /** what the files differ from */
  readonly base: string
  readonly inputs: Inputs
  /** undefined where it could not be read */
  readonly source: Source | undefined
  readonly api: Pick<Api, 'client'>
  readonly onPurgeAgain: (url: string, error?: unknown) => void
} & Pick<VerifySettings, 'signal' | 'onRound'>

/** The verification that the inputs ask for. It holds connections open until it is closed.
 *  @returns undefined where they ask for none */
export function startVerification(
  plan: Plan,
  { inputs, source, api, environment, base, onPurgeAgain, ...means }: Means,
): (Verification & { close(): void }) | undefined {
  if (inputs.verify === 'off') return undefined
  const signing = (url: URL): Source['signing'] => (source?.domains.includes(url.host) ? source.signing : undefined)
  const rendering = createRendering({
    timeoutMs: Math.min(inputs.timeoutMs, LOOK_TIMEOUT_MS),
    userAgent: 'imgix-sync/1',
    apiUrl: inputs.apiUrl,
    proxyFor: inputs.proxyFor,
    tokenFor: (url) => signing(url)?.token,
  })
  const changes = new Map(plan.uploads.map(({ path, change }) => [path, change]))
  const verification = createVerification(plan, {
    ...means,
    rendering,
    timeoutMs: inputs.verifyTimeoutMs,
    // in mode all a file that is not known to differ from what the Source holds may be what it holds
    mayRepeat: (path) => (inputs.mode === 'all' ? changes.get(path) === 'present' : !takesNews(environment, base)),
    whyNot: (url) => (signing(url) !== undefined && signing(url)?.token === undefined ? UNSIGNED : undefined),
    purgeAgain: (url, signal) =>
      purge(api.client, url, { signal, halt: signal }).then(
        () => onPurgeAgain(url),
        // the looks that follow tell what it meant; one that is not wanted any more is no news
        (error) => void (signal.aborted || onPurgeAgain(url, error)),
      ),
  })
  return { ...verification, close: () => rendering.close() }
}

/** What a push changed, no earlier run can have uploaded, unless that was this run's own earlier attempt. */
function takesNews({ event: { payload }, attempt }: Means['environment'], base: string): boolean {
  if (typeof payload !== 'object' || payload === null || !('before' in payload)) return false
  return attempt === 1 && base !== '' && base === payload.before
}
