import { Octokit as Core } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import { checkJson, type JsonLimitError } from '../imgix/http/json.ts'
import { LengthError } from '../imgix/http/read-answer.ts'
import {
  type Answer,
  createTransport,
  type Outgoing,
  StaleConnection,
  type Transport,
} from '../imgix/http/transport.ts'
import { AnswerError } from './github-errors.ts'

/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const ANSWER_MAX_BYTES = 32 << 20
/** GitHub leads to the new name of a repository. */
const REDIRECTS_MAX = 5

/** The part of fetch that Octokit calls. */
type ApiFetch = (url: string, options: FetchOptions) => Promise<FetchAnswer>
type FetchOptions = Pick<Outgoing, 'method' | 'headers' | 'signal'>
type FetchAnswer = {
  readonly status: number
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}

type FetchSettings = {
  readonly apiUrl: string
  /** of the whole run: the connections end with it */
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly proxyFor: (url: URL) => URL | undefined
}

const Paging = Core.plugin(paginateRest)

export type Octokit = InstanceType<typeof Paging>

/** Not those of @actions/github, which bring an HTTP client of a megabyte and a function for every route. They print nothing.
 *  @returns a function that creates one; all have the same connections */
export function octokits(token: string, settings: FetchSettings): () => Octokit {
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const request = { fetch: createApiFetch(settings), log }
  return () => new Paging({ auth: token, baseUrl: settings.apiUrl, userAgent: 'imgix-sync/1', log, request })
}

/**
 * A fetch for one API, by the transport that imgix is asked with: it knows the proxies, and no other HTTP client has to be
 * loaded. Answers are read whole, and are small enough for that.
 * @returns a fetch that fails for longer answers, for JSON of too many values, and for URLs of another host, where a
 *   `Link` to the next page or a redirect must not take the token
 */
function createApiFetch({ apiUrl, signal, timeoutMs, proxyFor }: FetchSettings): ApiFetch {
  const { origin } = new URL(apiUrl)
  const transport = createTransport(timeoutMs, proxyFor)
  signal.addEventListener('abort', transport.close, { once: true })

  async function ask(target: string, options: FetchOptions, redirects = 0): Promise<FetchAnswer> {
    const url = new URL(target)
    if (url.origin !== origin) throw new AnswerError(`an answer that leads to ${url.host}`)
    const { method, signal: ends } = options
    const headers = { ...options.headers, 'accept-encoding': 'gzip' } // a list of runs is a twentieth of its size
    const answer = await send(transport, { method, url, headers, signal: ends, maxBytes: ANSWER_MAX_BYTES })
    const { status, text } = answer
    const location = status >= 300 && status < 400 ? answer.headers.location : undefined
    if (location !== undefined) {
      if (redirects === REDIRECTS_MAX) throw new AnswerError('redirects that do not end')
      return ask(new URL(location, url).href, options, redirects + 1)
    }
    check(text)
    // for Octokit, such an answer is an empty list
    if (status < 300 && text === '') throw new Error('an empty answer')
    return toFetchAnswer(target, answer)
  }

  return (url, options) => ask(url, options)
}

/** A kept connection can end under a request, which says nothing of the request. */
async function send(transport: Transport, outgoing: Outgoing): Promise<Answer> {
  try {
    return await transport.send(outgoing)
  } catch (error) {
    if (error instanceof StaleConnection) return transport.send({ ...outgoing, reuse: false })
    throw error instanceof LengthError ? new AnswerError(error.message, { cause: error }) : error
  }
}

function toFetchAnswer(url: string, { status, headers, text }: Answer): FetchAnswer {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  return {
    status,
    url,
    headers: new Map(pairs),
    text: async () => text,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }
}

function check(text: string): void {
  try {
    checkJson(text)
  } catch (cause) {
    throw new AnswerError(`an answer with ${(cause as JsonLimitError).message}`, { cause })
  }
}
