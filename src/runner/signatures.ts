import { decode, readings } from './spellings.ts'
import { decodeUri } from './text.ts'

// S3, then GCS, then a shared access signature of Azure
const LONG_NAMES =
  'x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid|googleaccessid|signature(?:provided)?'
const SAS_NAMES = 'sig|s[eprtv]|si|sip|spr|srt|ss|sk(?:oid|tid|[tesv])|s[ac]oid|suoid|scid|sdd'
const VALUE = `[^\\s&"'<>,)\\\\]`
/** A value can continue in the next line, if that is not a word. */
const REST = '(?:\\s{1,200}(?=[\\w%+/=~-]{0,200}\\d)[\\w%+/=~-]{8,4000}(?=[\\s&"\'<>]|$)){0,16}'
const PARAMETER = new RegExp(
  `(?<![\\w-])(?:${LONG_NAMES}|${SAS_NAMES})(?:=|["']?\\s{0,4}[:=>]\\s{0,4}["']?(?=${VALUE}{16}))(?<value>${VALUE}{1,8000}${REST})`,
  'dgi',
)
/** The user name and password of a URL, also of one that lacks its scheme or a slash. */
const USER = /(?:\b[a-z][\w+.-]{1,16}:[/\\]{1,2}|(?<![^\s"'`=(])[/\\]{2})(?<value>[^\s/?#@"'<>]{1,1000})@/dgi
/** A token of GitHub or a key of imgix by its form: it can be another one than those of this step. */
const TOKEN = /\b(?<value>gh[oprsu]_\w{20,255}|github_pat_\w{20,255}|ak_[\da-f]{32,255})\b/dgi
const PATTERNS = [PARAMETER, USER, TOKEN]

export type Range = readonly [from: number, to: number]

/** Finds the values of parameters that sign a URL of any storage, with any number of escapes, the
 *  user of a URL, and tokens. */
export function signatureRanges(text: string): Range[] {
  const isFound = readings(text, false).some((reading) => PATTERNS.some((pattern) => reading.search(pattern) >= 0))
  if (!isFound) return []
  return decode(text, false).flatMap(({ text: reading, from, to }) =>
    PATTERNS.flatMap((pattern) =>
      [...reading.matchAll(pattern)].map(({ indices }): Range => {
        const [start = 0, end = 0] = indices?.groups?.value ?? []
        return [Number(from[start]), Number(to[end - 1])]
      }),
    ),
  )
}

/** Parameters of a signed URL that are not secret. */
const PUBLIC = /^(x-(amz|goog)-(algorithm|date|expires|signedheaders|content-sha256)|x-id|expires|s[eprtv])$/i
const KEY_ID = /^(?:x-(?:amz|goog)-credential|awsaccesskeyid|googleaccessid)$/i
const SECRET = new RegExp(`^(?:${LONG_NAMES}|sig|token)$`, 'i')

/**
 * The parts of a presigned URL that are secret.
 * @param own public names that the URL can contain: the file's, the Source's
 * @returns `always`: the signature; `prose`: parts that can be secret, to be hidden in texts for people; `keyId`: the id of
 *   the key that signed it, which all URLs of a Source have, and without which none can be used
 */
export function secretsOf(url: string, own: string): { always: string[]; prose: string[]; keyId: string | undefined } {
  if (!URL.canParse(url)) return { always: [url], prose: [], keyId: undefined }
  const { pathname, search, username, password } = new URL(url)
  const pairs = search.slice(1).split('&').slice(0, 100).map(readPair)
  const values = pairs.flatMap(({ name, value }) => {
    if (PUBLIC.test(name) || own.includes(value)) return []
    return SECRET.test(name) || name === '' || isRandom(value) ? [value] : []
  })
  const [keyId = ''] = pairs.find(({ name }) => KEY_ID.test(name))?.value.split('/') ?? []
  const path = decodePart(pathname)
  const parts = path.split('/').filter(isRandom)
  return {
    always: [decodePart(username), decodePart(password), ...values],
    prose: [path, ...parts].filter((part) => !own.includes(part) && !own.includes(part.slice(1))),
    keyId: isRandom(keyId) && !own.includes(keyId) ? keyId : undefined,
  }
}

/** @returns the name '' for a value without a name */
function readPair(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=')
  return { name: pair.slice(0, Math.max(0, equals)), value: decodePart(pair.slice(equals + 1)) }
}

/** @returns whether a text is neither a word nor a chosen name */
function isRandom(text: string): boolean {
  return text.length >= 16 && /\d/.test(text) && /[a-z]/i.test(text) && !/^[a-z]+\/[\w.+-]+$/i.test(text)
}

function decodePart(text: string): string {
  return decodeUri(text) ?? text
}
