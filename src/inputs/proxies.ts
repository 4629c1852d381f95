import { ProxySettingError, portOf } from '../imgix/http/unsent.ts'
import { decodeUri } from '../runner/text.ts'

export type Proxies = ReturnType<typeof readProxies>

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i

type Env = Readonly<Record<string, string | undefined>>

const ALLOWED =
  'an http or https proxy, such as http://user:password@proxy.example:3128, with reserved characters of user name and password percent-encoded'

/** Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. As in curl, lower case has priority and an empty variable is ignored. */
export function readProxies(env: Env) {
  const secrets: string[] = []
  const read = (name: string): URL | string | undefined => {
    const variable = [name, name.toUpperCase()].find((each) => env[each]?.trim())
    if (variable === undefined) return undefined
    const text = String(env[variable]).trim()
    secrets.push(...findSecrets(text))
    return parseProxy(text) ?? `${variable}: its value is not allowed; ${ALLOWED}`
  }
  const proxies = new Map([
    ['https:', read('https_proxy')],
    ['http:', read('http_proxy')],
  ])
  const bypasses = parseNoProxy(env.no_proxy || env.NO_PROXY || '')
  const settingFor = (url: URL): URL | string | undefined => (bypasses(url) ? undefined : proxies.get(url.protocol))
  return {
    /** @returns the proxy for a URL, with its credentials; undefined for none
     *  @throws ProxySettingError if the variable for this URL is not valid */
    proxyFor(url: URL): URL | undefined {
      const proxy = settingFor(url)
      if (typeof proxy === 'string') throw new ProxySettingError(proxy)
      return proxy
    },
    /** @returns one line, without the value, for the variable that a request to this URL uses and that is not valid */
    problemFor(url: URL): string | undefined {
      const problem = settingFor(url)
      return typeof problem === 'string' ? problem : undefined
    },
    /** the passwords of the proxies, in every form that a log can show */
    secrets: secrets as readonly string[],
  }
}

function parseProxy(text: string): URL | undefined {
  const full = SCHEME.test(text) ? text : `http://${text}`
  if (!URL.canParse(full)) return undefined
  const url = new URL(full)
  const { protocol, username, password, pathname, search, hash } = url
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  const decodable = decodeUri(username) !== undefined && decodeUri(password) !== undefined
  return decodable && pathname === '/' && search === '' && hash === '' ? url : undefined
}

/** Finds the password also in a text that is not a URL: another program can print the variable. */
function findSecrets(text: string): string[] {
  const credentials = text.slice(0, Math.max(0, text.lastIndexOf('@'))).replace(SCHEME, '')
  const [, user = '', password = ''] = /^([^:@/]*):?(.*)/s.exec(credentials) ?? []
  if (user + password === '') return []
  const plain = decodeUri(password) ?? password
  const basic = Buffer.from(`${decodeUri(user) ?? user}:${plain}`).toString('base64')
  const asUrl = parseProxy(text)?.password ?? ''
  return [...new Set([password, plain, asUrl, basic])].filter((secret) => secret !== '')
}

/** A name, also after a dot or `*.`, matches itself and its subdomains. `*` matches all. A port restricts the match. */
function parseNoProxy(text: string): (url: URL) => boolean {
  const items = text.toLowerCase().split(/[\s,]+/)
  const rules = items.map((item) => {
    const [, host = item, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? []
    return { name: host.replace(/^\*?\.|^\[|\]$/g, ''), port }
  })
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const isOf = (name: string): boolean => name === '*' || (name !== '' && `.${host}`.endsWith(`.${name}`))
    return rules.some(({ name, port }) => (port === undefined || port === portOf(url)) && isOf(name))
  }
}
