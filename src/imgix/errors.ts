export type ErrorDetail = { title: string; detail: string }

/** A request that imgix, or the storage behind a presigned URL, did not answer with 2xx. It holds no secret and no raw
 *  answer. */
export class ImgixError extends Error {
  override name = 'ImgixError'
  readonly method: string
  readonly path: string
  /** undefined where there was no answer, or none of the server's own */
  readonly status: number | undefined
  /** the status of an answer that does not come from imgix or the storage, so it says nothing about the request */
  readonly strangersStatus: number | undefined
  readonly details: readonly ErrorDetail[]
  /** what failed, if the status does not tell it */
  readonly reason: string | undefined
  /** what to do, if the maker of the error knows it best */
  readonly remedy: string | undefined
  /** imgix's own id of the request, for its support */
  readonly requestId: string | undefined
  /** the key's permission that the request needs, by the name in imgix's dashboard */
  readonly permission: string | undefined
  readonly attempts: number
  /** imgix can have carried out an earlier attempt whose answer was lost */
  readonly perhapsDone: boolean

  constructor(facts: ImgixFacts) {
    super(describe(facts) || 'no reason is known', { cause: facts.cause })
    this.method = facts.method
    this.path = facts.path
    this.status = facts.status
    this.strangersStatus = facts.strangersStatus
    this.details = facts.details ?? []
    this.reason = facts.reason
    this.remedy = facts.remedy
    this.requestId = facts.requestId
    this.permission = facts.permission
    this.attempts = facts.attempts ?? 1
    this.perhapsDone = facts.perhapsDone ?? false
  }
}

type Optional = Omit<ImgixError, keyof Error | 'method' | 'path'>
export type ImgixFacts = Pick<ImgixError, 'method' | 'path'> & {
  readonly [N in keyof Optional]?: Optional[N] | undefined
} & {
  readonly cause?: unknown
  /** of the server, if the path is not its host */
  readonly host?: string
}

/**
 * What is known of a failure, without its request: `422 Invalid: too many pixels, 5 tries, request id abc`.
 * @param told a text that comes before it: what that has is left out, but for the status
 */
export function describe(
  { status, reason = '', details = [], requestId, attempts = 1 }: Omit<ImgixFacts, 'method' | 'path'>,
  told = '',
): string {
  const words = [reason, ...new Set(details.map(textOfDetail))].filter((text) => text !== '' && !told.includes(text))
  const what = [...(status === undefined ? [] : [String(status)]), ...words].join(' ')
  const tries = attempts > 1 ? `${attempts} tries` : ''
  const id = requestId === undefined ? '' : `request id ${requestId}`
  return [what, tries, id].filter((part) => part !== '').join(', ')
}

/** Without a title that the detail says again, and without a full stop, as more can follow. */
function textOfDetail({ title, detail }: ErrorDetail): string {
  const [one, other] = [title, detail].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  const parts = other?.startsWith(one ?? '') ? [detail] : one?.startsWith(other ?? '') ? [title] : [title, detail]
  return parts.join(': ').replace(/\.$/, '')
}

/** The errors of a JSON:API document, whatever came instead of one. */
export function readErrors(
  document: unknown,
  redact: (text: string) => string,
): { details: ErrorDetail[]; requestId: string | undefined } {
  const errors =
    isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(isRecord).slice(0, 3) : []
  const tidy = (value: unknown): string => (typeof value === 'string' ? shorten(value, redact) : '')
  const details = errors.map((error) => ({ title: tidy(error.title), detail: tidy(error.detail) }))
  const id = errors.map((error) => tidy(error.id)).find((text) => text !== '')
  return { details: details.filter(({ title, detail }) => title + detail !== ''), requestId: id }
}

// e-mail addresses, but not `photo@2x.png`; URLs with a query, which may be presigned
const PRIVATE = /[^\s@]{1,64}@(?!\d+x\b)[\w-]+(?:\.[\w-]+)+|https?:\/\/\S+\?\S+/g

export function withoutPrivate(text: string): string {
  return text.replace(PRIVATE, '***')
}

const SHOWN_MAX_LENGTH = 300
// A secret that starts in what is shown is read whole.
const READ_MAX_LENGTH = 8192
const SECRET_MAX_LENGTH = 4096

/** A text of an answer for a message: one line, not long. It is cut before `redact` too, which takes its time.
 *  @param redact takes secrets out of a text */
export function shorten(text: string, redact: (text: string) => string): string {
  const read = redact(text.slice(0, READ_MAX_LENGTH).replace(/\s+/g, ' '))
  // the end of a cut text can be the beginning of a secret
  const whole = text.length > READ_MAX_LENGTH ? read.slice(0, -SECRET_MAX_LENGTH) : read
  return cutAtWord(whole, SHOWN_MAX_LENGTH)
}

/** @returns the text up to so many characters, between two words where there are any */
function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const start = text.slice(0, maxLength)
  return `${start.replace(/\s\S{0,40}$/, '')}…`
}

/** A value of an answer as text. Hostile objects, and numbers that JavaScript can't hold, have no String(). */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
