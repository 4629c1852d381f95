import { type Range, secretsOf, signatureRanges } from './signatures.ts'
import { decode, formsOf, readings } from './spellings.ts'

/** Shorter secrets are not searched for: they would replace parts of ordinary words. */
const SECRET_MIN_LENGTH = 8
/** The runner masks every text that it is given: a mask of one letter would replace most of the log. */
const MASK_MIN_LENGTH = 4
/** GitHub's own limit is 48 kB. Of a longer text, which only an answer can have, the beginning and some lines are hidden. */
const SECRET_MAX_LENGTH = 65_536
const LINES_MAX = 1000
/** Parts of presigned URLs before the older ones are dropped: a run has one URL for each file. */
const URL_PARTS_MAX = 4096
/** Longer texts are cut: nobody reads them, and a search in them costs memory. No row of a summary is as long. */
const PROSE_MAX_LENGTH = 200_000
/** The runner compares each line of the log with each mask. */
const URL_MASKS_MAX = 32
const HIDDEN = '***'

/** `always`: hide it in names, too */
type Known = { readonly always: boolean; readonly margin: number }

/**
 * The secrets of a run. The time of a search depends on the length of the text, not on the number of secrets.
 * @param mask has the runner hide a text in the log
 */
export function createSecrets(mask: (secret: string) => void) {
  const masked = new Set<string>()
  const finder = createFinder()
  const urlMasks = new Set<string>()

  /** Hides a secret and each of its lines from now on. */
  function hide(secret: string): void {
    const start = secret.slice(0, SECRET_MAX_LENGTH)
    for (const text of [start, ...start.split(/\r\n|\r|\n/, LINES_MAX)]) {
      if (text.trim() === '' || masked.has(text)) continue
      masked.add(text)
      if (text.trim().length >= MASK_MIN_LENGTH) mask(text)
      for (const { text: form, margin } of formsOf(text)) finder.add(form, { always: true, margin })
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
    for (const part of readings(text, true)) finder.add(part, { always, margin: 0 }, true)
  }

  function rangesIn(text: string, namesOnly: boolean): Range[] {
    if (!readings(text, true).some((reading) => finder.find(reading).length > 0)) return []
    return decode(text, true).flatMap(({ text: reading, from, to }) =>
      finder
        .find(reading)
        .filter(({ what }) => what.always || !namesOnly)
        .map(({ start, end, what }) => widen(text, [Number(from[start]), Number(to[end - 1])], what.margin)),
    )
  }

  return {
    hide,
    /** Hides a presigned URL, its path, its query and the values in it in all that is printed, and masks what has to be
     *  masked.
     *  @param own public names that the URL can contain */
    hideUrl(url: string, own: string): void {
      const { always, prose, keyId } = secretsOf(url, own)
      maskUrl(url, keyId)
      for (const text of prose) hideUrlPart(text, false)
      for (const text of always) hideUrlPart(text, true)
    },
    /** For texts that people read. @returns the text without secrets in any spelling, and without signatures and users of
     *  URLs */
    redact(whole: string): string {
      const text = whole.length > PROSE_MAX_LENGTH ? `${whole.slice(0, PROSE_MAX_LENGTH)}…` : whole
      return without(text, [...rangesIn(text, false), ...signatureRanges(text)])
    },
    /** For names that programs read. @returns the text without known secrets; all else is unchanged */
    redactName: (text: string): string => without(text, rangesIn(text, true)),
  }
}

/** @returns whether a text is the secret, or contains it in any spelling, if the secret is long enough not to match by chance */
export function holdsSecret(text: string, secret: string): boolean {
  if (text === secret) return secret.length >= MASK_MIN_LENGTH
  const forms = formsOf(secret).filter((form) => form.text.length >= SECRET_MIN_LENGTH)
  return readings(text, true).some((reading) => forms.some((form) => reading.includes(form.text)))
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

type Occurrence = { readonly start: number; readonly end: number; readonly what: Known }

/** A text can be cut inside a secret, at its end or before `…`. A part of this length does not match by chance. */
const CUT_MIN_LENGTH = 12

/** Texts by their first characters. */
type Texts = Map<string, Map<string, Known>>

/** Finds any number of texts in one pass. A text that is too short is ignored. */
function createFinder() {
  const lasting: Texts = new Map()
  let [recent, older]: [Texts, Texts] = [new Map(), new Map()]
  let recentCount = 0
  const flags = new Uint8Array(1 << 20) // rules out nearly every place of a text

  function flagAt(text: string, at: number): number {
    let flag = 0
    for (let offset = 0; offset < SECRET_MIN_LENGTH; offset += 2) flag = (flag << 5) ^ text.charCodeAt(at + offset)
    return flag & (flags.length - 1)
  }

  /** @param cutAt the end of the text, or the place of the first `…` from the start on */
  function* occurrencesAt(start: number, text: string, cutAt: number): Generator<Occurrence> {
    const key = text.slice(start, start + SECRET_MIN_LENGTH)
    for (const texts of [lasting, recent, older]) {
      for (const [wanted, what] of texts.get(key) ?? []) {
        const end = start + wanted.length
        const isCut = cutAt < end && cutAt - start >= CUT_MIN_LENGTH && wanted.startsWith(text.slice(start, cutAt))
        if (text.startsWith(wanted, start)) yield { start, end, what }
        else if (isCut) yield { start, end: cutAt, what }
      }
    }
  }

  return {
    /** @param isForgotten some time later, when there are many such texts */
    add(text: string, { always, margin }: Known, isForgotten = false): void {
      if (text.length < SECRET_MIN_LENGTH) return
      if (isForgotten && recentCount === URL_PARTS_MAX) [recent, older, recentCount] = [new Map(), recent, 0]
      if (isForgotten) recentCount += 1
      const texts = isForgotten ? recent : lasting
      const start = text.slice(0, SECRET_MIN_LENGTH)
      const alike = texts.get(start) ?? new Map<string, Known>()
      texts.set(start, alike.set(text, { always: always || alike.get(text)?.always === true, margin }))
      flags[flagAt(text, 0)] = 1
    },
    find(text: string): Occurrence[] {
      const occurrences: Occurrence[] = []
      let cutAt = -1
      for (let start = 0; start <= text.length - SECRET_MIN_LENGTH; start += 1) {
        if (flags[flagAt(text, start)] === 0) continue
        if (cutAt < start) cutAt = text.indexOf('…', start)
        if (cutAt < 0) cutAt = text.length
        for (const one of occurrencesAt(start, text, cutAt)) occurrences.push(one)
      }
      return occurrences
    },
  }
}
