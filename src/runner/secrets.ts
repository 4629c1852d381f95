import { mayHaveSignatures, type Range, secretsOf, signatureRanges } from './signatures.ts'
import { bareReadings, type Decoded, decodeBare, formsOf } from './spellings.ts'

/** Shorter secrets are not searched for: they would replace parts of ordinary words. */
const SECRET_MIN_LENGTH = 8
/** The runner masks every text that it is given: a mask of one letter would replace most of the log. */
const MASK_MIN_LENGTH = 4
/** GitHub's own limit is 48 kB. Of a longer text, which only an answer can have, the beginning and some lines are hidden. */
const SECRET_MAX_LENGTH = 65_536
const LINES_MAX = 1000
/** Parts of the last presigned URLs. A run has one URL for each file, so older parts are dropped. */
const URL_PARTS_MAX = 4096
/** Longer texts are cut: nobody reads them, and a search in them costs memory. No row of a summary is as long. */
const PROSE_MAX_LENGTH = 200_000
/** The runner compares each line of the log with each mask. */
const URL_MASKS_MAX = 32
const HIDDEN = '***'

export type Secrets = {
  /** Hides a secret and each of its lines from now on. */
  hide(secret: string): void
  /** Hides a presigned URL, its path, its query and the values in it in all that is printed, and masks what has to be masked.
   *  @param own public names that the URL can contain */
  hideUrl(url: string, own: string): void
  /** For texts that people read. @returns the text without secrets in any spelling, and without signatures and users of URLs */
  redact(text: string): string
  /** For names that programs read. @returns the text without known secrets; all else is unchanged */
  redactName(text: string): string
}

/** `always`: hide it in names, too */
type Known = { readonly always: boolean; readonly margin: number }

/**
 * The secrets of a run. The time of a search depends on the length of the text, not on the number of secrets.
 * @param mask has the runner hide a text in the log
 */
export function createSecrets(mask: (secret: string) => void): Secrets {
  const masked = new Set<string>()
  const found = createFinder<Known>()
  const urlParts = new Map<string, Known>() // oldest first
  const urlMasks = new Set<string>()

  function hide(secret: string): void {
    const start = secret.slice(0, SECRET_MAX_LENGTH)
    for (const text of [start, ...start.split(/\r\n|\r|\n/, LINES_MAX)]) {
      if (text.trim() === '' || masked.has(text)) continue
      masked.add(text)
      if (text.trim().length >= MASK_MIN_LENGTH) mask(text)
      for (const { text: form, margin } of formsOf(text)) {
        urlParts.delete(form) // it is now a secret by itself
        found.add(form, { always: true, margin })
      }
    }
  }

  /** `redact` takes URLs out of all that a run prints. A mask is the second wall, for what others print: Node when it
   *  crashes, a later step. As each URL has a signature of its own, the one mask that serves for all is that of the key's
   *  id: a URL without it is refused. URLs without an id are masked whole, as long as they are few. */
  function maskUrl(url: string, keyId = url): void {
    if (urlMasks.has(keyId) || urlMasks.size === URL_MASKS_MAX || keyId.trim().length < MASK_MIN_LENGTH) return
    urlMasks.add(keyId)
    mask(keyId)
  }

  function hideUrlPart(text: string, always: boolean): void {
    for (const part of new Set(bareReadings(text))) {
      const known = found.get(part)
      if (known !== undefined && !urlParts.has(part)) continue
      const now = { always: always || known?.always === true, margin: 0 }
      urlParts.delete(part)
      urlParts.set(part, now)
      found.add(part, now)
    }
    for (const oldest of urlParts.keys()) {
      if (urlParts.size <= URL_PARTS_MAX) break
      urlParts.delete(oldest)
      found.remove(oldest)
    }
  }

  function rangesIn(text: string, namesOnly: boolean): Range[] {
    return decodeBare(text).flatMap((reading) =>
      found
        .in(reading.text)
        .filter(({ what }) => what.always || !namesOnly)
        .map(({ start, end, what }) => widen(text, rangeOf(reading, start, end), what.margin)),
    )
  }

  const holds = (text: string): boolean => bareReadings(text).some((reading) => found.in(reading).length > 0)

  return {
    hide,
    hideUrl(url, own) {
      const { always, prose, keyId } = secretsOf(url, own)
      maskUrl(url, keyId)
      for (const text of prose) hideUrlPart(text, false)
      for (const text of always) hideUrlPart(text, true)
    },
    redact(whole) {
      const text = whole.length > PROSE_MAX_LENGTH ? `${whole.slice(0, PROSE_MAX_LENGTH)}…` : whole
      const known = holds(text) ? rangesIn(text, false) : []
      return without(text, mayHaveSignatures(text) ? [...known, ...signatureRanges(text)] : known)
    },
    redactName: (text) => (holds(text) ? without(text, rangesIn(text, true)) : text),
  }
}

/** @returns whether a text is the secret, or contains it in any spelling, if the secret is long enough not to match by chance */
export function holdsSecret(text: string, secret: string): boolean {
  if (text === secret) return secret.length >= MASK_MIN_LENGTH
  const forms = formsOf(secret).filter((form) => form.text.length >= SECRET_MIN_LENGTH)
  return bareReadings(text).some((reading) => forms.some((form) => reading.includes(form.text)))
}

function rangeOf({ from, to }: Decoded, start: number, end: number): Range {
  return [Number(from[start]), Number(to[end - 1])]
}

function widen(text: string, [from, to]: Range, margin: number): Range {
  const isDigit = (at: number): boolean => /[\w+/=-]/.test(text.charAt(at))
  let [start, end] = [from, to]
  while (start > from - margin && isDigit(start - 1)) start -= 1
  while (end < to + margin && isDigit(end)) end += 1
  while (text[start - 1] === '\\') start -= 1 // half an escape would change the next characters
  return [start, end]
}

function without(text: string, ranges: readonly Range[]): string {
  let shown = ''
  let done = 0
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (to <= done) continue
    if (from > done || shown === '') shown += text.slice(done, from) + HIDDEN
    done = to
  }
  return shown + text.slice(done)
}

type Occurrence<T> = { readonly start: number; readonly end: number; readonly what: T }

const WINDOW = SECRET_MIN_LENGTH
/** A text can be cut inside a secret, at its end or before `…`. A part of this length does not match by chance. */
const CUT_MIN_LENGTH = 12
const BASE = 0x01000193
const BASE_OUT = Array.from({ length: WINDOW }).reduce<number>((power) => Math.imul(power, BASE), 1)
const FLAGS = 1 << 16

/** Finds any number of texts in one pass, by a rolling hash of their first characters (Rabin-Karp). */
function createFinder<T>() {
  const known = new Map<string, T>()
  const byHash = new Map<number, string[]>()
  const flags = new Uint8Array(FLAGS) // rules out nearly every place of a text

  function hashOf(text: string): number {
    let hash = 0
    for (let at = 0; at < WINDOW; at += 1) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0
    return hash
  }

  /** @param cutAt the end of the text, or the place of the first `…` from the start on */
  function occurrencesAt(start: number, text: string, hash: number, cutAt: number): Occurrence<T>[] {
    return (byHash.get(hash) ?? []).flatMap((wanted) => {
      const what = known.get(wanted) as T
      if (text.startsWith(wanted, start)) return [{ start, end: start + wanted.length, what }]
      const end = Math.min(start + wanted.length, cutAt)
      return end - start >= CUT_MIN_LENGTH && wanted.startsWith(text.slice(start, end)) && end - start < wanted.length
        ? [{ start, end, what }]
        : []
    })
  }

  return {
    get: (text: string): T | undefined => known.get(text),
    /** Ignores a text that is too short. */
    add(text: string, what: T): void {
      if (text.length < WINDOW) return
      const hash = hashOf(text)
      if (!known.has(text)) byHash.set(hash, [...(byHash.get(hash) ?? []), text])
      known.set(text, what)
      flags[hash & (FLAGS - 1)] = 1
    },
    remove(text: string): void {
      if (!known.delete(text)) return
      const hash = hashOf(text)
      const left = (byHash.get(hash) ?? []).filter((other) => other !== text)
      if (left.length === 0) byHash.delete(hash)
      else byHash.set(hash, left)
    },
    in(text: string): Occurrence<T>[] {
      const occurrences: Occurrence<T>[] = []
      let hash = 0
      let cutAt = -1
      for (let at = 0; at < text.length; at += 1) {
        hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0
        if (at >= WINDOW) hash = (hash - Math.imul(BASE_OUT, text.charCodeAt(at - WINDOW))) | 0
        if (at < WINDOW - 1 || flags[hash & (FLAGS - 1)] === 0) continue
        const start = at - WINDOW + 1
        if (cutAt < start) cutAt = text.indexOf('…', start)
        if (cutAt < 0) cutAt = text.length
        for (const one of occurrencesAt(start, text, hash, cutAt)) occurrences.push(one)
      }
      return occurrences
    },
  }
}
