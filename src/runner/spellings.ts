/** A text without its escapes, and the place of each character in the original. */
export type Decoded = { readonly text: string; readonly from: readonly number[]; readonly to: readonly number[] }

/** The maximum number of nested escapes. */
const LEVELS_MAX = 6

// URLs, JSON, string literals, XML and HTML; each part is bounded, so that the time is linear in the length of the text
const ESCAPE =
  /%[\da-f]{2}|\\u\{[\da-f]{1,6}\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[^a-z\d]|\\[abefnrtv0]|&#\d{1,7};|&#x[\da-f]{1,6};|&(?:amp|lt|gt|quot|apos);/gi
const COLOUR = String.raw`\x1b(?:\[[\d;]{0,16}[a-z])?`
/** White space, control characters and invisible characters. */
const UNSEEN = String.raw`[\s\0-\x1a\x1c-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]{1,1000}`
/** A shell continues a line so. */
const CONTINUED = String.raw`\\\r?\n`
const BLANK = new RegExp(`${COLOUR}|${UNSEEN}|${CONTINUED}`, 'gi')
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Decodes one escape. A byte above 127 becomes one character, as in latin1. */
function undo(written: string): string {
  const entity = ENTITIES[written.slice(1, -1).toLowerCase()]
  if (entity !== undefined) return entity
  const [, hex, decimal] = /^(?:%|\\[ux]\{?|&#x)([\da-f]+)|^&#(\d+)/i.exec(written) ?? []
  if (hex === undefined && decimal === undefined) return /^\\[a-z0]/i.test(written) ? ' ' : written.slice(1)
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code <= 0xffff ? String.fromCharCode(code) : ' '
}

/** Lower case of the same length, so that places stay the same. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * @param isBare in the form in which secrets are compared: lower case, without blanks, which can also be inside an escape
 * @returns the text, then the text with one more layer of escapes decoded each time
 */
export function readings(text: string, isBare: boolean): string[] {
  const rewrite: Rewrite<{ text: string }> = (layer, pattern, replace) => ({
    text: layer.text.replace(pattern, replace),
  })
  return layers({ text }, rewrite, isBare).map((layer) => layer.text)
}

/** `readings` with places, which take longer. */
export function decode(text: string, isBare: boolean): Decoded[] {
  const from = Array.from({ length: text.length }, (_, index) => index)
  return layers({ text, from, to: from.map((index) => index + 1) }, rewriteWithPlaces, isBare)
}

/** Replaces as `String.replace` does. */
type Rewrite<T> = (layer: T, pattern: RegExp, replace: (match: string) => string) => T

function layers<T extends { readonly text: string }>(whole: T, rewrite: Rewrite<T>, isBare: boolean): T[] {
  const strip = (layer: T): T => {
    const stripped = isBare ? rewrite(layer, BLANK, () => '') : layer
    return isBare ? { ...stripped, text: fold(stripped.text) } : layer
  }
  let layer = strip(whole)
  const found = [layer]
  while (found.length < LEVELS_MAX && /[%\\&]/.test(layer.text)) {
    const deeper = strip(rewrite(layer, ESCAPE, undo))
    if (deeper.text === layer.text) break
    found.push(deeper)
    layer = deeper
  }
  return found
}

/** @param replace gives one character or none, which gets the place of its match */
function rewriteWithPlaces({ text, from, to }: Decoded, pattern: RegExp, replace: (match: string) => string): Decoded {
  const parts: string[] = []
  const places: { from: number[]; to: number[] } = { from: [], to: [] }
  let done = 0
  const copy = (end: number): void => {
    parts.push(text.slice(done, end))
    for (; done < end; done += 1) place(done, done)
  }
  const place = (first: number, last: number): void => {
    places.from.push(Number(from[first]))
    places.to.push(Number(to[last]))
  }
  for (const { 0: match, index } of text.matchAll(pattern)) {
    copy(index)
    done = index + match.length
    const instead = replace(match)
    parts.push(instead)
    if (instead !== '') place(index, done - 1)
  }
  copy(text.length)
  return { text: parts.join(''), ...places }
}

/** A form of a secret. `margin`: how many characters beside it are also hidden. */
export type Form = { readonly text: string; readonly margin: number }

/** The forms that GitHub's runner masks, and hexadecimal digits. Escapes are decoded in the searched text instead.
 *  @see https://github.com/actions/runner (src/Sdk/DTLogging/Logging/ValueEncoders.cs, read 2026-11) */
export function formsOf(secret: string): Form[] {
  const bytes = Buffer.from(secret)
  const ampersand = secret.includes('&+') ? secret.indexOf('&+') + 2 : secret.lastIndexOf('&') + 1
  const texts = [
    secret,
    bytes.toString('latin1'),
    secret.replaceAll("'", "''"), // in an expression
    secret.replace(/^"(.*)"$/s, '$1'),
    ...(ampersand > 0 ? [secret.slice(0, ampersand), secret.slice(ampersand + (secret.includes('&+') ? 1 : 0))] : []), // PowerShell
    bytes.toString('hex'),
  ]
  // base64 of a longer text contains the secret at one of three alignments; its last digits depend on the next characters
  const base64 = [0, 1, 2].flatMap((skipped) => {
    const rest = bytes.subarray(skipped)
    const length = Math.floor((rest.length * 8) / 6)
    return [rest.toString('base64').slice(0, length), rest.toString('base64url').slice(0, length)]
  })
  return [
    ...texts.flatMap((text) => readings(text, true)).map((text) => ({ text, margin: 0 })),
    ...base64.map((text) => ({ text: fold(text), margin: 4 })),
  ]
}
