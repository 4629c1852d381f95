/** A text without its escapes, and the place of each character in the original. */
export type Decoded = { readonly text: string; readonly from: Int32Array; readonly to: Int32Array }

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

/** The form in which secrets are compared: lower case, without blanks. */
function bare(text: string): string {
  return fold(text.replace(BLANK, ''))
}

/** @returns the text, then the text with one more layer of escapes decoded each time */
export function readings(text: string): string[] {
  return layers(
    text,
    (layer) => layer.replace(ESCAPE, undo),
    (layer) => layer,
  )
}

/** `readings` in bare form, as blanks can also be inside an escape. */
export function bareReadings(text: string): string[] {
  return layers(
    bare(text),
    (layer) => bare(layer.replace(ESCAPE, undo)),
    (layer) => layer,
  )
}

/** `readings` with places. */
export function decode(text: string): Decoded[] {
  return layers(
    identity(text),
    (layer) => rewrite(layer, ESCAPE, undo),
    ({ text: read }) => read,
  )
}

/** `bareReadings` with places. */
export function decodeBare(text: string): Decoded[] {
  const strip = (layer: Decoded): Decoded => {
    const stripped = rewrite(layer, BLANK, () => '')
    return { ...stripped, text: fold(stripped.text) }
  }
  return layers(
    strip(identity(text)),
    (layer) => strip(rewrite(layer, ESCAPE, undo)),
    ({ text: read }) => read,
  )
}

function layers<T>(first: T, next: (layer: T) => T, textOf: (layer: T) => string): T[] {
  const found = [first]
  for (let layer = first; found.length < LEVELS_MAX && /[%\\&]/.test(textOf(layer)); ) {
    const deeper = next(layer)
    if (textOf(deeper) === textOf(layer)) break
    found.push(deeper)
    layer = deeper
  }
  return found
}

function identity(text: string): Decoded {
  const from = Int32Array.from({ length: text.length }, (_, index) => index)
  return { text, from, to: from.map((index) => index + 1) }
}

/** Replaces as `String.replace` does. A replacement gets the place of its match. */
function rewrite({ text, from, to }: Decoded, pattern: RegExp, replace: (match: string) => string): Decoded {
  const parts: string[] = []
  const [starts, ends] = [new Int32Array(text.length), new Int32Array(text.length)] // nothing gets longer
  let length = 0
  let done = 0
  const copy = (end: number): void => {
    parts.push(text.slice(done, end))
    starts.set(from.subarray(done, end), length)
    ends.set(to.subarray(done, end), length)
    length += end - done
    done = end
  }
  for (const { 0: match, index } of text.matchAll(pattern)) {
    copy(index)
    done = index + match.length
    const instead = replace(match)
    parts.push(instead)
    starts.fill(Number(from[index]), length, length + instead.length)
    ends.fill(Number(to[done - 1]), length, length + instead.length)
    length += instead.length
  }
  copy(text.length)
  return { text: parts.join(''), from: starts.subarray(0, length), to: ends.subarray(0, length) }
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
    const digits = rest.toString('base64').slice(0, Math.floor((rest.length * 8) / 6))
    return [digits, digits.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [
    ...texts.flatMap(bareReadings).map((text) => ({ text, margin: 0 })),
    ...base64.map((text) => ({ text: bare(text), margin: 4 })),
  ]
}
