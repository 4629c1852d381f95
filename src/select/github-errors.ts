const ATTEMPTS = 3

/** An answer that is not read: trying again would not help. */
export class AnswerError extends Error {
  override name = 'AnswerError'
}

/** Asks again after an answer that another try can change. */
export async function retry<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  pause: (ms: number) => Promise<unknown>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const status = statusOf(error)
      const isFinal = refusalOf(error) !== undefined || (status !== undefined && status < 500 && status !== 429)
      if (signal.aborted || attempt === ATTEMPTS || isFinal) throw error
      await pause(500 * 2 ** attempt)
    }
  }
}

/** @returns the reason why GitHub's API gives no answer, and whether the token is that reason */
export function explain(error: unknown): { cause: 'bad-token' | 'forbidden' | 'no-answer'; why: string } {
  if (statusOf(error) === 401 && !isPage(bodyOf(error)))
    return { cause: 'bad-token', why: 'github-token is not accepted (401)' }
  if (isForbidden(error)) return { cause: 'forbidden', why: 'the token may not read workflow runs' }
  const status = statusOf(error)
  if ((status === 403 || status === 429) && !isPage(bodyOf(error)))
    return { cause: 'no-answer', why: `GitHub's API accepts no more requests for now (${status})` }
  return { cause: 'no-answer', why: `GitHub's API does not answer (${reasonOf(error)})` }
}

/** A 403 can also mean too many requests, also without a header that says so. GitHub answers 404 for a repository that the
 *  token may not see. What stands between answers with a page. */
function isForbidden(error: unknown): boolean {
  const status = statusOf(error)
  const headers = (error as { response?: { headers?: Record<string, string> } }).response?.headers ?? {}
  const isLimited = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
  const body = bodyOf(error)
  if (isPage(body)) return false
  const { message = body } = Object(body) as { message?: unknown }
  return status === 404 || (status === 403 && !isLimited && !/rate limit|abuse/i.test(String(message)))
}

/** @returns a parsed document, or the text of an answer that is not JSON */
function bodyOf(error: unknown): unknown {
  return (Object((error as { response?: unknown }).response) as { data?: unknown }).data
}

function isPage(body: unknown): boolean {
  return typeof body === 'string' && /^\s*</.test(body)
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown }).status
  const hasAnswer = (error as { response?: unknown }).response !== undefined
  return typeof status === 'number' && hasAnswer ? status : undefined
}

function refusalOf(error: unknown): AnswerError | undefined {
  const { cause } = error as { cause?: unknown }
  return [error, cause].find((each) => each instanceof AnswerError)
}

type Chain = { name?: string; code?: unknown; cause?: Chain }

function reasonOf(error: unknown): string {
  const status = statusOf(error)
  if (status !== undefined) return String(status)
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refusal.message
  for (let cause = error as Chain | undefined; cause != null; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'timed out'
    if (typeof cause.code === 'string') return cause.code
  }
  return 'no answer'
}
