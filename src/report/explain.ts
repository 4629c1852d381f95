import { ImgixError } from '../imgix/errors.ts'
import { ProxyError, ProxySettingError } from '../imgix/http/proxy-errors.ts'
import { duration } from '../runner/text.ts'

/** The newer names of the permissions, as imgix's documents use both. */
const NEWER_NAMES: Readonly<Record<string, string>> = {
  'Asset Manager Edit': 'Asset Edit',
  'Asset Manager Edit and Purge': 'Asset Edit and Asset Purge',
  'Asset Manager Browse': 'Asset Browse',
  Purge: 'Asset Purge',
}

/** One line for whoever reads the log: what failed, on what, and what to do. */
export function explain(error: unknown): string {
  if (error instanceof ImgixError) return explainAnswer(error)
  if (error instanceof Error) return error.message
  return String(error)
}

/** The line of a long wait before another try. */
export function waitLine(waitMs: number, reason: Error): string {
  return `waits ${duration(waitMs / 1000)} before it tries again: ${explain(reason)}`
}

function explainAnswer(error: ImgixError): string {
  const { status, permission, cause } = error
  if (cause instanceof ProxyError) {
    return `${error.message}; check ${cause.status === 407 ? 'the user name and password in ' : ''}${cause.variable}`
  }
  if (cause instanceof ProxySettingError) return error.message
  if (permission === undefined) return error.message // the storage's answer, not imgix's
  if (status === 401) {
    return `api-key: imgix does not accept the key; check that the secret is set and that the key is active (${error.message})`
  }
  if (status === 403) {
    const newer = NEWER_NAMES[permission]
    const name = newer === undefined ? permission : `${permission} (in newer accounts: ${newer})`
    return `api-key: the key lacks the permission ${name}; add it to the key in imgix's dashboard (${error.message})`
  }
  if (status === 409 && error.path.includes('/upload')) {
    return `imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict (${error.message})`
  }
  if (status === 429) {
    return `imgix accepts fewer requests than rate-limits allows, or another job uses the same account; lower rate-limits (${error.message})`
  }
  if (status === undefined) return `${error.message}; run the job again, and if it stays check api-url and the network`
  return error.message
}
