import { purge } from './imgix/purges.ts'
import { createRendering } from './imgix/rendering.ts'
import type { Source } from './imgix/sources.ts'
import type { Inputs } from './inputs.ts'
import type { Plan } from './plan.ts'
import type { Api } from './upload.ts'
import { createVerification, type Verification, type VerifySettings } from './verify.ts'

/** A HEAD of a rendering host that is asked before an upload must not hold that up for long. */
const LOOK_TIMEOUT_MS = 5000
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources'

type Means = {
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
  { inputs, source, api, onPurgeAgain, ...means }: Means,
): (Verification & { close(): void }) | undefined {
  if (inputs.verify === 'off') return undefined
  const signing = (url: URL): Source['signing'] => (source?.domains.includes(url.host) ? source.signing : undefined)
  const rendering = createRendering({
    timeoutMs: Math.min(inputs.timeoutMs, LOOK_TIMEOUT_MS),
    userAgent: 'imgix-sync/1',
    proxyFor: inputs.proxyFor,
    tokenFor: (url) => signing(url)?.token,
  })
  const verification = createVerification(plan, {
    ...means,
    rendering,
    timeoutMs: inputs.verifyTimeoutMs,
    whyNot: (url) => (signing(url) !== undefined && signing(url)?.token === undefined ? UNSIGNED : undefined),
    purgeAgain: (url, signal) =>
      purge(api.client, url, { signal, halt: signal }).then(
        () => onPurgeAgain(url),
        (error) => onPurgeAgain(url, error), // the looks that follow tell what it meant
      ),
  })
  return { ...verification, close: () => rendering.close() }
}
