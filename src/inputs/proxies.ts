export type Proxies = {
  /** The proxy that leads to a URL, with its credentials; undefined: none does. */
  readonly proxyFor: (url: URL) => URL | undefined
  /** what is wrong with the variables, a line each, without their values */
  readonly problems: readonly string[]
  /** passwords of the proxies, in each form that a log might show */
  readonly secrets: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

const ALLOWED =
  'an http or https proxy, such as http://user:password@proxy.example:3128, with reserved characters of user name and password percent-encoded'

/** Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. As with curl, lower case wins and an empty variable is none. */
export function readProxies(env: Env): Proxies {
  const problems: string[] = []
  const secrets: string[] = []
  const read = (name: string): URL | undefined => {
    const variable = [name, name.toUpperCase()].find((each) => env[each]?.trim())
    if (variable === undefined) return undefined
    const text = String(env[variable]).trim()
    secrets.push(...findSecrets(text))
    const proxy = parseProxy(text)
    if (proxy === undefined) problems.push(`${variable}: its value is not allowed; ${ALLOWED}`)
    return proxy
  }
  const proxies = new Map([
    ['https:', read('https_proxy')],
    ['http:', read('http_proxy')],
  ])
  const bypasses = parseNoProxy(env.no_proxy || env.NO_PROXY || '')
  return { proxyFor: (url) => (bypasses(url) ? undefined : proxies.get(url.protocol)), problems, secrets }
}

function parseProxy(text: string): URL | undefined {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(full)) return undefined
  const url = new URL(full)
  const { protocol, username, password, pathname, search, hash } = url
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  const decodable = decode(username) !== undefined && decode(password) !== undefined
  return decodable && pathname === '/' && search === '' && hash === '' ? url : undefined
}

/** Also of what is no URL: it may be shown by whatever else reads the variable. */
function findSecrets(text: string): string[] {
  const [, user = '', password = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/)?([^:@/]*):?(.*)@/i.exec(text) ?? []
  if (user + password === '') return []
  const plain = decode(password) ?? password
  const basic = Buffer.from(`${decode(user) ?? user}:${plain}`).toString('base64')
  const asUrl = parseProxy(text)?.password ?? ''
  return [...new Set([password, plain, asUrl, basic])].filter((secret) => secret !== '')
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A name stands for itself and all names below it, with a dot or `*.` before it too; `*` for all; a port limits it. */
function parseNoProxy(text: string): (url: URL) => boolean {
  const items = text.toLowerCase().split(/[\s,]+/)
  const rules = items.map((item) => {
    const [, host = item, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? []
    return { name: host.replace(/^\*?\.|^\[|\]$/g, ''), port }
  })
  return ({ hostname, port, protocol }) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const ownPort = port || (protocol === 'https:' ? '443' : '80')
    return rules.some(
      (rule) =>
        (rule.port === undefined || rule.port === ownPort) &&
        (rule.name === '*' || rule.name === host || (rule.name !== '' && host.endsWith(`.${rule.name}`))),
    )
  }
}
