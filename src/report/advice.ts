import { ImgixError } from '../imgix/errors.ts'
import { FileError } from '../imgix/http/body.ts'
import { HostError, ProxyError, ProxySettingError } from '../imgix/http/unsent.ts'
import { type Advice, AGAIN, adviseOnAnswer, again, fix, STAYS, withSubject } from './answers.ts'

/** What to do about an error that a request or a file caused; undefined for errors whose message says it. */
export function adviceOn(error: unknown): Advice | undefined {
  if (error instanceof FileError) return adviseOnFile(error)
  if (!(error instanceof ImgixError)) return undefined
  const { status, permission, cause, reason, remedy } = error
  if (remedy !== undefined) return { problem: reason ?? '', remedy, again: remedy.startsWith(AGAIN) }
  if (cause instanceof ProxyError) {
    const what = cause.status === 407 ? `the user name and password in ${cause.variable}` : cause.variable
    return fix(cause.message, `check ${what}`)
  }
  if (cause instanceof ProxySettingError) return undefined // its message says what to do
  if (cause instanceof HostError) {
    const what = permission === undefined ? "the endpoint in the Source's settings" : 'api-url'
    return withSubject(error, fix(reason ?? '', `check ${what}, and the runner's name server`))
  }
  return status === undefined ? withSubject(error, adviseOnSilence(error)) : adviseOnAnswer(error)
}

function adviseOnFile({ message, cause }: FileError): Advice {
  const { code = '' } = Object(cause) as NodeJS.ErrnoException
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return fix(message, "give the runner's user the permission for it")
  if (['ENOSPC', 'EDQUOT'].includes(code)) return fix(message, "make room on the runner's disk")
  return again(message, `${AGAIN}, and let no other step write to the files meanwhile`)
}

/** What codes of Node mean: the first that matches counts. */
const TLS: readonly (readonly [code: RegExp, meaning: string, remedy: string])[] = [
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    'its certificate is not valid now',
    "check the runner's clock, then the certificate",
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another host',
    'check api-url, and what intercepts TLS on the runner',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/,
    'the runner does not trust its certificate',
    'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
  ],
]

/** Advice on an error without a status: no answer came, the answer was not the server's, or nothing was sent. */
function adviseOnSilence({ reason = 'no reason is known', cause, permission, strangersStatus }: ImgixError): Advice {
  if (strangersStatus !== undefined)
    return again(reason, `${AGAIN}; if it stays, let the runner reach the host, or set the proxy`)
  if (!(cause instanceof Error)) return again(reason, STAYS)
  const { code = '' } = (cause.cause instanceof Error ? cause.cause : cause) as NodeJS.ErrnoException
  const [, meaning, remedy] = TLS.find(([form]) => form.test(code)) ?? []
  if (meaning !== undefined && remedy !== undefined) return fix(`${reason}: ${meaning}`, remedy)
  const host = permission === undefined ? '' : 'api-url and '
  const what = /^(ENOTFOUND|EAI_AGAIN)$/.test(code) ? "the runner's name server" : 'the network'
  return again(reason, `${AGAIN}; if it stays, check ${host}${what}`)
}
