import { ImgixError } from './errors.ts'
import { type Hosts, isLoopback } from './http/hosts.ts'
import { HostError } from './http/unsent.ts'

const HOST_MAX_LENGTH = 300
/** No storage takes a longer one, and the parts of the last few thousand are kept to be hidden. */
const URL_MAX_LENGTH = 8192

/** @throws ImgixError */
export function refuseLong(text: string, method: 'GET' | 'PUT'): void {
  if (text.length <= URL_MAX_LENGTH) return
  throw new ImgixError({ method, path: 'of a file', reason: `the URL of the file has ${text.length} characters` })
}

/**
 * Admits a URL of the storage: https, or http on this machine, without a user name, on an allowed host.
 * @param base the URL that a relative URL is relative to
 * @throws ImgixError
 */
export async function admitUrl(
  text: string,
  { method, hosts, base }: { method: 'GET' | 'PUT'; hosts: Hosts; base?: URL | undefined },
): Promise<URL> {
  refuseLong(text, method)
  const url = URL.parse(text, base?.href)
  try {
    if (url !== null && isSafe(url)) {
      await hosts.check(url)
      return url
    }
  } catch (error) {
    if (!(error instanceof HostError)) throw error
  }
  const use = method === 'GET' ? 'taken from' : 'sent to'
  const host = (url && hostOf(url)) || 'of a file'
  const reason = `files are not ${use} the address ${host}: only https on a public host is allowed`
  throw new ImgixError({ method, path: host, reason })
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
