import type { RateLimit } from '../imgix/http/limiter.ts'
import type { RateLimits } from '../imgix/pace.ts'
import type { PatternInput } from './pattern-advice.ts'
import { compilePatterns, type Matcher, PatternError, type PatternPlace, readPatternLines } from './patterns.ts'
import { parseDomain, parsePurgeUrl } from './urls.ts'

/** Describes the allowed values, for a text that is not valid. `values`: the parts that are not valid, if not the whole text. */
export type Allowed = { allowed: string; values?: readonly string[] }

const SIZE_UNITS = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 } as const
const WINDOW_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const

export function parseBoolean(text: string): boolean | Allowed {
  if (/^(true|True|TRUE)$/.test(text)) return true
  return /^(false|False|FALSE)$/.test(text) ? false : { allowed: 'true or false' }
}

export function oneOf<const T extends string>(...words: T[]): (text: string) => T | Allowed {
  return (text) => words.find((word) => word === text) ?? { allowed: words.join(', ').replace(/, (?=\w+$)/, ' or ') }
}

export function wholeNumber(min: number, max: number): (text: string) => number | Allowed {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : { allowed: `a whole number from ${min} to ${max}` }
  }
}

/** @returns '' for none */
export function parseSourceId(text: string): string | Allowed {
  return /^[\w-]{0,64}$/.test(text)
    ? text
    : { allowed: "the Source's id: 24 hexadecimal digits, the end of its dashboard URL" }
}

export function parseFiles(text: string, place?: PatternPlace): Matcher | Allowed {
  try {
    return compilePatterns(text, place)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return { allowed: `patterns relative to root, without '.' and '..' segments: ${error.message}` }
  }
}

/** @returns '' or a folder that ends with one slash */
export function parsePrefix(text: string): string | Allowed {
  const folder = withoutSlashes(text.replace(/^\/+/, ''))
  if (folder === '') return ''
  const bad = folder.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
  return bad || /[\p{Cc}\\]/u.test(folder) ? { allowed: 'a folder such as site/images' } : `${folder}/`
}

/** @returns bytes */
export function parseSize(text: string): number | Allowed {
  const match = /^(\d{1,12}(?:\.\d{1,9})?) ?(B|KB|MB|GB)$/i.exec(text)
  if (match === null) return { allowed: 'a number and B, KB, MB or GB, such as 30MB' }
  const unit = SIZE_UNITS[String(match[2]).toUpperCase() as keyof typeof SIZE_UNITS]
  return Math.floor(Number((Number(match[1]) * unit).toFixed(3))) // 8.2 * 1e6 is a little less than it should be
}

/** Reads lines of `pattern: type`. @returns a function from a path to the type of the last line that matches */
export function parseContentTypes(text: string): ((path: string) => string | undefined) | Allowed {
  const rules = parseLines(text, parseContentType, 'lines of pattern: type, such as **/*.avif: image/avif')
  if ('allowed' in rules) return rules
  rules.reverse()
  return (path) => rules.find((rule) => rule.matches(path))?.type
}

const TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/

function parseContentType(line: string): { pattern: string; matches: Matcher; type: string } | undefined {
  const colon = line.lastIndexOf(':') // a type has none
  const [pattern, type] = [line.slice(0, Math.max(0, colon)).trimEnd(), line.slice(colon + 1).trimStart()]
  const matches = pattern !== '' && TYPE.test(type) ? parseFiles(pattern) : undefined
  return typeof matches === 'function' ? { pattern, matches, type } : undefined
}

/** The patterns of `content-types`, for advice on them. */
export function readContentTypeLines(text: string): PatternInput['lines'] {
  return readPatternLines(text).flatMap(({ line, pattern: written }) => {
    const { pattern, type } = parseContentType(written) ?? {}
    return pattern === undefined ? [] : [{ line, pattern, rest: `: ${type}` }]
  })
}

export function parseDomains(text: string): string[] | Allowed {
  return unique(text, parseDomain, 'host names, one a line, such as assets.imgix.net')
}

export function parseUrls(text: string): string[] | Allowed {
  return unique(text, parsePurgeUrl, 'https URLs of files, one a line, such as https://assets.imgix.net/a.png')
}

/** `class=count/unit`, separated by commas or lines, over the defaults. */
export function parseRateLimits(text: string, defaults: RateLimits): RateLimits | Allowed {
  const items = parseLines(
    text.replaceAll(',', '\n'),
    parseRateLimit,
    `class=count/unit, class one of ${Object.keys(defaults).join(', ')}, count a whole number from 1, unit s, m or h`,
  )
  if ('allowed' in items) return items
  return { ...defaults, ...Object.fromEntries(items) }

  function parseRateLimit(item: string): [string, RateLimit] | undefined {
    const match = /^([a-z]+)\s*=\s*([1-9]\d{0,5})\s*\/\s*([smh])$/.exec(item)
    if (match === null || !Object.hasOwn(defaults, String(match[1]))) return undefined
    return [String(match[1]), { count: Number(match[2]), perMs: WINDOW_MS[match[3] as keyof typeof WINDOW_MS] }]
  }
}

/** Divides an account's limits between jobs. Each job may send at least one request per longer period. */
export function divideLimits(limits: RateLimits, jobs: number): RateLimits {
  const divide = ({ count, perMs }: RateLimit): RateLimit =>
    count >= jobs ? { count: Math.floor(count / jobs), perMs } : { count: 1, perMs: (perMs * jobs) / count }
  return Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, divide(limit)])) as RateLimits
}

/** @returns the URL without a trailing slash */
export function parseApiUrl(text: string): string | Allowed {
  const allowed = 'an https URL, or http on a loopback host, without user name, query and fragment'
  if (!URL.canParse(text)) return { allowed }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { values: [url.host], allowed }
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return { allowed }
  if (/\/api\/v\d+\/*$/.test(url.pathname)) return { allowed: 'the base URL without /api/v1, which the run adds' }
  return withoutSlashes(`${url.origin}${url.pathname}`)
}

/** Takes off the slashes at the end: a pattern takes time by the square of the slashes in the middle. */
function withoutSlashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '/') end -= 1
  return text.slice(0, end)
}

function parseLines<T>(text: string, parse: (line: string) => T | undefined, allowed: string): T[] | Allowed {
  const parsed: T[] = []
  const values: string[] = []
  for (const line of text.split(/\r\n|\r|\n/).map((part) => part.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const value = parse(line)
    if (value === undefined) values.push(line)
    else parsed.push(value)
  }
  return values.length === 0 ? parsed : { values, allowed }
}

function unique(text: string, parse: (line: string) => string | undefined, allowed: string): string[] | Allowed {
  const values = parseLines(text, parse, allowed)
  return 'allowed' in values ? values : [...new Set(values)]
}
