import { checkJson, type JsonLimitError } from '../imgix/http/json.ts'

type Fetch = typeof fetch

/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const ANSWER_MAX_BYTES = 32 << 20

/** An answer that is not read: trying again would not help. */
export class AnswerError extends Error {
  override name = 'AnswerError'
}

/**
 * A fetch for one API whose answers are read whole, and are small enough for that.
 * @param send the fetch that sends the requests
 * @returns a fetch that fails for longer answers, for JSON of too many values, and for URLs of another host, where a
 *   `Link` to the next page must not take the token
 */
export function boundFetch(send: Fetch, apiUrl: string): Fetch {
  const { origin } = new URL(apiUrl)
  return async (input, init) => {
    const url = String(input)
    if (new URL(url).origin !== origin) throw new AnswerError(`an answer that leads to ${new URL(url).host}`)
    const response = await send(url, init)
    const bytes = await readBytes(response)
    check(bytes.toString('utf8'))
    const { ok, status, statusText, headers } = response
    // for Octokit, such an answer is an empty list
    if (ok && bytes.length === 0) throw new Error('an empty answer')
    const bounded = new Response(bytes.length === 0 ? null : bytes, { status, statusText, headers })
    return Object.defineProperty(bounded, 'url', { value: response.url })
  }
}

function check(text: string): void {
  try {
    checkJson(text)
  } catch (cause) {
    throw new AnswerError(`an answer with ${(cause as JsonLimitError).message}`, { cause })
  }
}

async function readBytes({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > ANSWER_MAX_BYTES) throw new AnswerError(`an answer of more than ${ANSWER_MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
