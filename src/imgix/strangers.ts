import { ImgixError, type ImgixFacts } from './errors.ts'
import { isTransient } from './http/retry.ts'
import type { Answer } from './http/transport.ts'

/** The statuses that a run acts on: they tell the permissions of the key, and whether something exists. */
const MEANINGS = [401, 403, 404, 409]

/** That something is too large is true whoever says it. */
const TOO_LARGE = 413

/** A refusal of another status can be without a document of the server's own, but is no page.
 *  @param isOwn whether the server itself can have given the answer */
export function isStrangers(answer: Answer, isOwn: boolean): boolean {
  const { status } = answer
  const isRefusal = status >= 400 && status < 500 && status !== TOO_LARGE && !isTransient(status)
  return !isOwn && (MEANINGS.includes(status) || (isRefusal && isPage(answer)))
}

/** An error for the answer of somebody between, such as an egress gateway. It has no status, as that means nothing here.
 *  @param server whose answer it is not */
export function strangersError(answer: Answer, facts: ImgixFacts, server: 'imgix' | 'the storage'): ImgixError {
  const reason = `something between ${server} and the runner answered ${describeAnswer(answer)}`
  return new ImgixError({ ...facts, status: undefined, strangersStatus: answer.status, reason })
}

/** Status and type of an answer, such as `403 text/html`. */
export function describeAnswer({ status, headers, text }: Answer): string {
  if (text.trim() === '') return `${status} without a document`
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(headers['content-type'] ?? '')?.[0]
  return `${status} ${type?.toLowerCase() ?? 'without a content type'}`
}

/** @param document of the answer; undefined for one that is no JSON object */
export function isImgixs({ headers, text }: Answer, document: Readonly<Record<string, unknown>> | undefined): boolean {
  const isJsonApi = /^application\/vnd\.api\+json\b/i.test(headers['content-type'] ?? '')
  if (text.trim() === '') return isJsonApi
  return document !== undefined && ['errors', 'data', 'meta', 'jsonapi'].some((name) => name in document)
}

const START_LENGTH = 1024

/** A page for people, whatever its type says. Google's storage calls an answer without a body HTML, too. */
export function isPage({ headers, text }: Answer): boolean {
  return text.trim() !== '' && (isHtml(headers) || /<(html|!doctype\s+html)\b/i.test(text.slice(0, START_LENGTH)))
}

export function isHtml(headers: Answer['headers']): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '')
}
