import type { Look, Rendering } from './rendering.ts'

/** After this many requests in a row without an answer, a host gets no more: each would cost a whole timeout, and keep
 *  other hosts waiting. */
const SILENT_LOOKS = 3

/** @returns a function that requests a URL; for a host that does not answer, the last problem with it is the result */
export function createPatience({ look }: Pick<Rendering, 'look'>): Rendering['look'] {
  const hosts = new Map<string, { silentLooks: number; readonly silence: AbortController; problem?: Look }>()
  return async (url, signal) => {
    const { host: name } = new URL(url)
    const host = hosts.get(name) ?? { silentLooks: 0, silence: new AbortController() }
    hosts.set(name, host)
    const isGivenUp = (): boolean => host.silence.signal.aborted && host.problem !== undefined
    if (isGivenUp()) return host.problem as Look
    const found = await look(url, AbortSignal.any([signal, host.silence.signal]))
    if (!('problem' in found)) {
      host.silentLooks = 0
      return found
    }
    if (isGivenUp()) return host.problem as Look // it was aborted
    host.silentLooks += 1
    host.problem = found
    if (host.silentLooks >= SILENT_LOOKS) host.silence.abort()
    return found
  }
}
