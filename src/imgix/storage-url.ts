import type { Sending } from './client.ts'
import { ImgixError } from './errors.ts'
import { isLoopback } from './http/hosts.ts'

const HOST_MAX_LENGTH = 300
/** No storage takes a longer one, and the parts of the last few thousand are kept to be hidden. */
const URL_MAX_LENGTH = 8192

type Asked = {
  readonly method: 'GET' | 'PUT'
  /** public names that the URL can contain */
  readonly own?: string | undefined
  /** the URL that a relative URL is relative to */
  readonly base?: URL | undefined
}

/** Hides a URL of the storage, and admits it: https, or http on this machine, without a user name, on an allowed host.
 *  @throws ImgixError */
export async function admitUrl(
  text: string,
  { method, own = '', base }: Asked,
  { hosts, settings }: Pick<Sending, 'hosts' | 'settings'>,
): Promise<URL> {
  if (text.length > URL_MAX_LENGTH) {
    throw new ImgixError({ method, path: 'of a file', reason: `the URL of the file has ${text.length} characters` })
  }
  const url = URL.parse(text, base?.href)
  settings.hide(url?.href ?? text, own)
  // the text of a redirect is not hidden: it can be as short as a slash
  if (url !== null && base === undefined && text !== url.href) settings.hide(text, own)
  if (url === null || !isSafe(url) || !(await hosts.allows(url))) {
    const use = method === 'GET' ? 'taken from' : 'sent to'
    const host = (url && hostOf(url)) || 'of a file'
    const reason = `files are not ${use} the address ${host}: only https on a public host is allowed`
    throw new ImgixError({ method, path: host, reason })
  }
  return url
}

/** The part of a presigned URL that can be shown: the path can be secret, and the query is. */
export function hostOf({ host }: URL): string {
  return host.slice(0, HOST_MAX_LENGTH)
}

/** Bytes go in the clear to this machine only, as the key does. */
function isSafe(url: URL): boolean {
  const isPlain = url.protocol === 'http:' && isLoopback(url)
  return (url.protocol === 'https:' || isPlain) && url.username + url.password === ''
}
