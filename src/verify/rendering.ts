import { createHash } from 'node:crypto'
import { createHosts, type Resolve } from '../imgix/http/hosts.ts'
import { parseDate } from '../imgix/http/retry.ts'
import { type Answer, createTransport } from '../imgix/http/transport.ts'
import { HostError, UnsentError, whyUnsent } from '../imgix/http/unsent.ts'

/** The answer of a rendering host for a URL, or the reason why there is none. Times are in ms since 1970. */
export type Look = Served | { readonly problem: string /** another request can't change it */; readonly final: boolean }
export type Served = {
  readonly status: number
  /** the origin's value: whole seconds by the bucket's clock */
  readonly lastModified: number | undefined
  readonly etag: string | undefined
  /** how far the host's clock is ahead of ours, if it is known */
  readonly clockAheadMs: number
}

export type Rendering = ReturnType<typeof createRendering>

export type RenderingSettings = {
  /** time without progress after which a request ends */
  readonly timeoutMs: number
  readonly userAgent: string
  readonly proxyFor: (url: URL) => URL | undefined
  /** the token that signs the path of a URL; undefined if the URL is not signed */
  readonly tokenFor: (url: URL) => string | undefined
  /** if its host is private, rendering hosts can be private, too */
  readonly apiUrl: string
  /** resolves names; default the system's resolver */
  readonly resolve?: Resolve
}

const LOOKS_AT_A_TIME = 4
/** Answers of servers that do not support a method; a firewall in front of them answers 403. */
const NO_HEAD = [403, 405, 501]
/** A larger difference is not the clock's: a cache kept the header. */
const CLOCK_MAX_MS = 3_600_000

/** Requests the headers of files from rendering hosts, which never get the API key. */
export function createRendering(settings: RenderingSettings) {
  const transport = createTransport(settings.timeoutMs, settings.proxyFor)
  const hosts = createHosts(settings.apiUrl, settings.resolve)
  const turn = createTurns(LOOKS_AT_A_TIME)
  const ask = (method: string, url: URL, signal: AbortSignal): Promise<Answer> => {
    const headers = { accept: '*/*', 'user-agent': settings.userAgent }
    return transport.send({ method, url, headers, signal, repeats: true, headersOnly: true, lookup: hosts.lookup })
  }
  return {
    /** Requests one URL. It never fails: a missing answer is also a result.
     *  @param text the URL, without a query */
    look(text: string, signal: AbortSignal): Promise<Look> {
      const url = new URL(text)
      return turn(url.host, signal, async () => {
        if (!(await hosts.allows(url))) throw new HostError('its host is not public')
        const token = settings.tokenFor(url)
        if (token !== undefined) url.search = `s=${signatureOf(token, text.slice(url.origin.length))}`
        const answer = await ask('HEAD', url, signal)
        return read(NO_HEAD.includes(answer.status) ? await ask('GET', url, signal) : answer)
      }).catch(readProblem)
    },
    close: () => transport.close(),
  }
}

/** After this many requests in a row without an answer, a host gets no more: each would cost a whole timeout, and keep
 *  other hosts waiting. */
const SILENT_LOOKS = 3

/** @returns a function that requests a URL; for a host that does not answer, the last problem with it is the result */
export function createPatience({ look }: Pick<Rendering, 'look'>): Rendering['look'] {
  const hosts = new Map<string, { silentLooks: number; problem?: Look; readonly silence: AbortController }>()
  return async (url, signal) => {
    const { host: name } = new URL(url)
    const host = hosts.get(name) ?? { silentLooks: 0, silence: new AbortController() }
    hosts.set(name, host)
    const silence = host.silence.signal
    const found = (silence.aborted && host.problem) || (await look(url, AbortSignal.any([signal, silence])))
    if (!('problem' in found)) host.silentLooks = 0
    else if (silence.aborted)
      return host.problem ?? found // not its own, as it was aborted
    else {
      host.silentLooks += 1
      host.problem = found
      if (host.silentLooks >= SILENT_LOOKS) host.silence.abort()
    }
    return found
  }
}

/** @see https://github.com/imgix/imgix-blueprint (MD5 of token and encoded path, the query being empty) */
function signatureOf(token: string, path: string): string {
  return createHash('md5').update(`${token}${path}`).digest('hex')
}

function read({ status, headers }: Answer): Served {
  const { etag, 'last-modified': lastModified } = headers
  return { status, etag, lastModified: parseDate(lastModified), clockAheadMs: clockAhead(headers) }
}

/** A cache sends its own date, or an older date and the age: the value nearer to now counts. */
function clockAhead({ date, age }: Answer['headers']): number {
  const told = parseDate(date)
  if (told === undefined) return 0
  const now = Date.now()
  const ahead = [told - now, told + Number(age ?? 0) * 1000 - now].sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0
  return Math.abs(ahead) < CLOCK_MAX_MS ? ahead : 0
}

function readProblem(error: unknown): Look {
  if (error instanceof UnsentError) return { problem: whyUnsent(error), final: !error.retryable }
  const { code, message } = error as NodeJS.ErrnoException
  return { problem: `no answer (${code === undefined || code === 'ETIMEDOUT' ? message : code})`, final: false }
}

/** Limits the requests under way. The next one is for the host with the fewest, so that a host that hangs does not
 *  block the others. */
function createTurns(limit: number) {
  const hosts = new Map<string, { running: number; readonly waiting: (() => void)[] }>()
  let free = limit
  return async <T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const host = hosts.get(name) ?? { running: 0, waiting: [] }
    hosts.set(name, host)
    if (free === 0) await new Promise<void>((begin) => void host.waiting.push(begin))
    else free -= 1
    host.running += 1
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      host.running -= 1
      const others = [...hosts.values()].filter(({ waiting }) => waiting.length > 0)
      const begin = others.sort((a, b) => a.running - b.running)[0]?.waiting.shift()
      if (begin === undefined) free += 1
      else begin() // in the place of this one
    }
  }
}
