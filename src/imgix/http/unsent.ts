// Without the modules of Node that a connection needs: a run loads them when it makes one.

/** The request has never left. */
export class UnsentError extends Error {
  override name = 'UnsentError'
  /** another try can help */
  readonly retryable: boolean = false
}

/** The host is not public. */
export class HostError extends UnsentError {
  override name = 'HostError'
}

/** No address of the host takes a connection. */
export class AddressError extends UnsentError {
  override name = 'AddressError'
  override readonly retryable = true
}

/** The variable that names the proxy of the request is not valid. */
export class ProxySettingError extends UnsentError {
  override name = 'ProxySettingError'
}

/** To a host through a proxy. */
export type Way = {
  readonly proxy: URL
  /** host:port */
  readonly target: string
  /** TLS to the target */
  readonly secure: boolean
}

/** There is no tunnel through the proxy. */
export class ProxyError extends UnsentError {
  override name = 'ProxyError'
  /** the proxy's answer; undefined where there was none */
  readonly status: number | undefined
  override readonly retryable: boolean
  /** the variable that names the proxy */
  readonly variable: 'HTTPS_PROXY' | 'HTTP_PROXY'

  constructor(why: string, { proxy, target, secure, status, cause }: Way & { status?: number; cause?: unknown }) {
    super(`no tunnel to ${target} through the proxy ${proxy.hostname}:${portOf(proxy)} (${why})`, { cause })
    this.status = status
    this.retryable = status === undefined || status >= 500
    this.variable = secure ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  }
}

/** @param to ` to ` and a host, where the text has to name it */
export function whyUnsent(error: UnsentError, to = ''): string {
  const isClear = error instanceof AddressError || error instanceof ProxyError
  return isClear ? error.message : `nothing was sent${to}: ${error.message}`
}

export function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}
