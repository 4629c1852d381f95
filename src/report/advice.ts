import { ImgixError } from '../imgix/errors.ts'
import { FileError } from '../imgix/http/body.ts'
import { HostError, ProxyError, ProxySettingError } from '../imgix/http/unsent.ts'
import { adviseOnAnswer } from './api-advice.ts'
import { type Advice, AGAIN, again, fix, general, STAYS } from './remedies.ts'
import { subjectOf } from './requests.ts'
import { adviseOnStorage } from './storage-advice.ts'

/** What to do about an error that a request or a file caused; undefined for errors whose message says it.
 *  @param form `short`: without what the request was for */
export function adviceOn(error: unknown, form: 'whole' | 'short' = 'whole'): Advice | undefined {
  if (error instanceof FileError) return adviseOnFile(error)
  if (!(error instanceof ImgixError)) return undefined
  const advice = adviseOnRequest(error)
  const subject = form === 'whole' && advice?.isGeneral === true ? subjectOf(error) : ''
  return advice === undefined || subject === '' ? advice : { ...advice, problem: `${subject}: ${advice.problem}` }
}

function adviseOnRequest(error: ImgixError): Advice | undefined {
  const { status, permission, cause, reason, remedy } = error
  if (remedy !== undefined) return { problem: reason ?? '', remedy, again: status !== 409 }
  if (cause instanceof ProxyError) {
    const what = cause.status === 407 ? `the user name and password in ${cause.variable}` : cause.variable
    return fix(cause.message, `check ${what}`)
  }
  if (cause instanceof ProxySettingError) return undefined // its message says what to do
  if (cause instanceof HostError) {
    const what = permission === undefined ? "the endpoint in the Source's settings" : 'api-url'
    return general(fix(reason ?? '', `check ${what}, and the runner's name server`))
  }
  if (status === undefined) return general(adviseOnSilence(error))
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

const SESSIONS = `${AGAIN}; if it stays, set upload-via to direct`
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/

/** Advice on an error without a status: no answer came, the answer was not the server's, or nothing was sent. */
function adviseOnSilence(error: ImgixError): Advice {
  const { reason = 'no reason is known', cause, permission, strangersStatus } = error
  const isOfSessions = /\/upload-sessions(\/|$)/.test(error.path)
  if (strangersStatus !== undefined)
    return again(reason, `${AGAIN}; if it stays, let the runner reach the host, or set the proxy`)
  if (!(cause instanceof Error)) return again(reason, isOfSessions ? SESSIONS : STAYS)
  const { code = '' } = (cause.cause instanceof Error ? cause.cause : cause) as NodeJS.ErrnoException
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return fix(`${reason}: its certificate is not valid now`, "check the runner's clock, then the certificate")
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return fix(`${reason}: its certificate is for another host`, 'check api-url, and what intercepts TLS on the runner')
  if (CERTIFICATE.test(code))
    return fix(
      `${reason}: the runner does not trust its certificate`,
      'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
    )
  const host = permission === undefined ? '' : 'api-url and '
  if (code === 'ENOTFOUND')
    return again(`${reason}: its name is not known`, `${AGAIN}; if it stays, check ${host}the runner's name server`)
  return again(reason, `${AGAIN}; if it stays, check ${host}the network`)
}
