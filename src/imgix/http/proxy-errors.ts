// Without the modules of Node that a connection needs: a run loads them when it makes one.

/** To a host through a proxy. */
export type Way = {
  readonly proxy: URL
  /** host:port */
  readonly target: string
  /** TLS to the target */
  readonly secure: boolean
}
type Failure = Way & { readonly status?: number; readonly cause?: unknown }

/** There is no tunnel through the proxy, so the request that wanted it has never left. */
export class ProxyError extends Error {
  override name = 'ProxyError'
  /** the proxy's answer; undefined where there was none */
  readonly status: number | undefined
  readonly retryable: boolean
  /** the variable that names the proxy */
  readonly variable: 'HTTPS_PROXY' | 'HTTP_PROXY'

  constructor(why: string, { proxy, target, secure, status, cause }: Failure) {
    super(`no tunnel to ${target} through the proxy ${proxy.hostname}:${portOf(proxy)} (${why})`, { cause })
    this.status = status
    this.retryable = status === undefined || status >= 500
    this.variable = secure ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  }
}

/** The variable that names the proxy of a request is not valid, so the request does not leave. */
export class ProxySettingError extends Error {
  override name = 'ProxySettingError'
}

export function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}
