import { Octokit as Core } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import { checkJson, type JsonLimitError } from '../imgix/http/json.ts'
import { type Answer, createTransport, type Outgoing } from '../imgix/http/transport.ts'
import { BodyError } from '../imgix/http/unpack.ts'
import type { GitHubSettings } from './github.ts'
import { AnswerError } from './github-errors.ts'

/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const ANSWER_MAX_BYTES = 32 << 20
/** GitHub leads to the new name of a repository. */
const REDIRECTS_MAX = 5

type FetchSettings = Required<Pick<GitHubSettings, 'apiUrl' | 'signal' | 'timeoutMs' | 'proxyFor'>>

const Paging = Core.plugin(paginateRest)

export type Octokit = InstanceType<typeof Paging>

/** Not those of @actions/github, which bring an HTTP client of a megabyte and a function for every route. They print nothing.
 *  @returns a function that creates one; all have the same connections */
export function octokits(token: string, settings: FetchSettings): () => Octokit {
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const request = { fetch: createApiFetch(settings), log }
  return () => new Paging({ auth: token, baseUrl: settings.apiUrl, userAgent: 'imgix-sync/1', log, request })
}

/** The part of fetch that Octokit calls, by the transport that imgix is asked with: it knows the proxies, and no other HTTP
 *  client has to be loaded. Answers are read whole, and are small enough for that. It fails for longer answers, for JSON of
 *  too many values, and for URLs of another host, where a `Link` to the next page or a redirect must not take the token. */
function createApiFetch({ apiUrl, signal, timeoutMs, proxyFor }: FetchSettings) {
  const { origin } = new URL(apiUrl)
  const transport = createTransport(timeoutMs, proxyFor)
  signal.addEventListener('abort', transport.close, { once: true })

  return async (target: string, options: Pick<Outgoing, 'method' | 'headers' | 'signal'>) => {
    const { method, signal: ends } = options
    const headers = { ...options.headers, 'accept-encoding': 'gzip' } // a list of runs is a twentieth of its size
    let url = new URL(target)
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      if (url.origin !== origin) throw new AnswerError(`an answer that leads to ${url.host}`)
      const outgoing = { method, url, headers, signal: ends, repeats: true, maxBytes: ANSWER_MAX_BYTES }
      const answer = await transport.send(outgoing).catch((error) => {
        // a body that can't be unpacked, which has a cause, can arrive whole at the next try
        const isFinal = error instanceof BodyError && error.cause === undefined
        throw isFinal ? new AnswerError(error.message, { cause: error }) : error
      })
      const { location } = answer.headers
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return toFetchAnswer(target, answer)
      url = new URL(location, url)
    }
    throw new AnswerError('redirects that do not end')
  }
}

function toFetchAnswer(url: string, { status, headers, text }: Answer) {
  try {
    checkJson(text)
  } catch (cause) {
    throw new AnswerError(`an answer with ${(cause as JsonLimitError).message}`, { cause })
  }
  // for Octokit, such an answer is an empty list
  if (status < 300 && text === '') throw new Error('an empty answer')
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  return {
    status,
    url,
    headers: new Map(pairs),
    text: async () => text,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }
}
