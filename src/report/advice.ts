import { ImgixError } from '../imgix/errors.ts'
import { FileError } from '../imgix/http/body.ts'
import { HostError } from '../imgix/http/host-error.ts'
import { ProxyError, ProxySettingError } from '../imgix/http/proxy-errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { isExpired, isPassing } from '../imgix/storage-codes.ts'

/** An error as its reader needs it. */
export type Advice = {
  /** what is wrong */
  readonly problem: string
  /** what to do, as an order */
  readonly remedy: string
  /** running the job again is the remedy, or a part of it */
  readonly again: boolean
}

/** The newer names of the permissions, as imgix's documents use both. */
const NEWER_NAMES: Readonly<Record<string, string>> = {
  'Asset Manager Edit': 'Asset Edit',
  'Asset Manager Edit and Purge': 'Asset Edit and Asset Purge',
  'Asset Manager Browse': 'Asset Browse',
  Purge: 'Asset Purge',
}

const AGAIN = 'run the job again'
/** The remedy for an error that only imgix or the storage can correct. */
const STAYS = `${AGAIN}; if it stays, tell imgix's support the request`

const fix = (problem: string, remedy: string): Advice => ({ problem, remedy, again: false })
const again = (problem: string, remedy = AGAIN): Advice => ({ problem, remedy, again: true })

/** What to do about an error that a request or a file caused; undefined for errors whose message says it. */
export function adviceOn(error: unknown): Advice | undefined {
  if (error instanceof FileError) return adviseOnFile(error)
  if (!(error instanceof ImgixError)) return undefined
  const { status, permission, cause, reason, remedy } = error
  if (remedy !== undefined) return { problem: reason ?? '', remedy, again: status !== 409 }
  if (cause instanceof ProxyError) return adviseOnProxy(cause)
  if (cause instanceof ProxySettingError) return undefined // its message says what to do
  if (cause instanceof HostError) return adviseOnHost(error)
  if (status === undefined) return adviseOnSilence(error)
  return permission === undefined ? adviseOnStorage(error) : adviseOnAnswer(error, status, permission)
}

function adviseOnFile({ message, retryable }: FileError): Advice {
  if (retryable) return again(message, `${AGAIN}, and let no other step write to the files meanwhile`)
  if (/\((EACCES|EPERM|EROFS)\)/.test(message)) {
    const verb = message.includes("can't be read") ? 'read' : 'write'
    return fix(message, `give the runner the permission to ${verb} it`)
  }
  if (/\((ENOSPC|EDQUOT)\)/.test(message)) return fix(message, "make room on the runner's disk")
  return again(message, `let no other step write to the files while this one runs, and ${AGAIN}`)
}

function adviseOnProxy(cause: ProxyError): Advice {
  const what = cause.status === 407 ? `the user name and password in ${cause.variable}` : cause.variable
  return fix(cause.message, `check ${what}`)
}

function adviseOnHost({ permission }: ImgixError): Advice {
  const what = permission === undefined ? "the endpoint in the Source's settings" : 'api-url'
  return fix("nothing was sent: the host's address is not public", `check ${what} and the runner's name server`)
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/

/** Advice on an error without a status: no answer came, the answer was not the server's, or nothing was sent. */
function adviseOnSilence({ message, cause, permission, strangersStatus }: ImgixError): Advice {
  if (strangersStatus !== undefined)
    return again(withoutCall(message), `${AGAIN}; if it stays, let the runner reach the host, or set the proxy`)
  if (!(cause instanceof Error)) return again(withoutCall(message), STAYS)
  const { code = '' } = (cause.cause instanceof Error ? cause.cause : cause) as NodeJS.ErrnoException
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return fix(
      `the certificate of the host is not valid now (${code})`,
      "check the runner's clock, then the certificate",
    )
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return fix(`the certificate is for another host (${code})`, 'check api-url, and what intercepts TLS on the runner')
  if (CERTIFICATE.test(code))
    return fix(
      `the runner does not trust the certificate of the host (${code})`,
      'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
    )
  const what = permission === undefined ? 'the network' : 'api-url and the network'
  return again(withoutCall(message), `${AGAIN}, and if it stays check ${what}`)
}

/** Answers of the bucket behind a presigned URL. */
function adviseOnStorage(error: ImgixError): Advice {
  const { method, status = 0, details } = error
  const what = `the storage answered ${[status, details[0]?.title].filter(Boolean).join(' ')}`
  if (method !== 'PUT') return again(what, STAYS)
  if (status >= 300 && status < 400)
    return again(
      `${what}: a redirect, which is not followed`,
      "check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later",
    )
  if (isPassing(error)) return again(what, `${AGAIN} in some minutes`)
  if (status === 401 || isExpired(error))
    return fix(what, "check the upload credentials of the Source, and the runner's clock")
  if (status === 404) return fix(what, "check the bucket in the Source's settings")
  if (status === 413 || details[0]?.title === 'EntityTooLarge') return fix(what, TOO_LARGE)
  if (status >= 500 || status === 409 || isTransient(status)) return again(what, `${AGAIN} in some minutes`)
  return fix(what, "check the file, and the bucket in the Source's settings")
}

const TOO_LARGE = 'make the file smaller, or leave it out by `files`'

/** Answers of the API. */
function adviseOnAnswer(error: ImgixError, status: number, permission: string): Advice {
  if (status === 401)
    return fix('api-key: imgix does not accept the key', 'check that the secret is set and that the key is active')
  if (status === 403) {
    const newer = NEWER_NAMES[permission]
    const name = newer === undefined ? permission : `${permission} (in newer accounts: ${newer})`
    return fix(`api-key: the key lacks the permission ${name}`, "add it to the key in imgix's dashboard")
  }
  if (status < 300) return again("imgix's answer can't be used", STAYS)
  if (status < 400) return fix('the API answered with a redirect, which is not followed', 'check api-url')
  if (status === 429)
    return again(
      'imgix accepts fewer requests than rate-limits allows, or another job uses the same account',
      'lower rate-limits',
    )
  if (status >= 500 || isTransient(status))
    return again(`imgix failed ${times(error.attempts)}`, `${AGAIN}; if it stays, see imgix's status page`)
  return adviseOnRefusal(error, status)
}

/** What imgix refuses for good. */
function adviseOnRefusal({ path }: ImgixError, status: number): Advice {
  if (status === 409 && path.includes('/upload'))
    return fix(
      'imgix does not replace what the Source already holds at this path',
      'delete it in the bucket, or see on-conflict',
    )
  if (status === 404 && path.endsWith('/purge')) return fix('this host has no purge call', 'check api-url')
  if (status === 404) return again('imgix does not know this path', `check source-id and api-url, or ${AGAIN} later`)
  if (status === 413) return fix('the file is larger than imgix takes', TOO_LARGE)
  if (path.endsWith('/purge'))
    return fix(
      'imgix does not purge this URL',
      "check domains and urls: the host must be a domain of this account's Sources",
    )
  if (status === 422 || status === 415)
    return fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`')
  return fix(
    `imgix refused the request (${status})`,
    `check the inputs and the file; if they are right, tell imgix's support the request`,
  )
}

function times(attempts: number): string {
  return attempts === 1 ? 'once' : `${attempts} times`
}

/** @param message `METHOD path: what` */
function withoutCall(message: string): string {
  return message.replace(/^[A-Z]+ \S+: /, '')
}

/** Status and request id: what imgix's support asks for. */
export function factsOf(error: unknown): string {
  if (!(error instanceof ImgixError)) return ''
  const { status, details, requestId } = error
  const detail = details[0]?.detail || details[0]?.title
  const parts = [status, detail, requestId === undefined ? undefined : `request ${requestId}`]
  return parts.filter((part) => part !== undefined && part !== '').join(' · ')
}
