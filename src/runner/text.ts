/**
 * Makes one printable line of any text, such as a hostile file name. Control characters, characters that change the
 * direction of text, and the markers of the runner's commands become visible escapes.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, makeVisible)
    .replaceAll('##[', '##\\[')
    .replace(/^\s*::/, (colons) => colons.replace('::', '\\:\\:'))
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function makeVisible(character: string): string {
  return ESCAPES[character] ?? `\\u{${Number(character.codePointAt(0)).toString(16)}}`
}

/** Escapes a text for an HTML element or attribute. */
export function html(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A user or an issue, as GitHub finds them also in HTML. */
const MENTION = /(?<!\w)@(?=[a-z\d])|(?<!&)#(?=\d)/gi

/** Escapes a text for an HTML element that GitHub shows. Where it becomes a comment, a text of others notifies nobody. */
export function prose(text: string): string {
  return html(text).replace(MENTION, '$&&#8203;')
}

/** @returns undefined for a text with a `%` that is not an escape */
export function decodeUri(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** `1 file`, `2 files` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** `10,000 files`: as `count`, for a page */
export function grouped(number: number, noun: string): string {
  return `${digits(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `10,000`. The first use of `toLocaleString` takes 12 ms, an eighth of a run without assets. */
export function digits(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** The first items as they are shown, and a line that stands for the others: `and 3 more`. */
export function cut<T>(items: readonly T[], max: number, show: (item: T) => string, more = 'more'): string[] {
  const left = items.length - max
  return [...items.slice(0, max).map(show), ...(left > 0 ? [`and ${left} ${more}`] : [])]
}
