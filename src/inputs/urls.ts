/**
 * The URL to purge: the URL of a page that builds it with imgix's SDK.
 * @param originPath relative to the Source, no leading slash, not encoded
 * @see https://github.com/imgix/js-core (a path is encoded by encodeURI, then `# ? : +`)
 */
export function purgeUrl(domain: string, originPath: string): string {
  return `https://${domain}/${encodePath(originPath)}`
}

/**
 * Normalises a URL to purge: drops query and fragment, and encodes every character once. An escape stays, so that `a%26b`
 * and `a&b` remain two URLs.
 * @returns undefined for a text that is not one https URL of a file
 */
export function parsePurgeUrl(text: string): string | undefined {
  if (/[\s,;]https?:\/\//i.test(text)) return undefined // the second URL would be part of the first one's path or query
  const match = /^https:\/\/([^/?#]+)\/([^?#]+)/i.exec(text)
  const host = match?.[1] ?? ''
  const path = match?.[2] ?? ''
  const domain = parseDomain(host)
  if (domain === undefined || path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return undefined
  return `https://${domain}/${encodeOnce(path)}`
}

/** @returns the host name in lower case and ASCII; undefined for a text that is not a host name */
export function parseDomain(text: string): string | undefined {
  if (!/^[^\s/?#@:[\]\\%]+$/.test(text) || !URL.canParse(`https://${text}`)) return undefined
  const { hostname } = new URL(`https://${text}`)
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(hostname) && !/^[\d.]+$/.test(hostname) ? hostname : undefined
}

/** Encodes an origin path for a URL: `encodeURI`, then `# ? : +`. */
export function encodePath(path: string): string {
  return encodeURI(path).replace(/[#?:+]/g, encodeURIComponent)
}

function encodeOnce(path: string): string {
  const parts = path.split(/(%[\da-f]{2})/i)
  return parts.map((part, at) => (at % 2 === 1 ? tidyEscape(part) : encodePath(part))).join('')
}

/** Gives every URL one spelling: escapes in upper case, and no escapes of unreserved characters. */
function tidyEscape(code: string): string {
  const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : code.toUpperCase()
}
